# shellcheck disable=SC2154,SC2016,SC1083,SC2094,SC2030,SC2031
# run sets stderr; $ and {name} are for evaluators
# lo-eval: a payload for every suggestion, whatever the evaluator does.
# E1 to E6 are the claims of lib/ops/evaluate.h.

load helper

# suggestion ID [PARAMS]: one line, as lo-suggest prints it.
suggestion() {
	printf '{"schema_version":"0.3.0","trial_id":%s,"params":%s,"suggested_at":1.5}\n' \
	    "$1" "${2:-"{\"x\":0.5}"}"
}

# suggestions FROM TO
suggestions() {
	local i

	for i in $(seq "$1" "$2"); do
		suggestion "$i"
	done
}

# evaluate [OPTION...] -- CMD...: without a campaign, objective loss.
evaluate() {
	lo-eval --objective loss "$@"
}

# Is the process there, and no zombie?
alive() {
	kill -0 "$1" 2>/dev/null &&
	    ! grep -qs '^State:.*Z' "/proc/$1/status"
}

gone() {
	! alive "$1"
}

# A shell that knows wait_for, for evaluators that wait for each other.
with_wait() {
	printf '%s' 'wait_file() {
		n=0
		until [ -e "$1" ]; do
			n=$((n + 1))
			[ $n -lt 400 ] || exit 99
			sleep 0.05
		done
	};'
}

# In a campaign whose second parameter is active only with sgd.
conditional_campaign() {
	make_campaign .
	cat >parameter_space.json <<-'END'
		{"parameters": [
		  {"name": "opt", "type": "categorical",
		   "choices": ["sgd", "adam"]},
		  {"name": "momentum", "type": "float", "bounds": [0, 1],
		   "when": {"opt": ["sgd"]}}]}
	END
}

leases='.worker_leases = {enabled: true}'

# -------------------------------------------------------------- answers

@test "a number on the last line is the primary objective" {
	run -0 --separate-stderr evaluate -- printf 'log\n0.25\n\n' \
	    < <(suggestion 1)
	[ "$(json 'del(.runtime_seconds) | tojson')" = '{"schema_version":"0.3.0","trial_id":1,"params":{"x":0.5},"objectives":{"loss":0.25},"status":"ok"}' ]
	[ "$(json '.runtime_seconds >= 0')" = true ]
	[ "$stderr" = "" ]
}

@test "an object, over several lines too, names what it says" {
	run -0 lo-eval --objective a --objective b -- \
	    printf '{\n"objectives": {"a": 1, "b": 2},\n"runtime_seconds": 7}\n' \
	    < <(suggestion 1)
	[ "$(json '.objectives | tojson')" = '{"a":1,"b":2}' ]
	[ "$(json .runtime_seconds)" = 7 ]
	run -0 --separate-stderr evaluate -- echo \
	    '{"status":"failed","terminal_reason":"diverged","penalty_objective":9}' \
	    < <(suggestion 1)
	[ "$(json '[.status, .terminal_reason, .penalty_objective, .objectives.loss] | tojson')" = '["failed","diverged",9,null]' ]
}

@test "--objective NAME=JQ picks from stdout" {
	run -0 lo-eval --objective t=.run.t --objective 'n=.k | length' -- \
	    echo '{"run": {"t": 0.5}, "k": [1, 2, 3]}' < <(suggestion 1)
	[ "$(json '.objectives | tojson')" = '{"t":0.5,"n":3}' ]
	run -0 lo-eval --objective 't=[scan("[0-9.]+") | tonumber] | add' -- \
	    printf 'a: 1.5 s\nb: 2 s\n' < <(suggestion 1)
	[ "$(json .objectives.t)" = 3.5 ]
	run -0 --separate-stderr lo-eval --objective t=.nope -- echo '{"t": 1}' < <(suggestion 1)
	[ "$(json .status)" = failed ]
	[[ $(json .terminal_reason) == "objective t: expected a finite number, got null" ]]
}

@test "--objective: a program that does not compile, a name that is unknown" {
	run -2 lo-eval --objective 't=.[' -- echo 1 < <(suggestion 1)
	[[ $output == *"--objective t: "* ]]
	run -2 lo-eval --objective =.x -- echo 1 < <(suggestion 1)
	run -2 lo-eval --objective t=.x --objective t=.y -- echo 1 \
	    < <(suggestion 1)
	make_campaign .
	run -1 lo-eval --objective t=.x -- echo 1 < <(suggestion 1)
	[[ $output == *"--objective t: the campaign has no such objective, expected one of: loss"* ]]
}

@test "no, non-finite or unparsable numbers are failures that say why" {
	local answer

	for answer in '' nan Infinity 1e999 'loss: 3' '{"objective":' \
	    '{"objective":"3"}' '{"other":3}' null '[1]'; do
		run -0 --separate-stderr evaluate -- echo "$answer" \
		    < <(suggestion 1)
		[ "$(json .status)" = failed ]
		[ "$(json .objectives.loss)" = null ]
		[ -n "$(json '.terminal_reason // empty')" ]
	done
}

@test "an object whose keys are the objectives' names" {
	run -0 --separate-stderr evaluate -- echo '{"loss": 3, "epochs": 7}' \
	    < <(suggestion 1)
	[ "$(json '[.status, .objectives.loss] | tojson')" = '["ok",3]' ]
	run -0 lo-eval --objective a --objective b -- echo '{"b": 2, "a": 1}' \
	    < <(suggestion 1)
	[ "$(json '.objectives | tojson')" = '{"a":1,"b":2}' ]
	# not where values are marked as such
	run -0 --separate-stderr evaluate -- echo '{"loss":3,"objective":4}' \
	    < <(suggestion 1)
	[ "$(json .objectives.loss)" = 4 ]
	run -0 --separate-stderr evaluate -- echo '{"loss":3,"objectives":{}}' \
	    < <(suggestion 1)
	[ "$(json .status)" = failed ]
}

@test "an answer without an objective: its keys, and what to print" {
	run -0 --separate-stderr evaluate -- echo '{"los": 3, "n": 1}' \
	    < <(suggestion 1)
	[ "$(json .terminal_reason)" = 'answer has no objective loss, its keys are ["los","n"]: print the number alone or {"loss": NUMBER}' ]
	run -0 --separate-stderr lo-eval --objective a --objective b -- echo 3 \
	    < <(suggestion 1)
	[ "$(json .terminal_reason)" = "answer has no objective b, a number is the primary one's value alone: print {\"a\": NUMBER, \"b\": NUMBER}" ]
}

@test "numbers that are not finite are called so" {
	local answer

	for answer in nan NaN -inf +Infinity 1e400 -1.5E+999; do
		run -0 --separate-stderr evaluate -- printf '%s\n' "$answer" \
		    < <(suggestion 1)
		[ "$(json .terminal_reason)" = "last line of stdout is not a finite number: $answer" ]
	done
	for answer in nano 1e4x e5 info; do
		run -0 --separate-stderr evaluate -- echo "$answer" \
		    < <(suggestion 1)
		[[ $(json .terminal_reason) == *"neither a number nor an object: $answer" ]]
	done
}

# ------------------------------------------------- arguments, environment

@test "parameters replace {name} in the text they have" {
	run -0 --separate-stderr evaluate -- sh -c 'printf "%s\n" "$@" >&2; echo 1' - \
	    {f} --i={i} x{s}{b}y '{{f}}' '${f}' '{}' '{a b}' \
	    < <(suggestion 1 '{"f":1.50e-3,"i":4,"s":"a  \"b","b":true}')
	[ "$stderr" = "trial 1: 1.50e-3
trial 1: --i=4
trial 1: xa  \"btruey
trial 1: {f}
trial 1: \${f}
trial 1: {}
trial 1: {a b}" ]
	# and come out as they went in
	[[ $output == *'"params":{"f":1.50e-3,"i":4,"s":"a  \"b","b":true}'* ]]
}

@test "an inactive parameter removes its argument" {
	conditional_campaign
	run -0 --separate-stderr lo-eval -- sh -c 'echo $#' - {opt} \
	    --m={momentum} end < <(suggestion 1 '{"opt":"adam"}')
	[ "$(json .objectives.loss)" = 2 ]
	run -0 --separate-stderr lo-eval -- sh -c 'echo $#' - {opt} \
	    --m={momentum} end < <(suggestion 1 '{"opt":"sgd","momentum":0.5}')
	[ "$(json .objectives.loss)" = 3 ]
}

@test "without a campaign, a word in braces is an inactive parameter" {
	run -0 --separate-stderr evaluate -- sh -c 'echo $#' - {x} --m={momentum} \
	    '{{x}}' < <(suggestions 1 2)
	[ "$(json .objectives.loss)" = "2
2" ]
	# said once, not for each trial
	[ "$(grep -c 'the argument with {momentum} is left out.*only x ' <<<"$stderr")" = 1 ]
}

@test "a name that no parameter has is refused before anything runs" {
	make_campaign .
	lo-suggest >s
	cksum <state/bo_state.json >before
	run -1 --separate-stderr lo-eval -- sh -c 'touch ran; echo 1' - \
	    {x} --a={typo} '{n}{xx}' <s
	[ "$output" = "" ]
	[[ $stderr == "lo-eval: {typo}, {xx}: no parameter has this name, expected one of: x, n ("* ]]
	[ ! -e ran ]
	cksum <state/bo_state.json >after
	cmp before after
	# doubled, it is the text itself
	run -0 --separate-stderr lo-eval -- sh -c 'echo ${#1}' - '{{typo}}' <s
	[ "$(json .objectives.loss)" = 6 ]
	[ "$stderr" = "" ]
}

@test "the environment has the trial and its parameters, no stale ones" {
	export LO_PARAM_stale=1 LO_TRIAL_ID=99 OTHER=kept
	run -0 --separate-stderr evaluate -- sh -c \
	    'env | grep -E "^(LO_(PARAM|TRIAL)_|LOOPTIMUM_|OTHER)" | sort >&2; echo 1' \
	    < <(suggestion 7 '{"lr":0.10,"a.b-c é":"x y","gone":null}')
	[ "$stderr" = 'trial 7: LOOPTIMUM_TRIAL_ID=7
trial 7: LO_PARAM_a_b_c__=x y
trial 7: LO_PARAM_lr=0.10
trial 7: LO_TRIAL_ID=7
trial 7: OTHER=kept' ]
}

@test "parameters with one variable are refused" {
	run -1 --separate-stderr evaluate -- sh -c 'echo ran >ran; echo 1' \
	    < <(suggestion 1 '{"a-b":1,"a.b":2}')
	[ "$output" = "" ]
	[[ $stderr == *'<stdin>:1: trial 1: parameters "a-b" and "a.b" have the same environment variable LO_PARAM_a_b'* ]]
	make_campaign .
	jq '.parameters[0].name = "n.n" | .parameters[1].name = "n-n"' \
	    parameter_space.json >p && mv p parameter_space.json
	run -1 lo-eval -- sh -c 'echo ran >ran; echo 1' < <(suggestion 1)
	[[ $output == *LO_PARAM_n_n* ]]
	[ ! -e ran ]
}

@test "the suggestion is on stdin, in one line, and may be left unread" {
	run -0 evaluate -- sh -c 'read -r line; echo "$line" | jq -c .params.x; read -r more || :' \
	    < <(suggestion 1 '{"x":0.125}' | jq .)
	[ "$(json .objectives.loss)" = 0.125 ]
	{
		printf '{"trial_id":1,"params":{"x":1},"big":"'
		head -c 1000000 /dev/zero | tr '\0' x
		printf '"}\n'
	} >big
	run -0 --separate-stderr evaluate -- echo 3 <big
	[ "$(json .objectives.loss)" = 3 ]
	run -0 --separate-stderr evaluate -- wc -c <big
	[ "$(json .objectives.loss)" -eq "$(wc -c <big)" ]
	run -0 --separate-stderr evaluate -- sh -c 'exec <&-; sleep 0.2; echo 4' <big
	[ "$(json .objectives.loss)" = 4 ]
}

@test "the evaluator runs here, in a process group of its own" {
	run -0 evaluate -- python3 -c 'import os
print(os.getcwd(), file=open("here", "w"))
print(int(os.getpgid(0) == os.getpid()))' < <(suggestion 1)
	[ "$(json .objectives.loss)" = 1 ]
	[ "$(cat here)" = "$(pwd -P)" ]
}

@test "no descriptor leaks to evaluators" {
	local i

	[ -d /proc/self/fd ] || skip 'no /proc'
	for i in 1 2 3; do
		run -0 --separate-stderr evaluate -j 3 -- sh -c \
		    'for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 42; do
			[ ! -e /proc/$$/fd/$i ] || echo $i >&2
		    done; sleep 0.05; echo 1' \
		    7</dev/null 42>leak < <(suggestions 1 3)
		[ "$(sort -u <<<"${stderr//trial ?: /}")" = "0
1
2" ]
	done
}

@test "signals are as a command expects them" {
	run -0 --separate-stderr python3 -c '
import os, signal, sys
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD})
os.execvp(sys.argv[1], sys.argv[1:])' lo-eval --objective loss -- sh -c \
	    'kill -$LO_PARAM_s $$; echo 1' \
	    < <(suggestion 1 '{"s":"PIPE"}'; suggestion 2 '{"s":"TERM"}')
	[ "$(json .terminal_reason)" = "signal=SIGPIPE
signal=SIGTERM" ]
}

# ------------------------------------------------------------ how it ends

@test "exit status and last line of stderr are the reason" {
	run -0 --separate-stderr evaluate -- sh -c \
	    'echo early >&2; printf "disk full\n\n" >&2; echo 1; exit 3' \
	    < <(suggestion 1)
	[ "$(json '[.status, .terminal_reason, .objectives.loss] | tojson')" = '["failed","exit=3: disk full",null]' ]
	run -0 --separate-stderr evaluate -- sh -c 'exit 127' < <(suggestion 1)
	[ "$(json '[.status, .terminal_reason] | tojson')" = '["failed","exit=127"]' ]
	run -0 --separate-stderr evaluate -- sh -c 'printf "\377\033x\n" >&2; exit 1' \
	    < <(suggestion 1)
	[ "$(json .terminal_reason)" = 'exit=1: ??x' ]
}

@test "death by a signal is killed" {
	run -0 --separate-stderr evaluate -- sh -c 'kill -SEGV $$' \
	    < <(suggestion 1)
	[ "$(json '[.status, .terminal_reason] | tojson')" = '["killed","signal=SIGSEGV"]' ]
}

@test "a failure is told with command, directory, status and last lines" {
	run -0 --separate-stderr evaluate -- sh -c \
	    'seq 20; echo "to $1" >&2; exit 2' - 'a b' < <(suggestion 5)
	[[ $stderr == *"lo-eval: trial 5: failed: exit=2: to a b"* ]]
	[[ $stderr == *"lo-eval: trial 5: command: sh -c 'seq 20; echo \"to \$1\" >&2; exit 2' - 'a b'"* ]]
	[[ $stderr == *"lo-eval: trial 5: directory: $PWD"* ]]
	[[ $stderr == *"lo-eval: trial 5: exit status: 2"* ]]
	[[ $stderr == *"lo-eval: trial 5: stdout: 11"*"stdout: 20"* ]]
	[[ $stderr != *"stdout: 10"* ]]
	[[ $stderr == *"lo-eval: trial 5: stderr: to a b"* ]]
	[[ $stderr != *stdout.log* ]]
}

@test "stderr passes through, each line with its trial" {
	run -0 --separate-stderr evaluate -- sh -c \
	    'printf "one\ntw" >&2; printf "o\nthree" >&2; echo 1' \
	    < <(suggestion 3)
	[ "$stderr" = "trial 3: one
trial 3: two
trial 3: three" ]
}

# E3
@test "much output on both streams blocks nobody" {
	run -0 --separate-stderr evaluate -- sh -c \
	    'seq 200000; seq 50000 >&2; cat >/dev/null; echo 7' \
	    < <(suggestion 1)
	[ "$(json .objectives.loss)" = 7 ]
	[ "$(wc -l <<<"$stderr")" -eq 50000 ]
	[ "$(tail -n 1 <<<"$stderr")" = "trial 1: 50000" ]
}

@test "a command that cannot be executed is the user's error" {
	echo 'echo 1' >plain
	printf '#!/no/such/sh\n' >script && chmod +x script
	suggestions 1 2 >two
	run -1 --separate-stderr evaluate -- ./nowhere <two
	[ "$output" = "" ]
	[[ $stderr == "lo-eval: cannot run ./nowhere: No such file or directory; no payload for trials 1, 2: still pending"* ]]
	# more than was read so far, too, and not without end
	suggestions 1 300 >many
	run -1 --separate-stderr evaluate -- ./nowhere <many
	[[ $stderr == *" for trials 1, 2,"*", 20 and 280 more: still pending"* ]]
	run -1 --separate-stderr evaluate -- ./nowhere < <(suggestion 1
	    while echo '{"trial_id":7,"params":{}}'; do :; done)
	run -1 evaluate -- lo-no-such-command < <(suggestion 1)
	[[ $output == *"in PATH"* ]]
	run -1 evaluate -- ./plain < <(suggestion 1)
	[[ $output == *"Permission denied"* ]]
	run -1 evaluate -- ./script < <(suggestion 1)
	[[ $output == *interpreter* ]]
}

# E1
@test "others that run are drained when the command vanishes" {
	cat >cmd <<-END
		#!/bin/sh
		touch up
		$(with_wait)
		wait_file go
		echo 1
	END
	chmod +x cmd
	mkfifo in
	evaluate -j 2 -- ./cmd <in >out 2>err &
	exec 8>in
	suggestion 1 >&8
	wait_for 20 test -e up
	rm cmd
	suggestion 2 >&8
	exec 8>&-
	wait_for 20 grep -q 'nothing more is started: cannot run ./cmd' err
	touch go
	wait $! && false || [ $? -eq 1 ]
	[ "$(jq -c '[.trial_id, .status]' out)" = '[1,"ok"]' ]
	grep -q 'no payload for trial 2' err
}

# E2
@test "--timeout ends the whole process group" {
	run -0 --separate-stderr evaluate --timeout 0.3 -- sh -c \
	    'sleep 1000 & echo $! >pid; trap "echo term >&2; exit 0" TERM; wait; echo 1' \
	    < <(suggestion 1)
	[ "$(json '[.status, .terminal_reason, .objectives.loss] | tojson')" = '["timeout","timeout after 0.3 s",null]' ]
	grep -q '^trial 1: term' <<<"$stderr"
	grep -q '^lo-eval: trial 1: timeout after 0.3 s$' <<<"$stderr"
	wait_for 10 gone "$(cat pid)"
}

@test "--kill-after ends what ignores SIGTERM" {
	run -0 --separate-stderr evaluate --timeout 0.2 --kill-after 0.2 -- \
	    sh -c 'trap "" TERM; while :; do sleep 1000; done' \
	    < <(suggestion 1)
	[ "$(json .status)" = timeout ]
	[[ $stderr == *"ended by SIGKILL"* ]]
}

# E2
@test "what is left of a process group dies with its leader" {
	run -0 --separate-stderr evaluate -- sh -c \
	    'trap "" TERM HUP; sleep 1000 & echo $! >pid; echo 5' \
	    < <(suggestion 1)
	[ "$(json .objectives.loss)" = 5 ]
	wait_for 10 gone "$(cat pid)"
}

# E3
@test "one that left the group and holds the pipes delays nobody" {
	command -v setsid >/dev/null || skip 'no setsid'
	run -0 --separate-stderr evaluate -- sh -c \
	    'setsid sh -c "echo \$\$ >pid; exec sleep 1000" &
	    until [ -s pid ]; do sleep 0.05; done; echo 5' < <(suggestion 1)
	kill "$(cat pid)"
	[ "$(json .objectives.loss)" = 5 ]
}

@test "--retry runs a failed evaluation again" {
	cat >cmd <<-'END'
		#!/bin/sh
		echo x >>tries
		[ "$(wc -l <tries)" -ge 3 ] || { echo no >&2; exit 1; }
		echo 8
	END
	chmod +x cmd
	run -0 --separate-stderr evaluate --retry 2 -- ./cmd < <(suggestion 1)
	[ "$(json .objectives.loss)" = 8 ]
	[[ $stderr == *"trial 1: failed, tried again (2 of 2): exit=1: no"* ]]
	rm tries
	run -0 --separate-stderr evaluate --retry 1 -- ./cmd < <(suggestion 1)
	[ "$(json .terminal_reason)" = "exit=1: no" ]
	[ "$(wc -l <tries)" -eq 2 ]
}

@test "--retry is not for timeouts and signals" {
	run -0 --separate-stderr evaluate --retry 5 --timeout 0.2 -- sh -c \
	    'echo x >>tries; sleep 1000' < <(suggestion 1)
	[ "$(json .status)" = timeout ]
	run -0 --separate-stderr evaluate --retry 5 -- sh -c \
	    'echo x >>tries; kill -9 $$' < <(suggestion 1)
	[ "$(json .status)" = killed ]
	[ "$(wc -l <tries)" -eq 2 ]
}

@test "--penalty goes into what is not ok and has none" {
	run -0 --separate-stderr evaluate --penalty -2.5 -- sh -c \
	    'echo "$LO_PARAM_a"; exit $LO_PARAM_e' \
	    < <(suggestion 1 '{"a":1,"e":0}'
	    suggestion 2 '{"a":1,"e":4}'
	    suggestion 3 '{"a":"{\"status\":\"failed\",\"penalty_objective\":7}","e":0}')
	[ "$(json '[has("penalty_objective"), .penalty_objective] | tojson')" = '[false,null]
[true,-2.5]
[true,7]' ]
}

# --------------------------------------------------------------- the loop

@test "-j N: so many run at a time" {
	# all three must be there before any may end
	run -0 --separate-stderr evaluate -j 3 -- sh -c "$(with_wait)"'
	    touch here-$LO_TRIAL_ID
	    wait_file here-1; wait_file here-2; wait_file here-3; echo 1' \
	    < <(suggestions 1 3)
	[ "$(json .status | sort | uniq -c | tr -s ' ')" = " 3 ok" ]
}

@test "-j N: not more" {
	run -0 --separate-stderr evaluate -j 2 -- sh -c '
	    n=1
	    until mkdir slot-$n 2>/dev/null; do
		n=$((n + 1)); [ $n -le 2 ] || { echo crowded >&2; exit 1; }
	    done
	    sleep 0.02; rmdir slot-$n; echo 1' < <(suggestions 1 12)
	[ "$(json .status | sort | uniq -c | tr -s ' ')" = " 12 ok" ]
}

@test "payloads come in the order in which evaluations end" {
	evaluate -j 2 -- sh -c "$(with_wait)"'
	    [ $LO_TRIAL_ID = 2 ] || wait_file printed; echo 1' >out \
	    < <(suggestions 1 2; wait_for 20 test -s out; touch printed)
	[ "$(jq .trial_id out)" = "2
1" ]
}

# E4
@test "a suggestion is taken and its payload printed while the pipe stays open" {
	mkfifo in
	evaluate -j 2 -- echo 1 <in >out &
	exec 8>in
	suggestion 1 | tr -d '\n' >&8
	wait_for 20 grep -q '"trial_id":1' out
	suggestion 2 >&8
	wait_for 20 grep -q '"trial_id":2' out
	exec 8>&-
	wait $!
}

# E4
@test "an evaluation that ends is reported while the next one is awaited" {
	mkfifo in
	evaluate -j 2 -- sh -c "$(with_wait)"'wait_file go; echo 1' <in >out &
	exec 8>in
	{ suggestion 1; printf '{"trial_id":'; } >&8
	touch go
	wait_for 20 grep -q '"trial_id":1' out
	printf '2,"params":{}}' >&8
	exec 8>&-
	wait $!
	[ "$(jq .trial_id out)" = "1
2" ]
}

@test "every shape of input is a stream of suggestions" {
	{
		suggestions 1 2 | jq -s .
		suggestions 3 4 | jq -s '{schema_version: "0.3.0", count: 2, suggestions: .}'
		suggestions 5 6 | tr -d '\n'
	} >in
	run -0 --separate-stderr evaluate -f .trial_id -- echo 1 <in
	[ "$output" = "1
2
3
4
5
6" ]
	run -0 evaluate -- echo 1 </dev/null
	[ "$output" = "" ]
}

@test "what is no suggestion is named, the rest handled, exit 1" {
	run -1 --separate-stderr evaluate -f .trial_id -- echo 1 < <(
		suggestion 1
		echo '{"trial_id":"2","params":{}}'
		echo '[4]'
		suggestion 3
		echo '{"trial_id":4,"params":{"x":NaN}}'
		suggestion 5)
	[ "$output" = "1
3" ]
	[ "$stderr" = 'lo-eval: <stdin>:2: .trial_id: expected an integer >= 1, got "2"
lo-eval: <stdin>:3: .: expected an object, got 4
lo-eval: <stdin>: line 5 column 29: NaN and infinities are not JSON' ]
}

@test "lease token and schema version come back" {
	run -0 evaluate -- echo 1 < <(suggestion 1 |
	    jq -c '. + {lease_token: "0123abc"}')
	[ "$(json '[.lease_token, .schema_version] | tojson')" = '["0123abc","0.3.0"]' ]
	run -0 evaluate -- echo 1 <<<'{"trial_id":1,"params":{}}'
	[ "$(json '[has("lease_token"), has("schema_version")] | tojson')" = '[false,false]' ]
}

@test "zombies are reaped, those of evaluators too" {
	[ -d /proc/self ] || skip 'no /proc'
	# the loop adopts orphans, as it does as a container's first process;
	# the second trial waits until the first one's daemon is gone for good
	run -0 --separate-stderr python3 -c '
import ctypes, os, sys
ctypes.CDLL(None).prctl(36, 1)
os.execvp(sys.argv[1], sys.argv[1:])' lo-eval --objective loss -- sh -c '
	    if [ $LO_TRIAL_ID = 1 ]; then
		setsid sh -c "echo \$\$ >pid; until [ -e go ]; do sleep 0.05; done" &
		until [ -s pid ]; do sleep 0.05; done
	    else
		touch go
		n=0
		while [ -e /proc/$(cat pid) ]; do
			n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.05
		done
	    fi
	    echo 1' < <(suggestions 1 2)
	[ "$(json .status)" = "ok
ok" ]
}

# ---------------------------------------------------------------- signals

# interrupt SIGNAL: start two evaluators and one in waiting, send the signal
# when both run; out, err and the way lo-eval died in "died".
interrupt() {
	suggestions 1 3 | jq -cs '{suggestions: .}' >in.json
	run -0 python3 -c '
import os, signal, subprocess, sys, time
p = subprocess.Popen(["lo-eval", "--objective", "loss", "-j", "2",
    "--kill-after", "20", "--", "sh", "-c", sys.argv[2]],
    stdin=open("in.json"), stdout=open("out", "w"), stderr=open("err", "w"))
end = time.time() + 20
while not (os.path.exists("up-1") and os.path.exists("up-2")):
    assert time.time() < end
    time.sleep(0.02)
p.send_signal(getattr(signal, sys.argv[1]))
if len(sys.argv) > 3:
    time.sleep(0.2)
    p.send_signal(getattr(signal, sys.argv[1]))
print(p.wait(30))' "$@"
	died=$output
}

# E5, E6
@test "SIGTERM and SIGINT are passed on and end lo-eval" {
	local s

	for s in TERM INT HUP; do
		rm -f up-* got-*
		interrupt SIG$s 'trap "echo '$s' >got-$LO_TRIAL_ID; exit 0" '$s'
		    touch up-$LO_TRIAL_ID
		    while :; do sleep 0.05; done'
		[ "$died" -eq "-$(kill -l $s)" ]
		[ "$(cat got-1 got-2)" = "$s
$s" ]
		[ "$(jq -c '[.trial_id, .status, .terminal_reason]' out | sort)" = '[1,"killed","signal=SIG'$s': interrupted"]
[2,"killed","signal=SIG'$s': interrupted"]' ]
		[ ! -e up-3 ]
		grep -q 'no payload for trial 3: still pending' err
	done
}

@test "who asks twice does not wait" {
	interrupt SIGTERM 'trap "" TERM; touch up-$LO_TRIAL_ID
	    while :; do sleep 0.05; done' twice
	[ "$died" -eq -15 ]
	[ "$(jq -r .terminal_reason out)" = "signal=SIGKILL: interrupted
signal=SIGKILL: interrupted" ]
}

@test "a signal that was ignored stays ignored" {
	run -0 --separate-stderr python3 -c '
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' lo-eval --objective loss -- sh -c \
	    'kill -HUP $PPID; echo 1' < <(suggestion 1)
	[ "$(json .status)" = ok ]
}

# ----------------------------------------------------------------- output

# E6
@test "a reader that went away: evaluators end, exit 4, what is pending" {
	{
		evaluate -j 2 -- sh -c "$(with_wait)"'
		    [ $LO_TRIAL_ID = 1 ] || { echo $$ >pid; exec sleep 1000; }
		    wait_file gone; wait_file pid; echo 1' 2>err \
		    < <(suggestions 1 3 | jq -cs .) || echo $? >status
	} | { exec <&-; touch gone; }
	[ "$(cat status)" -eq 4 ]
	gone "$(cat pid)"
	grep -q 'Broken pipe; no payload for trials 1, 2, 3: still pending' err
}

@test "a full disk under stdout: exit 4" {
	[ -c /dev/full ] || skip 'no /dev/full'
	suggestions 1 2 | jq -cs . >in
	run -4 sh -c 'lo-eval --objective loss -- echo 1 <in >/dev/full'
	[[ $output == *"No space left on device; no payload for trials 1, 2: "* ]]
}

@test "-f filters each payload as it comes" {
	run -0 evaluate -f '[.trial_id, .objectives.loss]' -c -- echo 1 \
	    < <(suggestions 1 2)
	[ "$output" = "[1,1]
[2,1]" ]
}

@test "usage" {
	run -2 lo-eval
	run -2 lo-eval -j 0 -- echo 1
	run -2 lo-eval -j x -- echo 1
	run -2 lo-eval -j 100000 -- echo 1
	run -2 lo-eval --timeout -1 -- echo 1
	run -2 lo-eval --penalty nan -- echo 1
	run -2 lo-eval --retry 1.5 -- echo 1
}

# ------------------------------------------------------------ campaigns

@test "without a campaign the objectives must be named" {
	run -1 --separate-stderr lo-eval -- echo 1 < <(suggestion 1)
	[[ $stderr == *"--objective NAME"*bo_config.json*lo-init* ]]
	run -1 lo-eval -C nowhere --objective loss -- echo 1 < <(suggestion 1)
	LO_CAMPAIGN=nowhere run -1 lo-eval --objective loss -- echo 1 \
	    < <(suggestion 1)
}

@test "the pipe: suggest, evaluate, ingest" {
	make_campaign .
	lo-suggest -n 3 |
	    lo-eval -j 2 -- sh -c 'echo $LO_PARAM_x; exit $((LO_TRIAL_ID == 2))' 2>err |
	    lo-ingest -f .result >out
	[ "$(cat out)" = '"ingested"
"ingested"
"ingested"' ]
	[ "$(jq -c '[.observations[] | [.trial_id, .status]] | sort' state/bo_state.json)" = '[[1,"ok"],[2,"failed"],[3,"ok"]]' ]
	[ "$(jq -r '.observations[] | select(.trial_id == 2).terminal_reason' state/bo_state.json)" = "exit=1" ]
	run -0 lo-validate --strict
}

@test "both streams are kept in the trial's directory" {
	make_campaign .
	lo-suggest >s
	run -0 --separate-stderr lo-eval --retry 1 -- sh -c \
	    'echo out-$LO_TRIAL_ID; echo err >&2; exit 1' <s
	[ "$(cat state/trials/trial_1/stdout.log)" = "out-1
out-1" ]
	[ "$(cat state/trials/trial_1/stderr.log)" = "err
err" ]
	[[ $stderr == *"all of it: state/trials/trial_1/stdout.log and state/trials/trial_1/stderr.log in $PWD"* ]]
	run -0 lo-validate --strict
}

@test "nothing is written through a link, and no trial directory is made" {
	make_campaign .
	lo-suggest -n 2 --jsonl >s
	echo mine >victim
	ln -s ../../../victim state/trials/trial_1/stdout.log
	rm -r state/trials/trial_2
	run -0 --separate-stderr lo-eval -f .status -r -- echo 1 <s
	[ "$output" = "ok
ok" ]
	[ "$(cat victim)" = mine ]
	[ ! -e state/trials/trial_2/stdout.log ]
}

@test "a trial is claimed before its evaluation begins" {
	make_campaign .
	lo-suggest >s
	run -0 --separate-stderr lo-eval -- sh -c \
	    'jq -c ".pending[0].claim" state/bo_state.json >claim
	    lo-suggest --resume >resumed 2>/dev/null; echo $? >status
	    echo $PPID >ppid; hostname >host; echo 1' <s
	[ "$stderr" = "" ]
	[ "$(jq .pid claim)" = "$(cat ppid)" ]
	[ "$(jq -r .host claim)" = "$(cat host)" ]
	[ "$(jq -c 'keys' claim)" = '["boot_id","claimed_at","host","pid","start_time"]' ]
	# somebody works on it
	[ "$(cat status)" -eq 3 ]
	[ ! -s resumed ]
	# and now nobody does
	run -0 lo-suggest --resume
	[ "$(json .trial_id)" = 1 ]
	run -0 lo-validate --strict
}

@test "kill -9: what was claimed is free again" {
	make_campaign .
	lo-suggest >s
	lo-eval -- sh -c 'echo $$ >pid; touch up; exec sleep 1000' <s &
	wait_for 20 test -e up
	kill -9 $!
	wait $! || :
	kill "$(cat pid)"
	run -0 lo-suggest --resume
	[ "$(json .trial_id)" = 1 ]
}

@test "a leased trial has a heartbeat" {
	make_campaign . "$leases"
	lo-suggest >s
	run -0 lo-eval -- sh -c "$(with_wait)"'
	    n=0
	    until [ "$(jq .heartbeat_count state/trials/trial_1/manifest.json)" = 1 ]; do
		n=$((n + 1)); [ $n -lt 400 ] || exit 1; sleep 0.05
	    done
	    echo 1' <s
	[ "$(json .status)" = ok ]
	[ "$(jq '.pending[0].heartbeat_count' state/bo_state.json)" = 1 ]
	[ "$(jq -c 'select(.event == "heartbeat") | [.trial_id, .heartbeat_at > 0] ' state/event_log.jsonl)" = '[1,true]' ]
	run -0 lo-validate --strict
	run -0 lo-ingest <<<"$(lo-eval -- echo 1 <s)"
}

@test "no lease and soon done: no heartbeat" {
	make_campaign .
	lo-suggest >s
	run -0 lo-eval -- sh -c 'sleep 0.2; echo 1' <s
	[ "$(jq '.pending[0].heartbeat_count' state/bo_state.json)" = null ]
}

@test "a wrong lease token: evaluated all the same, without a claim" {
	make_campaign . "$leases"
	lo-suggest | jq -c '.lease_token = "wrong"' >s
	run -0 --separate-stderr lo-eval -- echo 1 <s
	[ "$(json .status)" = ok ]
	[[ $stderr == *"trial 1: evaluated without a claim and heartbeats: "*lease_token* ]]
	[ "$(jq '.pending[0].claim' state/bo_state.json)" = null ]
}

@test "a trial that is not pending here is evaluated all the same" {
	make_campaign .
	lo-suggest | lo-eval -- echo 1 | lo-ingest >/dev/null
	run -0 --separate-stderr lo-eval -f .objectives.loss -- echo 5 \
	    < <(suggestion 1 '{"x":0.5,"n":4}'; suggestion 9)
	[ "$output" = "5
5" ]
	[[ $stderr == *"trial 1: evaluated without a claim and heartbeats: "*"has a result (ok)"* ]]
	[[ $stderr == *"trial 9: evaluated without a claim and heartbeats: "*"no such trial"* ]]
	[ "$(cat state/trials/trial_1/stdout.log)" = 1 ]
}

@test "a lock that stays busy delays a claim, it does not prevent evaluation" {
	make_campaign . '.lock_timeout_seconds = 0.3'
	lo-suggest >s
	exec 8>>state/.looptimum.lock
	flock 8
	run -0 --separate-stderr lo-eval -- echo 1 <s 8>&-
	flock -u 8
	exec 8>&-
	[ "$(json .status)" = ok ]
	[[ $stderr == *"trial 1: evaluated without a claim and heartbeats: "* ]]
}

@test "while the lock is busy other evaluations go on" {
	make_campaign . '.lock_timeout_seconds = 20'
	lo-suggest -n 2 --jsonl >s
	mkfifo in
	lo-eval -j 2 -- sh -c "$(with_wait)"'touch up-$LO_TRIAL_ID
	    [ $LO_TRIAL_ID = 2 ] || wait_file locked; echo 1' <in >out &
	exec 8>in
	head -n 1 s >&8
	wait_for 20 test -e up-1
	exec 9>>state/.looptimum.lock
	flock 9
	tail -n 1 s >&8
	touch locked
	wait_for 20 grep -q '"trial_id":1' out
	[ ! -e up-2 ]
	flock -u 9
	exec 9>&- 8>&-
	wait $!
	[ "$(jq -c '[.trial_id, .status]' out)" = '[1,"ok"]
[2,"ok"]' ]
	[ "$(jq '[.pending[].claim.pid] | length' state/bo_state.json)" = 2 ]
}

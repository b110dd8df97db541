# shellcheck disable=SC2154,SC2016,SC1083 # run sets stderr; $, {} for evaluators
# lo-run: the whole loop, its limits, signals and resumption.
# R1 to R7 are the claims of lib/ops/run.h.

load helper

# A shell that knows wait_file, for evaluators that wait for others.
with_wait() {
	printf '%s' 'wait_file() {
		n=0
		until [ -e "$1" ]; do
			n=$((n + 1))
			[ $n -lt 800 ] || exit 99
			sleep 0.05
		done
	};'
}

# campaign [FILTER]: here, with few random trials.
campaign() {
	make_campaign . ".initial_random_trials = 2 | ${1:-.}"
}

# Counts of observations by status, pending ones, and whether all is in order.
counts() {
	jq -c '[([.observations[].status] | group_by(.) |
	    map({(.[0]): length}) | add // {}), (.pending | length)]' \
	    state/bo_state.json
}

in_order() {
	run -0 lo-validate --strict
	# ids from 1, none twice, none left out
	jq -e '[(.observations + .pending)[].trial_id] | sort ==
	    [range(1; length + 1)]' state/bo_state.json
}

# signalled N SIGNAL ARG...: run lo-run ARG..., send it the signal N times,
# the first when the file "up" is there, each other one when the one before
# was heeded (by the messages on stderr); out, err, and how it died in died.
signalled() {
	run -0 python3 -c '
import os, signal, subprocess, sys, time
n, number = int(sys.argv[1]), getattr(signal, sys.argv[2])
err = open("err", "w")
p = subprocess.Popen(["lo-run"] + sys.argv[3:], stdout=open("out", "w"),
    stderr=err)
def wait(what):
    end = time.time() + 40
    while not what():
        assert time.time() < end and p.poll() is None
        time.sleep(0.02)
wait(lambda: os.path.exists("up"))
for i in range(n):
    p.send_signal(number)
    wait(lambda: open("err").read().count("lo-run: SIG") > i)
open("sent", "w")
print(p.wait(60))' "$@"
	died=$output
}

# ---------------------------------------------------------------- success

@test "the budget is used, the status document ends it, then exit 3" {
	campaign '.max_trials = 10'
	run -0 --separate-stderr lo-run -j 3 -- sh -c 'echo $LO_PARAM_x'
	[ "$stderr" = "" ]
	[ "$(json '[.observations, .pending, .budget.remaining] | tojson')" = '[10,0,0]' ]
	same "$output" "$(lo-status)"
	in_order
	run -3 --separate-stderr lo-run -f .observations -- echo 1
	[ "$output" = 10 ]
	[[ $stderr == "lo-run: nothing to do: the budget is spent: "* ]]
	[ "$(counts)" = '[{"ok":10},0]' ]
}

@test "what was measured is what was suggested, logs kept" {
	campaign '.max_trials = 5'
	run -0 --separate-stderr lo-run -- sh -c 'cat >in.$LO_TRIAL_ID; echo "$1"' - {x}
	jq -e '.observations | length == 5 and all(
	    .objectives.loss == .params.x and .runtime_seconds > 0)' \
	    state/bo_state.json
	[ "$(jq -c .params in.3)" = "$(jq -c '.observations[2].params' state/bo_state.json)" ]
	[ "$(cat state/trials/trial_5/stdout.log)" = "$(jq '.observations[4].params.x' state/bo_state.json)" ]
	in_order
}

# R1
@test "-j N: so many run at a time, and not more" {
	campaign '.max_trials = 12'
	run -0 --separate-stderr lo-run -j 3 -f .observations -- sh -c "$(with_wait)"'
	    k=1
	    until mkdir slot-$k 2>/dev/null; do
		k=$((k + 1)); [ $k -le 3 ] || { echo crowded >&2; exit 1; }
	    done
	    touch here-$LO_TRIAL_ID
	    wait_file here-1; wait_file here-2; wait_file here-3
	    rmdir slot-$k; echo 1'
	[ "$output" = 12 ]
	[ "$(counts)" = '[{"ok":12},0]' ]
}

# R1
@test "a slot that is free is filled while others run, which are allowed for" {
	campaign '.max_trials = 8 | .initial_random_trials = 2'
	# the first one ends last, after all others came and went
	run -0 --separate-stderr lo-run -j 2 -f .observations -- sh -c "$(with_wait)"'
	    until [ $LO_TRIAL_ID != 1 ] ||
		grep -qs "ingest_applied.*\"trial_id\": 8" state/event_log.jsonl
	    do sleep 0.05; done
	    echo $LO_PARAM_x'
	[ "$output" = 8 ]
	[ "$(jq -c '[.observations[].trial_id]' state/bo_state.json)" = '[2,3,4,5,6,7,8,1]' ]
	# none was suggested before the result before it was in
	jq -c 'select(.event == "suggestion_created" or
	    .event == "ingest_applied") | [.event[0:1], .trial_id]' \
	    state/event_log.jsonl | tr -d '\n' >order
	[ "$(cat order)" = '["s",1]["s",2]["i",2]["s",3]["i",3]["s",4]["i",4]["s",5]["i",5]["s",6]["i",6]["s",7]["i",7]["s",8]["i",8]["i",1]' ]
}

@test "-n limits this call, in all its slots" {
	campaign '.max_trials = 10'
	run -0 --separate-stderr lo-run -n 4 -j 3 -f .observations -- echo 1
	[ "$output" = 4 ]
	run -0 --separate-stderr lo-run --trials 4 -j 8 -f .observations -- echo 1
	[ "$output" = 8 ]
	# as much as there is
	run -0 --separate-stderr lo-run -n 4 -f .observations -- echo 1
	[ "$output" = 10 ]
	run -3 lo-run -n 4 -- echo 1
	in_order
}

@test "a larger budget goes on, in a run that runs, too" {
	campaign '.max_trials = 3'
	run -0 --separate-stderr lo-run -f .observations -- sh -c '
	    [ $LO_TRIAL_ID != 3 ] || { jq ".max_trials = 5" bo_config.json >n
		mv n bo_config.json; }
	    echo 1'
	[ "$output" = 5 ]
}

@test "every point of a finite space, then exit 0, then 3" {
	campaign '.surrogate = {type: "random"}'
	echo '{"parameters": [{"name": "n", "type": "int", "bounds": [1, 4]}]}' \
	    >parameter_space.json
	run -0 --separate-stderr lo-run -j 3 -f .observations -- echo {n}
	[ "$output" = 4 ]
	run -3 lo-run -- echo {n}
}

@test "leases: the token goes all the way" {
	campaign '.max_trials = 4 | .worker_leases = {enabled: true}'
	run -0 --separate-stderr lo-run -j 2 -f '[.observations, .leased_pending]' -- echo 1
	[ "$output" = '[4,0]' ]
	run -1 grep -rl lease_token state/trials --include=ingest_payload.json
	in_order
}

@test "several objectives, --objective and --penalty" {
	campaign '.max_trials = 3'
	echo '{"primary_objective": {"name": "a", "direction": "minimize"},
	    "secondary_objectives": [{"name": "b", "direction": "maximize"}]}' \
	    >objective_schema.json
	run -0 --separate-stderr lo-run --penalty 9 --objective a=.r[0] \
	    --objective b=.r[1] -- \
	    sh -c '[ $LO_TRIAL_ID != 2 ] || exit 1; echo "{\"r\":[1,2]}"'
	[ "$(jq -c '[.observations[] | [.objectives.a, .objectives.b, .penalty_objective]]' state/bo_state.json)" = '[[1,2,null],[null,null,9],[1,2,null]]' ]
}

# --------------------------------------------------------------- failures

@test "timeouts, signals and exits are results" {
	campaign '.max_trials = 4'
	run -0 --separate-stderr lo-run -j 4 --timeout 2 --kill-after 0.2 -- \
	    sh -c 'case $LO_TRIAL_ID in
	    1) echo 1 ;;
	    2) trap "" TERM; while :; do sleep 1000; done ;;
	    3) kill -SEGV $$ ;;
	    4) echo oops >&2; exit 7 ;; esac'
	[ "$(jq -c '[.observations | sort_by(.trial_id)[] | [.status, .terminal_reason]]' state/bo_state.json)" = '[["ok",null],["timeout","timeout after 2 s"],["killed","signal=SIGSEGV"],["failed","exit=7: oops"]]' ]
	[[ $stderr == *"lo-run: trial 4: exit status: 7"* ]]
	[[ $stderr == *"trial 4: oops"* ]]
	in_order
}

@test "--retry runs what failed again" {
	campaign '.max_trials = 3'
	run -0 --separate-stderr lo-run --retry 1 -- sh -c \
	    '[ -e try-$LO_TRIAL_ID ] || { touch try-$LO_TRIAL_ID; exit 1; }; echo 1'
	[ "$(counts)" = '[{"ok":3},0]' ]
}

@test "the first three all fail: stop with advice, exit 1" {
	campaign
	printf '#!/bin/sh\necho bad >&2\nexit 2\n' >evaluate
	chmod +x evaluate
	run -1 --separate-stderr lo-run -f .observations -- ./evaluate --x={x}
	[ "$output" = 3 ]
	[[ $stderr == *"lo-run: all 3 evaluations so far failed, "*"by hand (LO_PARAM_x="*" LO_PARAM_n="*" ./evaluate --x="*"), and then run this again" ]]
	[ "$(counts)" = '[{"failed":3},0]' ]
	# the command that it shows is one
	hand=${stderr##*by hand (}
	run -2 sh -c "${hand%%), and then*}"
	[ "$output" = bad ]
	# again: no more than three
	run -1 lo-run -- ./evaluate
	[ "$(counts)" = '[{"failed":6},0]' ]
	# repaired, it goes on
	printf '#!/bin/sh\necho 1\n' >evaluate
	run -0 --separate-stderr lo-run -n 2 -- ./evaluate
	in_order
}

@test "the first three, one a call: the third one says so" {
	campaign
	run -0 --separate-stderr lo-run -n 1 -- false
	run -0 --separate-stderr lo-run -n 1 -- false
	run -1 lo-run -n 1 -- false
	[[ $output == *"all 3 evaluations so far failed"* ]]
}

@test "three failures after an ok one end nothing" {
	campaign '.max_trials = 6'
	run -0 --separate-stderr lo-run -- sh -c '[ $LO_TRIAL_ID = 3 ] && echo 1'
	[ "$(counts)" = '[{"failed":5,"ok":1},0]' ]
}

@test "what runs when the first three failed may end and is recorded" {
	campaign
	run -1 --separate-stderr lo-run -j 4 -- sh -c "$(with_wait)"'
	    [ $LO_TRIAL_ID = 4 ] || { wait_file up-4; exit 1; }
	    touch up-4; n=0
	    until [ "$(jq ".observations | length" state/bo_state.json)" -ge 3 ]
	    do
		n=$((n + 1)); [ $n -lt 400 ] || exit 1; sleep 0.05
	    done; echo 1'
	[[ $stderr == *"so far failed"*"nothing more is begun, "*" that still run may end"* ]]
	jq -e '[.observations[].status] | index("ok") >= 3 and length <= 7' \
	    state/bo_state.json
	[ "$(jq '.pending | length' state/bo_state.json)" = 0 ]
}

@test "--max-failures N, of this call" {
	campaign
	lo-suggest | payload 1 | lo-ingest >/dev/null
	run -1 --separate-stderr lo-run --max-failures 2 -- \
	    sh -c '[ $((LO_TRIAL_ID % 2)) = 0 ] && echo 1'
	[ "$(counts)" = '[{"failed":2,"ok":3},0]' ]
	[[ $stderr == *"lo-run: 2 evaluations were not ok, which is --max-failures" ]]
	run -1 lo-run --max-failures 2 -- false
	[ "$(counts)" = '[{"failed":4,"ok":3},0]' ]
	in_order
}

@test "a result that is refused is said, exit 1, the rest goes on" {
	campaign '.max_trials = 3'
	run -1 --separate-stderr lo-run -f .observations -- sh -c '
	    [ $LO_TRIAL_ID != 2 ] || lo-ingest --trial 2 loss=9 >/dev/null
	    echo 1'
	[ "$output" = 3 ]
	[[ $stderr == *"trial 2"* ]]
	[ "$(jq -c '[.observations[].objectives.loss]' state/bo_state.json)" = '[1,9,1]' ]
}

# ---------------------------------------------------------------- plateau

@test "--stop-on-plateau: as lo-status says, exit 0, then 3" {
	campaign '.stopping = {min_improvement: 0.1, patience_trials: 3}'
	run -0 --separate-stderr lo-run --stop-on-plateau -f '[.observations, .plateau.reached]' \
	    -- sh -c 'case $LO_TRIAL_ID in 1) echo 9 ;; 2) echo 5 ;; *) echo 5 ;; esac'
	[ "$output" = '[5,true]' ]
	run -3 --separate-stderr lo-run --stop-on-plateau -f .observations -- echo 5
	[ "$output" = 5 ]
	[[ $stderr == "lo-run: nothing to do: the plateau "* ]]
	# what is pending was paid for
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-run --stop-on-plateau -f '[.observations, .pending]' -- echo 5
	[ "$output" = '[6,0]' ]
	# and without the option nobody asks
	run -0 --separate-stderr lo-run -n 1 -f .observations -- echo 5
	[ "$output" = 7 ]
}

@test "--stop-on-plateau without a rule is refused" {
	campaign
	run -1 --separate-stderr lo-run --stop-on-plateau -- echo 1
	[[ $stderr == *"--stop-on-plateau: bo_config.json: expected stopping.min_improvement"* ]]
	[ ! -e state/bo_state.json ]
}

# ---------------------------------------------------------------- signals

# R5
@test "one signal: what runs may end, nothing more is begun" {
	local s

	for s in INT TERM HUP; do
		mkdir $s && cd $s
		campaign
		signalled 1 SIG$s -j 2 -f .observations -- sh -c "$(with_wait)"'
		    [ $LO_TRIAL_ID != 2 ] || touch up
		    wait_file sent; echo 1'
		[ "$died" -eq "-$(kill -l $s)" ]
		[ "$(cat out)" = 2 ]
		[ "$(counts)" = '[{"ok":2},0]' ]
		grep -q "^lo-run: SIG$s: nothing more is begun, waits for 2 evaluations; another signal ends them$" err
		in_order
		cd ..
	done
}

# R5
@test "two signals: SIGTERM to the process groups, killed" {
	campaign
	signalled 2 SIGINT -j 2 --retry 5 -f .observations -- sh -c '
	    trap "wait; exit 1" TERM
	    sh -c "trap \"echo \$LO_TRIAL_ID >>got; exit 1\" TERM
		touch up-$LO_TRIAL_ID
		while :; do sleep 0.05; done" &
	    until [ -e up-1 ] && [ -e up-2 ]; do sleep 0.05; done; touch up
	    wait; exit 1'
	[ "$died" -eq -2 ]
	[ "$(cat out)" = 2 ]
	[ "$(sort got | tr -d '\n')" = 12 ]
	[ "$(jq -c '[.observations[] | [.status, .terminal_reason]] | unique' state/bo_state.json)" = '[["killed","signal=SIGTERM: interrupted"]]' ]
	[ "$(counts)" = '[{"killed":2},0]' ]
	in_order
}

# R5
@test "two signals: what ignores SIGTERM gets SIGKILL after --kill-after" {
	campaign
	signalled 2 SIGTERM --kill-after 0.3 -- sh -c 'trap "" TERM; touch up
	    while :; do sleep 0.05; done'
	[ "$died" -eq -15 ]
	[ "$(jq -r '.observations[].terminal_reason' state/bo_state.json)" = "signal=SIGKILL: interrupted" ]
	in_order
}

# R5
@test "three signals: at once" {
	campaign
	signalled 3 SIGINT --kill-after 1000 -- sh -c 'trap "" TERM; touch up
	    while :; do sleep 0.05; done'
	[ "$died" -eq -2 ]
	[ "$(counts)" = '[{"killed":1},0]' ]
}

# R3
@test "a busy lock at the end: who asks three times is shown the payload" {
	campaign
	signalled 3 SIGINT --kill-after 1000 -- sh -c '
	    exec 8>>state/.looptimum.lock; flock 8
	    trap "" TERM; setsid sh -c "touch up; exec sleep 30" &
	    while :; do sleep 0.05; done'
	[ "$died" -eq -2 ]
	grep -q "^lo-run: trial 1: not recorded, still pending; 'lo-ingest' takes it: {" err
	# it does
	sed -n "s/.*takes it: //p" err >payload
	lo-ingest --lock-timeout 60 -f .result payload >result
	[ "$(cat result)" = '"ingested"' ]
}

# -------------------------------------------------------------- resumption

# R6
@test "kill -9 and again: no id twice, no flag, the budget exactly" {
	campaign '.max_trials = 12'
	for i in 1 2 3; do
		rm -f up
		lo-run -j 3 -- sh -c 'echo $$ >>pids
		    [ $((LO_TRIAL_ID % 4)) != 0 ] || { touch up; exec sleep 1000; }
		    sleep 0.1; echo 1' >/dev/null 2>&1 3>&- &
		wait_for 30 test -e up
		kill -9 $!
		wait $! || :
	done
	xargs kill -9 <pids 2>/dev/null || :
	lo-validate	# a change may have been interrupted
	[ "$(jq '.pending | length > 0' state/bo_state.json)" = true ]
	run -0 --separate-stderr lo-run -j 3 -f '[.observations, .pending, .next_trial_id]' -- echo 1
	[ "$output" = '[12,0,13]' ]
	in_order
}

@test "what waits is taken up first, what another process works on is not" {
	campaign '.max_trials = 5'
	lo-suggest -n 3 --jsonl >s
	head -n 1 s | lo-eval -- sh -c "$(with_wait)"'touch up; wait_file go; echo 7' >r 3>&- &
	wait_for 20 test -e up
	run -0 --separate-stderr lo-run -n 2 -- sh -c 'echo $LO_TRIAL_ID >>order; echo 1'
	[ "$(cat order)" = "2
3" ]
	run -0 --separate-stderr lo-run -f .observations -- sh -c 'echo $LO_TRIAL_ID >>order; echo 1'
	[ "$output" = 4 ]
	[ "$(cat order)" = "2
3
4
5" ]
	run -3 --separate-stderr lo-run -- echo 1
	touch go
	wait $!
	lo-ingest <r
	in_order
}

@test "what is reserved while it runs is left to whoever did" {
	campaign '.max_trials = 6'
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-run -f '[.observations, .pending]' -- sh -c '
	    [ $LO_TRIAL_ID != 1 ] || lo-suggest >/dev/null; echo 1'
	[ "$output" = '[5,1]' ]
	[ "$(jq -c '[.pending[].trial_id]' state/bo_state.json)" = '[2]' ]
}

@test "what a killed run left is taken up by one that still runs" {
	campaign '.max_trials = 4'
	lo-run -j 2 -- sh -c 'touch up-$LO_TRIAL_ID; echo $$ >>pids
	    exec sleep 1000' >/dev/null 2>&1 3>&- &
	wait_for 30 test -e up-2
	other=$!
	lo-run -f .observations -- sh -c "$(with_wait)"'
	    touch got-$LO_TRIAL_ID; [ $LO_TRIAL_ID != 3 ] || wait_file go
	    echo 1' >out 3>&- &
	wait_for 30 test -e got-3
	kill -9 $other
	wait $other || :
	xargs kill -9 <pids || :
	touch go
	wait_for 30 test -s out
	[ "$(cat out)" = 4 ]
	[ -e got-1 ] && [ -e got-2 ]
	in_order
}

@test "a trial that was suggested long ago is not retired while it runs" {
	campaign '.max_pending_age_seconds = 300'
	lo-suggest >/dev/null
	edit state/bo_state.json --argjson t "$(ago 1000)" '.pending[0].suggested_at = $t'
	run -0 --separate-stderr lo-run -n 3 -j 2 -- sh -c "$(with_wait)"'
	    [ $LO_TRIAL_ID != 1 ] || wait_file up-3; touch up-$LO_TRIAL_ID; echo 1'
	[ "$(counts)" = '[{"ok":3},0]' ]
	run -1 grep trial_retired state/event_log.jsonl
}

# R2, R6
@test "several at once: the budget exactly, nothing twice" {
	local pids=()

	campaign '.max_trials = 40'
	for i in 1 2 3 4; do
		lo-run -j 3 -- sh -c 'echo $LO_TRIAL_ID >>ran
		    [ $((LO_TRIAL_ID % 7)) != 3 ] || exit 1; echo 1' \
		    >out-$i 2>err-$i 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || [ $? -eq 3 ]
	done
	[ "$(sort -n ran)" = "$(seq 40)" ]
	[ "$(jq -c '[(.observations | length), (.pending | length), .next_trial_id]' state/bo_state.json)" = '[40,0,41]' ]
	in_order
}

# R1, R3: evaluations of all lengths and ends, by their ids.
@test "eight evaluators of every kind, sixty trials" {
	campaign '.max_trials = 60'
	cat >evaluate <<-'END'
		#!/bin/sh
		echo "$LO_TRIAL_ID" >>began
		sleep 0.$((LO_TRIAL_ID * 7 % 3))
		case $((LO_TRIAL_ID % 15)) in
		3) echo broke >&2; exit 3 ;;
		6) kill -SEGV $$ ;;
		9) exec sleep 1000 ;;
		12) trap '' TERM; while :; do sleep 1; done ;;
		14) echo nan ;;
		*) echo "$LO_PARAM_x" ;;
		esac
	END
	chmod +x evaluate
	run -0 --separate-stderr lo-run -j 8 --timeout 2 --kill-after 0.5 \
	    -f '[.observations, .pending]' -- ./evaluate
	[ "$output" = '[60,0]' ]
	[ "$(sort -n began)" = "$(seq 60)" ]
	jq -e '.observations | length == 60 and all(.status ==
	    ({"3": "failed", "6": "killed", "9": "timeout", "12": "timeout",
	      "14": "failed"}[.trial_id % 15 | tostring] // "ok"))' \
	    state/bo_state.json
	in_order
}

# R4
@test "max_pending_trials delays, it ends nothing" {
	campaign '.max_trials = 6 | .max_pending_trials = 2'
	run -0 --separate-stderr lo-run -j 4 -f .observations -- sh -c '
	    echo $(jq ".pending | length" state/bo_state.json) >>seen
	    sleep 0.1; echo 1'
	[ "$output" = 6 ]
	[ "$stderr" = "" ]
	[ "$(sort -n seen | tail -n 1)" -le 2 ]
	in_order
}

# R4
@test "another's pending trials: it waits until they end" {
	campaign '.max_trials = 3 | .max_pending_trials = 1'
	lo-suggest | lo-eval -- sh -c "$(with_wait)"'touch up; wait_file go; echo 1' 3>&- |
	    lo-ingest >/dev/null 3>&- &
	wait_for 20 test -e up
	lo-run -f .observations -- echo 1 >out 2>err 3>&- &
	wait_for 20 grep -q '^lo-run: waits: .*max_pending_trials' err
	touch go
	wait_for 20 test -s out
	[ "$(cat out)" = 3 ]
	wait
}

# R4
@test "a busy lock delays, it ends nothing, and is said" {
	campaign '.max_trials = 3 | .lock_timeout_seconds = 0.5'
	lo-run -n 2 -- echo 1 >/dev/null
	exec 8>>state/.looptimum.lock
	flock 8
	lo-run -f .observations -- echo 1 >out 2>err 8>&- 3>&- &
	wait_for 20 grep -q '^lo-run: still waits: ' err
	flock -u 8
	exec 8>&-
	wait $!
	[ "$(cat out)" = 3 ]
	[ "$(grep -c 'still waits' err)" = 1 ]
	in_order
}

# ------------------------------------------------------------ user errors

# R7
@test "no such evaluator: exit 1, nothing reserved" {
	campaign
	echo 'no program' >text
	mkdir dir
	printf '#!/no/such/interpreter -x\n' >script
	chmod +x script
	for command in ./none no-such-program ./text ./dir ./script ''; do
		run -1 --separate-stderr lo-run -- "$command"
		[ "$output" = "" ]
		[[ $stderr == "lo-run: cannot run $command: "* ]]
		[ ! -e state/bo_state.json ]
	done
	[[ $(lo-run -- ./script 2>&1) == *": No such file or directory (the interpreter in its first line)" ]]
	run -1 lo-run -- echo {typo}
	[ ! -e state/bo_state.json ]
}

# R7
@test "an evaluator that goes away: exit 1, its trial is taken up again" {
	campaign '.max_trials = 4'
	printf '#!/bin/sh\nrm evaluate\necho 1\n' >evaluate
	chmod +x evaluate
	run -1 --separate-stderr lo-run -f '[.observations, .pending]' -- ./evaluate
	[ "$output" = '[1,1]' ]
	[[ $stderr == "lo-run: cannot run ./evaluate: No such file or directory; trial 2 stays pending, and the next run takes it up" ]]
	run -0 --separate-stderr lo-run -f '[.observations, .pending]' -- echo 1
	[ "$output" = '[4,0]' ]
	in_order
}

@test "constraints that leave nothing: exit 1" {
	campaign
	echo '{"forbidden_combinations": [{"when": {"n": [1,2,3,4,5,6,7,8]}}]}' >constraints.json
	run -1 --separate-stderr lo-run -f .observations -- echo 1
	[[ $stderr == *"constraints eliminated all"* ]]
}

@test "no campaign, a damaged one: exit 1" {
	run -1 lo-run -- echo 1
	[[ $output == *bo_config.json*lo-init* ]]
	campaign
	echo '{"max_trials": 0' >bo_config.json
	run -1 --separate-stderr lo-run -- echo 1
	[ "$output" = "" ]
}

@test "usage: exit 2" {
	campaign
	for i in '-j 0' '-n 0' '-j 5000' '--max-failures 0' '--timeout x' \
	    '--retry -1' '--penalty nan'; do
		# shellcheck disable=SC2086 # words
		run -2 lo-run $i -- echo 1
	done
	run -2 lo-run
	run -2 lo-run --objective loss=.a --objective loss=.b -- echo 1
	[ ! -e state/bo_state.json ]
}

# ----------------------------------------------------------------- output

@test "stdout: nothing but the document; results stand if it cannot be written" {
	campaign '.max_trials = 4'
	run -0 --separate-stderr lo-run -n 2 -c -f . -- sh -c 'echo noise; echo more >&2; echo 1'
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[ "$(json .observations)" = 2 ]
	[ "$stderr" = "trial 1: more
trial 2: more" ]
	[ -c /dev/full ] || skip 'no /dev/full'
	run -4 sh -c 'lo-run -- echo 1 >/dev/full'
	[ "$(counts)" = '[{"ok":4},0]' ]
}

@test "a progress line on a terminal, and only there" {
	script --version 2>/dev/null | grep -q util-linux ||
	    skip 'no script(1) of util-linux'
	campaign '.max_trials = 3'
	cat >evaluate <<-'END'
		#!/bin/sh
		case $LO_TRIAL_ID in
		1) line='0/3 done, 1 running' ;;
		2) exit 1 ;;
		3) line='2/3 done, 1 running, 1 not ok' ;;
		esac
		for i in $(seq 400); do
			grep -q "$line" seen && break
			sleep 0.05
		done
		echo out >&2
		echo 0.5
	END
	chmod +x evaluate
	script -qec 'stty cols 200; lo-run -f .observations -- ./evaluate \
	    2>&1 >out' /dev/null </dev/null >seen
	[ "$(cat out)" = 3 ]
	sed 's/\r$//' seen | tr '\r' '\n' >lines
	grep -q '^0/3 done, 1 running *$' lines
	grep -Eq '^2/3 done, 1 running, 1 not ok, [0-9.]+/(s|min|h), .* left, best loss = 0.5 \(trial 1\) *$' lines
	# what others say stands on lines of its own
	grep -q '^trial 1: out$' lines
	# and in the end it is gone, but for a last word
	[[ $(tail -n 2 lines | head -n 1) =~ ^\ *$ ]]
	grep -Eq '^lo-run: 3/3 done, 1 not ok, [0-9.]+/(s|min|h), best loss = 0.5 \(trial 1\)$' \
	    <(tail -n 1 lines)
	# what an evaluator says in pieces does not make it flicker
	rm -rf state
	script -qec 'stty cols 200; lo-run -n 1 -f .observations -- sh -c "
	    for i in \$(seq 100); do echo \$i >&2; sleep 0.002; done
	    echo 1" 2>&1 >out' /dev/null </dev/null >seen
	[ "$(grep -c '^trial 1: [0-9]' <(tr '\r' '\n' <seen))" -eq 100 ]
	[ "$(tr '\r' '\n' <seen | grep -c '^0/3 done')" -lt 50 ]
	# not elsewhere
	edit bo_config.json '.max_trials = 4'
	run -0 --separate-stderr lo-run -f .observations -- echo 1
	[ "$stderr" = "" ]
}

@test "what is amiss with each suggestion is said once" {
	campaign '.initial_random_trials = 1 | .max_trials = 9'
	lo-run -n 2 -- echo 1 >/dev/null
	edit parameter_space.json '.parameters += [{name: "m",
	    type: "float", bounds: [0, 1]}]'
	run -0 --separate-stderr lo-run -n 4 -- sh -c \
	    'echo {\"status\": \"failed\"}'
	[ "$(grep -c ' fit parameter_space.json' <<<"$stderr")" = 1 ]
	[ "$(grep -c ' was not used, ' <<<"$stderr")" = 1 ]
}

@test "that trials are taken up again is said" {
	campaign
	lo-suggest -n 2 >/dev/null
	run -0 --separate-stderr lo-run -n 2 -- echo 1
	[ "$(grep -c "takes up" <<<"$stderr")" = 1 ]
	[[ $stderr == *"lo-run: takes up trials that were pending; if an earlier run was killed, its evaluators may still be at work"* ]]
	run -0 --separate-stderr lo-run -n 1 -- echo 1
	[[ $stderr != *"takes up"* ]]
}

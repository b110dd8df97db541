# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# What every tool does alike: help, usage errors, output that goes wrong,
# filters, colour, finding the campaign.

load helper

tools() {
	local f

	for f in "$TOP"/cmd/*.c "$TOP"/cmd/*.sh; do
		[ ! -e "$f" ] || basename "${f%.*}"
	done
}

# In a campaign with an observed trial 1, a pending trial 2 and an evaluator.
in_campaign() {
	make_campaign .
	printf '#!/bin/sh\necho 1\n' >evaluate
	chmod +x evaluate
	lo-suggest | payload 1 | lo-ingest >/dev/null
	lo-suggest >pending.json
	payload 2 <pending.json >payload.json
	mkdir -p state/reset_archives/old/state
	echo '{}' >state/reset_archives/old/state/bo_state.json
}

# A call of each tool that prints something, in such a campaign.
printing() {
	cat <<-'END'
		lo
		lo-status
		lo-status -H
		lo-best
		lo-best --args
		lo-best --env
		lo-validate
		lo-health
		lo-metrics
		lo-metrics --prometheus
		lo-doctor
		lo-report
		lo-report --stdout json
		lo-report --stdout md
		lo-report --stdout html
		lo-plot trials
		lo-plot -o - history
		lo-trace
		lo-explain 1
		lo-events
		lo-events --follow
		lo-suggest
		lo-suggest --resume
		lo-suggest -n 2
		lo-suggest -n 2 --jsonl
		lo-eval -- ./evaluate <pending.json
		lo-heartbeat 2
		lo-ingest payload.json
		lo-ingest --batch payload.json
		lo-ingest --trial 2 loss=3
		lo-run -n 1 -- ./evaluate
		lo-cancel 2
		lo-retire 2
		lo-void --reason r 1
		lo-init --param x=float:0..1 --minimize y new
		lo-archive list
		lo-archive verify
		lo-archive prune -y --keep-last 0
		lo-reset -y
	END
}

@test "-h: usage, options and an example on stdout" {
	local t

	for t in $(tools); do
		run -0 --separate-stderr "$t" -h
		[ "$stderr" = "" ]
		[ "${output%%"$t"*}" = "usage: " ]
		[[ $output == *"-h, --help"*"-V, --version"*"example:"*"lo"* ]]
		run -1 grep -E '.{81}| $' <<<"$output"
		[ "$("$t" --help)" = "$("$t" -h)" ]
		[ "$("$t" -h --no-such-option)" = "$("$t" -h)" ]
	done
}

@test "-V: name and version" {
	local t version

	version=$(sed -n 's/^VERSION *= *//p' "$TOP/config.mk")
	for t in $(tools); do
		run -0 --separate-stderr "$t" -V
		[ "$output" = "$t (Looptimum) $version" ]
		[ "$stderr" = "" ]
		[ "$("$t" --version)" = "$output" ]
	done
}

@test "an unknown option is a usage error, said on stderr" {
	local t o

	for t in $(tools); do
		for o in --no-such-option -%; do
			run -2 --separate-stderr "$t" "$o"
			[ "$output" = "" ]
			[[ ${stderr_lines[0]} == "$t: "*"option $o" ]]
			[ "${stderr_lines[1]}" = "$t: try '$t --help'" ]
		done
	done
}

@test "a misspelt option is guessed, an ambiguous one is called so" {
	run -2 --separate-stderr lo-init --trails 9 x
	[ "${stderr_lines[0]}" = "lo-init: unknown option --trails, did you mean --trials?" ]
	run -2 --separate-stderr lo-eval --timout=9 -- true
	[ "${stderr_lines[0]}" = "lo-eval: unknown option --timout, did you mean --timeout?" ]
	run -2 --separate-stderr lo-init --m x
	[ "${stderr_lines[0]}" = "lo-init: ambiguous option --m: --minimize, --maximize" ]
}

@test "a missing operand is named, and a result is not taken for a file" {
	run -2 --separate-stderr lo-init
	[ "${stderr_lines[0]}" = "lo-init: the campaign's DIR is missing" ]
	run -2 --separate-stderr lo-eval -j 2 --
	[ "${stderr_lines[0]}" = "lo-eval: the evaluator's CMD is missing" ]
	in_campaign
	run -2 --separate-stderr lo-ingest loss=1
	[[ ${stderr_lines[0]} == "lo-ingest: loss=1: no such file;"*"--trial ID loss=1" ]]
	cp payload.json loss=1
	run -0 lo-ingest -f .result loss=1
	[ "$output" = '"ingested"' ]
}

@test "operands that nobody asked for are a usage error" {
	local t

	for t in lo-status lo-best lo-validate lo-health lo-metrics \
	    lo-doctor lo-suggest lo-demo lo-report lo-events lo-reset; do
		run -2 --separate-stderr "$t" -- --odd
		[[ $stderr == "$t: unexpected operand '--odd'"* ]]
	done
	run -2 lo-init
	run -2 lo-eval --
}

@test "help and version notice that nobody can read them" {
	local t o

	for t in $(tools); do
		for o in -h -V; do
			run -4 --separate-stderr sh -c "$t $o >/dev/full"
			[[ $stderr == "$t: standard output: "* ]]
			run -4 --separate-stderr sh -c "$t $o >&-"
			[[ $stderr == "$t: standard output: "* ]]
		done
	done
}

# fails_aloud REDIRECTION: each printing call, in a campaign of its own.
fails_aloud() {
	local call n=0

	while read -r call; do
		mkdir $((n += 1))
		cd $n || return
		in_campaign
		run -4 --separate-stderr sh -c "$call $1"
		echo "$call: $stderr"
		case ${readers-} in
		*" ${call%% *} "*)
			[[ $call == lo-report* || $call == *-o* ||
			    $stderr != *"standard output"* ]] ;;
		*)	[[ $call == lo-archive* ||
			    $stderr == *"${call%% *}: standard output: "* ]] ;;
		esac
		cd .. || return
	done < <(printing)
}

@test "a full disk under stdout is exit status 4" {
	fails_aloud '>/dev/full'
}

@test "a closed stdout is exit status 4" {
	fails_aloud '>&-'
}

@test "a reader that went away is exit status 4" {
	# A pipe whose only reader is closed.
	mkfifo fifo
	exec 5<>fifo
	exec 6>fifo 5<&-
	readers=' lo-status lo-best lo-validate lo-health lo-metrics '
	readers+='lo-doctor lo-plot lo-trace lo-explain lo-events lo-export '
	readers+='lo-report '
	fails_aloud '>&6'
}

@test "all of a long output is written, however slowly it is read" {
	make_campaign . '.max_trials = 500 | .initial_random_trials = 500'
	lo-suggest -n 400 --jsonl | (sleep 0.2; wc -l) >count
	[ "$(tr -d ' ' <count)" -eq 400 ]
}

@test "stdout carries data only" {
	local call

	in_campaign
	while read -r call; do
		case $call in
		lo | *-H | *--args | *--env | *'lo-ingest --'*) continue ;;
		lo-plot* | lo-explain* | *--follow | *--prometheus) continue ;;
		*' md' | *' html') continue ;;
		lo-cancel* | lo-retire*) continue ;; # trial 2 has ended
		esac
		run -0 --separate-stderr sh -c "$call"
		jq -e . <<<"$output" >/dev/null
	done < <(printing)
}

@test "filters are jq's, and so are -r, -c and --arg" {
	in_campaign
	run -0 lo-status -f '.observations, .pending'
	[ "$output" = "$(printf '1\n1')" ]
	run -0 lo-status --filter '.paths.state_file'
	[ "$output" = '"state/bo_state.json"' ]
	run -0 lo-status -rf '.paths.state_file'
	[ "$output" = state/bo_state.json ]
	run -0 lo-status --arg a 1 --arg b '-f' -cf '[$a, $b, $ARGS.named]'
	[ "$output" = '["1","-f",{"a":"1","b":"-f"}]' ]
	run -0 lo-status -f empty
	[ "$output" = "" ]
	[ "$(lo-status -f .)" = "$(lo-status | jq -c .)" ]
	run -0 lo-suggest -n 2 --jsonl -f .trial_id
	[ "$output" = "$(printf '3\n4')" ]
	run -0 lo-suggest --resume -f '[.suggestions[].trial_id]'
	[ "$output" = '[2,3,4]' ]
}

@test "a filter that does not compile is found before anything is done" {
	in_campaign
	cksum <state/bo_state.json >before
	run -2 --separate-stderr lo-suggest -f '.trial_id |'
	[ "$output" = "" ]
	[[ $stderr == "lo-suggest: filter '.trial_id |': "*"--help'" ]]
	run -2 lo-ingest payload.json -f 'no_such_thing'
	run -2 lo-status -f '$missing'
	run -2 lo-status --arg name
	cksum <state/bo_state.json >after
	cmp before after
}

@test "a filter that fails prints what it has and is exit status 1" {
	in_campaign
	run -1 --separate-stderr lo-status -f '1, error("no"), 2'
	[ "$output" = 1 ]
	[ "$stderr" = "lo-status: filter: no" ]
	run -1 --separate-stderr lo-suggest -n 2 --jsonl -f '.trial_id | .x'
	[[ $stderr == *"trials 3, 4 remain pending"*"--resume"* ]]
}

@test "what was reserved or stored in vain is said" {
	in_campaign
	run -4 --separate-stderr sh -c 'lo-suggest >/dev/full'
	[[ $stderr == *"trial 3 remains pending; 'lo-suggest --resume'"* ]]
	run -4 --separate-stderr sh -c 'lo-suggest -n 2 >/dev/full'
	[[ $stderr == *"trials 4, 5 remain pending; 'lo-suggest --resume'"* ]]
	run -0 lo-suggest --resume -f '[.suggestions[].trial_id]'
	[ "$output" = '[2,3,4,5]' ]
	run -4 --separate-stderr sh -c 'lo-ingest payload.json >/dev/full'
	[[ $stderr == *"ingesting it again is harmless"* ]]
	run -0 lo-ingest payload.json -rf .result
	[ "$output" = duplicate ]
}

# on_terminal COMMAND: its output on a terminal, without the CRs.
on_terminal() {
	script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

# indented COMMAND: is it the document on many lines, without colour?
indented() {
	local text

	text=$(on_terminal "$1")
	[ "$(wc -l <<<"$text")" -gt 10 ]
	[[ $text != *$'\033'* ]]
	[ "$(jq -Sc . <<<"$text")" = "$(lo-status | jq -Sc .)" ]
}

@test "a terminal gets indentation and colour, NO_COLOR and dumb ones none" {
	local esc=$'\033' call

	script --version 2>/dev/null | grep -q util-linux ||
	    skip 'no script(1) of util-linux'
	in_campaign
	for call in 'lo-status' 'lo-status -f .'; do
		export TERM=xterm
		[[ $(on_terminal "$call") == *"$esc"* ]]
		TERM=dumb indented "$call"
		NO_COLOR=1 indented "$call"
		[[ $(NO_COLOR='' on_terminal "$call") == *"$esc"* ]]
		[ "$(on_terminal "$call | cat")" = "$($call)" ]
		[ "$(NO_COLOR=1 on_terminal "$call -c")" = "$($call)" ]
	done
}

@test "the campaign: -C, then LO_CAMPAIGN, then upwards from here" {
	make_campaign one '.max_trials = 11'
	make_campaign two '.max_trials = 12'
	make_campaign two/inner/three '.max_trials = 13'
	mkdir -p two/inner/empty
	budget() { lo-status "$@" -f .budget.max_trials; }
	[ "$(budget -C one)" = 11 ]
	export LO_CAMPAIGN=two
	[ "$(budget -C one)" = 11 ]
	[ "$(budget)" = 12 ]
	unset LO_CAMPAIGN
	[ "$(cd one && budget)" = 11 ]
	[ "$(cd two/inner/empty && budget)" = 12 ]
	[ "$(cd two/inner/three && budget)" = 13 ]
}

@test "no campaign is exit status 1 and names file and remedy" {
	local t

	for t in lo-status lo-best lo-validate lo-health lo-metrics \
	    lo-doctor lo-suggest lo-report 'lo-plot history' lo-trace \
	    'lo-explain 1' lo-events 'lo-ingest /dev/null' 'lo-reset -y' \
	    'lo-archive list'; do
		run -1 --separate-stderr sh -c "$t"
		[ "$output" = "" ]
		[[ $stderr == "${t%% *}: "*bo_config.json*lo-init* ]]
		run -1 sh -c "$t -C missing"
	done
}

@test "a busy lock is exit status 75 with --fail-fast" {
	command -v flock >/dev/null || skip 'no flock(1)'
	in_campaign
	exec 7<state/.looptimum.lock
	flock 7
	run -75 lo-suggest --fail-fast
	run -75 lo-suggest --lock-timeout 0
	run -75 lo-suggest --lock-timeout 0.1
	run -75 lo-ingest --fail-fast payload.json
	run -75 lo-reset -y --fail-fast
	run -75 lo-archive prune -y --keep-last 0 --fail-fast
	run -0 lo-status
	exec 7<&-
	run -0 lo-suggest --fail-fast
	run -2 lo-suggest --lock-timeout -1
}

@test "numbers are written with a point whatever the locale says" {
	local l

	l=$(locale -a | grep -m 1 -iE '^(de|fr|it|nl|pl|ru|sv)_.*utf-?8' || :)
	[ -n "$l" ] || skip 'no locale with a decimal comma'
	in_campaign
	[ "$(LC_ALL=$l lo-status)" = "$(LC_ALL=C lo-status)" ]
	[ "$(LC_ALL=$l lo-best)" = "$(LC_ALL=C lo-best)" ]
}

#!/usr/bin/env bats
# A reader that goes away: silence where nothing is lost, else a word.
# shellcheck disable=SC2154 # run sets stderr

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
	lo-suggest -n 3 --jsonl | payload 1 | lo-ingest >/dev/null
}

# ended TOOL ARG...: its status, on a pipe that nobody reads.
ended() {
	{ sleep 0.1; "$@" 2>../err; echo $? >../status; } | :
	cat ../status
}

@test "tools that read end without a word" {
	for tool in lo-status lo-best lo-trace lo-events lo-export \
	    "lo-status -H" "lo-report --stdout json" "lo-report --stdout md" \
	    lo-validate lo-health lo-metrics "lo-explain 1" lo-doctor \
	    "lo-plot history" "lo-suggest --help"; do
		# shellcheck disable=SC2086
		[ "$(ended $tool)" = 4 ]
		[ ! -s ../err ] || { echo "$tool"; cat ../err; return 1; }
	done
	lo-reset -y >/dev/null
	[ "$(ended lo-archive list)" = 4 ]
	[ ! -s ../err ]
}

@test "tools that did something say that it cannot be told" {
	[ "$(ended lo-suggest)" = 4 ]
	grep -q '^lo-suggest: standard output: Broken pipe' ../err
	[ "$(ended lo-cancel 4)" = 4 ]
	grep -q '^lo-cancel: standard output: Broken pipe' ../err
	[ "$(ended lo-reset -y)" = 4 ]
	grep -q '^lo-reset: standard output: Broken pipe' ../err
}

@test "a full disk is told by all" {
	run -4 --separate-stderr sh -c 'lo-status >/dev/full'
	[[ $stderr == "lo-status: standard output: No space"* ]]
}

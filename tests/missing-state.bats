#!/usr/bin/env bats
# A state file that is gone beside trials: who answers, who refuses.
# shellcheck disable=SC2154 # run sets stderr

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
	lo-suggest | payload 1 | lo-ingest >/dev/null
	lo-suggest >/dev/null
	rm state/bo_state.json
}

# refuses TOOL ARG...: no data, one message, nothing touched.
refuses() {
	snapshot . >../before
	run -1 --separate-stderr "$@"
	[ "$output" = "" ]
	[ "$(grep -c "bo_state.json: missing" <<<"$stderr")" = 1 ]
	[[ $stderr == "$1: "*damaged* ]]
	snapshot . | diff ../before -
}

@test "whose whole answer would be wrong refuses" {
	refuses lo-best
	refuses lo-best --args
	refuses lo-export
	refuses lo-export --format csv
	refuses lo-report --stdout json
	refuses lo-report --stdout html
	refuses lo-trace
	refuses lo-explain 1
	refuses lo-plot history
	refuses lo-suggest --resume
}

@test "lo-run refuses and says it once" {
	refuses lo-run -- echo 1
}

@test "lo-status and lo-events warn and go on" {
	run -0 --separate-stderr lo-status -f .observations
	[ "$output" = 0 ]
	[[ $stderr == "lo-status: "*missing*damaged* ]]
	run -0 --separate-stderr lo-status -H
	[[ $stderr == "lo-status: "*missing*damaged* ]]
	run -0 --separate-stderr lo-events -f .topic
	[ "$output" != "" ]
	[[ $stderr == "lo-events: "*missing*damaged* ]]
}

@test "a campaign that has only begun is no damage" {
	rm -r state
	run -0 --separate-stderr lo-export
	[ "$output$stderr" = "" ]
	run -0 lo-trace
	run -0 lo-report --stdout md
}

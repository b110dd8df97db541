# What tests of single trials share: a campaign with four pending ones, what
# they say of a change and of what was refused.
# shellcheck shell=bash disable=SC2034 # names are for those who load this
# shellcheck disable=SC2154 # run sets output and stderr

bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
	lo-suggest -n 4 --jsonl >../s
}

state=state/bo_state.json
events=state/event_log.jsonl
csv=state/observations.csv

# refused STATUS COMMAND...: that exit status, nothing on stdout, and no file
# changes but the lock.
refused() {
	contents state >../before
	run "-$1" --separate-stderr "${@:2}"
	echo "$stderr"
	[ "$output" = "" ]
	contents state | diff ../before -
}

# busy COMMAND...: while another tool holds the lock.
busy() {
	contents state >../before
	flock state/.looptimum.lock "$@" --fail-fast
}

# news: the lines of the event log since "mark"; logged: without those of the
# lock, and without their times.
mark() {
	wc -l <$events >../mark
}

news() {
	tail -n +$(($(cat ../mark) + 1)) $events
}

logged() {
	news | jq -c 'select(.event | startswith("lock_") | not)
	    | del(.timestamp)'
}

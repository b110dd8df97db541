#!/usr/bin/env bats
# lo-cancel: pending trials end for good.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

@test "a trial becomes a killed observation: state, manifest, CSV, event" {
	edit $state '.pending[0] += {last_heartbeat_at: 5, heartbeat_count: 2,
	    heartbeat_note: "n"}'
	mark
	run -0 --separate-stderr lo-cancel 1
	same "$output" '{"trial_id": 1, "result": "canceled",
	    "status": "killed", "reason": "canceled"}'
	[ "$stderr" = "" ]
	same "$(jq '[[.pending[].trial_id], .best, .next_trial_id]' $state)" \
	    '[[2, 3, 4], null, 5]'
	same "$(jq '.observations[0] | [.trial_id, .status, .objectives,
	    .terminal_reason, .penalty_objective, .artifact_path,
	    .last_heartbeat_at, .heartbeat_count, .heartbeat_note]' $state)" \
	    '[1, "killed", {"loss": null}, "canceled", null, null, 5, 2, "n"]'
	same "$(jq '.observations[0] | [.params, .suggested_at]' $state)" \
	    "$(head -n 1 ../s | jq '[.params, .suggested_at]')"
	[ "$(jq '.observations[0] | (now - .completed_at) | . >= 0 and
	    . < 60' $state)" = true ]
	same "$(jq '[.status, .terminal_reason, .objective_value,
	    .artifact_path, .artifacts]' state/trials/trial_1/manifest.json)" \
	    '["killed", "canceled", null, null, {}]'
	[ ! -e state/trials/trial_1/ingest_payload.json ]
	grep -q '^"\?.*canceled' $csv
	same "$(logged)" '{"event": "trial_canceled", "trial_id": 1,
	    "reason": "canceled"}'
	same "$(jq -s 'map(select(.event | startswith("lock_")) | [.event,
	    .command])' <(news))" '[["lock_acquired", "cancel"],
	    ["lock_released", "cancel"]]'
	lo-validate --strict >/dev/null
	same "$(lo-status -f '[.pending, .observations_by_status.killed]')" \
	    '[3, 1]'
}

@test "several at once, a reason of one's own, in the operands' order" {
	run -0 lo-cancel --reason ' no disk ' 3 1 -f '[.trial_id, .reason]'
	[ "$output" = $'[3,"no disk"]\n[1,"no disk"]' ]
	same "$(jq '[.observations[] | [.trial_id, .terminal_reason]]' \
	    $state)" '[[3, "no disk"], [1, "no disk"]]'
	[ "$(grep -c '"lock_acquired", ' $events)" = 2 ]
	run -0 lo-cancel --reason '  ' 2 -rf .reason
	[ "$output" = canceled ]
	lo-validate --strict >/dev/null
}

@test "a reason that is not UTF-8 leaves a state that can be read" {
	lo-cancel --reason $'a\xffb' 1 >/dev/null
	[ "$(jq -r '.observations[0].terminal_reason' $state)" = 'a�b' ]
	lo-validate --strict >/dev/null
}

@test "no lease token is needed" {
	edit bo_config.json '.worker_leases.enabled = true'
	lo-suggest >/dev/null
	run -0 lo-cancel 5
	[ "$(jq '.observations[0] | has("lease_token")' $state)" = true ]
	lo-validate --strict >/dev/null
}

@test "a result that comes late is refused" {
	lo-cancel 1 >/dev/null
	head -n 1 ../s | payload 1 >../p
	contents state >../before
	run -1 --separate-stderr lo-ingest ../p
	[[ $stderr == *"trial 1: it was canceled"* ]]
	contents state | diff ../before -
	# also where the words are those of a retirement
	lo-cancel --reason retired_by_hand 2 >/dev/null
	sed -n 2p ../s | payload 1 >../p
	run -1 lo-ingest ../p
}

@test "who still evaluates it is named" {
	mkfifo ../go
	(head -n 1 ../s | lo-eval -- sh -c 'cat ../go; echo 1' >../p) 3>&- &
	wait_for 10 grep -q '"claim"' $state
	pid=$(jq '.pending[0].claim.pid' $state)
	run -0 --separate-stderr lo-cancel 1
	[[ $stderr == *"trial 1: process $pid "*"still evaluates it"* ]]
	echo >../go
	wait
	run -1 lo-ingest ../p
}

@test "all or none: not pending, unknown, twice, no id" {
	lo-ingest --trial 2 loss=1 >/dev/null
	refused 1 lo-cancel 1 2
	[[ $stderr == *"trial 2: expected a pending trial"*"(ok)"* ]]
	refused 1 lo-cancel 1 99
	[[ $stderr == *"trial 99: no such trial"* ]]
	refused 2 lo-cancel 1 1
	[[ $stderr == *"trial 1 is named twice"* ]]
	lo-cancel 1 >/dev/null
	refused 1 lo-cancel 1
	[[ $stderr == *"trial 1: expected a pending trial"*"(killed)"* ]]
	refused 2 lo-cancel
	refused 2 lo-cancel 0
	refused 2 lo-cancel -- -1
	refused 2 lo-cancel x
	refused 2 lo-cancel 1.5
	refused 2 lo-cancel --no-such-option 3
}

@test "lock busy is 75, no campaign is 1" {
	refused 75 busy lo-cancel 1
	cd ../..
	run -1 --separate-stderr lo-cancel 1
	[[ $stderr == *bo_config.json* ]]
	run -1 lo-cancel -C nowhere 1
}

@test "standard output that fails: exit 4, and the trial is canceled" {
	run -4 --separate-stderr sh -c 'lo-cancel 1 >/dev/full'
	[ "$(jq '.observations[0].trial_id' $state)" = 1 ]
}

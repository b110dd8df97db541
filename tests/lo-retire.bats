#!/usr/bin/env bats
# lo-retire: pending trials are given up, late results are taken.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

# old ID...: suggested long ago.
old() {
	local id

	for id; do
		edit $state --argjson id "$id" --argjson at "$(ago 90000)" \
		    '(.pending[] | select(.trial_id == $id)).suggested_at
		    = $at'
		edit state/trials/trial_"$id"/manifest.json --argjson at \
		    "$(jq --argjson id "$id" '.pending[] |
		    select(.trial_id == $id).suggested_at' $state)" \
		    '.suggested_at = $at'
	done
}

@test "by id: state, manifest, CSV, event" {
	mark
	run -0 --separate-stderr lo-retire 2
	same "$output" '{"trial_id": 2, "result": "retired",
	    "status": "killed", "reason": "retired_manual"}'
	[ "$stderr" = "" ]
	same "$(jq '.observations[0] | [.trial_id, .status, .objectives,
	    .terminal_reason, .penalty_objective, .artifact_path]' $state)" \
	    '[2, "killed", {"loss": null}, "retired_manual", null, null]'
	same "$(jq '[.pending[].trial_id]' $state)" '[1, 3, 4]'
	same "$(jq '[.status, .terminal_reason]' \
	    state/trials/trial_2/manifest.json)" '["killed",
	    "retired_manual"]'
	grep -q retired_manual $csv
	same "$(logged)" '{"event": "trial_retired", "trial_id": 2,
	    "reason": "retired_manual", "mode": "manual"}'
	same "$(jq -s '[.[0, -1] | [.event, .command]]' <(news))" \
	    '[["lock_acquired", "retire"], ["lock_released", "retire"]]'
	lo-validate --strict >/dev/null
}

@test "stale ones: older than the config allows, strictly" {
	old 1 3
	run -0 lo-retire --stale -f '[.trial_id, .reason]'
	[ "$output" = $'[1,"retired_stale"]\n[3,"retired_stale"]' ]
	same "$(jq '[.pending[].trial_id]' $state)" '[2, 4]'
	lo-validate --strict >/dev/null
	# nothing stale is left: success, and nothing is written
	refused 0 lo-retire --stale
}

@test "age counts from the last heartbeat if that is later" {
	old 1 2
	lo-heartbeat 1 >/dev/null
	# a heartbeat older than the suggestion does not make it older
	edit $state '(.pending[] | select(.trial_id == 3)).last_heartbeat_at
	    = 5'
	run -0 lo-retire --stale -f .trial_id
	[ "$output" = 2 ]
}

@test "--max-age instead of the config's; unknown ages are not stale" {
	old 2
	edit bo_config.json '.max_pending_age_seconds = 1e9'
	refused 0 lo-retire --stale
	edit $state '.pending |= map(select(.trial_id != 4))
	    + [{trial_id: 4, params: {x: 0.5, n: 1}}]'
	run -0 lo-retire --stale --max-age 80000 -f .trial_id
	[ "$output" = 2 ]
	sleep 0.1
	run -0 lo-retire --stale --max-age 0.05 -f .trial_id
	[ "$output" = $'1\n3' ]
	refused 2 lo-retire --stale --max-age 0
	refused 2 lo-retire --stale --max-age -1
	refused 2 lo-retire --stale --max-age x
	refused 2 lo-retire --max-age 5 4
}

@test "where staleness is off nothing is stale" {
	local off

	old 1
	for off in null 0; do
		edit bo_config.json ".max_pending_age_seconds = $off"
		refused 0 lo-retire --stale
		[[ $stderr == *max_pending_age_seconds*--max-age* ]]
	done
	run -0 lo-retire --stale --max-age 10 -f .trial_id
	[ "$output" = 1 ]
}

@test "ids and stale ones; an id that is also stale gets retired_stale" {
	old 1 3
	mark
	run -0 lo-retire --stale 4 3 -f '[.trial_id, .reason]'
	[ "$output" = $'[4,"retired_manual"]\n[3,"retired_stale"]\n[1,"retired_stale"]' ]
	[ "$(logged | wc -l)" = 3 ]
	[ "$(logged | grep -c '"mode":"manual"')" = 3 ]
	lo-validate --strict >/dev/null
}

@test "without --stale an old trial is retired by hand" {
	old 1
	run -0 lo-retire 1 -rf .reason
	[ "$output" = retired_manual ]
}

@test "a reason of one's own is everybody's" {
	old 1
	run -0 lo-retire --reason ' gone ' --stale 2 -rf .reason
	[ "$output" = $'gone\ngone' ]
	same "$(jq '[.observations[].terminal_reason]' $state)" \
	    '["gone", "gone"]'
}

@test "a late result replaces the observation, whatever the reason was" {
	lo-retire --reason mine 1 >/dev/null
	lo-retire 2 >/dev/null
	old 3
	lo-retire --stale >/dev/null
	mark
	head -n 3 ../s | payload 0.5 >../p
	run -0 lo-ingest ../p
	same "$(jq -s 'map([.trial_id, .result, .status])' <<<"$output")" \
	    '[[1, "ingested", "ok"], [2, "ingested", "ok"],
	    [3, "ingested", "ok"]]'
	[ "$(logged | grep -c ingest_late_applied)" = 3 ]
	same "$(jq '.observations[0] | [.status, .objectives,
	    has("terminal_reason"), has("retired")]' $state)" \
	    '["ok", {"loss": 0.5}, false, false]'
	[ "$(jq .best.trial_id $state)" = 1 ]
	run -0 lo-ingest ../p -rf .result
	[ "$output" = $'duplicate\nduplicate\nduplicate' ]
}

@test "a late result of a leased trial needs its token, retiring does not" {
	edit bo_config.json '.worker_leases.enabled = true'
	lo-suggest >../leased
	lo-retire 5 >/dev/null
	payload 1 <../leased >../p
	jq -c 'del(.lease_token)' ../p >../q
	run -1 --separate-stderr lo-ingest ../q
	[[ $stderr == *"lease_token"* ]]
	jq -c '.lease_token |= (explode | reverse | implode)' ../p >../q
	run -1 lo-ingest ../q
	run -0 lo-ingest ../p
	lo-validate --strict >/dev/null
}

@test "all or none: not pending, unknown, twice, nothing named" {
	lo-ingest --trial 2 loss=1 >/dev/null
	old 4
	refused 1 lo-retire --stale 1 2
	[[ $stderr == *"trial 2: expected a pending trial"* ]]
	refused 1 lo-retire 1 99
	[[ $stderr == *"trial 99: no such trial"* ]]
	refused 2 lo-retire 1 1
	refused 2 lo-retire
	refused 2 lo-retire x
}

@test "lock busy is 75, no campaign is 1" {
	refused 75 busy lo-retire 1
	cd ../..
	run -1 --separate-stderr lo-retire --stale
	[[ $stderr == *bo_config.json* ]]
}

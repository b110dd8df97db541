#!/usr/bin/env bats
# lo-heartbeat: signs of life of pending trials.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

@test "state, manifest, event, line" {
	mark
	run -0 --separate-stderr lo-heartbeat 1
	[ "$stderr" = "" ]
	same "$(jq 'keys_unsorted' <<<"$output")" '["trial_id", "result",
	    "heartbeat_at", "heartbeat_count"]'
	[ "$(jq '(now - .heartbeat_at) | . >= -1 and . < 60' \
	    <<<"$output")" = true ]
	at=$(jq .heartbeat_at <<<"$output")
	same "$(jq '.pending[0] | [.last_heartbeat_at, .heartbeat_count,
	    has("heartbeat_note"), has("heartbeat_meta")]' $state)" \
	    "[$at, 1, false, false]"
	same "$(jq '[.status, .last_heartbeat_at, .heartbeat_count]' \
	    state/trials/trial_1/manifest.json)" "[\"pending\", $at, 1]"
	same "$(logged)" "{\"event\": \"heartbeat\", \"trial_id\": 1,
	    \"heartbeat_at\": $at}"
	same "$(jq -s '[.[0, -1] | [.event, .command]]' <(news))" \
	    '[["lock_acquired", "heartbeat"], ["lock_released", "heartbeat"]]'
	run -0 lo-heartbeat 1 -f .heartbeat_count
	[ "$output" = 2 ]
	lo-validate --strict >/dev/null
}

@test "note and meta stay until others come, and reach the observation" {
	lo-heartbeat --note 'half "ü"' --meta '{"a": [1, 2.0, {}]}' 1 >/dev/null
	lo-heartbeat 1 >/dev/null
	same "$(jq '.pending[0] | [.heartbeat_note, .heartbeat_meta]' \
	    $state)" '["half \"ü\"", {"a": [1, 2, {}]}]'
	lo-heartbeat --note '' 1 >/dev/null
	lo-heartbeat --meta '{}' 1 >/dev/null
	same "$(jq '.pending[0] | [.heartbeat_note, .heartbeat_meta,
	    .heartbeat_count]' $state)" '["", {}, 4]'
	lo-heartbeat --note end --meta '{"b": null}' --at 5.25 1 >/dev/null
	lo-ingest --trial 1 loss=1 >/dev/null
	same "$(jq '.observations[0] | [.heartbeat_note, .heartbeat_meta,
	    .heartbeat_count, .last_heartbeat_at]' $state)" \
	    '["end", {"b": null}, 5, 5.25]'
	same "$(jq '[.heartbeat_note, .heartbeat_meta, .heartbeat_count,
	    .last_heartbeat_at]' state/trials/trial_1/manifest.json)" \
	    '["end", {"b": null}, 5, 5.25]'
	lo-validate --strict >/dev/null
}

@test "--at is in seconds and not to come" {
	refused 1 lo-heartbeat --at "$(jq -n 'now * 1000 | floor')" 1
	[[ $stderr == *"expected seconds"*"got "*milliseconds* ]]
	refused 1 lo-heartbeat --at "$(jq -n 'now + 2 * 86400')" 1
	[[ $stderr == *"day ahead"* && $stderr != *milliseconds* ]]
	# clocks differ
	run -0 lo-heartbeat --at "$(jq -n 'now + 3600')" 1
}

@test "--at is above 0" {
	run -0 lo-heartbeat --at 1700000000 1 -f .heartbeat_at
	[ "$output" = 1700000000.0 ] || [ "$output" = 1700000000 ]
	grep -q '"last_heartbeat_at": 1700000000\.0' $state
	refused 2 lo-heartbeat --at 0 1
	refused 2 lo-heartbeat --at -5 1
	refused 2 lo-heartbeat --at nan 1
	refused 2 lo-heartbeat --at inf 1
	refused 2 lo-heartbeat --at now 1
}

@test "--meta is one JSON object" {
	local text

	for text in '' '[]' 1 null '"a"' '{' '{"a":1,"a":2}' '{"a":NaN}' \
	    '{} {}'; do
		refused 1 lo-heartbeat --meta "$text" 1
		[[ $stderr == *heartbeat_meta* ]]
	done
}

@test "a leased trial demands its token, whatever the config says" {
	local token

	edit bo_config.json '.worker_leases.enabled = true'
	lo-suggest >../leased
	token=$(jq -r .lease_token ../leased)
	edit bo_config.json '.worker_leases.enabled = false'
	refused 1 lo-heartbeat 5
	[[ $stderr == *"trial 5: it is leased"*"got none"* ]]
	refused 1 lo-heartbeat --lease-token x 5
	[[ $stderr == *"trial 5"*lease_token*"another one"* ]]
	[[ $stderr != *"$token"* ]]
	refused 1 lo-heartbeat --lease-token "${token%?}" 5
	refused 1 lo-heartbeat --lease-token "${token}0" 5
	# as long, and another character at either end
	refused 1 lo-heartbeat --lease-token "${token%?}g" 5
	refused 1 lo-heartbeat --lease-token "g${token#?}" 5
	refused 1 lo-heartbeat --lease-token '' 5
	run -0 lo-heartbeat --lease-token "$token" 5
	# one without never does
	run -0 lo-heartbeat --lease-token x 1
	same "$(jq '[.pending[] | .lease_token] | map(. != null)' $state)" \
	    '[false, false, false, false, true]'
}

@test "not pending, unknown, wrong operands" {
	lo-ingest --trial 2 loss=1 >/dev/null
	refused 1 lo-heartbeat 2
	[[ $stderr == *"trial 2: expected a pending trial"* ]]
	refused 1 lo-heartbeat 99
	[[ $stderr == *"trial 99: no such trial"* ]]
	refused 2 lo-heartbeat
	refused 2 lo-heartbeat 1 3
	refused 2 lo-heartbeat 0
	refused 2 lo-heartbeat x
}

@test "lock busy is 75, no campaign is 1" {
	refused 75 busy lo-heartbeat 1
	cd ../..
	run -1 --separate-stderr lo-heartbeat 1
	[[ $stderr == *bo_config.json* ]]
}

@test "the lease token from the environment" {
	edit bo_config.json '.worker_leases.enabled = true'
	token=$(lo-suggest -r -f .lease_token)
	refused 1 lo-heartbeat 5
	LO_LEASE_TOKEN=$token run -0 lo-heartbeat 5 -f .heartbeat_count
	[ "$output" = 1 ]
	# what is given rules
	export LO_LEASE_TOKEN=$token
	refused 1 lo-heartbeat --lease-token no 5
	export LO_LEASE_TOKEN=
	refused 1 lo-heartbeat 5
	[[ $stderr == *"got none"* ]]
	unset LO_LEASE_TOKEN
}

#!/usr/bin/env bats
# lo-retry: parameters of failed trials, once more.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

# fail ID [STATUS]
fail() {
	lo-ingest --trial "$1" --status "${2:-failed}" >/dev/null
}

@test "one trial: suggestion, pending entry, manifest, decision, event" {
	fail 2
	mark
	run -0 --separate-stderr lo-retry 2
	[ "$stderr" = "" ]
	same "$(jq 'keys_unsorted' <<<"$output")" '["schema_version",
	    "trial_id", "params", "suggested_at", "retry_of"]'
	same "$(jq '[.trial_id, .params, .retry_of]' <<<"$output")" \
	    "$(sed -n 2p ../s | jq '[5, .params, 2]')"
	same "$(jq '.pending[-1]' $state)" "$output"
	same "$(jq '[.status, .retry_of, .params]' \
	    state/trials/trial_5/manifest.json)" \
	    "$(sed -n 2p ../s | jq '["pending", 2, .params]')"
	same "$(tail -n 1 state/acquisition_log.jsonl | jq '[.trial_id,
	    .decision.strategy, .decision.retry_of]')" '[5, "retry", 2]'
	same "$(logged)" '{"event": "suggestion_created", "trial_id": 5}'
	# the old one stays as it was
	same "$(jq '.observations | map([.trial_id, .status])' $state)" \
	    '[[2, "failed"]]'
	same "$(jq '[.next_trial_id, .meta.seed]' $state)" '[6, 17]'
	lo-validate --strict >/dev/null
}

@test "retry_of reaches the observation and the manifest of the end" {
	fail 1
	lo-retry 1 | lo-eval -- sh -c 'echo 2' 2>../err | lo-ingest \
	    >/dev/null
	same "$(jq '.observations[-1] | [.trial_id, .status, .retry_of]' \
	    $state)" '[5, "ok", 1]'
	same "$(jq '[.status, .retry_of]' \
	    state/trials/trial_5/manifest.json)" '["ok", 1]'
	lo-validate --strict >/dev/null
}

@test "--resume prints it again as it was" {
	fail 1
	lo-retry 1 >../r
	run -0 lo-suggest --resume --jsonl
	same "$(jq 'select(.trial_id == 5)' <<<"$output")" "$(cat ../r)"
	grep '"trial_id":5' <<<"$output" | lo-eval -- sh -c 'echo 1' 2>../err |
	    lo-ingest >/dev/null
	[ "$(jq .best.trial_id $state)" = 5 ]
}

@test "a retry that fails is retried as itself" {
	fail 1
	lo-retry 1 >/dev/null
	fail 5 timeout
	run -0 lo-retry -f '[.trial_id, .retry_of]'
	[ "$output" = '[6,5]' ]
}

@test "without ids: all that failed, each once; none left is success" {
	fail 1
	fail 2 timeout
	lo-cancel 3 >/dev/null
	lo-ingest --trial 4 loss=1 >/dev/null
	run -0 lo-retry
	same "$(jq '[.count, [.suggestions[] | [.trial_id, .retry_of]]]' \
	    <<<"$output")" '[3, [[5, 1], [6, 2], [7, 3]]]'
	refused 0 lo-retry
	[[ $stderr == *"no trial is left to be retried"* ]]
	# once they failed in turn the new ones are meant
	fail 6
	run -0 lo-retry --jsonl -f '[.trial_id, .retry_of]'
	[ "$output" = '[8,6]' ]
	lo-validate --strict >/dev/null
}

@test "--status" {
	fail 1
	fail 2 timeout
	fail 3 killed
	run -0 lo-retry --status timeout -f .retry_of
	[ "$output" = 2 ]
	refused 1 lo-retry --status failed 3
	[[ $stderr == *"trial 3"*--status*killed* ]]
	run -0 lo-retry --jsonl --status killed,failed -f .retry_of
	[ "$output" = $'1\n3' ]
	refused 2 lo-retry --status ok
	refused 2 lo-retry --status ''
	refused 2 lo-retry --status failed,
	refused 2 lo-retry --status 'done'
}

@test "a voided one only by its id" {
	lo-ingest --trial 1 loss=1 >/dev/null
	lo-void --reason r 1 >/dev/null
	refused 0 lo-retry
	run -0 lo-retry 1 -f .retry_of
	[ "$output" = 1 ]
	lo-validate --strict >/dev/null
}

@test "by id again and again, but one at a time" {
	fail 1
	lo-retry 1 >/dev/null
	refused 1 lo-retry 1
	[[ $stderr == *"trial 1: it is being retried"* ]]
	fail 5
	run -0 lo-retry 1 -f .trial_id
	[ "$output" = 6 ]
}

@test "leases: a token of its own" {
	fail 1
	edit bo_config.json '.worker_leases.enabled = true'
	lo-suggest >../a
	lo-retry 1 >../b
	[[ $(jq -r .lease_token ../b) =~ ^[0-9a-f]{32}$ ]]
	[ "$(jq .lease_token ../a)" != "$(jq .lease_token ../b)" ]
	run -1 lo-heartbeat 6
}

@test "the budget: as much as is left, then 3" {
	fail 1
	fail 2
	edit bo_config.json '.max_trials = 5'
	run -0 --separate-stderr lo-retry
	same "$(jq '[.trial_id, .retry_of]' <<<"$output")" '[5, 1]'
	[[ $stderr == *"only 1 of 2"*max_trials* ]]
	refused 3 lo-retry
	[[ $stderr == *"budget is spent"* ]]
}

@test "max_pending_trials: as many as fit, 75 if none does" {
	fail 1
	fail 2
	edit bo_config.json '.max_pending_trials = 3'
	run -0 --separate-stderr lo-retry
	same "$(jq '[.trial_id, .retry_of]' <<<"$output")" '[5, 1]'
	[[ $stderr == *"only 1 of 2"*max_pending_trials* ]]
	refused 75 lo-retry
	[[ $stderr == *max_pending_trials* ]]
	# more than ever fit at once are not hopeless
	edit bo_config.json '.max_pending_trials = 1'
	fail 3
	fail 4
	refused 75 lo-retry
	fail 5
	run -0 --separate-stderr lo-retry -f .retry_of
	[ "$output" = 2 ]
}

@test "all or none: ok, pending, unknown, twice, no more of this space" {
	fail 1
	fail 2
	lo-ingest --trial 3 loss=1 >/dev/null
	refused 1 lo-retry 1 3
	[[ $stderr == *"trial 3"*ok*--replicate* ]]
	refused 1 lo-retry 1 4
	[[ $stderr == *"trial 4"*pending* ]]
	refused 1 lo-retry 1 99
	[[ $stderr == *"trial 99: no such trial"* ]]
	refused 2 lo-retry 1 1
	refused 2 lo-retry x
	edit parameter_space.json '.parameters |= map(select(.name == "x"))
	    + [{name: "k", type: "bool"}]'
	refused 1 lo-retry 1
	[[ $stderr == *"trial 1"*parameter_space.json* ]]
}

@test "lock busy is 75, no campaign is 1" {
	fail 1
	refused 75 busy lo-retry 1
	cd ../..
	run -1 --separate-stderr lo-retry
	[[ $stderr == *bo_config.json* ]]
}

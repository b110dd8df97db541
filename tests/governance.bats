#!/usr/bin/env bats
# Policies: what a change leaves is held against them, and only logged.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

# violations: of the last such event since "mark"; the policies of all events.
violations() {
	logged | jq -c 'select(.event == "governance_violations_detected")
	    | .violations' | tail -n 1
}

policies() {
	logged | jq -c 'select(.event == "governance_violations_detected")
	    | .policy_ids'
}

# archive ID AGE|none BYTES: as a reset leaves it.
archive() {
	local dir=state/reset_archives/$1

	mkdir -p "$dir/state/trials"
	head -c "$3" /dev/zero >"$dir/state/trials/data"
	[ "$2" = none ] || jq -n --argjson at "$(ago "$2")" \
	    '{created_at: $at}' >"$dir/archive_manifest.json"
}

retention() {
	edit bo_config.json ".retention.$1"
}

@test "without policies, or inside of them, nothing is logged" {
	mark
	archive a 100 10
	lo-cancel 1 >/dev/null
	retention 'logs.event_log_max_bytes = 1000000
	    | .retention.logs.acquisition_log_max_bytes = 1000000
	    | .retention.archives = {max_count: 1, max_age_seconds: 1000,
	    max_total_bytes: 1000}'
	edit bo_config.json '.governance.allowed_statuses = ["killed", "ok"]'
	lo-cancel 2 >/dev/null
	lo-ingest --trial 3 loss=1 >/dev/null
	[ "$(policies)" = "" ]
	run -1 grep governance $events
}

@test "cancel and retire with a status that is not allowed: an override" {
	edit bo_config.json '.governance.allowed_statuses =
	    ["timeout", "ok", "failed"]'
	mark
	lo-cancel --reason r 1 >/dev/null
	same "$(logged | head -n 2 | jq -s .)" '[
	    {"event": "trial_canceled", "trial_id": 1, "reason": "r"},
	    {"event": "governance_override_used", "command": "cancel",
	     "policy_id": "governance.allowed_statuses", "trial_id": 1,
	     "status": "killed", "source": "manual_cancel",
	     "allowed_statuses": ["failed", "ok", "timeout"],
	     "terminal_reason": "r"}]'
	mark
	lo-retire 2 3 >/dev/null
	same "$(logged | jq -s 'map(select(.event ==
	    "governance_override_used") | [.command, .trial_id, .source,
	    .terminal_reason])')" '[["retire", 2, "retire_command",
	    "retired_manual"], ["retire", 3, "retire_command",
	    "retired_manual"]]'
	lo-validate >/dev/null
}

@test "stale retirement by suggest, kept even if the request is refused" {
	edit bo_config.json '.governance.allowed_statuses = ["ok"]
	    | .max_pending_trials = 3'
	edit $state --argjson at "$(ago 90000)" \
	    '.pending[0].suggested_at = $at'
	mark
	run -75 lo-suggest
	same "$(logged | jq -s 'map([.event, .command, .source,
	    .terminal_reason])')" '[
	    ["trial_retired", "suggest", null, null],
	    ["governance_override_used", "suggest", "auto_stale_retire",
	     "retired_stale_auto"],
	    ["governance_violations_detected", "suggest", null, null]]'
	same "$(jq '[.pending[].trial_id]' $state)" '[2, 3, 4]'
}

@test "statuses: the finding, whatever brought them" {
	edit bo_config.json '.governance.allowed_statuses = ["ok"]'
	lo-ingest --trial 1 --status timeout >/dev/null
	mark
	lo-ingest --trial 2 --status failed >/dev/null
	same "$(logged | jq 'select(.event ==
	    "governance_violations_detected")
	    | del(.violations[].message)')" '{
	    "event": "governance_violations_detected", "command": "ingest",
	    "violation_count": 1,
	    "policy_ids": ["governance.allowed_statuses"], "violations": [
	    {"policy_id": "governance.allowed_statuses", "details":
	    {"allowed_statuses": ["ok"],
	     "observed_statuses": ["failed", "timeout"]}}]}'
	[[ $(violations | jq -r '.[0].message') == "2 trials"*failed*timeout* ]]
	# the result is stored all the same
	same "$(jq '[.observations[].status]' $state)" \
	    '["timeout", "failed"]'
	as_python log $events
}

@test "every command that changes something says so, in its own commit" {
	edit bo_config.json '.governance.allowed_statuses = ["ok"]'
	lo-cancel 1 >/dev/null
	mark
	lo-suggest >/dev/null
	lo-heartbeat 2 >/dev/null
	lo-ingest --trial 2 loss=1 >/dev/null
	lo-ingest --batch <<<"$(sed -n 3p ../s | payload 1)" >/dev/null
	lo-void --reason r 2 >/dev/null
	lo-void --undo 2 >/dev/null
	lo-retry 1 >/dev/null
	lo-cancel 4 >/dev/null
	lo-retire 5 >/dev/null
	same "$(logged | jq -c 'select(.event ==
	    "governance_violations_detected") | .command' | jq -s .)" \
	    '["suggest", "heartbeat", "ingest", "ingest", "ingest",
	    "ingest", "suggest", "cancel", "retire"]'
	# just before the lock is released
	[ "$(news | jq -r .event | grep -A1 governance_v | grep -c \
	    lock_released)" = 9 ]
	# what is refused is not logged
	mark
	run -1 lo-cancel 99
	run -1 lo-ingest --trial 99 loss=1
	run -1 lo-heartbeat 99
	run -0 lo-retire --stale
	lo-status >/dev/null
	lo-validate >/dev/null
	[ "$(news)" = "" ]
}

@test "logs: judged with the command's own lines" {
	local size

	retention 'logs.event_log_max_bytes = 1'
	mark
	lo-heartbeat 1 >/dev/null
	size=$(stat -c %s $events)
	same "$(violations | jq 'map(del(.message))')" "[{\"policy_id\":
	    \"retention.logs.event_log_max_bytes\", \"details\":
	    {\"label\": \"event_log_file\", \"path\": \"$events\",
	    \"size_bytes\": $size, \"max_bytes\": 1}}]"
	retention 'logs = {acquisition_log_max_bytes: 1}'
	mark
	lo-suggest >/dev/null
	size=$(stat -c %s state/acquisition_log.jsonl)
	same "$(violations | jq 'map(del(.message))')" "[{\"policy_id\":
	    \"retention.logs.acquisition_log_max_bytes\", \"details\":
	    {\"label\": \"acquisition_log_file\",
	    \"path\": \"state/acquisition_log.jsonl\",
	    \"size_bytes\": $size, \"max_bytes\": 1}}]"
	# nothing is rotated
	[ "$(jq -s 'map(select(.event == "suggestion_created")) | length' \
	    $events)" = 5 ]
}

@test "logs: as large as allowed is allowed, and one byte more is not" {
	local size

	cp -r . ../d
	# how long it gets without an event of ours
	retention 'logs.acquisition_log_max_bytes = 1'
	lo-suggest --params '{"x": 0.5, "n": 1}' >/dev/null
	size=$(stat -c %s state/acquisition_log.jsonl)
	# latency has digits of its own: judge what is there by a heartbeat
	retention "logs.acquisition_log_max_bytes = $size"
	mark
	lo-heartbeat 1 >/dev/null
	[ "$(policies)" = "" ]
	retention "logs.acquisition_log_max_bytes = $((size - 1))"
	lo-heartbeat 1 >/dev/null
	[ "$(policies)" = '["retention.logs.acquisition_log_max_bytes"]' ]
}

@test "the event itself may be what makes the log too long" {
	local size before

	edit bo_config.json '.governance.allowed_statuses = ["ok"]'
	lo-cancel 1 >/dev/null
	mark
	before=$(stat -c %s $events)
	lo-heartbeat 2 >/dev/null
	size=$(stat -c %s $events)
	# long enough for the lines of a heartbeat, not for the event
	retention "logs.event_log_max_bytes = $((2 * size - before - 100))"
	mark
	lo-heartbeat 2 >/dev/null
	same "$(violations | jq 'map(.policy_id)')" \
	    '["governance.allowed_statuses",
	    "retention.logs.event_log_max_bytes"]'
	[ "$(violations | jq '.[1].details.size_bytes')" = \
	    "$(stat -c %s $events)" ]
}

@test "archives: count, bytes, ages" {
	archive reset-a 5000 100
	archive reset-b 50 2000
	archive reset-c none 1000
	echo junk >state/reset_archives/file
	ln -s /etc state/reset_archives/link
	retention 'archives = {max_count: 2, max_age_seconds: 1000,
	    max_total_bytes: 3000}'
	mark
	lo-heartbeat 1 >/dev/null
	same "$(policies)" '["retention.archives.max_count",
	    "retention.archives.max_total_bytes",
	    "retention.archives.max_age_seconds"]'
	size=$(find state/reset_archives/reset-* -type f -printf '%s\n' |
	    awk '{ n += $1 } END { print n }')
	same "$(violations | jq '.[0].details')" \
	    '{"archive_count": 3, "max_count": 2}'
	same "$(violations | jq '.[1].details')" \
	    "{\"total_size_bytes\": $size, \"max_total_bytes\": 3000}"
	same "$(violations | jq '.[2].details | [.max_age_seconds,
	    (.archives | map([keys, .archive_id, (.age_seconds | . >= 5000
	    and . < 5100)]))]')" '[1000, [[["age_seconds", "archive_id"],
	    "reset-a", true]]]'
	# nothing is pruned
	[ -d state/reset_archives/reset-a ]
}

@test "archives at their limits, or of unknown age, are no violation" {
	archive a 10 0
	archive b none 0
	echo '{"created_at": "then"}' \
	    >state/reset_archives/b/archive_manifest.json
	archive c none 0
	size=$(find state/reset_archives/? -type f -printf '%s\n' |
	    awk '{ n += $1 } END { print n }')
	retention "archives = {max_count: 3, max_age_seconds: 1000,
	    max_total_bytes: $size}"
	mark
	lo-heartbeat 1 >/dev/null
	[ "$(policies)" = "" ]
	retention 'archives.max_count = 2'
	lo-heartbeat 1 >/dev/null
	[ "$(policies)" = '["retention.archives.max_count"]' ]
}

@test "import, export and report say so, too" {
	lo-cancel 1 2 3 4 >/dev/null
	lo-export -o ../rows.jsonl >/dev/null
	jq '.governance.allowed_statuses = ["ok"]' bo_config.json >../new
	mv ../new bo_config.json
	for call in 'lo-report' 'lo-export -o ../again.jsonl' \
	    'lo-import ../rows.jsonl'; do
		mark
		$call >/dev/null
		echo "$call"
		[ "$(policies)" = '["governance.allowed_statuses"]' ]
	done
}

@test "resets, restores and prunings are judged by what they leave" {
	retention 'archives.max_count = 1'
	lo-reset -y >/dev/null
	[ "$(jq -s 'map(select(.event | startswith("governance"))) |
	    length' "$events")" -eq 0 ]
	lo-reset -y >../second
	same "$(jq -c 'select(.event | startswith("governance")) |
	    [.command, .policy_ids, .violations[0].details]' "$events")" \
	    '["reset", ["retention.archives.max_count"],
	    {"archive_count": 2, "max_count": 1}]'
	mark
	lo-archive restore -y "$(jq -r .archive_id ../second)" >/dev/null
	jq -e -s 'map(select(.event == "governance_violations_detected")) |
	    last.command == "restore"' "$events"
	mark
	lo-archive prune -y --keep-last 1 >/dev/null
	[ "$(policies)" = "" ]
}

@test "lo-status -H shows what is violated" {
	make_campaign v '.governance.allowed_statuses = ["ok"]
	    | .retention.logs.event_log_max_bytes = 10'
	lo-suggest -C v >/dev/null
	run -0 lo-status -C v -H
	[ "$(grep -c '^policy' <<<"$output")" = 1 ]
	[[ $output == *"more than event_log_max_bytes = 10"* ]]
	lo-cancel -C v 1 >/dev/null
	run -0 lo-status -C v -H
	[[ $output == *"allowed_statuses does not list: killed"* ]]
	make_campaign w
	lo-suggest -C w >/dev/null
	run -0 lo-status -C w -H
	[[ $output != *policy* ]]
}

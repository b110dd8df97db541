#!/usr/bin/env bats
# lo-health: what a program that watches over a campaign is told.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
}

state=state/bo_state.json

config() {
	edit bo_config.json "$@"
}

# health FILTER: of the document, whatever the exit status.
health() {
	lo-health -f "$1" || true
}

# in_state STATE STATUS: the state of health, and how lo-health ends.
in_state() {
	run "-$2" --separate-stderr lo-health -f .health_state
	[ "$output" = "\"$1\"" ]
	[ "$stderr" = "" ]
}

# has LIST WORDS...: one string of the list has all the words.
has() {
	health ".$1" | jq -e 'any(. as $line | all($ARGS.positional[];
	    . as $word | $line | contains($word)))' --args "${@:2}" >/dev/null ||
	    { health ".$1"; return 1; }
}

# archive ID AGE BYTES: one made so many seconds ago; AGE null: no manifest.
archive() {
	local dir=state/reset_archives/$1

	mkdir -p "$dir/state"
	head -c "$3" /dev/zero >"$dir/state/bo_state.json"
	[ "$2" = null ] || jq -n --argjson at "$(ago "$2")" --arg id "$1" \
	    '{manifest_version: 1, archive_type: "reset", archive_id: $id,
	    created_at: $at, source_root: "x", entries: []}' \
	    >"$dir/archive_manifest.json"
}

# hold PROGRAM...: run it while somebody else holds the lock.
hold() {
	command -v flock >/dev/null || skip 'no flock(1)'
	flock -x state/.looptimum.lock "$@"
}

# ------------------------------------------------------------ the document

@test "the members of the document" {
	lo-suggest | payload 2 | lo-ingest >/dev/null
	lo-suggest >/dev/null
	before=$(ago 0)
	run -0 --separate-stderr lo-health
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
	same "$(json keys_unsorted)" '["schema_version", "generated_at",
	    "project_root", "health_state", "summary", "status",
	    "path_presence", "lock", "hard_errors", "warnings",
	    "governance"]'
	same "$(json '[.schema_version, .project_root, .health_state,
	    .hard_errors, .warnings]')" "[\"0.3.0\", \"$PWD\", \"ok\", [], []]"
	json .generated_at | jq -e --argjson t "$before" \
	    '. >= $t and . < $t + 60'
	same "$(json .summary)" '{"hard_error_count": 0, "warning_count": 0,
	    "governance_warning_count": 0, "governance_violation_count": 0}'
	same "$(json .status)" "$(lo-status)"
	same "$(json '.governance | keys_unsorted')" '["allowed_statuses",
	    "pending_age", "retention", "footprints", "warnings",
	    "violations"]'
}

@test "each runtime path, and whether it is there" {
	lo-suggest | payload 2 | lo-ingest >/dev/null
	same "$(health .path_presence)" '{
	    "state_file": {"path": "state/bo_state.json", "exists": true},
	    "observations_csv": {"path": "state/observations.csv",
	      "exists": true},
	    "acquisition_log_file": {"path": "state/acquisition_log.jsonl",
	      "exists": true},
	    "event_log_file": {"path": "state/event_log.jsonl",
	      "exists": true},
	    "trials_dir": {"path": "state/trials", "exists": true},
	    "import_reports_dir": {"path": "state/import_reports",
	      "exists": false},
	    "report_json_file": {"path": "state/report.json",
	      "exists": false},
	    "report_md_file": {"path": "state/report.md", "exists": false},
	    "lock_file": {"path": "state/.looptimum.lock", "exists": true}}'
	lo-report >/dev/null
	same "$(health '[.path_presence | .report_json_file, .report_md_file
	    | .exists]')" '[true, true]'
}

@test "paths are where the config says" {
	config '.paths = {state_file: "deep/s.json", event_log_file:
	    "/nowhere/e.jsonl", trials_dir: "other/trials"}'
	same "$(health '.path_presence | [.state_file, .event_log_file,
	    .trials_dir | .path]')" \
	    '["deep/s.json", "/nowhere/e.jsonl", "other/trials"]'
	same "$(health '.governance.footprints | [.archives.root,
	    .logs.root]')" '["deep/reset_archives", "deep"]'
	# beside the contract files, and at the top of all
	config '.paths = {state_file: "s.json"}'
	same "$(health '.governance.footprints | [.archives.root,
	    .logs.root]')" '["reset_archives", "."]'
	config '.paths = {state_file: "/s.json"}'
	same "$(health '.governance.footprints | [.archives.root,
	    .logs.root]')" '["/reset_archives", "/"]'
}

@test "the lock: free, held and by whom, and not waited for" {
	same "$(health .lock)" '{"path": "state/.looptimum.lock",
	    "exists": false, "posix_locking_available": true,
	    "exclusive_lock_held": false, "holder": null}'
	lo-suggest >/dev/null
	same "$(health .lock)" '{"path": "state/.looptimum.lock",
	    "exists": true, "posix_locking_available": true,
	    "exclusive_lock_held": false, "holder": null}'
	run -0 hold timeout 20 lo-health
	same "$(json '.lock | [.exclusive_lock_held, .holder]')" \
	    "[true, $(cat state/.looptimum.lock)]"
	[ "$(json .lock.holder.command)" = suggest ]
	[ "$(json .health_state)" = ok ]
	echo 'no JSON' >state/.looptimum.lock
	run -0 hold timeout 20 lo-health
	same "$(json '.lock | [.exclusive_lock_held, .holder]')" '[true, null]'
}

@test "nothing is created or changed" {
	snapshot >../before
	lo-health >/dev/null
	snapshot | diff ../before -
	lo-suggest >/dev/null
	rm state/observations.csv
	snapshot >../before
	lo-health >/dev/null
	run -1 lo-health --strict
	snapshot | diff ../before -
}

@test "filters, -C, and a campaign that is none" {
	cd ..
	[ "$(lo-health -C c -r -f .health_state)" = ok ]
	run -2 lo-health -C c -f '.['
	run -1 --separate-stderr lo-health -C missing
	[ "$output" = "" ]
	[[ $stderr == lo-health:*missing* ]]
	run -2 lo-health -C c extra
	run -4 --separate-stderr sh -c 'lo-health -C c >/dev/full'
	[[ $stderr == *"standard output"* ]]
}

# ------------------------------------------------------------- the verdict

@test "a campaign that has not begun is well, strictly" {
	in_state ok 0
	run -0 lo-health --strict
	[ "$(json .status.observations)" = 0 ]
	[ ! -e state ]
}

@test "warnings fail only with --strict, and the document is printed" {
	config '.batchsize = 4'
	in_state warning 0
	run -1 --separate-stderr lo-health --strict
	[ "$(json .health_state)" = warning ]
	[ "$stderr" = "" ]
	same "$(json '[.summary.warning_count, .summary.hard_error_count]')" \
	    '[1, 0]'
	has warnings bo_config.json .batchsize
}

@test "warning: stale pending trials" {
	lo-suggest -n 3 >/dev/null
	edit $state --argjson old "$(ago 86500)" \
	    '.pending[1:][].suggested_at = $old
	    | .pending[2].last_heartbeat_at = $old + 86000'
	in_state warning 0
	has warnings bo_state.json '1 stale' max_pending_age_seconds 86400
	config '.max_pending_age_seconds = null'
	in_state ok 0
}

@test "warning: more pending trials than allowed" {
	lo-suggest -n 3 >/dev/null
	config '.max_pending_trials = 3'
	in_state ok 0
	config '.max_pending_trials = 2'
	in_state warning 0
	has warnings max_pending_trials 3 2
}

@test "warning: a log, the CSV or the trials are missing" {
	local f

	lo-suggest >/dev/null
	for f in state/observations.csv state/acquisition_log.jsonl \
	    state/event_log.jsonl state/trials; do
		mv $f ../away
		in_state warning 0
		has warnings "$f" missing
		[ "$(health '.warnings | length')" = 1 ]
		mv ../away $f
	done
	in_state ok 0
}

@test "imported trials need no decisions" {
	lo-suggest | payload 2 | lo-ingest >/dev/null
	edit $state '.observations[0].source_trial_id = 7'
	rm state/acquisition_log.jsonl
	in_state ok 0
}

@test "error: contract files, and the rest is there all the same" {
	lo-suggest >/dev/null
	config '.max_trials = "many"'
	in_state error 1
	has hard_errors bo_config.json .max_trials
	same "$(health '[.status, .governance.pending_age,
	    .path_presence.state_file.exists, .summary.hard_error_count]')" \
	    '[null, null, true, 1]'
	config '.max_trials = 9'
	echo '{' >objective_schema.json
	in_state error 1
	has hard_errors objective_schema.json
	[ "$(health .status)" = null ]
}

@test "error: state that is damaged or contradicts itself" {
	lo-suggest | payload 2 | lo-ingest >/dev/null
	lo-suggest >/dev/null
	cp $state ../good
	edit $state '.pending[0].trial_id = 1'
	in_state error 1
	has hard_errors bo_state.json 'id 1'
	cp ../good $state
	edit $state '.next_trial_id = 2'
	in_state error 1
	has hard_errors .next_trial_id
	cp ../good $state
	edit $state '.best.objective_value = 1'
	in_state error 1
	has hard_errors .best.objective_value
	head -c 100 ../good >$state
	in_state error 1
	[ "$(health .status)" = null ]
	edit ../good '.schema_version = "0.9.0"'
	cp ../good $state
	in_state error 1
	has hard_errors 0.9.0
}

@test "error: a state that is gone beside its trials" {
	lo-suggest >/dev/null
	rm $state
	in_state error 1
	has hard_errors bo_state.json missing
}

@test "error: lines of logs, by name and number" {
	local log

	lo-suggest >/dev/null
	for log in event_log acquisition_log; do
		cp state/$log.jsonl ../good
		n=$(($(wc -l <../good) + 1))
		echo '{"event": nonsense}' >>state/$log.jsonl
		in_state error 1
		[[ $(lo-health -r -f '.hard_errors[]' || true) == \
		    "${log}_file line $n invalid JSON: "?* ]]
		cp ../good state/$log.jsonl
		echo '[1, 2]' >>state/$log.jsonl
		[[ $(lo-health -r -f '.hard_errors[]' || true) == \
		    "${log}_file line $n invalid JSON: "*object* ]]
		cp ../good state/$log.jsonl
	done
	in_state ok 0
}

@test "a torn last line is a warning, ended by a newline an error" {
	lo-suggest >/dev/null
	printf '{"event": "heart' >>state/event_log.jsonl
	in_state warning 0
	has warnings event_log.jsonl torn
	echo >>state/event_log.jsonl
	in_state error 1
}

@test "error: trial directories without an id or a manifest" {
	lo-suggest >/dev/null
	mkdir state/trials/trial_x
	in_state error 1
	has hard_errors trial_x
	rmdir state/trials/trial_x
	rm state/trials/trial_1/manifest.json
	in_state error 1
	has hard_errors trial_1 manifest.json
}

@test "all errors are listed, not the first alone" {
	lo-suggest >/dev/null
	config '.max_trials = -1'
	echo x >>state/event_log.jsonl
	edit $state '.next_trial_id = 1'
	[ "$(health .summary.hard_error_count)" = 3 ]
}

# -------------------------------------------------------------- governance

@test "ages of pending trials, in buckets" {
	lo-suggest -n 13 >/dev/null
	edit $state --argjson now "$(ago 0)" '.pending |= [.[]
	    | .suggested_at = $now - [0, 50, 70, 290, 310, 3500, 3700, 21000,
	    22000, 86000, 87000, 99999, 99999][.trial_id - 1]]
	    | .pending[12].last_heartbeat_at = $now - 100
	    | .pending[0].suggested_at = $now + 500'
	run -0 lo-health
	same "$(json '.governance.pending_age
	    | del(.oldest_pending_age_seconds)')" '{
	    "bucket_edges_seconds": [60, 300, 3600, 21600, 86400],
	    "buckets": [
	      {"bucket_id": "bucket_0", "lower_bound_seconds": 0,
	       "upper_bound_seconds": 60, "count": 2},
	      {"bucket_id": "bucket_1", "lower_bound_seconds": 60,
	       "upper_bound_seconds": 300, "count": 3},
	      {"bucket_id": "bucket_2", "lower_bound_seconds": 300,
	       "upper_bound_seconds": 3600, "count": 2},
	      {"bucket_id": "bucket_3", "lower_bound_seconds": 3600,
	       "upper_bound_seconds": 21600, "count": 2},
	      {"bucket_id": "bucket_4", "lower_bound_seconds": 21600,
	       "upper_bound_seconds": 86400, "count": 2},
	      {"bucket_id": "bucket_overflow", "lower_bound_seconds": 86400,
	       "upper_bound_seconds": null, "count": 2}],
	    "pending_count": 13, "known_age_count": 13,
	    "unknown_age_count": 0}'
	json .governance.pending_age.oldest_pending_age_seconds |
	    jq -e '. >= 99999 and . < 100099'
}

@test "an age that is not known" {
	lo-suggest -n 2 >/dev/null
	edit $state 'del(.pending[].suggested_at)
	    | .pending[1].last_heartbeat_at = now'
	run -1 lo-health
	same "$(json '.governance.pending_age | [.pending_count,
	    .known_age_count, .unknown_age_count]')" '[2, 1, 1]'
	edit $state 'del(.pending[1])'
	run -1 lo-health
	same "$(json '.governance.pending_age | [.unknown_age_count,
	    .oldest_pending_age_seconds]')" '[1, null]'
}

@test "statuses that the policy does not allow" {
	same "$(health .governance.allowed_statuses)" \
	    '["failed", "killed", "ok", "timeout"]'
	lo-suggest | payload null failed | lo-ingest >/dev/null
	config '.governance.allowed_statuses = ["timeout", "ok"]'
	in_state warning 0
	run -1 lo-health --strict
	same "$(json '[.governance | .allowed_statuses, .violations[]
	    | select(type == "object") | .policy_id, .details]')" \
	    '["governance.allowed_statuses", {"allowed_statuses":
	    ["ok", "timeout"], "observed_statuses": ["failed"]}]'
	same "$(json '[.summary.governance_violation_count,
	    .summary.warning_count]')" '[1, 0]'
}

@test "footprints of archives and logs" {
	lo-suggest >/dev/null
	archive reset-b 500 1000
	archive reset-a null 50
	size=$(($(wc -c <state/reset_archives/reset-b/archive_manifest.json) +
	    1000))
	run -0 lo-health
	same "$(json '.governance.footprints.archives
	    | del(.max_known_age_seconds, .archives[].age_seconds)')" "{
	    \"root\": \"state/reset_archives\", \"exists\": true,
	    \"archive_count\": 2, \"known_age_count\": 1,
	    \"total_size_bytes\": $((size + 50)), \"archives\": [
	    {\"archive_id\": \"reset-a\", \"size_bytes\": 50, \"path\":
	     \"state/reset_archives/reset-a\", \"manifest_present\": false},
	    {\"archive_id\": \"reset-b\", \"size_bytes\": $size, \"path\":
	     \"state/reset_archives/reset-b\", \"manifest_present\": true}]}"
	json '.governance.footprints.archives' | jq -e '
	    .archives[0].age_seconds == null
	    and .archives[1].age_seconds == .max_known_age_seconds
	    and (.max_known_age_seconds | . >= 500 and . < 600)'
	a=$(wc -c <state/acquisition_log.jsonl)
	e=$(wc -c <state/event_log.jsonl)
	same "$(json .governance.footprints.logs)" "{\"root\": \"state\",
	    \"files\": [{\"label\": \"acquisition_log_file\", \"path\":
	    \"state/acquisition_log.jsonl\", \"exists\": true,
	    \"size_bytes\": $a}, {\"label\": \"event_log_file\", \"path\":
	    \"state/event_log.jsonl\", \"exists\": true, \"size_bytes\": $e}],
	    \"total_size_bytes\": $((a + e))}"
}

# cut_off N COMMAND...: killed at its N-th rename.
cut_off() {
	strace -f -o /dev/null -e trace=renameat,rename,renameat2 -e \
	    "inject=renameat,rename,renameat2:signal=KILL:when=$1" \
	    "${@:2}" || [ $? -eq 137 ]
	[ -e state/.looptimum.journal ]
}

@test "what a crash left in the journal is seen as it will be" {
	local size waits

	strace -o /dev/null true 2>/dev/null || skip 'ptrace is not allowed'
	waits='state/.looptimum.journal: a change was interrupted'
	cut_off 2 lo-suggest
	[ ! -e state/event_log.jsonl ]
	same "$(health '.governance.footprints.logs.files
	    | map(.exists, .size_bytes > 100)')" '[true,true,true,true]'
	same "$(health '[.path_presence | .state_file, .event_log_file,
	    .trials_dir, .report_md_file | .exists]')" \
	    '[true, true, true, false]'
	run -0 lo-health -r -f '.warnings[]'
	[ "$(grep -vc -e "^$waits" -e '\.looptimum\.tmp-' <<<"$output")" = 0 ]
	size=$(health '.governance.footprints.logs.files[1].size_bytes')
	lo-suggest >/dev/null
	same "$(head -c "$size" state/event_log.jsonl | jq -s 'map(.event)')" \
	    '["lock_acquired", "suggestion_created", "lock_released"]'
	# what goes away
	lo-report >/dev/null
	cut_off 3 lo-reset -y
	[ -e state/report.md ]
	same "$(health '[.path_presence | .state_file, .observations_csv,
	    .acquisition_log_file, .event_log_file, .trials_dir,
	    .report_md_file | .exists]')" \
	    '[false, false, false, true, false, false]'
	size=$(health '.governance.footprints.logs.files[1].size_bytes')
	same "$(health '.governance.footprints.logs
	    | [.files[0].exists, .files[0].size_bytes, .total_size_bytes]')" \
	    "[false, 0, $size]"
	lo-suggest >/dev/null
	same "$(head -c "$size" state/event_log.jsonl | jq -s 'map(.event)')" \
	    '["campaign_reset", "lock_acquired", "lock_released"]'
}

@test "no archives, no logs" {
	same "$(health .governance.footprints)" '{"archives": {
	    "root": "state/reset_archives", "exists": false,
	    "archive_count": 0, "known_age_count": 0, "total_size_bytes": 0,
	    "max_known_age_seconds": null, "archives": []},
	    "logs": {"root": "state", "files": [
	    {"label": "acquisition_log_file", "path":
	     "state/acquisition_log.jsonl", "exists": false,
	     "size_bytes": 0}, {"label": "event_log_file", "path":
	     "state/event_log.jsonl", "exists": false, "size_bytes": 0}],
	    "total_size_bytes": 0}}'
	# what has the name and is no file is no log
	mkdir -p state/event_log.jsonl
	same "$(health '.governance.footprints.logs
	    | [.files[1].exists, .total_size_bytes]')" '[false, 0]'
}

@test "limits of retention: shown, and what exceeds them" {
	same "$(health .governance.retention)" '{"archives": {
	    "max_count": null, "max_age_seconds": null,
	    "max_total_bytes": null}, "logs": {"event_log_max_bytes": null,
	    "acquisition_log_max_bytes": null}}'
	lo-suggest >/dev/null
	archive old 9000 10
	archive new 5 10
	archive odd null 10
	config '.retention = {archives: {max_count: 2, max_age_seconds: 1000,
	    max_total_bytes: 20}, logs: {event_log_max_bytes: 10,
	    acquisition_log_max_bytes: 11}}'
	run -0 lo-health
	[ "$(json .health_state)" = warning ]
	same "$(json .governance.retention)" '{"archives": {"max_count": 2,
	    "max_age_seconds": 1000, "max_total_bytes": 20}, "logs":
	    {"event_log_max_bytes": 10, "acquisition_log_max_bytes": 11}}'
	same "$(json '[.governance.violations[].policy_id] | sort')" '[
	    "retention.archives.max_age_seconds",
	    "retention.archives.max_count",
	    "retention.archives.max_total_bytes",
	    "retention.logs.acquisition_log_max_bytes",
	    "retention.logs.event_log_max_bytes"]'
	same "$(json '.governance.warnings | map([.policy_id, .details])')" \
	    '[["retention.archives.max_age_seconds.unknown_age_archives",
	    {"max_age_seconds": 1000, "archive_ids": ["odd"]}]]'
	same "$(json '.governance.violations[] | select(.policy_id ==
	    "retention.archives.max_age_seconds").details.archives
	    | map(.archive_id)')" '["old"]'
	same "$(json '.governance.violations[] | select(.policy_id ==
	    "retention.logs.event_log_max_bytes").details')" "{
	    \"label\": \"event_log_file\", \"path\":
	    \"state/event_log.jsonl\", \"max_bytes\": 10,
	    \"size_bytes\": $(wc -c <state/event_log.jsonl)}"
	same "$(json '[.summary | .governance_violation_count,
	    .governance_warning_count, .warning_count]')" '[5, 1, 0]'
}

@test "those who watch see no lease token" {
	local token

	config '.worker_leases.enabled = true'
	token=$(lo-suggest -r -f .lease_token)
	[ ${#token} = 32 ]
	for tool in lo-health lo-metrics 'lo-metrics --prometheus' \
	    lo-doctor 'lo-report --stdout json' 'lo-report --stdout md' \
	    'lo-report --stdout html' lo-trace 'lo-explain 1' lo-events; do
		# shellcheck disable=SC2086 # its options too
		run -0 $tool
		[ -n "$output" ]
		[[ $output != *$token* ]]
	done
	run -0 lo-health -f .status.pending_trials[0].trial_id
	[ "$output" = 1 ]
}

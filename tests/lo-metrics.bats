#!/usr/bin/env bats
# lo-metrics: the figures of a campaign, as JSON and for Prometheus.
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

# metrics FILTER: of the document, whatever the exit status.
metrics() {
	lo-metrics -f "$1" || true
}

# exposition FILTER: of the text for Prometheus, read strictly.
exposition() {
	lo-metrics --prometheus >text || true
	python3 "$TOP/tests/exposition.py" <text >families || return
	jq -c "$1" families
}

# log_entries LATENCY...: an acquisition log; null: an entry without.
log_entries() {
	local id=0 y

	mkdir -p state
	for y; do
		id=$((id + 1))
		jq -nc --argjson id $id --argjson y "$y" '{trial_id: $id,
		    timestamp: 1.5, decision: {strategy: "user"}}
		    + if $y then {telemetry: {suggest_latency_seconds: $y}}
		    else {} end'
	done >state/acquisition_log.jsonl
}

# ------------------------------------------------------------ the document

@test "the members of the document" {
	lo-suggest | payload 2 | lo-ingest >/dev/null
	lo-suggest | payload null failed | lo-ingest >/dev/null
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-metrics
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
	same "$(json keys_unsorted)" '["schema_version", "generated_at",
	    "project_root", "health_state", "counts", "status",
	    "pending_age", "suggestion_latency", "governance",
	    "hard_errors", "warnings", "paths"]'
	same "$(json .counts)" '{"observations": 2, "pending": 1,
	    "leased_pending": 0, "stale_pending": 0,
	    "observations_by_status": {"ok": 1, "failed": 1, "killed": 0,
	    "timeout": 0}, "failure_rate": 0.5}'
	same "$(json .status)" "$(lo-status)"
	same "$(json .governance)" '{"warning_count": 0,
	    "violation_count": 0, "warnings": [], "violations": []}'
	same "$(json .paths)" '{
	    "acquisition_log_file": "state/acquisition_log.jsonl",
	    "event_log_file": "state/event_log.jsonl",
	    "state_file": "state/bo_state.json"}'
	same "$(json '[.project_root, .health_state, .hard_errors,
	    .warnings]')" "[\"$PWD\", \"ok\", [], []]"
	same "$(json '[.pending_age | .pending_count, .known_age_count,
	    .buckets[0].count]')" '[1, 1, 1]'
}

@test "an empty campaign: zeros, and no files" {
	run -0 --separate-stderr lo-metrics --strict
	same "$(json '[.counts | .observations, .pending]')" '[0, 0]'
	[[ $output == *'"failure_rate":0.0'* ]]
	same "$(json .suggestion_latency)" '{
	    "field": "telemetry.suggest_latency_seconds",
	    "source_path": "state/acquisition_log.jsonl",
	    "entry_count": 0, "count": 0, "missing_telemetry_count": 0,
	    "min_seconds": null, "max_seconds": null, "mean_seconds": null,
	    "total_seconds": null, "latest_seconds": null}'
	same "$(json '[.pending_age | .pending_count,
	    .oldest_pending_age_seconds]')" '[0, null]'
	[ ! -e state ]
}

@test "leased and stale trials" {
	config '.worker_leases.enabled = true'
	lo-suggest -n 2 >/dev/null
	config '.worker_leases.enabled = false'
	lo-suggest >/dev/null
	edit $state --argjson old "$(ago 90000)" \
	    '.pending[0].suggested_at = $old'
	same "$(metrics '[.counts | .pending, .leased_pending,
	    .stale_pending]')" '[3, 2, 1]'
}

@test "the latency of suggestions" {
	log_entries 0.5 null 0.25 2 null 1.25
	same "$(metrics '.suggestion_latency | del(.field, .source_path)')" \
	    '{"entry_count": 6, "count": 4, "missing_telemetry_count": 2,
	    "min_seconds": 0.25, "max_seconds": 2, "mean_seconds": 1,
	    "total_seconds": 4, "latest_seconds": 1.25}'
}

@test "latency: what is no number is missing, bad lines do not count" {
	log_entries 0.5 '"fast"' 0.75
	cat >>state/acquisition_log.jsonl <<-'END'
		{"trial_id": 4, "telemetry": {"suggest_latency_seconds": nan}}
		{"trial_id": 5, "telemetry": []}
	END
	printf '{"telemetry": {"suggest_latency_seconds": 9}}' \
	    >>state/acquisition_log.jsonl
	same "$(metrics '[.suggestion_latency | .entry_count, .count,
	    .missing_telemetry_count, .total_seconds, .latest_seconds]')" \
	    '[4, 2, 2, 1.25, 0.75]'
	run -1 lo-metrics -f '.hard_errors[]' -r
	[[ $output == *"acquisition_log_file line 4 invalid JSON: "* ]]
}

@test "it says of health what lo-health says" {
	lo-suggest >/dev/null
	config '.batchsize = 1 | .retention.logs.event_log_max_bytes = 1'
	rm state/observations.csv
	echo '[' >>state/event_log.jsonl
	same "$(metrics '[.health_state, .hard_errors, .warnings,
	    .governance.violations, .pending_age.buckets]')" \
	    "$(lo-health -f '[.health_state, .hard_errors, .warnings,
	    .governance.violations, .governance.pending_age.buckets]' || true)"
	same "$(metrics '[.governance | .violation_count,
	    (.violations | length)]')" '[1, 1]'
}

@test "exit statuses: well, warning, error, usage, no campaign" {
	run -0 lo-metrics --strict
	config '.batchsize = 1'
	run -0 lo-metrics
	[ "$(json .health_state)" = warning ]
	run -1 --separate-stderr lo-metrics --strict
	[ "$(json .health_state)" = warning ]
	[ "$stderr" = "" ]
	run -1 --separate-stderr lo-metrics --strict --prometheus
	[[ $output == *'looptimum_warnings'* ]]
	config '.max_trials = "x"'
	run -1 --separate-stderr lo-metrics
	same "$(json '[.health_state, .counts, .status, .pending_age]')" \
	    '["error", null, null, null]'
	run -2 --separate-stderr lo-metrics --prometheus -f .
	[[ ${stderr_lines[0]} == *"--prometheus"* ]]
	run -2 lo-metrics extra
	run -1 --separate-stderr lo-metrics -C missing
	[ "$output" = "" ]
	run -4 sh -c 'lo-metrics --prometheus >/dev/full'
}

@test "nothing is created or changed, no lock is waited for" {
	lo-suggest >/dev/null
	snapshot >../before
	lo-metrics >/dev/null
	lo-metrics --prometheus >/dev/null
	snapshot | diff ../before -
	command -v flock >/dev/null || skip 'no flock(1)'
	run -0 flock -x state/.looptimum.lock timeout 20 lo-metrics
}

# -------------------------------------------------------------- Prometheus

@test "the strict reader refuses what is broken" {
	lo-suggest >/dev/null
	lo-metrics --prometheus >../good
	python3 "$TOP/tests/exposition.py" <../good >/dev/null
	local broken

	for broken in 's/gauge/gadget/' 's/"} 1$/"} one/' 's/^# HELP.*//' \
	    's/^# TYPE looptimum_pending_trials .*/# TYPE x gauge/' \
	    's/status="failed"/status="ok"/' 's/campaign="/campaign="\\x/' \
	    's/campaign=/__campaign=/' '/HELP looptimum_archives /d' \
	    's/state="ok"/state=ok/' 's/,state=/,,state=/' \
	    's/looptimum_archives{/looptimum_archivs{/' \
	    's/state="ok"/le="ok"/' '$p'; do
		sed "$broken" ../good >../bad
		! python3 "$TOP/tests/exposition.py" <../bad >/dev/null \
		    2>&1 || { echo "$broken"; return 1; }
	done
	head -c -1 ../good >../bad
	run -1 sh -c "python3 '$TOP/tests/exposition.py' <../bad"
}

@test "Prometheus reads it: empty, used, broken" {
	same "$(exposition '.looptimum_health.samples | map(.value)')" \
	    '[1, 0, 0]'
	lo-suggest -n 2 --jsonl >s
	head -n 1 s | payload 2.5 | lo-ingest >/dev/null
	exposition 'length > 10' | grep -x true
	config '.max_trials = "x"'
	exposition 'length > 5' | grep -x true
	[ "$(jq -c '.looptimum_health.samples | map(.labels.state, .value)' \
	    families)" = '["ok",0,"warning",0,"error",1]' ]
	run -1 jq -e .looptimum_pending_trials families
}

@test "the figures are those of the document" {
	lo-suggest -n 4 --jsonl >s
	sed -n 1p s | payload 2.5 | lo-ingest >/dev/null
	sed -n 2p s | payload null timeout | lo-ingest >/dev/null
	edit $state --argjson old "$(ago 1000)" \
	    '.pending[0].suggested_at = $old'
	log_entries 0.5 null 0.25
	lo-metrics >../document || true
	exposition . >../all
	jq -e --slurpfile d ../document --arg root "$PWD" '
		def one($n; $l): ."looptimum_\($n)".samples
		    | map(select(.labels as $has | $l | to_entries
		    | all(.value == $has[.key])).value)
		    | if length == 1 then .[0] else "\($n): \(.)" end;
		def is($n; $l; $v): one($n; $l) | if . == $v then true
		    else error("\($n): \(.), not \($v)") end;
		$d[0] as $d
		| is("observations"; {status: "ok"}; 1)
		and is("observations"; {status: "timeout"}; 1)
		and is("observations"; {status: "failed"}; 0)
		and is("pending_trials"; {}; $d.counts.pending)
		and is("stale_pending_trials"; {}; 0)
		and is("leased_pending_trials"; {}; 0)
		and is("pending_trials_by_age"; {up_to_seconds: "60"}; 1)
		and is("pending_trials_by_age"; {up_to_seconds: "3600"}; 1)
		and is("pending_trials_by_age"; {up_to_seconds: "+Inf"}; 0)
		and is("best_objective_value"; {objective: "loss"}; 2.5)
		and is("best_trial_id"; {}; 1)
		and is("budget_trials"; {}; 40)
		and is("budget_remaining_trials"; {};
		    $d.status.budget.remaining)
		and is("next_trial_id"; {}; 5)
		and is("suggestion_latency_latest_seconds"; {}; 0.25)
		and is("suggestion_latency_max_seconds"; {}; 0.5)
		and is("suggestion_latency_min_seconds"; {}; 0.25)
		and is("warnings"; {}; ($d.warnings | length))
		and is("hard_errors"; {}; 0)
		and is("governance_violations"; {}; 0)
		and is("archives"; {}; 0)
		and is("info"; {}; 1)
		and (.looptimum_suggestion_latency_seconds.samples
		    | map({(.name): .value}) | add) == {
		    looptimum_suggestion_latency_seconds_sum: 0.75,
		    looptimum_suggestion_latency_seconds_count: 2}
		and all(.[].samples[]; .labels.campaign == $root)' ../all
	same "$(jq '.looptimum_log_size_bytes.samples
	    | map({(.labels.log): .value}) | add' ../all)" \
	    "{\"acquisition_log_file\": $(wc -c <state/acquisition_log.jsonl),
	    \"event_log_file\": $(wc -c <state/event_log.jsonl)}"
}

@test "labels are escaped" {
	mkdir -p '../a "b" \c'$'\n''d'
	cp ./*.json '../a "b" \c'$'\n''d'
	cd '../a "b" \c'$'\n''d'
	[ "$(exposition '.looptimum_info.samples[0].labels.campaign')" = \
	    "$(jq -n --arg d "$PWD" '$d')" ]
}

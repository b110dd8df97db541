# Every document that the tools read or write fits its JSON Schema, judged by
# a validator that is not ours (python3-jsonschema), and the schemas refuse
# what is broken.  schemas/check.py does the judging, schemas/samples.py
# holds documents written by hand, good and broken.

load helper

setup_file() {
	PYTHON=$(python_jsonschema) || return
	PYTHONDONTWRITEBYTECODE=1
	export PYTHON PYTHONDONTWRITEBYTECODE
}

check() {
	"$PYTHON" "$TOP/tests/schemas/check.py" "$1" "$TOP/share/schemas" \
	    "${@:2}"
}

# A copy of each file is put aside, to be judged with all others at the end
# of the test: starting the validator is what takes time.
put_aside() {
	local kind=$1 name=$2 file copy

	mkdir -p "$BATS_TEST_TMPDIR/aside"
	shift 2
	for file; do
		copy=$(mktemp "$BATS_TEST_TMPDIR/aside/XXXXXX")
		cat -- "$file" >"$copy"
		printf '%s\t%s\t%s\t%s\n' "$kind" "$name" "$copy" \
		    "$file" >>"$BATS_TEST_TMPDIR/list"
	done
}

# fits NAME FILE...: each file is such a document.
fits() {
	put_aside document "$@"
}

# lines_fit NAME FILE...: each line of each file is one.
lines_fit() {
	put_aside lines "$@"
}

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/list" ] ||
	    check list "$BATS_TEST_TMPDIR/list"
}

# Documents of a campaign that the tools wrote; with what a fresh one must
# have beyond the schema, which allows for older rows.
campaign_fits() {
	local dir=$1

	fits bo_config "$dir/bo_config.json"
	fits parameter_space "$dir/parameter_space.json"
	fits objective_schema "$dir/objective_schema.json"
	[ ! -e "$dir/constraints.json" ] ||
	    fits constraints "$dir/constraints.json"
	fits bo_state "$dir/state/bo_state.json"
	# an imported campaign has none
	[ ! -e "$dir/state/acquisition_log.jsonl" ] ||
	    lines_fit acquisition_log "$dir/state/acquisition_log.jsonl"
	lines_fit event_log "$dir/state/event_log.jsonl"
	fits manifest "$dir"/state/trials/trial_*/manifest.json
	jq -e '.observations | all(has("artifact_path") and
	    has("suggested_at") and has("completed_at"))' \
	    "$dir/state/bo_state.json" >all
	lo-status -C "$dir" >status
	fits status status
	lo-validate -C "$dir" >validate
	fits validate validate
	lo-validate -C "$dir" --rebuild >rebuild
	fits rebuild rebuild
	rm "$dir/state/bo_state.json.rebuilt"
	lo-health -C "$dir" >health
	fits health health
	lo-metrics -C "$dir" >metrics
	fits metrics metrics
	lo-doctor -C "$dir" >doctor
	fits doctor doctor
}

# The same for payload copies, of which there may be none.
copies_fit() {
	fits ingest_payload_copy "$1"/state/trials/trial_*/ingest_payload.json
}

@test "each schema is valid, stands alone and has samples" {
	check self
}

@test "the schemas take good samples and refuse broken ones" {
	check broken
}

# samples NAME: what the schema of NAME is tried on, in ./good-N and ./bad-N.
samples() {
	"$PYTHON" "$TOP/tests/schemas/check.py" samples "$1" .
	[ -e good-1 ]
}

# A campaign for which the samples make sense.
sample_campaign() {
	lo-init --param lr=float:1e-4..1e-1:log --param depth=int:1..8 \
	    --param opt=cat:adam,sgd,1 --param amp=bool --minimize loss \
	    --maximize speed c >init
}

# judged FILE STATUS: what a tool must say to that sample.
judged() {
	case $1 in
	good-*) [ "$2" -eq 0 ] ;;
	bad-*) [ "$2" -eq 1 ] ;;
	esac || { echo "status $2 for: $(cat "$1")"; return 1; }
}

@test "the tools judge contract files as the schemas do" {
	local name f status

	for name in bo_config parameter_space objective_schema constraints; do
		rm -rf c good-* bad-*
		sample_campaign
		samples $name
		for f in good-* bad-*; do
			cp "$f" c/$name.json
			status=0
			lo-validate -C c >out 2>err || status=$?
			judged "$f" $status
		done
	done
}

@test "lo-ingest judges payloads as the schema does" {
	local f status

	sample_campaign
	samples ingest_payload
	mkdir c/state
	cat >c/state/bo_state.json <<-'END'
		{"schema_version": "0.3.0", "meta": {"created_at": 1.5,
		 "seed": 17}, "observations": [], "pending": [
		 {"schema_version": "0.3.0", "trial_id": 7, "params":
		  {"lr": 0.01, "depth": 4, "opt": "sgd", "amp": true},
		  "suggested_at": 4102444800.5}],
		 "next_trial_id": 8, "best": null}
	END
	for f in good-* bad-*; do
		rm -rf d
		cp -R c d
		status=0
		lo-ingest -C d "$f" >out 2>err || status=$?
		judged "$f" $status
	done
}

@test "lo-init writes what fits: templates" {
	local t

	for t in demo client full; do
		lo-init -t $t $t >$t.init
		fits init $t.init
		fits bo_config $t/bo_config.json
		fits parameter_space $t/parameter_space.json
		fits objective_schema $t/objective_schema.json
	done
	fits constraints full/constraints.json
}

@test "lo-init writes what fits: options" {
	lo-init --param lr=float:1e-4..1e-1:log --param n=int:-3..8 \
	    --param opt=cat:adam,sgd,1 --param amp=bool \
	    --param m=float:0..1:when=opt=sgd:when=amp=true \
	    --minimize loss --maximize speed --trials 12 --seed 3 \
	    --eval-time 60 a >init
	lo-init --compat --param x=float:0..1 b >>init
	lines_fit init init
	for d in a b; do
		fits bo_config $d/bo_config.json
		fits parameter_space $d/parameter_space.json
		fits objective_schema $d/objective_schema.json
	done
}

@test "suggestions fit: one, several, a line each, with leases" {
	lo-init -t full c >init
	lo-suggest -C c -n 1 >one
	lo-suggest -C c -n 3 >several
	lo-suggest -C c -n 2 --jsonl >lines
	lo-suggest -C c --resume --jsonl >again
	jq '.worker_leases.enabled = true' c/bo_config.json >new
	mv new c/bo_config.json
	lo-suggest -C c -n 2 --jsonl >leased
	jq -e .lease_token leased >tokens
	fits suggestion one
	fits suggestion_bundle several
	lines_fit suggestion lines again leased
	campaign_fits c
	cat lines leased >both
	jq -s '{schema_version: "0.3.0", count: length, suggestions: .}' \
	    both | fits suggestion_bundle -
}

@test "a whole campaign fits: one objective, to the end of the budget" {
	lo-init -t demo --trials 9 c >init
	while lo-suggest -C c >s.json 2>err; do
		lo-eval -C c -- c/evaluate <s.json | tee -a payloads |
		    lo-ingest -C c >>results
	done
	[ "$(wc -l <results)" -eq 9 ]
	lines_fit ingest_payload payloads
	lines_fit ingest_result results
	campaign_fits c
	copies_fit c
	lo-best -C c >best
	fits best best
	grep -q '"strategy": "surrogate_acquisition"' \
	    c/state/acquisition_log.jsonl
}

@test "a campaign fits: objectives, conditions, constraints, failures" {
	lo-init -t full c >init
	jq '.initial_random_trials = 4 | .worker_leases.enabled = true' \
	    c/bo_config.json >new
	mv new c/bo_config.json
	for _ in 1 2 3 4; do
		lo-suggest -C c -n 3 --jsonl | lo-eval -C c -j 2 -- \
		    c/evaluate 2>>err | tee -a payloads |
		    lo-ingest -C c >>results
	done
	lo-suggest -C c -n 1 >s1
	lo-eval -C c --penalty 9 -- false <s1 2>>err |
	    tee -a payloads | lo-ingest -C c >>results
	lo-suggest -C c -n 1 >s2
	lo-eval -C c -- sh -c 'kill -9 $$' <s2 2>>err |
	    tee -a payloads | lo-ingest -C c >>results
	lo-suggest -C c -n 1 >s3
	lo-eval -C c --timeout 0.1 -- sleep 60 <s3 2>>err |
	    tee -a payloads | lo-ingest -C c >>results
	lines_fit ingest_payload payloads
	lines_fit ingest_result results
	campaign_fits c
	copies_fit c
	lo-best -C c >best
	fits best best
	lo-report -C c --stdout json >report.json
	lo-report -C c >paths
	fits report report.json c/state/report.json
	# each way to end is among them
	run -0 jq -c '[.[] | select(. > 0)] | length' \
	    <<<"$(lo-status -C c -f .observations_by_status)"
	[ "$output" -eq 4 ]
}

@test "results fit: ingested, duplicate, rejected, typed, late" {
	make_campaign c '.max_pending_age_seconds = 0.05'
	lo-suggest -C c >s1
	payload 0.5 <s1 >p1
	sleep 0.1
	lo-suggest -C c >s2 2>err
	grep -q '"event": "trial_retired"' c/state/event_log.jsonl
	lo-ingest -C c <p1 >r1		# late
	grep -q '"event": "ingest_late_applied"' c/state/event_log.jsonl
	jq '.max_pending_age_seconds = null' c/bo_config.json >new
	mv new c/bo_config.json
	lo-ingest -C c <p1 >>r1		# duplicate
	run -1 lo-ingest -C c <<-'END'
		{"trial_id": 99, "params": {}, "objectives": {"loss": 1}}
		{"params": {}}
		{"trial_id": 1.5, "status": "done"}
		7
	END
	grep '^{' <<<"$output" >>r1
	lo-suggest -C c -n 2 >s3
	lo-ingest -C c --trial 3 loss=0.25 >>r1
	lo-ingest -C c --trial 4 --status failed --reason oops >>r1
	lines_fit ingest_result r1
	run -0 jq -r .result r1
	[ "$(sort -u <<<"$output" | tr '\n' ' ')" = \
	    'duplicate ingested rejected ' ]
	campaign_fits c
	copies_fit c
}

@test "heartbeats, notes and unknown keys of payloads fit" {
	make_campaign c
	lo-suggest -C c | payload 0.5 | jq '. + {runtime_seconds: 3,
	    heartbeat_at: 1753000000, heartbeat_note: "n\u2028",
	    heartbeat_meta: {a: [1]}, schema_version: "0.3.0",
	    mine: {deep: [true, null]}}' >p
	fits ingest_payload p
	lo-ingest -C c <p >r
	campaign_fits c
	copies_fit c
	[ "$(jq -c .mine c/state/trials/trial_1/ingest_payload.json)" = \
	    '{"deep":[true,null]}' ]
}

@test "claims of a running evaluation fit" {
	make_campaign c
	lo-suggest -C c >s
	mkfifo go
	lo-eval -C c -- sh -c 'cat go >/dev/null; echo 1' <s >p &
	wait_for 10 grep -q '"claim"' c/state/bo_state.json
	fits bo_state c/state/bo_state.json
	fits manifest c/state/trials/trial_1/manifest.json
	echo >go
	wait
	fits ingest_payload p
}

@test "decisions fit: the user's point, replicates, nothing feasible" {
	make_campaign c
	lo-suggest -C c --params '{"x": 0.25, "n": 2}' | tee s |
	    payload 1 | lo-ingest -C c >r
	lo-suggest -C c --replicate best >>s
	lines_fit suggestion s
	cat >c/constraints.json <<-'END'
		{"linear_inequalities": [{"terms":
		  [{"param": "x", "coefficient": 1}],
		  "operator": ">=", "rhs": 2}]}
	END
	run -1 lo-suggest -C c
	grep -q constraint_error_reason c/state/acquisition_log.jsonl
	# Half of a thin slice: some candidates, with a warning.
	cat >c/constraints.json <<-'END'
		{"linear_inequalities": [{"terms":
		  [{"param": "x", "coefficient": 1}],
		  "operator": "<=", "rhs": 0.05}]}
	END
	jq '.initial_random_trials = 1' c/bo_config.json >new
	mv new c/bo_config.json
	lo-suggest -C c >s 2>err
	grep -q 'feasible candidates to' err
	grep -q '"warning": "constraints reduced' \
	    c/state/acquisition_log.jsonl
	campaign_fits c
}

@test "what becomes of trials fits" {
	make_campaign c
	lo-suggest -C c -n 5 >s
	lo-cancel -C c 1 >r
	lo-retire -C c 2 --reason gone >>r
	lo-heartbeat -C c --note n --meta '{"a": 1}' 3 >>r
	lo-ingest -C c --trial 3 loss=1 >i
	lo-ingest -C c --trial 4 --status failed >>i
	lo-void -C c --reason wrong 3 4 >>r
	fits bo_state c/state/bo_state.json
	lo-void -C c --undo 4 >>r
	lo-retry -C c --jsonl >s
	lines_fit trial_result r
	lines_fit suggestion s
	[ "$(grep -c retry_of s)" -eq 3 ]
	campaign_fits c
}

@test "imports and exports fit: rows, results, reports, events" {
	make_campaign c
	make_campaign d
	lo-suggest -C c -n 2 --jsonl >s
	head -n 1 s | payload 0.5 | lo-ingest -C c >r
	tail -n 1 s | payload null failed | lo-ingest -C c >r
	lo-export -C c >rows
	lo-export -C c -o rows.csv >exported
	(cat rows; echo '{"trial_id": 9, "status": "ok"}'; echo '{') |
	    lo-import -C d --permissive - >imported 2>err
	lo-import -C d rows.csv >>imported
	lo-export -C d >>rows
	lines_fit observation_row rows
	lines_fit import_result imported
	fits export_result exported
	fits import_report d/state/import_reports/import-*.json
	campaign_fits c
	fits bo_state d/state/bo_state.json
	lines_fit event_log d/state/event_log.jsonl
	fits manifest d/state/trials/trial_*/manifest.json
}

@test "governance events fit" {
	make_campaign c '.governance.allowed_statuses = ["ok"] |
	    .max_pending_age_seconds = 0.05'
	lo-suggest -C c >s
	sleep 0.1
	lo-suggest -C c 2>err | payload null failed |
	    lo-ingest -C c >r 2>err
	grep -q governance_override_used c/state/event_log.jsonl
	grep -q governance_violations_detected c/state/event_log.jsonl
	campaign_fits c
}

@test "the document of a campaign that is not valid fits" {
	make_campaign c
	lo-suggest -C c >s
	jq '.next_trial_id = 1' c/state/bo_state.json >new
	mv new c/state/bo_state.json
	run -1 --separate-stderr lo-validate -C c
	fits validate - <<<"$output"
	[ "$(json .valid)" = false ]
}

@test "archives fit, and what the tools say of them" {
	local a

	make_campaign c
	lo-suggest -C c -n 2 | jq -c '.suggestions[0]' | payload 1 |
	    lo-ingest -C c >r
	lo-reset -C c -y >anew
	lo-reset -C c -y --no-archive >>anew
	lines_fit reset anew
	a=$(echo c/state/reset_archives/reset-*)
	fits archive_manifest "$a/archive_manifest.json"
	mkdir -p c/state/reset_archives/legacy/state
	echo '{}' >c/state/reset_archives/legacy/state/bo_state.json
	cp -r "$a" c/state/reset_archives/other
	lo-archive -C c list >listed
	[ "$(jq -r .integrity listed | sort | paste -sd' ')" = \
	    'invalid_manifest legacy ok' ]
	lines_fit archive_list listed
	run -1 lo-archive -C c verify
	lines_fit archive_verify - <<<"$output"
	lo-archive -C c restore -y "${a##*/}" >back
	fits archive_restore back
	campaign_fits c
	lo-archive -C c prune -y --keep-last 1 >gone
	[ "$(wc -l <gone)" -eq 2 ]
	lines_fit archive_prune gone
	lines_fit event_log c/state/event_log.jsonl
}

@test "a plateau fits" {
	make_campaign c '.stopping = {min_improvement: 0.1,
	    patience_trials: 2}'
	lo-status -C c >status
	fits status status
	for _ in 1 2 3; do
		lo-suggest -C c | payload 1 | lo-ingest -C c >r
	done
	lo-status -C c >status
	fits status status
	[ "$(json .plateau.reached status)" = true ]
}

@test "reports fit: empty, one objective, written and printed" {
	make_campaign c
	lo-report -C c >paths
	lo-report -C c --stdout json >empty.json
	fits report c/state/report.json empty.json
	lo-suggest -C c | payload 1 | jq '.runtime_seconds = 2' |
	    lo-ingest -C c >r
	lo-suggest -C c | payload null failed | lo-ingest -C c >r
	lo-report -C c -n 1 >paths
	fits report c/state/report.json
	campaign_fits c
}

@test "every schema is held against something the tools wrote" {
	local f name

	for f in "$TOP"/share/schemas/*.schema.json; do
		name=$(basename "$f" .schema.json)
		grep -q "fits\\? $name\\>" \
		    "$BATS_TEST_FILENAME" || { echo "$name"; return 1; }
	done
}

@test "traces, events and cursors fit" {
	lo-init -t full c >init
	jq '.initial_random_trials = 4 | .worker_leases.enabled = true' \
	    c/bo_config.json >new
	mv new c/bo_config.json
	for _ in 1 2 3; do
		lo-suggest -C c -n 3 --jsonl | lo-eval -C c -j 2 -- \
		    c/evaluate 2>>err | lo-ingest -C c >>results
	done
	lo-suggest -C c -n 3 --jsonl >s
	{
		lo-eval -C c --penalty 9 -- false < <(head -1 s) 2>>err |
		    lo-ingest -C c
		lo-cancel -C c 11
		lo-void -C c --reason wrong 1
	} >>results
	lo-retry -C c 10 >>s
	lo-trace -C c >traces
	lo-events -C c --cursor cursor >events
	[ "$(wc -l <traces)" -eq 13 ]
	[ "$(jq -s 'map(.predictions | length) | max' traces)" -gt 1 ]
	[ "$(jq -r .topic events | sort -u | wc -l)" -eq 3 ]
	lines_fit trace traces
	lines_fit event events
	fits event_cursor cursor
}

@test "what is said of a broken campaign fits, too" {
	make_campaign c '.max_trials = "many" | .governance = {
	    allowed_statuses: ["ok"]}'
	lo-health -C c >health || true
	lo-metrics -C c >metrics || true
	lo-doctor -C c >doctor 2>err || true
	jq '.max_trials = 9' c/bo_config.json >new
	mv new c/bo_config.json
	lo-suggest -C c | payload null failed | lo-ingest -C c >results
	echo x >>c/state/event_log.jsonl
	lo-health -C c >>health || true
	lo-metrics -C c >>metrics || true
	[ "$(wc -l <health)" -eq 2 ]
	lines_fit health health
	lines_fit metrics metrics
	fits doctor doctor
}

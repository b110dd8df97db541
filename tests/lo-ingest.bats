#!/usr/bin/env bats
# lo-ingest: what it takes in, what it refuses, and what it writes.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
}

state=state/bo_state.json
events=state/event_log.jsonl
csv=state/observations.csv

# value FILTER: of $output, compact.
value() {
	jq -c "$1" <<<"$output"
}

config() {
	edit bo_config.json "$@"
}

# reserve [ARG...]: suggestions become payloads with loss 1, 2, ... in
# ../pN.json.
reserve() {
	local line

	lo-suggest --jsonl "$@" >../s
	while read -r line; do
		jq -c '{trial_id, params, objectives: {loss: .trial_id}}
		    + (if has("lease_token") then {lease_token} else {} end)' \
		    <<<"$line" >../p"$(jq .trial_id <<<"$line")".json
	done <../s
}

# ingest N [PROGRAM]: payload N, changed by jq.
ingest() {
	jq -c "${2:-.}" ../p"$1".json | lo-ingest
}

# rejects WORD... <PAYLOAD: exit 1, one line that says so, the same text on
# stderr, and no file changes but the lock.
rejects() {
	local word

	cat >../bad
	contents state >../before
	run -1 --separate-stderr lo-ingest <../bad
	[ "${#lines[@]}" = 1 ]
	[ "$(json .result)" = rejected ]
	[[ $stderr == *"lo-ingest: $(json .error)"* ]]
	for word; do
		[[ $stderr == *"$word"* ]] || {
			printf '%s\n' "no '$word' in: $stderr"
			return 1
		}
	done
	contents state | diff ../before -
}

# mutant N PROGRAM WORD...: payload N, changed by jq, is rejected.
mutant() {
	local n=$1 program=$2

	shift 2
	jq -c "$program" ../p"$n".json >../mutant
	rejects "$@" <../mutant
}

# ------------------------------------------------------------ what it does

@test "a result is taken in and acknowledged on one line" {
	reserve -n 2
	run -0 --separate-stderr ingest 1
	[ "${#lines[@]}" = 1 ]
	same "$(value keys_unsorted)" \
	    '["trial_id", "result", "status", "observations", "best"]'
	same "$(value '[.trial_id, .result, .status, .observations,
	    .best.trial_id, .best.objective_value]')" \
	    '[1, "ingested", "ok", 1, 1, 1]'
	[ "$stderr" = "" ]
	run -0 ingest 2 '.status = "ok" | .objectives.loss = -2'
	same "$(value '[.observations, .best.trial_id,
	    .best.objective_value]')" '[2, 2, -2]'
	lo-validate --strict >/dev/null
}

@test "the observation: keys, values, the form of numbers" {
	reserve
	ingest 1 '.status = "ok" | .objectives.loss = 3' >/dev/null
	same "$(jq '.observations[0] | keys' $state)" '["artifact_path",
	    "completed_at", "objectives", "params", "status", "suggested_at",
	    "trial_id"]'
	same "$(jq '.observations[0] | [.trial_id, .status, .objectives,
	    .artifact_path]' $state)" '[1, "ok", {"loss": 3},
	    "state/trials/trial_1/ingest_payload.json"]'
	grep -q '"loss": 3\.0$' $state
	same "$(jq '.observations[0] | [.params, .suggested_at]' $state)" \
	    "$(jq '[.params, .suggested_at]' ../s)"
	[ "$(jq '.observations[0] | (.completed_at >= .suggested_at) and
	    (now - .completed_at < 60)' $state)" = true ]
	same "$(jq '[.pending, .next_trial_id]' $state)" '[[], 2]'
	as_python document $state
}

@test "best of one objective" {
	reserve -n 3
	ingest 2 >/dev/null
	same "$(jq '.best | [keys, .trial_id, .objective_name,
	    .objective_value]' $state)" '[["objective_name",
	    "objective_value", "trial_id", "updated_at"], 2, "loss", 2]'
	ingest 3 >/dev/null
	[ "$(jq .best.trial_id $state)" = 2 ]
	ingest 1 >/dev/null
	[ "$(jq .best.trial_id $state)" = 1 ]
	[ "$(jq '(now - .best.updated_at) | . > -1 and . < 60' $state)" = true ]
	grep -q '"objective_value": 1\.0,' $state
}

@test "a failure: null objectives, reason, penalty; never best" {
	reserve -n 4
	run -0 ingest 1 '.status = "failed" | .objectives.loss = null
	    | .penalty_objective = -7 | .terminal_reason = "  no disk \n"'
	same "$(value '[.result, .status, .best]')" \
	    '["ingested", "failed", null]'
	same "$(jq '.observations[0] | [keys, .objectives, .status,
	    .terminal_reason, .penalty_objective]' $state)" \
	    '[["artifact_path", "completed_at", "objectives", "params",
	    "penalty_objective", "status", "suggested_at", "terminal_reason",
	    "trial_id"], {"loss": null}, "failed", "no disk", -7]'
	grep -q '"penalty_objective": -7\.0' $state
	# without words of its own the status is the reason
	ingest 2 '.status = "killed" | .objectives.loss = null
	    | .terminal_reason = " "' >/dev/null
	# the older name
	ingest 3 '.status = "timeout" | .objectives.loss = null
	    | .failure_reason = " too slow "' >/dev/null
	ingest 4 '.status = "failed" | .objectives.loss = null
	    | .failure_reason = "old" | .terminal_reason = "new"
	    | .penalty_objective = null' >/dev/null
	same "$(jq '.observations[1:] | map([.status, .terminal_reason,
	    .penalty_objective])' $state)" '[["killed", "status=killed",
	    null], ["timeout", "too slow", null], ["failed", "new", null]]'
	[ "$(jq .best $state)" = null ]
	lo-validate --strict >/dev/null
}

@test "with ok there is no reason" {
	reserve
	ingest 1 '.terminal_reason = "well" | .failure_reason = "done"' \
	    >/dev/null
	same "$(jq '.observations[0] | has("terminal_reason"),
	    has("penalty_objective")' $state | jq -s .)" '[false, false]'
	[ "$(jq 'has("terminal_reason") or has("failure_reason")' \
	    state/trials/trial_1/ingest_payload.json)" = false ]
	[ "$(jq .terminal_reason state/trials/trial_1/manifest.json)" = null ]
}

@test "success is an old name of ok, and deprecated" {
	reserve -n 3
	run -0 --separate-stderr ingest 1 '.status = "success"'
	same "$(value '[.result, .status]')" '["ingested", "ok"]'
	[[ $stderr == "lo-ingest: "*"success"*"ok"* ]]
	[ "$(jq -r .status state/trials/trial_1/ingest_payload.json)" = ok ]
	[ "$(jq -r '.observations[0].status' $state)" = ok ]
	run -0 --separate-stderr ingest 1
	[ "$(json .result)" = duplicate ]
	[ "$stderr" = "" ]
	jq -c '.status = "success"' ../p2.json ../p3.json >../b
	run -0 --separate-stderr lo-ingest --batch ../b
	[[ $stderr == "lo-ingest: "*"success"* ]]
}

@test "the params that are stored are the pending trial's" {
	reserve
	edit $state '.pending[0].params = {"x": 1.0, "n": 2}'
	run -0 lo-ingest <<<'{"trial_id": 1.0, "params": {"n": 2.0, "x": 1},
	    "objectives": {"loss": 1e0}}'
	grep -q '"x": 1\.0,$' $state
	grep -q '"n": 2$' $state
	grep -q '"x": 1\.0,$' state/trials/trial_1/ingest_payload.json
	grep -q '"n": 2$' state/trials/trial_1/ingest_payload.json
}

@test "inactive parameters of a payload are ignored" {
	echo '{"parameters": [{"name": "a", "type": "bool"},
	    {"name": "b", "type": "int", "bounds": [1, 9],
	     "when": {"a": true}}]}' >parameter_space.json
	lo-suggest --params '{"a": false}' >/dev/null
	run -0 lo-ingest <<<'{"trial_id": 1, "params": {"a": false, "b": 5},
	    "objectives": {"loss": 1}}'
	same "$(jq '.observations[0].params' $state)" '{"a": false}'
	same "$(jq .params state/trials/trial_1/ingest_payload.json)" \
	    '{"a": false}'
	run -0 lo-ingest <<<'{"trial_id": 1, "params": {"a": false, "b": 6},
	    "objectives": {"loss": 1}}'
	[ "$(json .result)" = duplicate ]
}

@test "runtime and heartbeats reach the observation and the manifest" {
	local f

	reserve -n 2
	edit $state '.pending[] += {last_heartbeat_at: 5, heartbeat_count: 3,
	    heartbeat_note: "half", heartbeat_meta: {"a": [1]}}'
	ingest 1 '.runtime_seconds = 12' >/dev/null
	ingest 2 '.heartbeat_at = 1700000000 | .heartbeat_note = "all"
	    | .heartbeat_meta = {"b": 2}' >/dev/null
	same "$(jq '.observations | map([.last_heartbeat_at,
	    .heartbeat_count, .heartbeat_note, .heartbeat_meta,
	    .runtime_seconds])' $state)" '[[5, 3, "half", {"a": [1]}, 12],
	    [1700000000, 3, "all", {"b": 2}, null]]'
	grep -q '"runtime_seconds": 12\.0' $state
	grep -q '"last_heartbeat_at": 1700000000\.0,' $state
	for f in 1 2; do
		jq '[.last_heartbeat_at, .heartbeat_count, .heartbeat_note,
		    .heartbeat_meta]' state/trials/trial_$f/manifest.json
	done | jq -s . >../m
	same "$(cat ../m)" '[[5, 3, "half", {"a": [1]}],
	    [1700000000, 3, "all", {"b": 2}]]'
}

# ------------------------------------------------------------------- files

@test "the copy of the payload is the normalized one" {
	local p=state/trials/trial_1/ingest_payload.json

	config '.worker_leases.enabled = true'
	reserve
	ingest 1 '.status = "failed" | .objectives.loss = null
	    | .failure_reason = " x " | .host = {"name": "ü", "n": [1, 2.5]}
	    | .schema_version = "0.3.0" | .heartbeat_at = 4
	    | .heartbeat_note = "n" | .heartbeat_meta = {}
	    | .penalty_objective = 2 | .runtime_seconds = 0' >/dev/null
	same "$(cat $p)" "$(jq '{trial_id, params, objectives: {loss: null},
	    status: "failed", terminal_reason: "x", penalty_objective: 2,
	    runtime_seconds: 0, heartbeat_at: 4, heartbeat_note: "n",
	    heartbeat_meta: {}, host: {name: "ü", n: [1, 2.5]},
	    schema_version: "0.3.0"}' ../p1.json)"
	run -1 grep -r "$(jq -r .lease_token ../p1.json)" $p
	[ "$(echo state/trials/trial_1/*)" = "$p ${p%/*}/manifest.json" ]
}

@test "the manifest at the end" {
	local m=state/trials/trial_1/manifest.json

	config '.worker_leases.enabled = true'
	reserve
	edit $m '.unknown_key = {"kept": [true]}'
	created=$(jq .created_at $m)
	ingest 1 >/dev/null
	same "$(jq 'keys' $m)" "$(jq -n '["created_at", "updated_at",
	    "trial_id", "status", "terminal_reason", "params",
	    "objective_name", "objective_value", "objective_vector",
	    "scalarized_objective", "scalarization_policy",
	    "penalty_objective", "suggested_at", "completed_at",
	    "last_heartbeat_at", "heartbeat_count", "lease_token",
	    "artifact_path", "artifacts", "unknown_key"] | sort')"
	[ "$(jq .created_at $m)" = "$created" ]
	[ "$(jq '.updated_at >= .created_at' $m)" = true ]
	same "$(jq '[.trial_id, .status, .terminal_reason, .objective_name,
	    .objective_value, .objective_vector, .scalarized_objective,
	    .scalarization_policy, .penalty_objective, .artifact_path,
	    .unknown_key]' $m)" '[1, "ok", null, "loss", 1, {"loss": 1}, 1,
	    null, null, "state/trials/trial_1/ingest_payload.json",
	    {"kept": [true]}]'
	same "$(jq '[.params, .suggested_at, .lease_token]' $m)" \
	    "$(jq '[.params, .suggested_at, .lease_token]' ../s)"
	[ "$(jq .completed_at $m)" = \
	    "$(jq '.observations[0].completed_at' $state)" ]
	[ "$(jq '.artifacts | has("ingest_payload")' $m)" = true ]
	as_python document $m
}

@test "the manifest of a failure, of a weighted sum" {
	local m

	echo '{"primary_objective": {"name": "b", "direction": "minimize"},
	    "secondary_objectives": [{"name": "a", "direction": "maximize"}],
	    "scalarization": {"policy": "weighted_sum",
	    "weights": {"b": 3, "a": 1}}}' >objective_schema.json
	reserve -n 2
	ingest 1 '.objectives = {"a": 10, "b": 4}' >/dev/null
	m=state/trials/trial_1/manifest.json
	# (3 * 4 - 1 * 10) / 4
	same "$(jq '[.objective_name, .objective_value, .objective_vector,
	    .scalarized_objective, .scalarization_policy]' $m)" \
	    '["b", 4, {"b": 4, "a": 10}, 0.5, "weighted_sum"]'
	ingest 2 '.objectives = {"a": null, "b": null} | .status = "timeout"
	    | .penalty_objective = 9' >/dev/null
	m=state/trials/trial_2/manifest.json
	same "$(jq '[.status, .terminal_reason, .objective_value,
	    .objective_vector, .scalarized_objective, .scalarization_policy,
	    .penalty_objective]' $m)" '["timeout", "status=timeout", null,
	    {"b": null, "a": null}, null, "weighted_sum", 9]'
}

@test "events: the lock around ingest_applied; decisions stay" {
	reserve -n 2
	cp state/acquisition_log.jsonl ../a
	: >$events
	ingest 1 >/dev/null
	ingest 2 '.status = "killed" | .objectives.loss = null' >/dev/null
	same "$(jq -s 'map(del(.timestamp, .pid, .wait_seconds))' $events)" \
	    '[{"event": "lock_acquired", "command": "ingest"},
	    {"event": "ingest_applied", "trial_id": 1, "status": "ok"},
	    {"event": "lock_released", "command": "ingest"},
	    {"event": "lock_acquired", "command": "ingest"},
	    {"event": "ingest_applied", "trial_id": 2, "status": "killed"},
	    {"event": "lock_released", "command": "ingest"}]'
	as_python log $events
	cmp ../a state/acquisition_log.jsonl
}

@test "unknown keys of the pending entry become the observation's" {
	reserve
	edit $state '.pending[0].ours = {"a": "ü"} | .pending[0].retry_of = 9
	    | .extra = [1] | .meta.more = "m"'
	ingest 1 >/dev/null
	same "$(jq '[.observations[0].ours, .observations[0].retry_of, .extra,
	    .meta.more]' $state)" '[{"a": "ü"}, 9, [1], "m"]'
	[ "$(jq .retry_of state/trials/trial_1/manifest.json)" = 9 ]
}

# --------------------------------------------------------------------- CSV

# csv_of_state: what the CSV should be, by Python.
csv_of_state() {
	python3 - $state <<-'END'
		import csv, json, sys
		plain = ["trial_id", "status", "completed_at",
		    "artifact_path", "terminal_reason", "penalty_objective",
		    "last_heartbeat_at", "lease_token", "source_trial_id"]
		text = lambda v: "" if v is None else str(v)
		rows = []
		with open(sys.argv[1]) as f:
		    state = json.load(f, parse_float=str, parse_int=str)
		for o in state["observations"]:
		    row = {k: o[k] for k in plain if k in o}
		    row.update(("param_" + k, v)
		        for k, v in o["params"].items())
		    row.update(("objective_" + k, v)
		        for k, v in o["objectives"].items())
		    rows.append(row)
		names = sorted(set().union(*rows))
		sys.stdout.reconfigure(newline="")
		if rows:
		    out = csv.DictWriter(sys.stdout, names, restval="")
		    out.writeheader()
		    out.writerows({k: text(v) for k, v in r.items()}
		        for r in rows)
	END
}

@test "the CSV after each kind of result" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "b", "type": "bool"},
		    {"name": "f", "type": "float", "bounds": [1e-9, 4]},
		    {"name": "k", "type": "int", "bounds": [1, 9],
		     "when": {"b": true}},
		    {"name": "c,\"q\"", "type": "categorical", "choices":
		     ["a,b", "q\"q", "two\nlines", "\r", " ü ", "", 1, 1.50,
		     "1"]}]}
	END
	reserve -n 12
	[ ! -s $csv ]
	ingest 1 >/dev/null
	csv_of_state | cmp - $csv
	[[ $(head -n 1 $csv) == artifact_path,completed_at,objective_loss,* ]]
	# each line ends in CR LF, quoted ones inside cells aside
	[ "$(head -n 1 $csv | od -An -c | tr -d ' \n' | tail -c 4)" = '\r\n' ]
	head -n 1 $csv >../header
	for i in 2 3 4 5; do
		ingest $i >/dev/null
		csv_of_state | cmp - $csv
	done
	head -n 1 $csv | cmp - ../header
	# the first failure brings columns of its own
	ingest 6 '.status = "failed" | .objectives.loss = null
	    | .terminal_reason = "a, \"b\"\nc"' >/dev/null
	csv_of_state | cmp - $csv
	[[ $(head -n 1 $csv) == *,penalty_objective,status,terminal_reason,* ]]
	ingest 7 '.heartbeat_at = 3' >/dev/null
	csv_of_state | cmp - $csv
	for i in 8 9 10 11 12; do
		ingest $i >/dev/null
	done
	csv_of_state | cmp - $csv
	grep -q ',True,' $csv
	grep -q ',False,' $csv
	run -1 grep -wE 'true|false|null|None' $csv
}

@test "the CSV is derived: lost or changed, it is made again" {
	reserve -n 5
	ingest 1 >/dev/null
	rm $csv
	ingest 2 >/dev/null
	csv_of_state | cmp - $csv
	printf 'junk\r\n' >>$csv
	ingest 3 >/dev/null
	csv_of_state | cmp - $csv
	# a header in another order, nothing else
	head -n 1 $csv | tr -d '\r' | awk -F , '{ for (i = NF; i > 0; i--)
	    printf "%s%s", $i, (i > 1 ? "," : "\r\n") }' >../csv
	sed 1d $csv >>../csv
	[ "$(stat -c %s ../csv)" = "$(stat -c %s $csv)" ]
	cp ../csv $csv
	ingest 4 >/dev/null
	csv_of_state | cmp - $csv
	: >$csv
	ingest 5 >/dev/null
	csv_of_state | cmp - $csv
}

# --------------------------------------------------------- shapes of input

@test "one object, an array, a bundle, JSONL, concatenated, indented" {
	reserve -n 12
	run -0 lo-ingest <../p1.json
	[ "${#lines[@]}" = 1 ]
	run -0 lo-ingest < <(jq -s . ../p2.json ../p3.json)
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[2,3]' ]
	run -0 lo-ingest < <(jq -s '{payloads: .}' ../p4.json ../p5.json)
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[4,5]' ]
	run -0 lo-ingest < <(cat ../p[67].json)
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[6,7]' ]
	run -0 lo-ingest < <(cat ../p[89].json | tr -d '\n')
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[8,9]' ]
	run -0 lo-ingest < <(jq . ../p1[012].json)
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[10,11,12]' ]
	[ "$(jq '.observations | length' $state)" = 12 ]
	run -0 --separate-stderr lo-ingest </dev/null
	[ "$output" = "" ]
}

@test "files, several, and - for stdin" {
	reserve -n 4
	run -0 lo-ingest ../p1.json - ../p3.json <../p2.json
	[ "$(jq -sc 'map(.trial_id)' <<<"$output")" = '[1,2,3]' ]
	run -0 lo-ingest -- ../p4.json
	run -4 --separate-stderr lo-ingest ../none.json
	[ "$output" = "" ]
	[[ $stderr == *none.json* ]]
}

@test "each value is handled as soon as it is complete" {
	reserve -n 2
	mkfifo ../pipe
	lo-ingest <../pipe >../out &
	exec 6>../pipe
	cat ../p1.json >&6
	wait_for 10 grep -q '"trial_id":1' ../out
	# no newline is needed after an object
	tr -d '\n' <../p2.json >&6
	wait_for 10 grep -q '"trial_id":2' ../out
	exec 6>&-
	wait $!
}

@test "the lock is not held while input is awaited" {
	reserve -n 2
	mkfifo ../pipe
	lo-ingest <../pipe >../out &
	exec 6>../pipe
	cat ../p1.json >&6
	wait_for 10 grep -q '"trial_id":1' ../out
	run -0 lo-suggest --fail-fast
	exec 6>&-
	wait $!
}

@test "filters" {
	reserve -n 2
	run -0 lo-ingest -rf .result ../p1.json
	[ "$output" = ingested ]
	run -0 lo-ingest --arg a '<' -f '[$a, .trial_id]' -c ../p1.json \
	    ../p2.json
	[ "$output" = $'["<",1]\n["<",2]' ]
}

@test "usage errors" {
	reserve
	contents state >../before
	run -2 lo-ingest --status failed ../p1.json
	run -2 lo-ingest --reason r ../p1.json
	run -2 lo-ingest --trial 1 --batch loss=1
	run -2 lo-ingest --trial 0 loss=1
	run -2 lo-ingest --trial x loss=1
	run -2 lo-ingest --lock-timeout x ../p1.json
	contents state | diff ../before -
}

# -------------------------------------------------------------- rejections

@test "rejected: ids" {
	reserve
	mutant 1 '.trial_id = 0' '<stdin>:1: ' .trial_id
	mutant 1 '.trial_id = -1' .trial_id
	mutant 1 '.trial_id = 1.5' .trial_id 1.5
	mutant 1 '.trial_id = "1"' .trial_id
	mutant 1 'del(.trial_id)' .trial_id
	mutant 1 '.trial_id = null' .trial_id
	mutant 1 '.trial_id = 2' '<stdin>:1: trial 2: '
	mutant 1 '1'
	mutant 1 '"text"'
	mutant 1 'null'
	mutant 1 '{}' .trial_id
	mutant 1 '[[]]'
}

@test "rejected: params that are not the trial's, all of them listed" {
	reserve
	edit $state '.pending[0].params = {"x": 0.25, "n": 3}'
	p='<stdin>:1: trial 1: .params'
	mutant 1 '.params = {x: 0.5, n: 3}' "$p" 'x: expected 0.25, got 0.5'
	[[ $stderr != *"n: "* ]]
	mutant 1 '.params = {x: 0.5, n: 4}' 'x: expected 0.25, got 0.5' \
	    'n: expected 3, got 4'
	mutant 1 '.params = {x: 0.25}' "$p" 'n: expected 3'
	mutant 1 '.params = {}' 'x: expected 0.25' 'n: expected 3'
	mutant 1 '.params = {x: "0.25", n: 3}' 'x: expected 0.25, got "0.25"'
	mutant 1 '.params = {x: null, n: 3}' 'x: expected 0.25, got null'
	mutant 1 '.params = {x: 0.25, n: 3, zz: 1}' "$p" zz
	mutant 1 'del(.params)' .params
	mutant 1 '.params = []' .params
	mutant 1 '.params = null' .params
}

@test "rejected: choices of the same look" {
	echo '{"parameters": [{"name": "c", "type": "categorical",
	    "choices": ["1", 1]}, {"name": "b", "type": "bool"}]}' \
	    >parameter_space.json
	lo-suggest --params '{"c": "1", "b": true}' >/dev/null
	rejects 'c: expected "1", got 1' <<-'END'
		{"trial_id": 1, "params": {"c": 1, "b": true},
		    "objectives": {"loss": 1}}
	END
	rejects 'b: expected true, got 1' <<-'END'
		{"trial_id": 1, "params": {"c": "1", "b": 1},
		    "objectives": {"loss": 1}}
	END
}

@test "rejected: objectives and status" {
	local w='<stdin>:1: trial 1: '

	reserve
	mutant 1 'del(.objectives)' "$w.objectives"
	mutant 1 '.objectives = 1' "$w.objectives" got
	mutant 1 '.objectives = {}' "$w.objectives.loss" expected
	mutant 1 '.objectives.loss = null' "$w.objectives.loss" expected null
	mutant 1 '.objectives.loss = "1"' "$w.objectives.loss" expected '"1"'
	mutant 1 '.objectives.loss = true' "$w.objectives.loss"
	mutant 1 '.objectives.more = 1' "$w.objectives.more" loss
	mutant 1 '.status = "done"' "$w.status" expected timeout '"done"'
	mutant 1 '.status = "OK"' "$w.status"
	mutant 1 '.status = "pending"' "$w.status"
	mutant 1 '.status = 1' "$w.status"
	mutant 1 '.penalty_objective = 1' "$w.penalty_objective"
	mutant 1 '.status = "failed"' "$w.objectives.loss" null
	f='.status = "failed" | .objectives.loss = null'
	mutant 1 "$f | .objectives = {}" "$w.objectives.loss"
	mutant 1 "$f | .objectives.more = null" "$w.objectives.more"
	mutant 1 "$f | del(.objectives)" "$w.objectives"
	mutant 1 "$f | .penalty_objective = \"1\"" "$w.penalty_objective"
	mutant 1 "$f | .terminal_reason = 5" "$w.terminal_reason"
	mutant 1 "$f | .failure_reason = []" "$w.failure_reason"
}

@test "rejected: one of several objectives is missing" {
	echo '{"primary_objective": {"name": "b", "direction": "minimize"},
	    "secondary_objectives": [{"name": "a", "direction": "maximize"}]}' \
	    >objective_schema.json
	reserve
	mutant 1 '.objectives = {b: 1}' .objectives.a
	mutant 1 '.objectives = {b: 1, a: null}' .objectives.a
	mutant 1 '.objectives = {b: 1, a: 2, c: 3}' .objectives.c
	mutant 1 '.status = "killed" | .objectives = {b: null, a: 2}' \
	    .objectives.a
	mutant 1 '.status = "killed" | .objectives = {b: null}' .objectives.a
}

@test "rejected: the optional members" {
	local w='<stdin>:1: trial 1: '

	reserve
	mutant 1 '.schema_version = "three"' "$w.schema_version" '"three"'
	mutant 1 '.schema_version = 3' "$w.schema_version"
	mutant 1 '.runtime_seconds = -1' "$w.runtime_seconds" -1
	mutant 1 '.runtime_seconds = "1"' "$w.runtime_seconds"
	mutant 1 '.heartbeat_at = "now"' "$w.heartbeat_at"
	mutant 1 '.heartbeat_note = 5' "$w.heartbeat_note"
	mutant 1 '.heartbeat_meta = []' "$w.heartbeat_meta"
	mutant 1 '.lease_token = 5' "$w.lease_token"
}

@test "text that is not JSON: line and column, exit 1, nothing stored" {
	local text

	reserve -n 2
	contents state >../before
	while read -r text; do
		printf '\n%s\n' "$text" >../bad
		run -1 --separate-stderr lo-ingest ../bad
		echo "$text: $stderr"
		[ "$output" = "" ]
		[[ $stderr =~ ^lo-ingest:\ \.\./bad:.*line\ [23].*column\ [0-9] ]]
		run -1 lo-ingest --batch ../bad
	done <<-'END'
		{"trial_id": 1,}
		{"trial_id": 1, "trial_id": 1}
		{"trial_id": NaN}
		{"trial_id": -Infinity}
		{"trial_id": 1e400}
		{"trial_id": 9007199254740993}
		{"trial_id": 01}
		{'trial_id': 1}
		{"trial_id": 1
		}{"trial_id": 1}
		trial 1
	END
	printf '{"trial_id": 1, "note": "\xff"}' >../bad
	run -1 --separate-stderr lo-ingest ../bad
	[[ $stderr == *"line 1"*column* ]]
	printf '%300s' '' | tr ' ' '[' >../bad
	run -1 --separate-stderr lo-ingest ../bad
	[[ $stderr == *"line 1"*column* ]]
	contents state | diff ../before -
	# what stood before it is taken
	cat ../p1.json ../bad ../p2.json >../mixed
	run -1 --separate-stderr lo-ingest ../mixed
	same "$output" "$(lo-ingest ../p1.json | jq '.result = "ingested"')"
	[ "$(jq '.observations | length' $state)" = 1 ]
}

@test "after a rejected payload the rest is handled, and the exit is 1" {
	reserve -n 4
	run -1 --separate-stderr lo-ingest < <(
	    cat ../p1.json
	    jq -c '.params.x = 2 | .status = "timeout"' ../p2.json
	    echo '{"trial_id": 77}'
	    cat ../p3.json)
	same "$(jq -sc 'map([.trial_id, .result])' <<<"$output")" \
	    '[[1, "ingested"], [2, "rejected"], [77, "rejected"],
	    [3, "ingested"]]'
	same "$(jq -sc 'map(has("error"))' <<<"$output")" \
	    '[false, true, true, false]'
	same "$(jq -sc 'map(.observations)' <<<"$output")" '[1, 1, 1, 2]'
	same "$(jq -sc 'map(.best.trial_id)' <<<"$output")" '[1, 1, 1, 1]'
	# of what was refused, what it said
	same "$(jq -sc 'map(.status)' <<<"$output")" \
	    '["ok", "timeout", null, "ok"]'
	# lines of the input are named
	[[ ${stderr_lines[0]} == "lo-ingest: <stdin>:2: trial 2: .params"* ]]
	[[ ${stderr_lines[1]} == "lo-ingest: <stdin>:3: trial 77: "* ]]
	# in one value and in another file as well
	jq -sc '.[0].params.x = 2 | .' ../p2.json ../p4.json >../list
	run -1 lo-ingest ../list
	[ "$(jq '.observations | length' $state)" = 3 ]
	run -1 --separate-stderr lo-ingest ../list ../p2.json
	[ "$(jq '.observations | length' $state)" = 4 ]
	[[ $stderr == "lo-ingest: ../list:1: trial 2: "* ]]
}

# --------------------------------------------------- duplicates, conflicts

@test "the same result again is a no-op and a success" {
	local f='.status = "failed" | .objectives.loss = null'

	reserve -n 3
	ingest 1 '.extra = 1' >/dev/null
	ingest 2 "$f" >/dev/null
	ingest 3 "$f"' | .terminal_reason = "why" | .penalty_objective = 2' \
	    >/dev/null
	contents state | grep -v event_log >../before
	: >$events
	again() {
		run -0 --separate-stderr ingest "$@"
		[ "$(json .result)" = duplicate ]
		[ "$stderr" = "" ]
	}
	again 1
	same "$(value '[.trial_id, .status, .observations, .best.trial_id]')" \
	    '[1, "ok", 3, 1]'
	same "$(jq -s 'map(del(.timestamp, .pid, .wait_seconds))' $events)" \
	    '[{"event": "lock_acquired", "command": "ingest"},
	    {"event": "ingest_duplicate_noop", "trial_id": 1},
	    {"event": "lock_released", "command": "ingest"}]'
	# equal after normalization
	again 1 '.status = "ok" | .terminal_reason = "x" | .extra = 2
	    | .runtime_seconds = 3 | .heartbeat_note = "late"'
	again 2 "$f"' | .terminal_reason = "  "'
	again 2 "$f"' | .failure_reason = " status=failed "'
	again 3 "$f"' | .terminal_reason = " why" | .penalty_objective = 2.0'
	contents state | grep -v event_log | diff ../before -
}

@test "another result is an error that lists what differs" {
	local f='.status = "failed" | .objectives.loss = null'

	reserve -n 2
	x=$(jq .params.x ../p1.json)
	ingest 1 >/dev/null
	ingest 2 "$f"' | .terminal_reason = "why"' >/dev/null
	mutant 1 '.objectives.loss = 1.5' 'trial 1' objectives.loss 1.5
	[[ $stderr != *params* && $stderr != *status* ]]
	mutant 1 '.params.x = 0.123' 'trial 1' "$x" 0.123
	[[ $stderr != *objectives* ]]
	mutant 1 "$f" 'trial 1' status failed objectives.loss
	mutant 1 '.params = {x: 0.123, n: 7} | .objectives.loss = 2' \
	    x 0.123 n 7 objectives.loss
	mutant 2 "$f" terminal_reason why status=failed
	mutant 2 "$f"' | .terminal_reason = "why" | .penalty_objective = 1' \
	    penalty_objective
	[[ $stderr != *terminal_reason* ]]
	mutant 2 '.status = "killed" | .objectives.loss = null
	    | .terminal_reason = "why"' status failed killed
	mutant 2 '.' status objectives.loss
}

# ----------------------------------------------------------------- leases

@test "a leased trial demands its token" {
	config '.worker_leases.enabled = true'
	reserve -n 3
	mutant 1 'del(.lease_token)' 'trial 1' lease_token
	mutant 1 '.lease_token = "0123456789abcdef0123456789abcdef"' \
	    'trial 1' lease_token
	mutant 1 ".lease_token = $(jq .lease_token ../p2.json)" 'trial 1'
	# whatever the configuration says now
	config '.worker_leases.enabled = false'
	mutant 1 'del(.lease_token)' 'trial 1' lease_token
	run -0 ingest 1
	[ "$(jq -r '.observations[0].lease_token' $state)" = \
	    "$(jq -r .lease_token ../p1.json)" ]
	# a duplicate needs none
	run -0 ingest 1 'del(.lease_token)'
	[ "$(json .result)" = duplicate ]
	run -0 ingest 1 '.lease_token = "other"'
	# --lease-token is for payloads without one
	jq -c 'del(.lease_token)' ../p2.json >../q
	run -1 lo-ingest --lease-token wrong ../q
	run -0 lo-ingest --lease-token "$(jq -r .lease_token ../p2.json)" ../q
	run -1 lo-ingest --trial 3 loss=1
	run -0 lo-ingest --trial 3 loss=1 \
	    --lease-token "$(jq -r .lease_token ../p3.json)"
	csv_of_state | cmp - $csv
	[[ $(head -n 1 $csv) == *,lease_token,* ]]
}

@test "an entry without token never needs one" {
	reserve -n 2
	config '.worker_leases.enabled = true'
	run -0 ingest 1
	run -0 ingest 2 '.lease_token = "anything"'
	[ "$(jq '.observations | map(has("lease_token")) | any' $state)" = \
	    false ]
}

# ------------------------------------------------------------ late results

# retire ID...: the next suggest gives them up as stale.
retire() {
	local id

	for id; do
		edit $state --argjson id "$id" --argjson at "$(ago 90000)" \
		    '(.pending[] | select(.trial_id == $id)).suggested_at
		    = $at'
	done
	lo-suggest 2>/dev/null >/dev/null
}

@test "a result for a retired trial replaces the observation" {
	reserve -n 3
	ingest 3 >/dev/null
	retire 1 2
	same "$(jq '[.observations[].trial_id]' $state)" '[3, 1, 2]'
	run -0 ingest 1 '.runtime_seconds = 99999'
	same "$(value '[.result, .status, .observations, .best.trial_id]')" \
	    '["ingested", "ok", 3, 1]'
	same "$(tail -n 3 $events | jq -s 'map(select(.trial_id))
	    | map(del(.timestamp))')" '[{"event": "ingest_late_applied",
	    "trial_id": 1, "status": "ok"}]'
	same "$(jq '.observations | map(select(.trial_id == 1))
	    | map([.status, .objectives.loss, .runtime_seconds,
	    has("terminal_reason"), .artifact_path])' $state)" \
	    '[["ok", 1, 99999, false,
	    "state/trials/trial_1/ingest_payload.json"]]'
	same "$(jq '[.status, .terminal_reason, .objective_value,
	    .penalty_objective]' state/trials/trial_1/manifest.json)" \
	    '["ok", null, 1, null]'
	[ "$(jq .objectives.loss state/trials/trial_1/ingest_payload.json)" \
	    = 1 ]
	csv_of_state | cmp - $csv
	lo-validate --strict >/dev/null
	# once
	run -0 ingest 1
	[ "$(json .result)" = duplicate ]
	mutant 1 '.objectives.loss = 0' objectives.loss
	# a late failure replaces it, too
	run -0 ingest 2 '.status = "failed" | .objectives.loss = null
	    | .terminal_reason = "late"'
	[ "$(jq -r .terminal_reason state/trials/trial_2/manifest.json)" = \
	    late ]
	mutant 2 . status
}

@test "a late result must fit the trial and have its token" {
	config '.worker_leases.enabled = true'
	reserve
	retire 1
	mutant 1 '.params.x = 2' 'trial 1' x
	mutant 1 '.objectives.loss = null' .objectives.loss
	mutant 1 'del(.lease_token)' 'trial 1' lease_token
	mutant 1 '.lease_token = "x"' 'trial 1' lease_token
	run -0 ingest 1
	[ "$(jq -r '.observations[0].lease_token' $state)" = \
	    "$(jq -r .lease_token ../p1.json)" ]
}

@test "retired by others, and canceled, which nothing replaces" {
	reserve -n 3
	for i in 1 2 3; do
		ingest $i '.status = "killed" | .objectives.loss = null
		    | .terminal_reason = ["retired_manual", "retired_stale",
		    "canceled"][.trial_id - 1]' >/dev/null
	done
	# a result may give such a reason, too
	mutant 1 . 'trial 1' 'another result'
	edit $state '.observations[].artifact_path = null'
	run -0 ingest 1
	[ "$(json .result)" = ingested ]
	run -0 ingest 2
	[ "$(json .result)" = ingested ]
	mutant 3 . 'trial 3' status
}

# ----------------------------------------------------------------- --batch

@test "--batch: all in one commit" {
	reserve -n 5
	run -0 --separate-stderr lo-ingest --batch ../p1.json ../p2.json \
	    ../p1.json - < <(jq -s . ../p3.json ../p4.json)
	same "$(jq -sc 'map([.trial_id, .result, .observations])' \
	    <<<"$output")" '[[1, "ingested", 4], [2, "ingested", 4],
	    [1, "duplicate", 4], [3, "ingested", 4], [4, "ingested", 4]]'
	same "$(tail -n 7 $events | jq -s 'map(.event)')" '["lock_acquired",
	    "ingest_applied", "ingest_applied", "ingest_duplicate_noop",
	    "ingest_applied", "ingest_applied", "lock_released"]'
	csv_of_state | cmp - $csv
	lo-validate --strict >/dev/null
}

@test "--batch: or nothing" {
	reserve -n 3
	contents state >../before
	run -1 --separate-stderr lo-ingest --batch ../p1.json - ../p3.json \
	    < <(jq -c '.params.x = 2' ../p2.json)
	same "$(jq -sc 'map([.trial_id, .result, .observations, .best,
	    has("error")])' <<<"$output")" \
	    '[[1, "rejected", 0, null, true], [2, "rejected", 0, null, true],
	    [3, "rejected", 0, null, true]]'
	[[ $stderr == *"<stdin>:1: trial 2: .params"* ]]
	contents state | diff ../before -
	# each by its own file and line
	run -1 --separate-stderr lo-ingest --batch ../p1.json - \
	    < <(cat ../p2.json; echo; jq -c '.params.x = 2' ../p3.json)
	[[ $stderr == *"<stdin>:3: trial 3: .params"* ]]
	run -1 --separate-stderr lo-ingest --batch - ../p1.json ../p1.json \
	    < <(jq -s . ../p2.json <(jq -c '.params.x = 2' ../p3.json))
	[[ $stderr == *"<stdin>:1: trial 3: .params"* ]]
	# of the same trial two results
	jq -c '.objectives.loss = 9' ../p1.json >../other
	run -1 lo-ingest --batch ../p1.json ../other
	contents state | diff ../before -
	# text that is not JSON at the end
	run -1 --separate-stderr lo-ingest --batch ../p1.json - <<<'{'
	[ "$output" = "" ]
	contents state | diff ../before -
	run -0 lo-ingest --batch </dev/null
	contents state | diff ../before -
}

# ----------------------------------------------------------------- --trial

@test "--trial: a person gives the values" {
	reserve -n 3
	run -0 --separate-stderr lo-ingest --trial 1 loss=-2.5e-1
	same "$(value '[.trial_id, .result, .status, .best.objective_value]'
	    )" '[1, "ingested", "ok", -0.25]'
	same "$(jq '.observations[0].params' $state)" \
	    "$(jq .params ../p1.json)"
	same "$(jq .params state/trials/trial_1/ingest_payload.json)" \
	    "$(jq .params ../p1.json)"
	run -0 lo-ingest --trial 2 --status timeout --reason ' out of time '
	same "$(jq '.observations[1] | [.status, .objectives,
	    .terminal_reason]' $state)" \
	    '["timeout", {"loss": null}, "out of time"]'
	run -0 lo-ingest --trial 3 --status failed
	[ "$(jq -r '.observations[2].terminal_reason' $state)" = \
	    status=failed ]
	# again: the same, another
	run -0 lo-ingest --trial 1 loss=-0.25
	[ "$(json .result)" = duplicate ]
	contents state >../before
	run -1 --separate-stderr lo-ingest --trial 1 loss=0
	[[ $stderr == *"trial 1"*objectives.loss* ]]
	contents state | diff ../before -
}

@test "--trial: several objectives, each once" {
	echo '{"primary_objective": {"name": "b", "direction": "minimize"},
	    "secondary_objectives": [{"name": "a=b", "direction":
	    "maximize"}]}' >objective_schema.json
	reserve -n 2
	contents state >../before
	run -1 --separate-stderr lo-ingest --trial 1 b=1
	[[ $stderr == *"trial 1"*a=b* ]]
	contents state | diff ../before -
	edit objective_schema.json '.secondary_objectives[0].name = "a"'
	run -0 lo-ingest --trial 1 a=2 b=1
	same "$(jq '.observations[0].objectives' $state)" '{"b": 1, "a": 2}'
	run -0 lo-ingest --trial 2 --status killed
	same "$(jq '.observations[1].objectives' $state)" \
	    '{"b": null, "a": null}'
}

@test "--trial: what is wrong changes nothing" {
	reserve
	contents state >../before
	run -1 --separate-stderr lo-ingest --trial 7 loss=1
	[[ $stderr == *"trial 7"* ]]
	run -1 lo-ingest --trial 1
	run -1 --separate-stderr lo-ingest --trial 1 gain=1
	[[ $stderr == *gain*loss* ]]
	run -1 lo-ingest --trial 1 loss=1 gain=1
	run -1 lo-ingest --trial 1 --status failed loss=1
	run -2 lo-ingest --trial 1 loss
	run -2 lo-ingest --trial 1 loss=
	run -2 lo-ingest --trial 1 loss=high
	run -2 lo-ingest --trial 1 loss=nan
	run -2 lo-ingest --trial 1 loss=inf
	run -2 lo-ingest --trial 1 loss=1e999
	run -2 lo-ingest --trial 1 loss=1 loss=1
	run -2 --separate-stderr lo-ingest --trial 1 --status faild
	[[ $stderr == *"--status: expected ok, failed, killed or timeout, got 'faild'"* ]]
	contents state | diff ../before -
}

@test "--trial: an entry without params is told, not passed over" {
	reserve
	edit $state 'del(.pending[0].params)'
	run -1 --separate-stderr lo-ingest --trial 1 loss=1
	[[ $stderr == *"$state: trial 1: .params: missing"* ]]
}

@test "a long rejection is said whole" {
	edit parameter_space.json '.parameters = [range(60) | {type: "float",
	    name: "parameter_with_a_long_name_\(.)", bounds: [0, 1]}]'
	reserve
	jq -c '.params[] = -1' ../p1.json | rejects name_0: name_59:
}

# ---------------------------------------------------------------- the rest

@test "settings of a format that is no longer read are refused here only" {
	reserve
	config '.paths.result_schema_file = "../_shared/r.schema.json"'
	mutant 1 . bo_config.json result_schema_file
	run -0 lo-status
	run -0 lo-suggest
	config 'del(.paths.result_schema_file) | .paths.ingest_schema_file
	    = "../_shared/schemas/result_payload.schema.json"'
	mutant 1 . bo_config.json ingest_schema_file
	run -0 lo-status
	config '.paths.ingest_schema_file
	    = "../_shared/schemas/ingest_payload.schema.json"
	    | .paths.search_space_schema_file = "/nowhere"'
	run -0 ingest 1
}

@test "a busy lock is 75 and logs nothing; bad syntax is 1 before it" {
	reserve
	exec 7<state/.looptimum.lock
	flock 7
	snapshot state >../before
	run -75 --separate-stderr lo-ingest --fail-fast ../p1.json
	[ "$output" = "" ]
	[[ $stderr == *lock* ]]
	run -75 lo-ingest --lock-timeout 0.05 ../p1.json
	run -75 lo-ingest --fail-fast --batch ../p1.json
	run -75 lo-ingest --fail-fast --trial 1 loss=1
	config '.lock_timeout_seconds = 0'
	run -75 lo-ingest ../p1.json
	# all else is judged under it
	run -75 lo-ingest <<<'{"trial_id": 99}'
	run -1 lo-ingest <<<'{"trial_id": 99'
	run -1 lo-ingest --batch <<<'{"trial_id": 99'
	snapshot state | diff ../before -
	exec 7<&-
	run -0 lo-ingest --fail-fast ../p1.json
}

@test "the budget does not matter to results" {
	config '.max_trials = 2'
	reserve -n 2
	config '.max_trials = 1 | .max_pending_trials = 1'
	run -0 ingest 1
	run -0 ingest 2
}

@test "bounds that moved do not matter to a trial that is older" {
	lo-suggest --params '{"x": 0.9, "n": 8}' >/dev/null
	edit parameter_space.json '.parameters[0].bounds = [0, 0.5]'
	run -0 lo-ingest <<<'{"trial_id": 1, "params": {"x": 0.9, "n": 8},
	    "objectives": {"loss": 1}}'
}

@test "the state: missing, corrupt, of other versions" {
	reserve -n 2
	cp $state ../state
	for text in '{"schema_version": "0.3.0",' '[]' '' '{"a":1,"a":2}'; do
		printf '%s' "$text" >$state
		contents state >../before
		run -1 --separate-stderr lo-ingest ../p1.json
		[ "$output" = "" ]
		[[ $stderr == *bo_state.json* ]]
		contents state | diff ../before -
	done
	rm $state
	contents state >../before
	run -1 --separate-stderr lo-ingest ../p1.json
	[[ $stderr == *bo_state.json*missing*copy* ]]
	contents state | diff ../before -
	jq '.schema_version = "0.4.0"' ../state >$state
	contents state >../before
	run -1 --separate-stderr lo-ingest ../p1.json
	[[ $stderr == *0.2.x*0.3.x*0.4.0* ]]
	contents state | diff ../before -
	jq '.schema_version = "0.2.9"' ../state >$state
	run -0 --separate-stderr lo-ingest ../p1.json
	[ "${#stderr_lines[@]}" = 1 ]
	[ "$(jq -r .schema_version $state)" = 0.3.0 ]
	run -0 --separate-stderr lo-ingest ../p2.json
	[ "$stderr" = "" ]
}

@test "an older campaign goes on: no versions, keys of its own" {
	mkdir -p state/trials/trial_1 state/trials/trial_2
	cat >$state <<-'END'
		{"meta": {"created_at": 1700000000.5, "seed": 3,
		  "tool": "older"},
		 "observations": [
		  {"trial_id": 1, "params": {"x": 0.5, "n": 4},
		   "objectives": {"loss": 2.0}, "status": "ok",
		   "completed_at": 1700000001.0, "machine": "m1"}],
		 "pending": [
		  {"trial_id": 2, "params": {"x": 0.25, "n": 2},
		   "suggested_at": 1700000002.0, "note": "n"}],
		 "next_trial_id": 3,
		 "best": {"trial_id": 1, "objective_name": "loss",
		  "objective_value": 2.0, "updated_at": 1700000001.0}}
	END
	echo '{"trial_id": 2, "status": "pending", "created_at": 5.0,
	    "who": "them"}' >state/trials/trial_2/manifest.json
	run -0 --separate-stderr lo-ingest <<<'{"trial_id": 2, "params":
	    {"x": 0.25, "n": 2}, "objectives": {"loss": 1}}'
	[ "${#stderr_lines[@]}" = 1 ]
	same "$(jq '[.schema_version, .meta.tool, .observations[0].machine,
	    .observations[1].note, .best.trial_id, .meta.seed]' $state)" \
	    '["0.3.0", "older", "m1", "n", 2, 3]'
	same "$(jq '[.who, .created_at, .status]' \
	    state/trials/trial_2/manifest.json)" '["them", 5, "ok"]'
	csv_of_state | cmp - $csv
}

@test "the campaign: -C, LO_CAMPAIGN, upwards from here" {
	reserve -n 3
	mkdir sub
	cd ..
	run -0 lo-ingest -C c p1.json
	LO_CAMPAIGN=c run -0 lo-ingest p2.json
	cd c/sub
	run -0 lo-ingest ../../p3.json
	run -1 lo-ingest -C . ../../p3.json
	[[ $output == *bo_config.json*lo-init* ]]
}

@test "no input at all is said, and is no failure" {
	make_campaign none
	run -0 --separate-stderr lo-ingest -C none </dev/null
	[ "$output" = "" ]
	[[ $stderr == "lo-ingest: no payload came"* ]]
	: >empty
	run -0 --separate-stderr lo-ingest -C none --batch empty
	[[ $stderr == "lo-ingest: no payload came"* ]]
}

@test "a result for a canceled trial: that is what is said" {
	reserve
	lo-cancel 1 >/dev/null
	run -1 --separate-stderr lo-ingest ../p1.json
	[[ $output$stderr == *"trial 1: it was canceled, which is for good"* ]]
}

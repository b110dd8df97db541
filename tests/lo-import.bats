#!/usr/bin/env bats
# lo-import: what a row may hold, strict and permissive, and what is left.
# shellcheck disable=SC2154 # run sets stderr
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper

setup() {
	scratch
	make_campaign c
	cd c || return
}

# row [FILTER]: a good row of JSONL, changed by a jq program.
row() {
	jq -nc '{trial_id: 7, params: {x: 0.5, n: 3},
	    objectives: {loss: 1.5}, status: "ok"} | '"${1:-.}"
}

# refused EXPECTED: the row on stdin is, for that reason.
refused() {
	run -1 --separate-stderr lo-import -
	[ "$output" = "" ]
	[ "${stderr_lines[0]}" = "lo-import: <stdin>: row 1: $1" ] || {
		echo "$stderr"
		return 1
	}
}

# csv_refused EXPECTED LINE...: the same for CSV.
csv_refused() {
	local expected=$1

	shift
	printf '%s\n' "$@" >in.csv
	run -1 --separate-stderr lo-import in.csv
	[ "${stderr_lines[0]}" = "lo-import: in.csv: $expected" ] || {
		echo "$stderr"
		return 1
	}
}

accepted() {
	run -0 --separate-stderr lo-import -f .imported -
	[ "$output" = "${1:-1}" ]
}

observation() {
	jq -c ".observations[-1] | $1" state/bo_state.json
}

last_event() {
	grep -v '"lock_' state/event_log.jsonl | tail -n 1
}

@test "rows get fresh ids, the old one stays as source_trial_id" {
	lo-suggest | payload 9 | lo-ingest -f empty
	row | lo-import - >out
	same "$(cat out)" '{"imported": 1, "rejected": 0, "format": "jsonl",
	    "mode": "strict", "next_trial_id": 3, "remaining": 38}'
	same "$(observation 'del(.completed_at)')" '{"trial_id": 2,
	    "params": {"x": 0.5, "n": 3}, "objectives": {"loss": 1.5},
	    "status": "ok", "artifact_path": null, "suggested_at": null,
	    "source_trial_id": 7}'
	[ "$(lo-status -f .next_trial_id)" = 3 ]
	[ "$(lo-best -f .trial_id)" = 2 ]
	lo-validate --strict -f .valid
}

@test "source_trial_id beats trial_id; from CSV it is a string" {
	row '.source_trial_id = "run-3"' | accepted
	[ "$(observation .source_trial_id)" = '"run-3"' ]
	row 'del(.trial_id) | .source_trial_id = 5' | accepted
	[ "$(observation .source_trial_id)" = 5 ]
	row 'del(.trial_id)' | accepted
	[ "$(observation 'has("source_trial_id")')" = false ]
	printf '%s\n' trial_id,param_x,param_n,objective_loss,status \
	    12,0.5,3,1,ok | lo-import --format csv -
	[ "$(observation .source_trial_id)" = '"12"' ]
	row '.trial_id = 1.5' |
	    refused '.trial_id: expected a whole number or a text, got 1.5'
	row '.source_trial_id = ""' |
	    refused '.source_trial_id: expected a whole number or a text, got ""'
}

@test "every optional member is kept" {
	row '. + {suggested_at: 1.5, completed_at: 3, runtime_seconds: 2,
	    artifact_path: "p", last_heartbeat_at: 2.5, heartbeat_count: 4,
	    heartbeat_note: "n", heartbeat_meta: {a: 1.0, b: [null]},
	    lease_token: "t"}' | accepted
	same "$(observation .)" '{"trial_id": 1, "params": {"x": 0.5, "n": 3},
	    "objectives": {"loss": 1.5}, "status": "ok", "artifact_path": "p",
	    "suggested_at": 1.5, "completed_at": 3.0, "last_heartbeat_at":
	    2.5, "heartbeat_count": 4, "heartbeat_note": "n",
	    "heartbeat_meta": {"a": 1.0, "b": [null]}, "runtime_seconds": 2.0,
	    "lease_token": "t", "source_trial_id": 7}'
	row '.status = "timeout" | .objectives.loss = null |
	    .terminal_reason = "late" | .penalty_objective = 9' | accepted
	[ "$(observation '[.status, .terminal_reason, .penalty_objective]')" \
	    = '["timeout","late",9]' ]
	row '.status = "killed" | del(.objectives)' | accepted
	[ "$(observation '[.objectives, .terminal_reason,
	    .penalty_objective]')" = '[{"loss":null},null,null]' ]
	lo-validate --strict -f .valid
}

@test "missing completed_at is the import time" {
	before=$(ago 0)
	row | accepted
	at=$(observation .completed_at)
	jq -en "$at >= $before and $at <= now"
	[ "$(last_event | jq .imported_at)" = "$at" ]
}

@test "each thing that makes a row wrong names field, expected and got" {
	row '.mine = 1' | refused '.mine: unknown key (known here: trial_id, source_trial_id, params, objectives, status, suggested_at, completed_at, runtime_seconds, terminal_reason, penalty_objective, artifact_path, last_heartbeat_at, heartbeat_count, heartbeat_note, heartbeat_meta, lease_token)'
	row '.params.y = 1' |
	    refused '.params.y: unknown parameter, expected one of x, n'
	row 'del(.params.n)' |
	    refused '.params.n: missing, expected an integer'
	row '.params.n = 2.5' |
	    refused '.params.n: expected an integer, got 2.5'
	row '.params.x = "a"' |
	    refused '.params.x: expected a number, got "a"'
	row 'del(.params)' | refused '.params: missing, expected an object'
	for s in '"success"' '"OK"' null 1; do
		row ".status = $s" | refused ".status: expected \"ok\", \"failed\", \"killed\" or \"timeout\", got $s"
	done
	row 'del(.status)' | refused '.status: missing, expected "ok", "failed", "killed" or "timeout"'
	row '.objectives.loss = null' | refused '.objectives.loss: expected a finite number with status ok, got null'
	row '.status = "failed"' | refused '.objectives.loss: expected null with a status other than ok, got 1.5'
	row '.objectives.speed = 1' | refused '.objectives.speed: unknown objective, expected exactly loss'
	row '.penalty_objective = 1' |
	    refused '.penalty_objective: expected none with status ok, got 1'
	row '.runtime_seconds = -1' |
	    refused '.runtime_seconds: expected a number >= 0, got -1'
	row '.completed_at = "x"' | refused '.completed_at: expected a finite number or null, got "x"'
	row '.heartbeat_count = 0.5' |
	    refused '.heartbeat_count: expected an integer >= 0, got 0.5'
	row '.heartbeat_meta = []' |
	    refused '.heartbeat_meta: expected an object, got []'
	row '.lease_token = ""' |
	    refused '.lease_token: expected a token or null, got ""'
	echo 7 | refused '.: expected an object, got 7' ||
	    [[ ${stderr_lines[0]} == *"row 1: "*"expected an object, got 7" ]]
	[ ! -e state/bo_state.json ]
}

@test "out-of-choice values are refused, in CSV too" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "c", "type": "categorical",
		  "choices": ["a", 1, "2"]}, {"name": "b", "type": "bool"}]}
	END
	jq -nc '{params: {c: "z", b: true}, objectives: {loss: 1},
	    status: "ok"}' |
	    refused '.params.c: expected one of "a", 1, "2", got "z"'
	csv_refused 'row 1: .params.c: expected one of "a", 1, "2", got "z"' \
	    param_c,param_b,objective_loss,status z,1,1,ok
	csv_refused 'row 1: .params.b: expected true or false, got "maybe"' \
	    param_c,param_b,objective_loss,status a,maybe,1,ok
	csv_refused 'row 1: .params.c: missing, expected one of "a", 1, "2"' \
	    param_c,param_b,objective_loss,status ,yes,1,ok
}

@test "truth values as people write them" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "b", "type": "bool"}]}
	END
	printf '%s\n' param_b,objective_loss,status True,1,ok False,1,ok \
	    true,1,ok false,1,ok 1,1,ok 0,1,ok yes,1,ok no,1,ok \
	    ' YES ,1, ok ' | lo-import --format csv -
	run -0 jq -c '[.observations[].params.b]' state/bo_state.json
	[ "$output" = "[true,false,true,false,true,false,true,false,true]" ]
}

@test "inactive parameters are dropped, whatever they hold" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "b", "type": "bool"},
		  {"name": "k", "type": "int", "bounds": [1, 4],
		   "when": {"b": true}}]}
	END
	printf '%s\n' param_b,param_k,objective_loss,status False,junk,1,ok \
	    True,2,1,ok False,,1,ok | lo-import --format csv -
	run -0 jq -c '[.observations[].params]' state/bo_state.json
	[ "$output" = '[{"b":false},{"b":true,"k":2},{"b":false}]' ]
	csv_refused 'row 1: .params.k: missing, expected an integer' \
	    param_b,param_k,objective_loss,status True,,1,ok
}

@test "bounds are not checked; such points are never suggested" {
	row '.params.x = 7.5 | .params.n = -20' | accepted
	[ "$(observation .params)" = '{"x":7.5,"n":-20}' ]
	edit bo_config.json '.initial_random_trials = 1'
	lo-suggest -n 8 --jsonl -f \
	    'select(.params.x > 1 or .params.n < 1)' >out
	[ ! -s out ]
}

@test "unknown columns may be blank, foreign objectives are ignored" {
	printf '%s\n' 'extra,param_q,objective_speed,param_x,param_n,objective_loss,status' \
	    ' ,,junk,0.5,3,1,ok' | lo-import --format csv -
	csv_refused 'row 2: extra: unknown column, expected a blank cell, got "v"' \
	    extra,param_x,param_n,objective_loss,status ,0.5,3,1,ok v,0.5,3,1,ok
	csv_refused 'row 1: param_q: unknown column, expected a blank cell, got "1"' \
	    param_q,param_x,param_n,objective_loss,status 1,0.5,3,1,ok
	csv_refused 'header: expected each column once, got status twice' \
	    status,status ok,ok
	csv_refused 'row 1: expected 4 cells as in the header, got 3' \
	    param_x,param_n,objective_loss,status 0.5,3,1
	csv_refused 'row 1: expected 4 cells as in the header, got 5' \
	    param_x,param_n,objective_loss,status 0.5,3,1,ok,more
	csv_refused 'row 1: .objectives.loss: expected a finite number with status ok, got "nan"' \
	    param_x,param_n,objective_loss,status 0.5,3,nan,ok
	csv_refused 'row 1: .heartbeat_meta: expected an object, got "{"' \
	    param_x,param_n,objective_loss,status,heartbeat_meta_json \
	    '0.5,3,1,ok,{'
}

@test "observations.csv can be imported" {
	for y in 1 2; do lo-suggest | payload $y | lo-ingest -f empty; done
	lo-suggest | payload null failed | lo-ingest -f empty
	cd ..
	make_campaign d
	lo-import -C d c/state/observations.csv
	diff <(lo-export -C c -f '[.params, .objectives, .status]') \
	    <(lo-export -C d -f '[.params, .objectives, .status]')
}

@test "strict: all or nothing; refused: nothing is written or logged" {
	lo-suggest | payload 1 | lo-ingest -f empty
	before=$(contents)
	(row; row '.status = "x"'; row; row '.params.x = null') >in.jsonl
	mv in.jsonl ..
	run -1 --separate-stderr lo-import ../in.jsonl
	[ "$output" = "" ]
	[ "${#stderr_lines[@]}" = 3 ]
	[[ ${stderr_lines[0]} == "lo-import: ../in.jsonl: row 2: .status: expected "*' got "x"' ]]
	[ "${stderr_lines[1]}" = "lo-import: ../in.jsonl: row 4: .params.x: expected a number, got null" ]
	[ "${stderr_lines[2]}" = "lo-import: ../in.jsonl: 2 of 4 rows are refused, so nothing is imported; mend them, or take the others with --permissive" ]
	[ "$(contents)" = "$before" ]
}

@test "permissive: good rows in, bad ones out, with a report" {
	(row; row '.status = "x" | .source_trial_id = "s"'; echo '{"a": '
	    row; row 'del(.trial_id) | .params.x = null') >in.jsonl
	run -0 --separate-stderr lo-import --permissive in.jsonl
	[ "${#stderr_lines[@]}" = 3 ]
	report=$(json .import_report_path)
	[[ $report =~ ^state/import_reports/import-[0-9]{8}T[0-9]{6}Z-[0-9]{6}-[0-9]+\.json$ ]]
	same "$(json 'del(.import_report_path)')" '{"imported": 2,
	    "rejected": 3, "format": "jsonl", "mode": "permissive",
	    "next_trial_id": 3, "remaining": 38}'
	same "$(jq 'del(.imported_at) | del(.rejected_rows[].error)' \
	    "$report")" '{"mode": "permissive", "import_source": "in.jsonl",
	    "row_format": "jsonl", "requested_count": 5, "accepted_count": 2,
	    "rejected_count": 3, "accepted_trial_ids": [1, 2],
	    "rejected_rows": [
	     {"row_number": 2, "row_format": "jsonl", "row": {"trial_id": 7,
	      "params": {"x": 0.5, "n": 3}, "objectives": {"loss": 1.5},
	      "status": "x", "source_trial_id": "s"}, "source_trial_id": "s"},
	     {"row_number": 3, "row_format": "jsonl", "row": "{\"a\": "},
	     {"row_number": 5, "row_format": "jsonl", "row": {"params":
	      {"x": null, "n": 3}, "objectives": {"loss": 1.5},
	      "status": "ok"}}]}'
	[ "$(jq -r '.rejected_rows[2].error' "$report")" = \
	    "row 5: .params.x: expected a number, got null" ]
	same "$(last_event | jq 'del(.timestamp, .imported_at)')" "{
	    \"event\": \"observations_imported\",
	    \"import_source\": \"in.jsonl\", \"row_format\": \"jsonl\",
	    \"import_mode\": \"permissive\", \"requested_count\": 5,
	    \"accepted_count\": 2, \"rejected_count\": 3,
	    \"import_report_path\": \"$report\",
	    \"reject_report_path\": \"$report\"}"
	lo-validate --strict -f .valid
}

@test "permissive, CSV: the row as it stands in the file" {
	printf '%s\n' trial_id,param_x,param_n,objective_loss,status,extra \
	    '1,0.5,3,1,ok,' '2,"a ""b""",3,1,ok,' '3,0.5,3,1,ok,v' >in.csv
	lo-import --permissive in.csv >out 2>err
	same "$(jq '.rejected_rows' "$(jq -r .import_report_path out)")" '[
	    {"row_number": 2, "row_format": "csv", "error":
	     "row 2: .params.x: expected a number, got \"a \\\"b\\\"\"",
	     "row": {"trial_id": "2", "param_x": "a \"b\"", "param_n": "3",
	      "objective_loss": "1", "status": "ok", "extra": ""},
	     "source_trial_id": "2"},
	    {"row_number": 3, "row_format": "csv", "error":
	     "row 3: extra: unknown column, expected a blank cell, got \"v\"",
	     "row": {"trial_id": "3", "param_x": "0.5", "param_n": "3",
	      "objective_loss": "1", "status": "ok", "extra": "v"}}]'
}

@test "permissive: nothing accepted is an error and leaves nothing" {
	before=$(contents)
	row '.status = "x"' >../in.jsonl
	run -1 --separate-stderr lo-import --permissive ../in.jsonl
	[ "${stderr_lines[1]}" = "lo-import: ../in.jsonl: every row is refused (1), so nothing is imported" ]
	[ ! -e state/import_reports ]
	[ "$(contents)" = "$before" ]
	# without a bad row there is a report all the same
	row | lo-import --permissive - >out
	same "$(jq '[.rejected_count, .rejected_rows]' \
	    "$(jq -r .import_report_path out)")" '[0, []]'
	[ "$(last_event | jq 'has("reject_report_path")')" = false ]
}

@test "strict imports have no report, and their event says so" {
	row >in.jsonl
	lo-import in.jsonl
	same "$(last_event | jq '[keys, .import_mode, .requested_count,
	    .accepted_count, .rejected_count]')" '[["accepted_count", "event",
	    "import_mode", "import_source", "imported_at", "rejected_count",
	    "requested_count", "row_format", "timestamp"], "strict", 1, 1, 0]'
	tail -n 3 state/event_log.jsonl | jq -r '[.event, .command] |
	    join(" ")' >log
	[ "$(sed -n 1p log)" = "lock_acquired import-observations" ]
	[ "$(sed -n 3p log)" = "lock_released import-observations" ]
	[ ! -e state/import_reports ]
}

@test "import_source: relative inside the campaign, else absolute" {
	row >in.jsonl
	row >../out.jsonl
	mkdir sub
	(
		cd sub || exit
		lo-import ../in.jsonl
		lo-import ../../out.jsonl
	)
	[ "$(jq -r .import_source state/trials/trial_1/manifest.json)" = \
	    in.jsonl ]
	[ "$(jq -r .import_source state/trials/trial_2/manifest.json)" = \
	    "$(cd .. && pwd -P)/out.jsonl" ]
}

@test "manifests say where a trial is from" {
	row '.suggested_at = 1.5' >in.jsonl
	lo-import in.jsonl
	same "$(jq 'del(.created_at, .updated_at, .imported_at,
	    .completed_at)' state/trials/trial_1/manifest.json)" '{
	    "trial_id": 1, "status": "ok", "terminal_reason": null,
	    "params": {"x": 0.5, "n": 3}, "objective_name": "loss",
	    "objective_value": 1.5, "objective_vector": {"loss": 1.5},
	    "scalarized_objective": 1.5, "scalarization_policy": null,
	    "penalty_objective": null, "suggested_at": 1.5,
	    "last_heartbeat_at": null, "heartbeat_count": 0,
	    "lease_token": null, "artifact_path": null, "artifacts": {},
	    "import_source": "in.jsonl", "import_format": "jsonl",
	    "source_trial_id": 7}'
	[ "$(jq .imported_at state/trials/trial_1/manifest.json)" = \
	    "$(last_event | jq .imported_at)" ]
}

@test "pending trials must be none" {
	lo-suggest -n 2 >s
	before=$(contents)
	row >../in.jsonl
	run -1 --separate-stderr lo-import ../in.jsonl
	[ "$stderr" = "lo-import: expected no pending trials, got 2 (trial 1, ...); ingest their results or cancel them, then import" ]
	[ "$(contents | grep -v ' ./s$')" = "$(grep -v ' ./s$' <<<"$before")" ]
}

@test "imports count against the budget; none left is said" {
	edit bo_config.json '.max_trials = 3'
	row | accepted
	(row; row; row) >in.jsonl
	run -0 --separate-stderr lo-import in.jsonl -f .remaining
	[ "$output" = 0 ]
	[ "${stderr_lines[-1]}" = "lo-import: 4 observations leave no budget: max_trials of bo_config.json is 3; raise it to go on" ]
	run -3 lo-suggest
}

@test "the format: said, or from the name, or jsonl through a pipe" {
	row >a.ndjson
	cp a.ndjson a.txt
	printf '%s\n' param_x,param_n,objective_loss,status 0.5,3,1,ok >b.CSV
	run -0 --separate-stderr lo-import a.ndjson -rf .format
	[ "$output" = jsonl ]
	run -0 --separate-stderr lo-import b.CSV -rf .format
	[ "$output" = csv ]
	run -2 --separate-stderr lo-import a.txt
	[[ $stderr == "lo-import: a.txt: expected a name that ends in .csv, .jsonl or .ndjson; "*"--format"* ]]
	run -0 --separate-stderr lo-import --format jsonl a.txt -f .imported
	run -0 --separate-stderr bash -c 'lo-import <(cat a.txt) -rf .format'
	[ "$output" = jsonl ]
	run -0 --separate-stderr bash -c 'lo-import - -rf .format <a.txt'
	[ "$output" = jsonl ]
	run -2 lo-import --format tsv a.txt
	run -2 lo-import
	run -4 lo-import none.csv
	[ "$output" = "lo-import: none.csv: No such file or directory" ]
}

@test "rows in any shape: a line each, spread over lines, in a list" {
	(row | jq .; row; row) | accepted 3
	(row; row) | jq -s . | accepted 2
	printf '%s%s' "$(row)" "$(row)" | accepted 2
}

@test "syntax is checked before the lock, all else under it" {
	lo-suggest | payload 1 | lo-ingest -f empty
	printf '{"a": 1}\n{"b": }\n' >../bad.jsonl
	row >../good.jsonl
	run -1 --separate-stderr flock state/.looptimum.lock lo-import \
	    --fail-fast ../bad.jsonl
	[[ $stderr == "lo-import: ../bad.jsonl: line 2"* ]]
	run -75 flock state/.looptimum.lock lo-import --fail-fast \
	    ../good.jsonl
	printf 'status,a\nok,"b\n' >../bad.csv
	run -1 --separate-stderr lo-import ../bad.csv
	[[ $stderr == "lo-import: ../bad.csv: line "*"invalid CSV"* ]]
	printf 'status,a\nok,\xff\n' >../bad.csv
	run -1 --separate-stderr lo-import ../bad.csv
	[ "$stderr" = "lo-import: ../bad.csv: line 2: expected UTF-8, got byte 0xff" ]
	for f in empty.jsonl empty.csv; do
		: >../$f
		run -1 --separate-stderr lo-import ../$f
		[ "$stderr" = "lo-import: ../$f: expected observations, got none" ]
	done
}

@test "policies are judged after an import" {
	edit bo_config.json '.governance.allowed_statuses = ["ok"]'
	row '.status = "failed" | .objectives.loss = null' | accepted
	same "$(last_event | jq '[.event, .command, .violation_count]')" \
	    '["governance_violations_detected", "import-observations", 1]'
}

@test "many refused rows: twenty are told, the rest counted" {
	for _ in {1..25}; do row '.status = "x"'; done >in.jsonl
	run -1 --separate-stderr lo-import in.jsonl
	[ "${#stderr_lines[@]}" = 22 ]
	[ "${stderr_lines[20]}" = "lo-import: in.jsonl: ... and 5 more" ]
}

@test "progress is a line on a terminal, and nothing elsewhere" {
	edit bo_config.json '.max_trials = 5000'
	jq -nc 'range(1500) | {params: {x: 0.5, n: 3}, status: "failed"}' \
	    >in.jsonl
	run -0 --separate-stderr lo-import in.jsonl -f .imported
	[ "$stderr" = "" ]
	# shellcheck disable=SC2238 # the command is script
	script -qec 'lo-import in.jsonl >out' /dev/null </dev/null >tty
	grep -q 'lo-import: 1000 of 1500 rows read' tty
	[ "$(jq .imported out)" = 1500 ]
}

@test "a large import is one commit" {
	edit bo_config.json '.max_trials = 5000'
	jq -nc 'range(2000) | {trial_id: ., params: {x: (. / 2000), n: 3},
	    objectives: {loss: .}, status: "ok"}' >in.jsonl
	run -0 lo-import in.jsonl -f .imported
	[ "$output" = 2000 ]
	[ "$(grep -c lock_acquired state/event_log.jsonl)" = 1 ]
	[ "$(wc -l <state/observations.csv)" = 2001 ]
	[ "$(find state/trials -name manifest.json | wc -l)" = 2000 ]
	run -0 lo-validate --strict -f .valid
}

@test "rows that were there before are imported again, counted and told" {
	(row; row '.trial_id = 8 | .params.x = 0.25') >in.jsonl
	run -0 --separate-stderr lo-import in.jsonl
	[ "$(json 'has("repeated")')" = false ]
	[ "$stderr" = "" ]
	# the same, another result, another id, no id, its own id here
	(row; row '.objectives.loss = 3'; row '.trial_id = 9'
	    row 'del(.trial_id)'; row '.trial_id = "1"') >again.jsonl
	run -0 --separate-stderr lo-import again.jsonl
	[ "$(json '.imported, .repeated' | xargs)" = '5 3' ]
	[[ $stderr == *"again.jsonl: 3 rows were (row 1, ...) there before"* ]]
	# from CSV, where ids are text
	printf '%s\n' trial_id,param_x,param_n,objective_loss,status \
	    8,0.25,3,1.5,ok >in.csv
	run -0 --separate-stderr lo-import in.csv -f .repeated
	[ "$output" = 1 ]
	# without a value the status tells them apart
	row '.status = "failed" | .objectives.loss = null' | lo-import - >/dev/null
	(row '.status = "failed" | .objectives.loss = null'
	    row '.status = "timeout" | .objectives.loss = null') >ended.jsonl
	run -0 --separate-stderr lo-import ended.jsonl -f .repeated
	[ "$output" = 1 ]
	# twice in one file is not there before
	(row '.params.x = 0.75'; row '.params.x = 0.75') >twice.jsonl
	run -0 --separate-stderr lo-import twice.jsonl -f .repeated
	[ "$output$stderr" = null ]
}

@test "rows outside the bounds are told" {
	(row; row '.params.x = 7'; row '.params.n = 99') >in.jsonl
	run -0 --separate-stderr lo-import in.jsonl -f .imported
	[ "$output" = 3 ]
	[ "$stderr" = "lo-import: in.jsonl: 2 rows are (row 2, ...: x) outside the bounds of parameter_space.json; the model learns from them, and nothing there is suggested" ]
}

@test "rows without an id need neither decision nor events" {
	(row 'del(.trial_id)'; row 'del(.trial_id) | .params.x = 4') | lo-import - >/dev/null 2>&1
	run -0 lo-validate --strict
	same "$output" '{"valid": true, "errors": [], "warnings": []}'
	run -0 lo-health --strict -f .health_state
	[ "$output" = '"ok"' ]
	run -0 lo-explain 1
	[[ $output == *"It was imported"* ]]
	[[ $(lo-trace 1 -f .status) == '"ok"' ]]
	# their own trials still do
	lo-suggest | payload 1 | lo-ingest >/dev/null
	: >state/acquisition_log.jsonl
	run -1 lo-validate --strict
	[[ $output == *"no decision of 1 trial: 3"* ]]
}

@test "a header that was meant otherwise: what is expected" {
	csv_refused "header: expected param_x for the parameter, got x" \
	    status,x,n,loss ok,0.5,3,1
	csv_refused "header: expected objective_loss for the objective, got loss" \
	    status,loss ok,1
	csv_refused "header: expected names of columns with commas between them, got ';'" \
	    'param_x;param_n;objective_loss;status' '0.5;3;1;ok'
	csv_refused "header: expected names of columns with commas between them, got tabs" \
	    $'param_x\tparam_n\tobjective_loss\tstatus' $'0.5\t3\t1\tok'
}

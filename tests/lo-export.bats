#!/usr/bin/env bats
# lo-export: what it writes, where, and that what it writes is read back.
# shellcheck disable=SC2154 # run sets stderr
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper

setup() {
	scratch
	make_campaign c
	cd c || return
}

results() {
	local y

	for y; do
		if [ "$y" = null ]; then
			lo-suggest | payload null failed
		else
			lo-suggest | payload "$y"
		fi | lo-ingest >/dev/null
	done
}

py() {
	PYTHONIOENCODING=utf-8 python3 "$TOP/tests/roundtrip.py" "$@"
}

last_event() {
	grep -v '"lock_' state/event_log.jsonl | tail -n 1
}

# A campaign of odd observations in DIR, from roundtrip.py.
odd_campaign() {
	py campaign "$1"
	py rows "${2:-300}" >rows.jsonl
	lo-import -C "$1" -f .imported rows.jsonl
}

@test "an object a line, members in their order, no others" {
	results 1 null
	edit state/bo_state.json '.observations[0] += {retry_of: 1,
	    mine: 2, lease_token: null, source_trial_id: "q",
	    runtime_seconds: 0.5, heartbeat_meta: {b: 1, a: 2},
	    heartbeat_note: "n", heartbeat_count: 1, last_heartbeat_at: 3.5}'
	run -0 --separate-stderr lo-export
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 2 ]
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"${lines[0]}")" = "trial_id \
source_trial_id params objectives status suggested_at completed_at \
runtime_seconds artifact_path last_heartbeat_at heartbeat_count \
heartbeat_note heartbeat_meta lease_token" ]
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"${lines[1]}")" = "trial_id \
params objectives status suggested_at completed_at terminal_reason \
penalty_objective artifact_path" ]
	# a key that is there with null is exported
	jq -e 'has("lease_token") and .lease_token == null' <<<"${lines[0]}"
	[ "$(jq -c .objectives <<<"${lines[1]}")" = '{"loss":null}' ]
}

@test "CSV: a column where any row has the key, in that order" {
	results 1 null
	run -0 lo-export --format csv
	[ "${lines[0]}" = $'trial_id,param_x,param_n,objective_loss,status,suggested_at,completed_at,terminal_reason,penalty_objective,artifact_path\r' ]
	[ "${#lines[@]}" = 3 ]
	[[ ${lines[1]} == *,1.0,ok,*,*,,,state/trials/trial_1/ingest_payload.json$'\r' ]]
	[[ ${lines[2]} == *,,failed,*,*,status=failed,,* ]]
	edit state/bo_state.json '.observations[1].heartbeat_meta =
	    {z: 1, a: {y: [1.5, null], b: "é"}}'
	run -0 --separate-stderr sh -c 'lo-export --format csv |
	    python3 -c "
import csv, sys, json
rows = list(csv.DictReader(sys.stdin))
text = rows[1][\"heartbeat_meta_json\"]
print(rows[0][\"heartbeat_meta_json\"] == \"\", json.dumps(
    json.loads(text), sort_keys=True, separators=(\",\", \":\")) == text)"'
	[ "$output" = "True True" ]
}

@test "nothing to export" {
	run -0 lo-export
	[ "$output" = "" ]
	run -0 lo-export --format csv
	[ "$output" = "" ]
	run -0 lo-export -o out.csv -f .exported
	[ "$output" = 0 ]
	[ -e out.csv ] && [ ! -s out.csv ]
}

@test "standard output: nothing is changed, no lock is waited for" {
	results 1
	before=$(snapshot)
	run -0 flock state/.looptimum.lock lo-export
	run -0 lo-export --format csv
	run -0 lo-export -o -
	[ "${lines[0]:0:14}" = '{"trial_id":1,' ]
	[ "$(snapshot)" = "$before" ]
}

@test "-f runs on each row; CSV has none" {
	results 1 2
	run -0 lo-export -f .objectives.loss
	[ "$output" = "$(printf '1.0\n2.0')" ] || [ "$output" = "$(printf '1\n2')" ]
	run -2 --separate-stderr lo-export --format csv -f .
	[[ $stderr == "lo-export: -f filters JSON, not CSV"* ]]
}

@test "-o: the name tells the format, else --format" {
	results 1
	for f in a.jsonl a.ndjson a.JSONL; do
		run -0 lo-export -o $f -rf .format
		[ "$output" = jsonl ]
		lo-export | cmp - $f
	done
	run -0 lo-export -o a.csv -rf .format
	[ "$output" = csv ]
	lo-export --format csv | cmp - a.csv
	run -2 --separate-stderr lo-export -o a.txt
	[[ $stderr == "lo-export: a.txt: expected a name that ends in .csv, .jsonl or .ndjson; "*"--format"* ]]
	[ ! -e a.txt ]
	run -0 lo-export --format csv -o a.txt
	lo-export --format csv | cmp - a.txt
	# what is said counts, not the name
	run -0 lo-export --format jsonl -o b.csv
	lo-export | cmp - b.csv
	run -2 lo-export --format xml
	[[ $output == "lo-export: --format: expected csv or jsonl, got xml"* ]]
}

@test "-o is logged, with a path relative to the campaign or absolute" {
	results 1 2
	mkdir sub
	run -0 lo-export -o sub/../sub/o.csv
	same "$output" '{"exported":2,"format":"csv","path":"sub/o.csv"}'
	run -0 jq -c '[keys, .event, .export_path, .row_format,
	    .exported_count, (.exported_at == .timestamp)]' <<<"$(last_event)"
	[ "$output" = '[["event","export_path","exported_at","exported_count","row_format","timestamp"],"observations_exported","sub/o.csv","csv",2,true]' ]
	tail -n 3 state/event_log.jsonl | jq -r '.event, .command' >log
	same "$(jq -Rs 'split("\n")' log)" '["lock_acquired",
	    "export-observations", "observations_exported", "null",
	    "lock_released", "export-observations", ""]'
	cd ..
	run -0 lo-export -C c -o o.csv -rf .path
	[ "$output" = "$(pwd -P)/o.csv" ]
	cd c
	[ "$(last_event | jq -r .export_path)" = "$(cd .. && pwd -P)/o.csv" ]
	lo-validate --strict -f .valid
}

@test "-o replaces as a whole, keeps the mode, follows a link" {
	results 1
	echo old >o.csv
	chmod 640 o.csv
	ln o.csv hard
	run -0 lo-export -o o.csv
	[ "$(stat -c %a o.csv)" = 640 ]
	[ "$(cat hard)" = old ]
	ln -s ../elsewhere.csv link.csv
	run -0 lo-export -o link.csv -rf .path
	[ "$output" = "$(cd .. && pwd -P)/elsewhere.csv" ] ||
	    [ "$output" = link.csv ]
	[ -z "$(find . .. -maxdepth 1 -name '.looptimum.tmp*')" ]
}

@test "-o never replaces the campaign's own files, nor what is no file" {
	results 1
	mkdir dir.csv
	before=$(contents)
	for f in bo_config.json parameter_space.json constraints.json \
	    state/bo_state.json state/observations.csv state/event_log.jsonl \
	    state/.looptimum.lock state/.looptimum.journal \
	    state/trials/new.csv state/trials/trial_1/o.csv \
	    state/report.json ../c/state/bo_state.json; do
		run -1 --separate-stderr lo-export --format csv -o $f
		[ "$stderr" = "lo-export: $f: is a file of the campaign, expected another name" ]
	done
	ln -s state/bo_state.json alias.csv
	run -1 lo-export -o alias.csv
	rm alias.csv
	for f in dir.csv /dev/null; do
		run -1 --separate-stderr lo-export --format csv -o $f
		[[ $stderr == "lo-export: $f: expected a regular file or none, got something else; "* ]]
	done
	[ -c /dev/null ]
	[ "$(contents)" = "$before" ]
}

@test "-o where nothing can be written: exit 4, nothing is logged" {
	results 1
	before=$(contents)
	run -4 lo-export -o no/such/dir/o.csv
	[[ $output == "lo-export: no/such/dir/o.csv: No such file or directory" ]]
	run -4 sh -c 'ulimit -f 0; lo-export -o o.csv'
	[ ! -e o.csv ]
	[ "$(contents)" = "$before" ]
}

@test "-o takes the lock: 75 when it is held" {
	results 1
	run -75 flock state/.looptimum.lock lo-export --fail-fast -o o.csv
	[ ! -e o.csv ]
}

@test "export, import, export: the same, as JSONL and as CSV" {
	cd ..
	odd_campaign a 935
	lo-export -C a >a.jsonl
	py same rows.jsonl a.jsonl
	py campaign b
	lo-import -C b - <a.jsonl
	lo-export -C b | cmp - a.jsonl
	lo-export -C a -o a.csv
	py csv a.csv a.jsonl
	py campaign d
	lo-import -C d a.csv
	lo-export -C d >d.jsonl
	py same a.jsonl d.jsonl csv
	lo-export -C d --format csv | cmp - a.csv
	for d in a b d; do
		run -0 lo-validate -C $d --strict -f .valid
	done
}

@test "text that can be told from null in CSV, and choices that are alike" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "c", "type": "categorical",
		  "choices": ["1", 1, "", "\"1\"", "a"]}]}
	END
	jq -nc '("1", 1, "", "\"1\"", "a") | {params: {c: .},
	    objectives: {loss: null}, status: "failed",
	    terminal_reason: (if . == 1 then null else "" end)}' >r.jsonl
	lo-import r.jsonl
	run -0 lo-export --format csv
	[ "$(printf '%s\n' "${lines[@]}" | cut -d, -f2 | tr -d '\r')" = \
	    "$(printf '%s\n' param_c '"""1"""' 1 '""' '"""\""1\"""""' a)" ]
	# a reader of RFC 4180 sees nothing in both
	lo-export --format csv >e.csv
	run -0 python3 -c "
import csv
print([(r['param_c'], r['terminal_reason'])
       for r in csv.DictReader(open('e.csv', newline=''))])"
	[ "$output" = "$(cat <<-'END'
		[('"1"', ''), ('1', ''), ('', ''), ('"\\"1\\""', ''), ('a', '')]
	END
	)" ]
	cd ..
	cp -r c d
	rm -r d/state
	lo-import -C d c/e.csv
	diff <(lo-export -C c -f '[.params, .terminal_reason]') \
	    <(lo-export -C d -f '[.params, .terminal_reason]')
}

@test "CSV: each value in its column, whatever a row lacks or its order" {
	cat >parameter_space.json <<-'END'
		{"parameters": [{"name": "b", "type": "bool"},
		  {"name": "k", "type": "int", "bounds": [1, 9],
		   "when": {"b": true}},
		  {"name": "x", "type": "float", "bounds": [0, 9]}]}
	END
	jq -nc '({b: false, x: 2.5}, {b: true, k: 3, x: 4.5},
	    {b: false, x: 6.5}) | {params: ., objectives: {loss: 1},
	    status: "ok"}' | lo-import - >/dev/null
	edit state/bo_state.json '.observations[1].params |=
	    {x: .x, b: .b, k: .k}'
	run -0 lo-export --format csv
	[ "$(printf '%s\n' "${lines[@]}" | cut -d, -f2-4)" = "$(cat <<-'END'
		param_b,param_k,param_x
		False,,2.5
		True,3,4.5
		False,,6.5
	END
	)" ]
}

@test "lines are lines to readers that know Unicode" {
	jq -nc '{params: {x: 0.5, n: 1}, objectives: {loss: null},
	    status: "failed", terminal_reason: "a\u2028b\u0085c\u2029d"}' |
	    lo-import -
	lo-export >e
	python3 -c "
t = open('e', encoding='utf-8').read()
assert len(t.splitlines()) == 1"
	run -0 lo-export -f '.terminal_reason == "a\u2028b\u0085c\u2029d"'
	[ "$output" = true ]
}

@test "a campaign of version 0.2 is exported, and left alone" {
	results 1
	edit state/bo_state.json '.schema_version = "0.2.0"'
	before=$(snapshot)
	run -0 --separate-stderr lo-export -f .trial_id
	[ "$output" = 1 ]
	[[ $stderr == *"version 0.2"* ]]
	[ "$(snapshot)" = "$before" ]
}

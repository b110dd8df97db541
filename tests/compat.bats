# shellcheck disable=SC2154 # run sets stderr
# Campaigns that Looptimum began go on here, file for file.

load helper

# A copy of one that Looptimum 0.VERSION left, and the same as it was.
begun() {
	rm -rf old new
	cp -r "$TOP/tests/fixtures/looptimum-0.$1" old
	cp -r old new
	cd new/bo_client || return
	was=../../old/bo_client
}

setup() {
	scratch
	begun 4
}

check() {
	python3 "$TOP/tests/compat.py" "$@"
}

# The payload of a pending trial; further members as a jq object.
result() {
	jq -c --argjson id "$1" --argjson more "${2:-{\}}" '.pending[]
		| select(.trial_id == $id)
		| {trial_id, params, lease_token, status: "ok",
		   objectives: {loss: 0.1, "débit": 2.0}} + $more
		| del(.[] | nulls)' state/bo_state.json
}

# Nothing changed but who had the lock last.
unchanged() {
	diff -r -x .looptimum.lock "$was" .
}

observation() {
	jq -c --argjson id "$1" '.observations[] | select(.trial_id == $id)' \
	    state/bo_state.json
}

strict() {
	run -0 --separate-stderr lo-validate --strict
	[ "$output" = '{"valid":true,"errors":[],"warnings":[]}' ]
	[ "$stderr" = "" ]
}

@test "0.4: the fixture itself is as Python writes it" {
	check written .
	[ ! -e ../_shared ]
	LC_ALL=C grep -q $'\r$' state/observations.csv
}

@test "0.4: read without a change" {
	strict
	run -0 lo-status -c -f '[.observations, .pending, .leased_pending,
	    .next_trial_id, .stale_pending, .observations_by_status,
	    .budget.remaining]'
	[ "$output" = '[6,2,2,9,0,{"ok":3,"failed":1,"killed":2,"timeout":0},32]' ]
	# 3 : 1 of loss and negated débit: 0.75 * 0.3 - 0.25 * 2.5
	run -0 lo-best -c -f '[.trial_id, .objective_name, .objective_value]'
	[ "$output" = '[5,"scalarized",-0.4]' ]
	run -0 lo-best --args
	[[ $output == *"--opt=sgd --verhältnis=2.0 --amp=false --momentum=0.0" ]]
	run -0 lo-suggest --resume --jsonl
	[[ ${lines[0]} == *'"trial_id":7,'*'"verhältnis":2.0,'* ]]
	[[ ${lines[1]} == *'"trial_id":8,'*'"verhältnis":1,'* ]]
	diff -r "$was" .
}

@test "0.4: suggest goes on where it was" {
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
	[ "$(json '[.trial_id, .schema_version] | @json')" = '[9,"0.3.0"]' ]
	[[ $(json .lease_token) =~ ^[0-9a-f]{32}$ ]]
	# feasible: the rules of constraints.json
	[ "$(json '.params | .lr <= 0.05 and .width + 64 * .depth <= 1280 and
	    (.amp and .["verhältnis"] == 2 | not)')" = true ]
	run -0 jq -c '[.pending[].trial_id, .next_trial_id, .meta.seed]' \
	    state/bo_state.json
	[ "$output" = '[7,8,9,10,23]' ]
	run -0 jq -r '.trial_id, .status, .lease_token' \
	    state/trials/trial_9/manifest.json
	[ "${lines[0]} ${lines[1]}" = '9 pending' ]
	[ "${lines[2]}" = "$(jq -r '.pending[2].lease_token' \
	    state/bo_state.json)" ]
	# six observations are enough for the model that the config names
	run -0 jq -c '.decision | [.strategy, .surrogate_backend,
	    .acquisition_type]' <(tail -n 1 state/acquisition_log.jsonl)
	[ "$output" = '["surrogate_acquisition","rbf_proxy","ucb"]' ]
	strict
	check kept "$was" .
	check written .
}

@test "0.4: a lease is asked for" {
	result 7 '{"lease_token": null}' >p.json
	run -1 lo-ingest p.json
	run -1 lo-ingest --lease-token 00000000000000000000000000000000 p.json
	result 7 '{"lease_token": "1ffed6718eedec5a305d8244b3b55121"}' >q.json
	run -1 lo-ingest q.json
	rm q.json
	mv p.json ..
	unchanged
	run -0 lo-ingest --lease-token "$(jq -r '.pending[0].lease_token' \
	    state/bo_state.json)" ../p.json
	[ "$(json .result)" = ingested ]
	strict
}

@test "0.4: a pending trial becomes an observation with all it had" {
	result 7 '{"heartbeat_note": "done", "gpu": "a100"}' >../p.json
	run -0 lo-ingest ../p.json
	# 0.75 * 0.1 - 0.25 * 2.0 beats -0.4
	[ "$(json '[.result, .best.trial_id, .best.objective_value] | @json')" = \
	    '["ingested",7,-0.425]' ]
	run -0 observation 7
	[ "$(json '.queue == "gpu-a" and .placement == {node: 12, share: 1}
	    and .last_heartbeat_at == 1750000760 and .heartbeat_count == 2
	    and .heartbeat_note == "done"
	    and .heartbeat_meta == {epoch: 2, eta: 0.00001}
	    and .suggested_at == 1750000700.864192')" = true ]
	[ "$(json .artifact_path)" = state/trials/trial_7/ingest_payload.json ]
	[ "$(json .lease_token)" = "$(jq -r .lease_token \
	    "$was/state/trials/trial_7/manifest.json")" ]
	run -0 jq -c '[has("lease_token"), .gpu]' \
	    state/trials/trial_7/ingest_payload.json
	[ "$output" = '[false,"a100"]' ]
	run -0 jq -c '[.status, .objective_vector, .scalarized_objective,
	    .created_at]' state/trials/trial_7/manifest.json
	[ "$output" = '["ok",{"loss":0.1,"débit":2},-0.425,1750000700.864192]' ]
	strict
	check written .
}

@test "0.4: unknown keys, rows and lines stay" {
	result 7 >../p.json
	lo-ingest ../p.json
	check kept "$was" .
	result 8 '{"status": "failed", "terminal_reason": "no \u00e9lan",
	    "objectives": {"loss": null, "débit": null}}' >../p.json
	lo-ingest ../p.json
	lo-suggest -n 3 --jsonl >../s.jsonl
	check kept "$was" .
	check written .
	strict
	# what was text in the CSV stays text
	cmp -n "$(wc -c <"$was/state/observations.csv")" \
	    "$was/state/observations.csv" state/observations.csv
}

@test "0.4: through lo-eval, leases and all" {
	lo-suggest --resume --jsonl |
	    lo-eval -- echo '{"objectives": {"loss": 1, "débit": 2.5}}' |
	    lo-ingest >../acks
	[ "$(json -s -c 'map([.trial_id, .result])' ../acks)" = \
	    '[[7,"ingested"],[8,"ingested"]]' ]
	check kept "$was" .
	check written .
	strict
}

@test "0.4: results that are known, that come late, that come too late" {
	# 5, once more
	jq -c '{trial_id, params, objectives}' \
	    state/trials/trial_5/ingest_payload.json >../p.json
	run -0 lo-ingest ../p.json
	[ "$(json .result)" = duplicate ]
	# 3 failed, with reason and penalty
	cp state/trials/trial_3/ingest_payload.json ..
	run -0 lo-ingest ../ingest_payload.json
	[ "$(json .result)" = duplicate ]
	run -1 lo-ingest --trial 5 loss=0.25 débit=2.5
	check kept "$was" .
	# 6 was canceled, 4 given up as stale
	observation 6 | jq -c '.status = "ok" |
	    .objectives = {loss: 0.5, "débit": 1}' >../late6.json
	run -1 lo-ingest ../late6.json
	observation 4 | jq -c '.status = "ok" |
	    .objectives = {loss: 0.5, "débit": 1}' >../late4.json
	jq -c 'del(.lease_token)' ../late4.json >../late.json
	run -1 lo-ingest ../late.json
	check kept "$was" .
	run -0 lo-ingest ../late4.json
	[ "$(observation 4 | jq -c '[.status, .objectives.loss,
	    has("terminal_reason")]')" = '["ok",0.5,false]' ]
	[ "$(tail -n 2 state/event_log.jsonl | head -n 1 |
	    jq -c '[.event, .trial_id]')" = '["ingest_late_applied",4]' ]
	check written .
	strict
}

@test "0.4: nothing is looked for outside" {
	command -v strace >/dev/null || skip 'no strace'
	result 7 >../p.json
	strace -f -o ../trace -e trace=openat true ||
	    skip 'strace does not work here'
	# LeakSanitizer cannot work under it.
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	strace -f -o ../trace -e trace=openat,open,stat,newfstatat,access \
	    lo-ingest ../p.json
	grep -q bo_config.json ../trace
	run -1 grep -c '_shared' ../trace
}

@test "0.4: an older format of results is refused by lo-ingest only" {
	result 7 >../p.json
	jq '.paths.ingest_schema_file =
	    "../_shared/schemas/result_payload.schema.json"' \
	    "$was/bo_config.json" >bo_config.json
	run -1 --separate-stderr lo-ingest ../p.json
	[[ $stderr == *ingest_schema_file* ]]
	run -0 lo-suggest
	jq '.paths.result_schema_file = "../_shared/schemas/a.json"' \
	    "$was/bo_config.json" >bo_config.json
	run -1 --separate-stderr lo-ingest ../p.json
	[[ $stderr == *result_schema_file* ]]
	run -0 lo-status
}

# Each real as Python writes it, at the edges of its notation.
@test "numbers are written as Python's repr does" {
	local x n=0

	jq '.max_trials = 400 | .initial_random_trials = 1 |
	    .worker_leases.enabled = false | .max_pending_trials = null' \
	    "$was/bo_config.json" >bo_config.json
	jq '.parameters |= map(if .name == "lr" then
	    {name, type, bounds: [-1e308, 1e308]} else . end)' \
	    "$was/parameter_space.json" >parameter_space.json
	jq 'del(.bound_tightening)' "$was/constraints.json" >constraints.json
	for x in 0.0 5e-324 2.2250738585072014e-308 0.0001 0.00001 \
	    0.00012345678901234567 123456789012345.6 1234567890123456.7 \
	    12345678901234567e1 9007199254740993.0 1e15 1e16 1e17 1e22 1e23 \
	    1.7976931348623157e307 0.1 0.30000000000000004 1e2 -2.50 \
	    4.35 8.41e21 2e-3 9.5367431640625e-07; do
		lo-suggest --params "{\"lr\": $x, \"depth\": 1, \"width\": 16,
		    \"opt\": \"adam\", \"verhältnis\": 1.5, \"amp\": true}" \
		    >../s.json
		n=$((n + 1))
		# the point as it went through the pipe, not through jq
		printf '{"trial_id": %s, %s, "objectives": {"loss": %s,
		    "débit": %s}, "runtime_seconds": %s, "extra": %s}' \
		    "$(jq .trial_id ../s.json)" \
		    "$(grep -o '"params":{[^}]*}' ../s.json)" \
		    $x $x ${x#-} $x >>../r.jsonl
		check reals ../s.json
	done
	lo-ingest ../r.jsonl >../acks.jsonl
	check reals ../acks.jsonl
	[ "$(jq .result ../acks.jsonl | sort | uniq -c | xargs)" = \
	    "$n ingested" ]
	lo-suggest -n 20 --jsonl >../s.jsonl
	check reals ../s.jsonl
	lo-status >../status.json
	lo-best >../best.json
	check reals ../status.json ../best.json
	check kept "$was" . 2>../changed || :
	run -1 grep -v -e 'bo_config.json was changed' \
	    -e 'parameter_space.json was changed' \
	    -e 'constraints.json was changed' ../changed
	check written .
	# No digit was lost on the way.
	python3 - <<-'END'
		import json
		for line in open("../r.jsonl").read().split("\n") and \
		        open("../acks.jsonl"):
		    json.loads(line)
		obs = {o["trial_id"]: o for o in
		       json.load(open("state/bo_state.json"))["observations"]}
		text, at = open("../r.jsonl").read(), 0
		while at < len(text):
		    p, at = json.JSONDecoder().raw_decode(text, at)
		    o = obs[p["trial_id"]]
		    assert o["objectives"] == p["objectives"], p
		    assert o["params"] == p["params"], p
		    assert o["runtime_seconds"] == p["runtime_seconds"], p
	END
}

@test "integers and choices keep their text" {
	run -0 lo-suggest --params '{"lr": 0.01, "depth": 4.0, "width": 32,
	    "opt": "adam", "verhältnis": 2, "amp": false}'
	[[ $output == *'"depth":4,"width":32,'*'"verhältnis":2.0,'* ]]
	run -0 lo-suggest --params '{"lr": 0.01, "depth": 4, "width": 33,
	    "opt": "réglé", "verhältnis": 1.0, "amp": false}'
	[[ $output == *'"verhältnis":1,'* ]]
	check kept "$was" .
	check written .
}

@test "0.3.x keeps its number" {
	sed -i 's/"schema_version": "0.3.0",/"schema_version": "0.3.7",/' \
	    state/bo_state.json
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
	[ "$(json .schema_version)" = 0.3.7 ]
	[ "$(jq -r .schema_version state/bo_state.json)" = 0.3.7 ]
}

@test "another version is refused, with the range that is known" {
	local v tool

	result 7 >../p.json
	for v in '"0.4.0"' '"0.4.7"' '"1.0"' '"1.0.0"' '"0.1.9"' '"0.30.0"' \
	    '"0.3"' '""' '"0.3.x"' '"v0.3.0"' 3 0.3 null '[]'; do
		jq ".schema_version = $v" "$was/state/bo_state.json" \
		    >state/bo_state.json
		rm -rf ../before
		cp -r . ../before
		for tool in lo-suggest 'lo-ingest ../p.json' lo-status \
		    lo-best 'lo-suggest --resume'; do
			echo "$v: $tool"
			# shellcheck disable=SC2086 # words
			run -1 --separate-stderr $tool
			[[ $stderr == *schema_version*0.2.x*0.3.x* ]]
		done
		run -1 --separate-stderr lo-validate
		[ "$(json .valid)" = false ]
		diff -r -x .looptimum.lock ../before .
	done
}

@test "a contract file that is there as YAML only: which name is expected" {
	local file suffix

	for file in bo_config parameter_space objective_schema constraints; do
		for suffix in yaml yml; do
			begun_again
			mv $file.json $file.$suffix
			cp -r . ../before
			for tool in lo-suggest lo-status; do
				run -1 --separate-stderr $tool -C .
				[[ $stderr == *YAML*$file.json* ]]
			done
			diff -r ../before .
		done
	done
	# Both: the JSON file is the one.
	begun_again
	cp bo_config.json bo_config.yaml
	run -0 lo-suggest
}

begun_again() {
	cd "$BATS_TEST_TMPDIR" || return
	begun 4
}

begun_2() {
	cd "$BATS_TEST_TMPDIR" || return
	begun 2
}

@test "0.2: read with a warning, once, and without a change" {
	local tool

	begun_2
	for tool in lo-status lo-best 'lo-suggest --resume'; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr $tool
		[ "$(grep -c '0\.2' <<<"$stderr")" -eq 1 ]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
	run -0 --separate-stderr lo-status -c -f \
	    '[.observations, .pending, .next_trial_id, .best.trial_id]'
	[ "$output" = '[3,1,5,2]' ]
	run -0 --separate-stderr lo-validate
	[ "$(json .valid)" = true ]
	diff -r "$was" .
}

@test "0.2: the next change upgrades it, and nothing warns any more" {
	begun_2
	run -0 --separate-stderr lo-suggest
	[ "$(grep -c '0\.2' <<<"$stderr")" -eq 1 ]
	[ "$(json '[.trial_id, .schema_version] | @json')" = '[5,"0.3.0"]' ]
	[ "$(jq -r '.schema_version' state/bo_state.json)" = 0.3.0 ]
	check kept "$was" .
	check written .
	run -0 --separate-stderr lo-status
	[ "$stderr" = "" ]
	run -0 lo-validate
}

@test "0.2: a result upgrades it, too" {
	begun_2
	run -0 --separate-stderr lo-ingest --trial 4 loss=0.03125
	[ "$(grep -c '0\.2' <<<"$stderr")" -eq 1 ]
	[ "$(json '[.result, .observations, .best.trial_id] | @json')" = \
	    '["ingested",4,4]' ]
	[ "$(jq -r '.schema_version' state/bo_state.json)" = 0.3.0 ]
	check kept "$was" .
	check written .
	run -0 lo-validate
}

@test "0.2.x with its number is the same, a refused result changes nothing" {
	begun_2
	jq '{schema_version: "0.2.9"} + .' "$was/state/bo_state.json" \
	    >state/bo_state.json
	cp -r . ../before
	run -1 --separate-stderr lo-ingest --trial 3 loss=1
	diff -r -x .looptimum.lock ../before .
	run -0 --separate-stderr lo-suggest
	[ "$(grep -c '0\.2' <<<"$stderr")" -eq 1 ]
	[ "$(jq -r '.schema_version' state/bo_state.json)" = 0.3.0 ]
}

@test "0.2: through the whole pipe to the end of the budget" {
	begun_2
	lo-suggest --resume | lo-eval -- echo 1 | lo-ingest
	while lo-suggest -n 4 --jsonl >../s.jsonl; do
		lo-eval -j 4 -- echo 1.5 <../s.jsonl | lo-ingest
	done || :
	run -0 jq -c '[(.observations | length), .pending]' state/bo_state.json
	[ "$output" = '[20,[]]' ]
	check kept "$was" .
	check written .
	run -0 lo-validate
}

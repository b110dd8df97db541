# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# lo-trace: each decision joined with what became of it.

load helper

# Trials: 1 and 2 ok, 3 failed, 4 pending, all of the warm-up.
four_trials() {
	make_campaign . "${1:-.}"
	lo-suggest -n 2 --jsonl | payload 0.5 | lo-ingest >/dev/null
	lo-suggest | payload null failed |
	    jq -c '.terminal_reason = "no luck"' | lo-ingest >/dev/null
	lo-suggest >four.json
}

@test "one line a trial, in order of ids, each with status and decision" {
	four_trials
	run -0 --separate-stderr lo-trace
	[ "$stderr" = "" ]
	[ "$(jq -c '[.trial_id, .status]' <<<"$output" | tr -d '\n')" = \
	    '[1,"ok"][2,"ok"][3,"failed"][4,"pending"]' ]
	# the decision is the log's, whole
	same "$(jq -s 'map(.decision)' <<<"$output")" \
	    "$(jq -s 'map(.decision)' state/acquisition_log.jsonl)"
	same "$(jq -s 'map(.decided_at)' <<<"$output")" \
	    "$(jq -s 'map(.timestamp)' state/acquisition_log.jsonl)"
	same "$(jq -s 'map(.suggest_latency_seconds)' <<<"$output")" \
	    "$(jq -s 'map(.telemetry.suggest_latency_seconds)' \
	    state/acquisition_log.jsonl)"
}

@test "the outcome is the state's" {
	four_trials
	run -0 lo-trace
	for k in params suggested_at completed_at objectives; do
		same "$(jq -s "map(.$k) | .[:3]" <<<"$output")" \
		    "$(jq "[.observations[].$k]" state/bo_state.json)"
	done
	[ "$(jq -s -c '.[3] | [.params == $p[0].params, .suggested_at ==
	    $p[0].suggested_at, .completed_at, .objective_value,
	    .objectives]' --slurpfile p four.json <<<"$output")" = \
	    '[true,true,null,null,{"loss":null}]' ]
	[ "$(jq -s -c '.[2] | [.objective_value, .terminal_reason]' \
	    <<<"$output")" = '[null,"no luck"]' ]
	[ "$(jq -s -c '.[0] | [.objective_name, .objective_value, .voided,
	    .predictions]' <<<"$output")" = '["loss",0.5,false,[]]' ]
}

@test "ids: these trials only, sorted; an unknown one is refused" {
	four_trials
	run -0 lo-trace -f .trial_id 4 2 2
	[ "$output" = "$(printf '2\n4')" ]
	run -1 --separate-stderr lo-trace 2 99
	[ "$output" = "" ]
	[[ $stderr == "lo-trace: trial 99: "*"next one will be 5" ]]
	for id in 0 -1 x 1.5 ''; do
		run -2 lo-trace -- 1 "$id"
		[[ $output == *"expected the id of a trial"* ]]
	done
}

@test "predicted against measured: in units of the deviation" {
	four_trials '.initial_random_trials = 3'
	jq -e '.trial_id' four.json >/dev/null
	lo-ingest --trial 4 loss=2.5 >/dev/null
	run -0 lo-trace 4
	jq -e '.decision as $d | .predictions | length == 1 and (.[0] |
	    .objective_name == "loss" and .measured == 2.5 and
	    .predicted_mean == $d.predicted_mean and
	    .predicted_std == $d.predicted_std and
	    .difference == 2.5 - $d.predicted_mean and
	    ((.deviations - (2.5 - $d.predicted_mean) /
	    $d.predicted_std) | fabs) < 1e-9)' <<<"$output"
	# while pending there is nothing to compare
	lo-suggest >/dev/null
	run -0 lo-trace 5
	jq -e '.predictions[0] | .predicted_mean != null and
	    .measured == null and .difference == null and
	    .deviations == null' <<<"$output"
}

@test "several objectives: each has its prediction" {
	make_campaign . '.surrogate.type = "gp" | .initial_random_trials = 4 |
	    .acquisition.type = "auto"'
	edit objective_schema.json '.secondary_objectives =
	    [{name: "size", direction: "maximize"}] | .scalarization =
	    {policy: "weighted_sum", weights: {loss: 1, size: 1}}'
	for _ in 1 2 3 4 5; do
		lo-suggest | jq -c '{trial_id, params, objectives:
		    {loss: .params.x, size: (.params.n / 2)}}' |
		    lo-ingest >/dev/null
	done
	run -0 lo-trace 5
	[ "$(json '.predictions | map(.objective_name) | join(" ")')" = \
	    'scalarized loss size' ]
	jq -e '.params as $p | .predictions | .[1].measured == $p.x and
	    .[2].measured == $p.n / 2 and
	    ((.[0].measured - ($p.x - $p.n / 2) / 2) | fabs) < 1e-12' \
	    <<<"$output"
	jq -e '.decision.objectives.size.predicted_mean ==
	    .predictions[2].predicted_mean' <<<"$output"
}

@test "a decision that failed has no trial, and comes before its id's" {
	four_trials
	cat >constraints.json <<-'END'
		{"linear_inequalities": [{"terms": [{"param": "x",
		 "coefficient": 1}], "operator": ">=", "rhs": 2}]}
	END
	run -1 lo-suggest
	rm constraints.json
	run -0 lo-trace 5
	[ "$(json '[.status, .params, .suggested_at] | tojson')" = \
	    '["none",null,null]' ]
	[[ $(json .decision.constraint_error_reason) == *"eliminated all"* ]]
	lo-suggest >/dev/null
	run -0 lo-trace 5 -f '[.status, .decision.constraint_error_reason !=
	    null]'
	[ "$output" = "$(printf '["none",true]\n["pending",false]')" ]
	[ "$(lo-trace | wc -l)" -eq 6 ]
}

@test "imported trials have no decision" {
	make_campaign .
	echo '{"trial_id": 31, "params": {"x": 0.5, "n": 2}, "status": "ok",
	    "objectives": {"loss": 3}}' | tr -d '\n' >rows.jsonl
	lo-import rows.jsonl >/dev/null
	run -0 lo-trace
	[ "$(json '[.trial_id, .status, .decision, .decided_at,
	    .source_trial_id, .objective_value] | tojson')" = \
	    '[1,"ok",null,null,31,3]' ]
}

@test "a voided trial shows as such" {
	four_trials
	lo-void --reason wrong 1 >/dev/null
	run -0 lo-trace 1 -f '[.status, .voided, .objective_value]'
	[ "$output" = '["killed",true,null]' ]
}

@test "a decision whose trial the state lost" {
	four_trials
	edit state/bo_state.json '.pending = []'
	run -0 lo-trace 4 -f '[.status, .params, .decision.strategy]'
	[ "$output" = '["lost",null,"initial_random"]' ]
}

@test "a torn last line is tolerated" {
	four_trials
	printf '{"trial_id": 5, "deci' >>state/acquisition_log.jsonl
	run -0 --separate-stderr lo-trace -f .trial_id
	[ "$stderr" = "" ]
	[ "${#lines[@]}" -eq 4 ]
}

@test "a bad line is said with its number, the others are shown" {
	local bad

	four_trials
	for bad in '{"trial_id": 2, oops}' '[1]' '' '{"trial_id": 2}' \
	    '{"trial_id": "2", "decision": {}}'; do
		cp state/acquisition_log.jsonl saved
		sed -i "2s/.*/$bad/" state/acquisition_log.jsonl
		run -1 --separate-stderr lo-trace -f '[.trial_id, .decision != null]'
		[ "$output" = "$(printf '[1,true]\n[2,false]\n[3,true]\n[4,true]')" ]
		[[ $stderr == "lo-trace: state/acquisition_log.jsonl"*2* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
		cp saved state/acquisition_log.jsonl
	done
}

@test "an empty campaign: nothing, and no file is made" {
	make_campaign c
	snapshot c >before
	run -0 --separate-stderr lo-trace -C c
	[ "$output$stderr" = "" ]
	snapshot c >after
	cmp before after
	run -1 lo-trace -C c 1
}

@test "nothing is changed, no lease token is shown, the lock is not waited for" {
	four_trials '.worker_leases.enabled = true'
	snapshot state >../before
	run -0 lo-trace
	snapshot state >../after
	cmp ../before ../after
	run -1 grep -c "$(jq -r .lease_token four.json)" <<<"$output"
	command -v flock >/dev/null || skip 'no flock(1)'
	exec 7<state/.looptimum.lock
	flock 7
	run -0 lo-trace
	exec 7<&-
}

@test "a moved log is read where it is" {
	four_trials '.paths.acquisition_log_file = "log/why.jsonl"'
	[ "$(lo-trace -f '.decision.strategy' | sort -u)" = '"initial_random"' ]
}

@test "a log of ten thousand decisions" {
	four_trials
	jq -c . state/acquisition_log.jsonl | head -1 >one
	jq -c -n --slurpfile l one 'range(10000) as $i | $l[0] |
	    .trial_id = $i + 100' >>state/acquisition_log.jsonl
	run -0 lo-trace 2 10099 -f '[.trial_id, .status]'
	[ "$output" = "$(printf '[2,"ok"]\n[10099,"lost"]')" ]
}

@test "no input is read" {
	four_trials
	run -0 sh -c 'lo-trace -f .trial_id <&-'
	[ "${#lines[@]}" -eq 4 ]
}

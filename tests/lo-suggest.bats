#!/usr/bin/env bats
# lo-suggest: what it reserves, prints, writes and refuses.
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
decisions=state/acquisition_log.jsonl

# decision FILTER: of the last one.
decision() {
	tail -n 1 $decisions | jq -c ".decision | $1"
}

# space PARAMETER...: the search space.
space() {
	jq -n '{parameters: [$ARGS.positional[]]}' --jsonargs "$@" \
	    >parameter_space.json
}

config() {
	edit bo_config.json "$@"
}

# finish VALUE [STATUS]: one more observation.
finish() {
	lo-suggest | payload "$@" | lo-ingest >/dev/null
}

# value FILTER: of $output, compact.
value() {
	jq -c "$1" <<<"$output"
}

# refuses STATUS ARG...: nothing is printed, and no file of the campaign
# changes but the lock.
refuses() {
	local status=$1

	shift
	contents . >../before
	run "-$status" --separate-stderr lo-suggest "$@"
	[ "$output" = "" ]
	[[ $stderr == "lo-suggest: "* ]]
	contents . | diff ../before -
}

# ---------------------------------------------------------- what it prints

@test "a suggestion is one object of four members" {
	run -0 --separate-stderr lo-suggest
	[ "$(json 'keys_unsorted | join(" ")')" = \
	    'schema_version trial_id params suggested_at' ]
	[ "$(json .schema_version)" = 0.3.0 ]
	[ "$(json .trial_id)" = 1 ]
	[ "$(json '.params | keys_unsorted | join(" ")')" = 'x n' ]
	[ "$(json '.params.x >= 0 and .params.x <= 1')" = true ]
	[ "$(json '.params.n | . >= 1 and . <= 8 and . == floor')" = true ]
	[ "$(json '(now - .suggested_at) | . > -1 and . < 60')" = true ]
	[[ $output =~ \"suggested_at\":[0-9]{10}\.[0-9]+[,}] ]]
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
}

@test "several come as a bundle, with --jsonl one a line" {
	run -0 --separate-stderr lo-suggest -n 3
	[ "$(json 'keys_unsorted | join(" ")')" = \
	    'schema_version count suggestions' ]
	[ "$(value '[.schema_version, .count, [.suggestions[].trial_id]]'
	    )" = '["0.3.0",3,[1,2,3]]' ]
	[ "$(value '[.suggestions[] | keys_unsorted | length] | unique'
	    )" = '[4]' ]
	run -0 --separate-stderr lo-suggest -n 2 --jsonl
	[ "${#lines[@]}" = 2 ]
	[ "$(jq -sc '[.[].trial_id]' <<<"$output")" = '[4,5]' ]
	run -0 --separate-stderr lo-suggest -n 1
	[ "$(json .trial_id)" = 6 ]
	run -0 --separate-stderr lo-suggest -n 1 --jsonl
	[ "$(json .trial_id)" = 7 ]
}

@test "batch_size is the number where -n is not given" {
	config '.batch_size = 3'
	run -0 lo-suggest
	[ "$(json .count)" = 3 ]
	run -0 lo-suggest --count 2
	[ "$(json .count)" = 2 ]
	run -0 lo-suggest -n 1
	[ "$(json .trial_id)" = 6 ]
}

@test "ids count from 1 and are never given twice" {
	[ "$(lo-suggest -n 3 --jsonl -f .trial_id | xargs)" = '1 2 3' ]
	lo-ingest --trial 3 loss=1 >/dev/null
	[ "$(lo-suggest -f .trial_id)" = 4 ]
	# nor where the state forgot to count
	edit $state '.next_trial_id = 2'
	[ "$(lo-suggest -f .trial_id)" = 5 ]
	[ "$(jq .next_trial_id $state)" = 6 ]
}

@test "filters see what would be printed" {
	run -0 lo-suggest -n 2 --arg a b -rf '"\($a)\(.count)"'
	[ "$output" = b2 ]
	run -0 lo-suggest -c --jsonl -n 2 -f '[.trial_id]'
	[ "$output" = $'[3]\n[4]' ]
}

@test "usage errors change nothing" {
	refuses 2 -n 0
	refuses 2 -n -1
	refuses 2 -n 1.5
	refuses 2 --surrogate magic
	refuses 2 --replicate zero
	refuses 2 --resume --params '{}'
	refuses 2 --resume --replicate best
	refuses 2 --params '{}' --replicate 1
	refuses 2 --lock-timeout soon
	[ ! -e $state ]
}

# ----------------------------------------------------------------- numbers

@test "floats have a point, ints none, wherever they are written" {
	local f

	space '{"name": "a", "type": "float", "bounds": [0, 4]}' \
	    '{"name": "n", "type": "int", "bounds": [1, 3]}'
	# the centre of the space comes first
	run -0 lo-suggest
	[[ $output == *'"params":{"a":2.0,"n":2},'* ]]
	for f in $state state/trials/trial_1/manifest.json; do
		grep -q '"a": 2\.0,$' "$f"
		grep -q '"n": 2$' "$f"
	done
	run -0 lo-status
	[[ $output == *'"params":{"a":2.0,"n":2},'* ]]
}

@test "the centre is taken on the scale of the parameter" {
	space '{"name": "l", "type": "float", "bounds": [0.01, 100],
	    "scale": "log"}' \
	    '{"name": "k", "type": "int", "bounds": [1, 100], "scale": "log"}'
	run -0 lo-suggest
	# sqrt(0.01 * 100), sqrt(1 * 100)
	[ "$(json '.params.l - 1 | fabs < 1e-12')" = true ]
	[ "$(json .params.k)" = 10 ]
}

@test "numeric choices keep the text that the space has" {
	local c f

	for c in 1 1.0 1e3 -0.50; do
		echo '{"parameters": [{"name": "c", "type": "categorical",
		    "choices": ['"$c"']}]}' >parameter_space.json
		rm -rf state
		run -0 lo-suggest
		[[ $output == *'"params":{"c":'"$c"'},'* ]]
		for f in $state state/trials/trial_1/manifest.json; do
			grep -qF "\"c\": $c" "$f"
		done
		lo-ingest --trial 1 loss=1 >/dev/null
		for f in $state state/trials/trial_1/*.json; do
			grep -qxE " *\"c\": $c" "$f"
		done
	done
}

@test "inactive parameters appear nowhere" {
	space '{"name": "a", "type": "bool"}' \
	    '{"name": "b", "type": "int", "bounds": [1, 9],
	      "when": {"a": true}}' \
	    '{"name": "c", "type": "categorical", "choices": ["u", "v"],
	      "when": {"b": [1, 2, 3, 4, 5]}}'
	run -0 --separate-stderr lo-suggest -n 15 --jsonl
	[ "$stderr" = "" ]
	# b with a, c with b <= 5; both branches occur
	[ "$(jq -s 'all(.[].params; (has("b") == .a) and
	    (has("c") == (has("b") and .b <= 5)))' <<<"$output")" = true ]
	[ "$(jq -s 'map(.params | length) | unique | length' \
	    <<<"$output")" -gt 1 ]
	jq -sc '.[].params' <<<"$output" >printed
	jq -c '.pending[].params' $state | diff printed -
	for i in $(seq 15); do
		jq -c .params state/trials/trial_"$i"/manifest.json
	done | diff printed -
}

# ------------------------------------------------------------------- state

@test "the state after the first suggestion" {
	lo-suggest >s
	same "$(jq -c 'keys_unsorted' $state)" \
	    '["schema_version", "meta",
	    "observations", "pending", "next_trial_id", "best"]'
	[ "$(jq -c '[.schema_version, .meta.seed, .observations,
	    .next_trial_id, .best]' $state)" = '["0.3.0",17,[],2,null]' ]
	[ "$(jq '(now - .meta.created_at) | . > -1 and . < 60' $state)" = true ]
	jq -S '.pending[]' $state | diff - <(jq -S . s)
	as_python document $state
	# the CSV of no observations is empty
	[ -f state/observations.csv ]
	[ ! -s state/observations.csv ]
}

@test "the manifest of a pending trial has all keys" {
	local m=state/trials/trial_1/manifest.json

	lo-suggest >s
	[ "$(jq -c keys $m)" = "$(jq -nc '["created_at", "updated_at",
	    "trial_id", "status", "terminal_reason", "params",
	    "objective_name", "objective_value", "objective_vector",
	    "scalarized_objective", "scalarization_policy",
	    "penalty_objective", "suggested_at", "completed_at",
	    "last_heartbeat_at", "heartbeat_count", "lease_token",
	    "artifact_path", "artifacts"] | sort')" ]
	[ "$(jq -c '[.trial_id, .status, .objective_name, .objective_vector,
	    .artifacts]' $m)" = '[1,"pending","loss",{"loss":null},{}]' ]
	[ "$(jq -c '[.terminal_reason, .objective_value,
	    .scalarized_objective, .scalarization_policy, .penalty_objective,
	    .completed_at, .last_heartbeat_at, .lease_token, .artifact_path]
	    | unique' $m)" = '[null]' ]
	jq -cS '[.params, .suggested_at]' $m |
	    diff - <(jq -cS '[.params, .suggested_at]' s)
	as_python document $m
	[ "$(ls state/trials)" = trial_1 ]
	[ "$(ls state/trials/trial_1)" = manifest.json ]
}

@test "with several objectives the vector names them all" {
	echo '{"primary_objective": {"name": "b", "direction": "minimize"},
	    "secondary_objectives": [{"name": "a", "direction": "maximize"}]}' \
	    >objective_schema.json
	lo-suggest >/dev/null
	[ "$(jq -c '[.objective_name, .objective_vector,
	    .scalarization_policy]' state/trials/trial_1/manifest.json)" = \
	    '["b",{"b":null,"a":null},"primary_only"]' ]
}

@test "the seed: null before, the config's by the first suggest, then kept" {
	lo-suggest >/dev/null
	edit $state '.meta.seed = null'
	lo-ingest --trial 1 loss=1 >/dev/null
	[ "$(jq .meta.seed $state)" = null ]
	config '.seed = 5'
	lo-suggest >/dev/null
	[ "$(jq .meta.seed $state)" = 5 ]
	config '.seed = 6'
	lo-suggest >/dev/null
	[ "$(jq .meta.seed $state)" = 5 ]
}

@test "unknown keys of the state are kept" {
	lo-suggest -n 2 >/dev/null
	edit $state '.future = {"a": [1, "ü"]} | .meta.ours = "b"
	    | .pending[0].c = {"d": null} | .pending[0].params.gone = 3'
	lo-ingest --trial 2 loss=1 >/dev/null
	edit $state '.observations[0].e = [true]'
	lo-suggest >/dev/null
	[ "$(jq -c '[.future, .meta.ours, .pending[0].c,
	    .observations[0].e]' $state)" = \
	    '[{"a":[1,"ü"]},"b",{"d":null},[true]]' ]
}

# -------------------------------------------------------------------- logs

@test "events: the lock around one line a suggestion" {
	lo-suggest -n 2 >/dev/null
	[ "$(jq -c '[.event, .command, .trial_id]' $events | xargs)" = \
	    "$(xargs <<-'END'
		["lock_acquired","suggest",null]
		["suggestion_created",null,1]
		["suggestion_created",null,2]
		["lock_released","suggest",null]
		END
	    )" ]
	[ "$(jq -s 'all(.[]; (now - .timestamp) | . > -1 and . < 60)' \
	    $events)" = true ]
	[ "$(jq -s '.[0] | (.pid | . == floor and . > 0)
	    and .wait_seconds >= 0' $events)" = true ]
	[ "$(jq -s '.[0].pid == .[-1].pid' $events)" = true ]
	lo-suggest >/dev/null
	[ "$(wc -l <$events)" = 7 ]
}

@test "decisions: one line a suggestion" {
	lo-suggest -n 2 >/dev/null
	[ "$(jq -c keys $decisions | sort -u)" = \
	    '["decision","telemetry","timestamp","trial_id"]' ]
	[ "$(jq -sc 'map(.trial_id)' $decisions)" = '[1,2]' ]
	[ "$(jq -sc 'all(.[]; (.telemetry | keys) ==
	    ["suggest_latency_seconds"] and
	    (.telemetry.suggest_latency_seconds | . >= 0 and . < 60))' \
	    $decisions)" = true ]
	[ "$(jq -s 'all(.[]; (now - .timestamp) | . > -1 and . < 60)' \
	    $decisions)" = true ]
	same "$(decision '[.strategy, .surrogate_backend,
	    .constraint_status]')" \
	    '["initial_random", null, {"accepted": 1,
	    "attempted": 1, "enabled": false, "feasible_ratio": 1,
	    "phase": "initial-random", "reject_counts": {}, "rejected": 0,
	    "requested":1,"warning":null}]'
	[ "$(decision 'has("predicted_mean")')" = false ]
}

@test "logs are written as Python does, in ASCII, and only grow" {
	space '{"name": "c", "type": "categorical",
	    "choices": ["ü\u2028\ud83d\ude00", "b"]}' \
	    '{"name": "é", "type": "float", "bounds": [0, 1]}'
	edit objective_schema.json '.primary_objective.name = "löss"'
	echo '{"linear_inequalities": [{"terms": [{"param": "é",
	    "coefficient": 1}], "operator": "<=", "rhs": 0.1}]}' \
	    >constraints.json
	config '.initial_random_trials = 1'
	lo-suggest >/dev/null
	lo-ingest --trial 1 löss=1 >/dev/null
	cp $events e
	cp $decisions d
	lo-suggest -n 2 >/dev/null
	as_python log $events $decisions
	cmp -n "$(stat -c %s e)" e $events
	cmp -n "$(stat -c %s d)" d $decisions
	[ "$(wc -l <$decisions)" = 3 ]
	run -1 env LC_ALL=C grep -P '[^\x00-\x7f]' $events $decisions
}

@test "the lock file says in one line of JSON who had it" {
	lo-suggest >/dev/null
	[ "$(wc -l <state/.looptimum.lock)" = 1 ]
	[ "$(jq -r '[.acquired_at, .pid, .wait_seconds | type]
	    | unique | @csv' state/.looptimum.lock)" = '"number"' ]
	same "$(jq '[.host, .boot_id, .command]' state/.looptimum.lock)" \
	    "$(jq -n '$ARGS.positional' --args "$(uname -n)" "$(boot)" \
	    suggest)"
}

# ------------------------------------------------------------------ budget

@test "what the budget has left is reserved, and said" {
	config '.max_trials = 5'
	lo-suggest -n 2 >/dev/null
	lo-ingest --trial 1 loss=1 >/dev/null
	run -0 --separate-stderr lo-suggest -n 7
	[ "$(value '[.suggestions[].trial_id]')" = '[3,4,5]' ]
	[[ $stderr == *3*7*max_trials* ]]
	[ "$(jq '(.pending + .observations) | length' $state)" = 5 ]
}

@test "a spent budget is exit status 3: pending ones count, too" {
	config '.max_trials = 2'
	lo-suggest >/dev/null
	lo-ingest --trial 1 --status failed >/dev/null
	lo-suggest >/dev/null
	refuses 3
	[[ $stderr == *max_trials*2* ]]
	refuses 3 -n 5
	refuses 3 --params '{"x": 0.123, "n": 1}'
	refuses 3 --replicate 1
	lo-ingest --trial 2 loss=1 >/dev/null
	refuses 3
}

@test "a loop over lo-suggest ends with 3" {
	config '.max_trials = 3'
	while lo-suggest >s.json; do
		payload 1 <s.json | lo-ingest >/dev/null
	done
	run -3 lo-suggest
	[ "$(jq '.observations | length' $state)" = 3 ]
}

@test "more pending than max_pending_trials: refused as a whole with 75" {
	config '.max_pending_trials = 3'
	lo-suggest -n 2 >/dev/null
	refuses 75 -n 2
	lo-suggest >/dev/null
	refuses 75
	[[ $stderr == *max_pending_trials* ]]
	refuses 75 --params '{"x": 0.123, "n": 1}'
	refuses 75 --replicate best
	lo-ingest --trial 1 loss=1 >/dev/null
	run -0 lo-suggest
}

@test "more than max_pending_trials ever lets be pending: 75 says so" {
	config '.max_pending_trials = 2'
	refuses 75 -n 3
	[[ $stderr == *max_pending_trials*"at most 2 at a time"* ]]
	lo-suggest -n 2 >/dev/null
	refuses 75 -n 3
	[[ $stderr == *"at most 2 at a time"* ]]
	config '.batch_size = 3'
	refuses 75
	[[ $stderr == *max_pending_trials* ]]
}

@test "max_pending_trials is judged before the budget" {
	config '.max_pending_trials = 1 | .max_trials = 1'
	lo-suggest >/dev/null
	refuses 75
	lo-ingest --trial 1 loss=1 >/dev/null
	refuses 3
}

@test "a finite space that is exhausted is exit status 3" {
	space '{"name": "b", "type": "bool"}' \
	    '{"name": "c", "type": "categorical", "choices": [1, "1", 2]}'
	config '.initial_random_trials = 2'
	lo-suggest | payload 1 | lo-ingest >/dev/null
	lo-suggest | payload 2 | lo-ingest >/dev/null
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-suggest -n 10
	[ "$(json .count)" = 3 ]
	[[ $stderr == *"only 3"* ]]
	[ "$(jq -c '(.observations + .pending)[].params' $state |
	    sort -u | wc -l)" = 6 ]
	refuses 3
	refuses 3 -n 2
}

# ------------------------------------------------------------- constraints

@test "bound_tightening narrows and never rejects" {
	echo '{"bound_tightening": [{"param": "x", "min": 0.2},
	    {"param": "x", "max": 0.3}, {"param": "n", "max": 2}]}' \
	    >constraints.json
	config '.initial_random_trials = 4'
	for i in 1 2 3 4 5 6; do
		finish $i
	done
	[ "$(jq 'all(.observations[].params; .x >= 0.2 and .x <= 0.3
	    and .n <= 2)' $state)" = true ]
	[ "$(jq -sc 'map(.decision.constraint_status | [.enabled, .rejected,
	    .reject_counts, .feasible_ratio, .requested == .accepted])
	    | unique' $decisions)" = '[[true,0,{},1,true]]' ]
}

@test "every point obeys the constraints, in warm-up and later" {
	echo '{"linear_inequalities": [{"terms": [
	    {"param": "x", "coefficient": 8}, {"param": "n",
	    "coefficient": -1}], "operator": ">=", "rhs": 0}],
	    "forbidden_combinations": [{"when": {"n": [2, 3]}}]}' \
	    >constraints.json
	config '.initial_random_trials = 5'
	for i in 1 2 3 4 5 6 7 8 9; do
		finish $i
	done
	[ "$(jq 'all(.observations[].params; 8 * .x - .n >= -1e-12
	    and .n != 2 and .n != 3)' $state)" = true ]
	# rejected = attempted - accepted, and each reject has a reason
	[ "$(jq -s 'all(.[].decision.constraint_status;
	    .attempted - .accepted == .rejected and
	    (.rejected == 0) == (.reject_counts == {}) and
	    .feasible_ratio == .accepted / .attempted)' $decisions)" = true ]
	# requested: 1 in warm-up, the pool later
	[ "$(jq -sc 'map(.decision.constraint_status | [.phase, .requested])
	    | unique' $decisions)" = \
	    '[["candidate-pool",100],["initial-random",1]]' ]
	[ "$(jq -s '[.[].decision.constraint_status.reject_counts | keys[]]
	    | unique | all(.[]; . == "linear_inequalities[0]" or
	    . == "forbidden_combinations[0]")' $decisions)" = true ]
}

@test "a reduced pool is a warning, in the log and on stderr" {
	local want

	echo '{"linear_inequalities": [{"terms": [{"param": "x",
	    "coefficient": 1}], "operator": "<=", "rhs": 0.05}]}' \
	    >constraints.json
	config '.initial_random_trials = 1'
	finish 1
	run -0 --separate-stderr lo-suggest
	# 8 times the pool was tried, a twentieth of it is feasible
	[ "$(decision '.constraint_status | [.phase, .requested,
	    .attempted]')" = '["candidate-pool",100,800]' ]
	[ "$(decision '.constraint_status.accepted | . > 15 and . < 80')" = \
	    true ]
	want=$(decision '.constraint_status | "constraints reduced "
	    + "candidate-pool feasible candidates to \(.accepted)/100 "
	    + "(dominant rejects: linear_inequalities[0]=\(.rejected))"')
	[ "$(decision .constraint_status.warning)" = "$want" ]
	[[ $stderr == *"${want//\"/}"* ]]
}

@test "nothing feasible: exit 1, the decision logged, no trial" {
	echo '{"forbidden_combinations": [{"when": {"n": [1,2,3,4,5,6,7,8]}}]}' \
	    >constraints.json
	run -1 --separate-stderr lo-suggest -n 2
	[ "$output" = "" ]
	why='constraints eliminated all 100 initial-random attempts (dominant'
	why+=' rejects: forbidden_combinations[0]=100)'
	[[ $stderr == *"$why"* ]]
	[ "$(decision .constraint_error_reason)" = "\"$why\"" ]
	same "$(decision .constraint_status)" \
	    '{"accepted": 0, "attempted": 100, "enabled": true,
	    "feasible_ratio": 0, "phase": "initial-random",
	    "reject_counts": {"forbidden_combinations[0]": 100},
	    "rejected": 100,
	    "requested":1,"warning":null}'
	[ "$(wc -l <$decisions)" = 1 ]
	# the state is saved even then
	[ "$(jq -c '[.meta.seed, .pending, .next_trial_id]' $state)" = \
	    '[17,[],1]' ]
	[ ! -e state/trials/trial_1 ]
	[ "$(jq -r .event $events | xargs)" = 'lock_acquired lock_released' ]
	rm constraints.json
	[ "$(lo-suggest -f .trial_id)" = 1 ]
}

@test "nothing feasible: the message says how near one can come" {
	echo '{"linear_inequalities": [
	    {"terms": [{"param": "x", "coefficient": 1}], "operator": ">=",
	     "rhs": 0.75},
	    {"terms": [{"param": "x", "coefficient": 1}], "operator": "<=",
	     "rhs": 0.25}]}' >constraints.json
	run -1 --separate-stderr lo-suggest
	[[ $stderr == *'dominant rejects: linear_inequalities['*']='* ]]
	[[ $stderr == *'still breaks linear_inequalities['*'(by 0.'* ]]
	[[ $stderr == *'relax a rule in constraints.json'* ]]
}

@test "what draws miss is sought: one by one or in a batch" {
	# eight attempts at a millionth of the space
	echo '{"linear_inequalities": [{"terms": [{"param": "x",
	    "coefficient": 1}], "operator": "<=", "rhs": 1e-6}]}' \
	    >constraints.json
	config '.initial_random_trials = 30 | .max_trials = 40
	    | .candidate_pool_size = 1'
	cp -r . ../copy
	run -0 lo-suggest -n 12 --jsonl
	[ "$(jq -s 'all(.params.x <= 1e-6) and
	    (map(.params) | unique | length) == 12' <<<"$output")" = true ]
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		lo-suggest -C ../copy >/dev/null
	done
	jq -c .params <<<"$output" |
	    diff - <(jq -c '.pending[].params' ../copy/$state)
	# the account is that of the draws
	same "$(decision '.constraint_status | [.requested, .accepted,
	    .attempted, .rejected, .feasible_ratio, .warning]')" \
	    '[1, 0, 8, 8, 0, null]'
	[ "$(decision .sampler)" = '"hit_and_run"' ]
}

@test "nothing feasible in a finite space or later: all attempts counted" {
	space '{"name": "b", "type": "bool"}'
	echo '{"forbidden_combinations": [{"when": {"b": true}},
	    {"when": {"b": false}}]}' >constraints.json
	config '.candidate_pool_size = 4'
	run -1 lo-suggest
	# max(candidate_pool_size, 8 * requested)
	[ "$(decision '.constraint_status | [.attempted, .rejected,
	    (.reject_counts | add)]')" = '[8,8,8]' ]
	mv constraints.json c
	config '.initial_random_trials = 1'
	finish 1
	mv c constraints.json
	run -1 lo-suggest
	[ "$(decision '.constraint_status | [.phase, .requested, .attempted,
	    .accepted]')" = '["candidate-pool",4,32,0]' ]
}

@test "the most frequent rejects are named, three at most, ties by id" {
	# n is fixed by its bounds: each attempt breaks the same rules
	space '{"name": "n", "type": "int", "bounds": [1, 1000]}'
	echo '{"forbidden_combinations": [{"when": {"n": 1}}],
	    "linear_inequalities": [
	    {"terms": [{"param": "n", "coefficient": 1}], "operator": ">=",
	     "rhs": 1001},
	    {"terms": [{"param": "n", "coefficient": 2}], "operator": "<=",
	     "rhs": 1},
	    {"terms": [{"param": "n", "coefficient": 1}], "operator": "<=",
	     "rhs": 100},
	    {"terms": [{"param": "n", "coefficient": 1}], "operator": ">=",
	     "rhs": 200}]}' >constraints.json
	run -1 --separate-stderr lo-suggest
	decision '.constraint_status.reject_counts | to_entries
	    | sort_by(-.value, .key)[:3] | map("\(.key)=\(.value)")
	    | "(dominant rejects: " + join(", ") + ")"' >want
	[[ $stderr == *"$(jq -r . want)"* ]]
	[[ $(decision .constraint_error_reason) == *"$(jq -r . want)"* ]]
}

@test "a rule with an inactive parameter does not apply" {
	space '{"name": "a", "type": "bool"}' \
	    '{"name": "b", "type": "int", "bounds": [1, 9],
	      "when": {"a": true}}'
	echo '{"linear_inequalities": [{"terms": [{"param": "b",
	    "coefficient": 1}], "operator": ">=", "rhs": 100}]}' \
	    >constraints.json
	run -0 lo-suggest
	[ "$(value .params)" = '{"a":false}' ]
}

# ------------------------------------------------------------------ phases

@test "warm-up counts observations of any status, pending ones not" {
	config '.initial_random_trials = 2'
	lo-suggest -n 4 >/dev/null
	[ "$(jq -r .decision.constraint_status.phase $decisions |
	    sort -u)" = initial-random ]
	lo-ingest --trial 1 --status failed >/dev/null
	lo-suggest >/dev/null
	[ "$(decision .constraint_status.phase)" = '"initial-random"' ]
	lo-ingest --trial 2 --status timeout >/dev/null
	lo-suggest >/dev/null
	# no ok observation to learn from
	same "$(decision '[.constraint_status.phase, .strategy,
	    .surrogate_backend, .fallback_reason,
	    .constraint_status.requested]')" \
	    '["fallback-random", "initial_random", null,
	    "no_usable_observations",1]'
	lo-ingest --trial 3 loss=1 >/dev/null
	lo-suggest >/dev/null
	same "$(decision '[.constraint_status.phase, .strategy,
	    .surrogate_backend, .fallback_reason, .acquisition_type]')" \
	    '["candidate-pool", "surrogate_acquisition", "rbf_proxy",
	    null, "ei"]'
	[ "$(decision '[.predicted_mean, .predicted_std,
	    .acquisition_score | type] | unique')" = '["number"]' ]
	# without constraints attempted = accepted = requested
	[ "$(decision '.constraint_status | [.requested, .attempted,
	    .accepted, .rejected, .feasible_ratio]')" = \
	    '[100,100,100,0,1]' ]
}

@test "gp with too few ok rows falls back to random points" {
	config '.initial_random_trials = 1 | .surrogate.type = "gp"'
	finish 1
	lo-suggest >/dev/null
	same "$(decision '[.constraint_status.phase, .strategy,
	    .surrogate_backend, .fallback_reason]')" \
	    '["fallback-random", "initial_random", null,
	    "insufficient_usable_observations_for_gp(1/2)"]'
	config '.surrogate.gp_min_fit_observations = 4'
	lo-ingest --trial 2 loss=2 >/dev/null
	lo-suggest >/dev/null
	[ "$(decision .fallback_reason)" = \
	    '"insufficient_usable_observations_for_gp(2/4)"' ]
}

@test "--surrogate is for this call" {
	config '.initial_random_trials = 1'
	finish 1
	lo-suggest --surrogate gp >/dev/null
	[ "$(decision .fallback_reason)" = \
	    '"insufficient_usable_observations_for_gp(1/2)"' ]
	lo-suggest --surrogate auto >/dev/null
	[ "$(decision .fallback_reason)" = \
	    '"insufficient_usable_observations_for_gp(1/2)"' ]
	lo-suggest --surrogate rbf_proxy >/dev/null
	[ "$(decision .surrogate_backend)" = '"rbf_proxy"' ]
	lo-suggest --surrogate random >/dev/null
	[ "$(decision .surrogate_backend)" = null ]
	lo-suggest >/dev/null
	[ "$(decision .surrogate_backend)" = '"rbf_proxy"' ]
	# with rows enough
	lo-ingest --trial 2 loss=2 >/dev/null
	lo-suggest --surrogate gp >/dev/null
	[ "$(decision .surrogate_backend)" = '"gp"' ]
	[ "$(jq -r .surrogate.type bo_config.json)" = rbf_proxy ]
}

@test "a surrogate that was not used is said, once a call" {
	config '.initial_random_trials = 1'
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
	lo-ingest --trial 1 --status failed >/dev/null
	run -0 --separate-stderr lo-suggest -n 3
	[ "$stderr" = "lo-suggest: the surrogate that was asked for was not used, but the next best: no_usable_observations" ]
	# random is what was asked for
	run -0 --separate-stderr lo-suggest --surrogate random
	[ "$stderr" = "" ]
	lo-ingest --trial 2 loss=1 >/dev/null
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
	run -0 --separate-stderr lo-suggest --surrogate gp
	[[ $stderr == "lo-suggest: the surrogate "*": insufficient_usable_observations_for_gp(1/2)" ]]
}

@test "results that no longer fit the space are said" {
	config '.initial_random_trials = 1'
	for y in 3 2 1; do finish $y; done
	lo-suggest | payload null failed | lo-ingest >/dev/null
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
	# a parameter more: what was observed before lacks it
	edit parameter_space.json '.parameters += [{name: "m",
	    type: "float", bounds: [0, 1]}]'
	run -0 --separate-stderr lo-suggest -n 2
	[ "${#stderr_lines[@]}" = 2 ]
	[ "${stderr_lines[0]}" = "lo-suggest: 3 of 3 ok results do not fit parameter_space.json and objective_schema.json as they are now (trial 1, ...) and teach the model nothing; 'lo-validate' says what is wrong with each" ]
	[[ ${stderr_lines[1]} == *": no_usable_observations" ]]
	edit $state '(.observations[1], .observations[2]).params.m = 0.5'
	run -0 --separate-stderr lo-suggest
	[[ $stderr == "lo-suggest: 1 of 3 ok results "*" (trial 1) and "* ]]
	[ "$(decision .strategy)" = '"surrogate_acquisition"' ]
	# who needs no model needs no results
	run -0 --separate-stderr lo-suggest --surrogate random
	[ "$stderr" = "" ]
	run -0 --separate-stderr lo-suggest --params \
	    '{"x": 0.125, "n": 1, "m": 0}'
	[ "$stderr" = "" ]
	# narrower bounds leave them their use
	edit $state '.observations[0].params.m = 0.5'
	edit parameter_space.json '.parameters[0].bounds = [0.9, 1]'
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
}

# foreseen MAXIMIZE KAPPA: mean, deviation and score by ucb that rbf_proxy
# foresees for the suggestion in ../s, from the observations, by jq.
foreseen() {
	jq --argjson max "$1" --argjson kappa "$2" --slurpfile s ../s '
	    def unit: [.x, (.n - 1) / 7];
	    ($s[0].params | unit) as $at
	    | [.observations[] | {y: .objectives.loss, w: (.params
	      | [unit, $at] | transpose | map((.[0] - .[1]) * (.[0] - .[1]))
	      | add / (2 * 0.5 * 0.5) | -. | exp)}]
	    | (map(.w) | add) as $sum
	    | (map(.w * .y) | add / $sum) as $mean
	    | (map(.w * (.y - $mean) * (.y - $mean)) | add / $sum) as $var
	    | (([$var, 1e-12] | max | sqrt)
	      + ([0, 1 - ([1, $sum / length] | min)] | max)) as $std
	    | [$mean, $std,
	      (if $max then $mean else -$mean end) + $kappa * $std]' $state
}

@test "what rbf_proxy foresees is in the decision, in units of the objective" {
	local max

	config '.initial_random_trials = 3 | .acquisition = {type: "ucb",
	    kappa: 2.5} | .surrogate.length_scale = 0.5'
	for max in false true; do
		rm -rf state
		for i in 1 2 3; do
			finish $((10 * i * i))
		done
		lo-suggest >../s
		same "$(decision '[.surrogate_backend, .acquisition_type]')" \
		    '["rbf_proxy", "ucb"]'
		decision '[.predicted_mean, .predicted_std,
		    .acquisition_score]' >../got
		foreseen $max 2.5 >../want
		[ "$(jq -s 'transpose | all(.[]; .[0] - .[1]
		    | fabs < 1e-9)' ../got ../want)" = true ]
		edit objective_schema.json \
		    '.primary_objective.direction = "maximize"'
	done
}

# ------------------------------------------------------------------ leases

@test "leases: a token of 32 hex digits, another one each" {
	config '.worker_leases.enabled = true'
	run -0 lo-suggest -n 3 --jsonl
	[ "$(jq -s 'all(.[].lease_token; test("^[0-9a-f]{32}$"))' \
	    <<<"$output")" = true ]
	[ "$(jq -r .lease_token <<<"$output" | sort -u | wc -l)" = 3 ]
	jq -r .lease_token <<<"$output" >tokens
	jq -r '.pending[].lease_token' $state | diff tokens -
	jq -r .lease_token state/trials/trial_[123]/manifest.json |
	    diff tokens -
	# from the system's random source, not the seed
	cp -a . "$BATS_TEST_TMPDIR/../again.$$"
	cd "$BATS_TEST_TMPDIR/../again.$$"
	rm -rf state
	lo-suggest -n 3 --jsonl -rf .lease_token >again
	run -1 grep -Fxf again tokens
	rm -rf "$PWD"
}

@test "ids end where integers do" {
	lo-suggest >/dev/null
	edit state/bo_state.json '.next_trial_id = 9007199254740991'
	run -1 --separate-stderr lo-suggest -n 2
	[[ $stderr == *.next_trial_id*9007199254740991* ]]
	[ "$(lo-suggest -f .trial_id)" = 9007199254740991 ]
	run -1 lo-suggest
	[ "$(lo-status -f .next_trial_id)" = 9007199254740992 ]
}

# ------------------------------------------------------------- staleness

# grow_old ID SECONDS: trial ID was suggested that long ago.
grow_old() {
	edit $state --argjson id "$1" --argjson at "$(ago "$2")" \
	    '(.pending[] | select(.trial_id == $id)).suggested_at = $at'
}

@test "stale trials are retired first: events, state, manifest, CSV" {
	lo-suggest -n 2 >/dev/null
	grow_old 1 86500
	grow_old 2 86300
	: >$events
	run -0 --separate-stderr lo-suggest
	[ "$(json .trial_id)" = 3 ]
	[ "$(jq -sc 'map(select(.event == "trial_retired"))[0]
	    | del(.timestamp)' $events)" = "$(jq -nSc '{event:
	    "trial_retired", trial_id: 1, status: "killed",
	    reason: "retired_stale_auto", mode: "auto_stale",
	    command: "suggest"}')" ]
	[ "$(jq -c '[.pending[].trial_id]' $state)" = '[2,3]' ]
	same "$(jq -c '.observations | map([.trial_id, .status,
	    .terminal_reason, .objectives, .penalty_objective,
	    .artifact_path])' $state)" \
	    '[[1, "killed", "retired_stale_auto", {"loss": null}, null,
	    null]]'
	[ "$(jq -c '[.status, .terminal_reason, .artifact_path,
	    .objective_value]' state/trials/trial_1/manifest.json)" = \
	    '["killed","retired_stale_auto",null,null]' ]
	[ "$(jq '.completed_at - now | fabs < 60' \
	    state/trials/trial_1/manifest.json)" = true ]
	[ "$(wc -l <state/observations.csv)" = 2 ]
	[[ $stderr == *"trial 1 retired"* ]]
}

@test "a heartbeat keeps a trial fresh" {
	lo-suggest >/dev/null
	grow_old 1 90000
	edit $state --argjson at "$(ago 60)" \
	    '.pending[0].last_heartbeat_at = $at'
	lo-suggest >/dev/null
	[ "$(jq '.pending | length' $state)" = 2 ]
	edit $state --argjson at "$(ago 87000)" \
	    '.pending[0].last_heartbeat_at = $at'
	lo-suggest >/dev/null
	[ "$(jq -c '[.pending[].trial_id]' $state)" = '[2,3]' ]
}

@test "max_pending_age_seconds sets the age, null and 0 turn it off" {
	local off

	lo-suggest >/dev/null
	grow_old 1 900000
	for off in null 0; do
		config --argjson off $off '.max_pending_age_seconds = $off'
		lo-suggest >/dev/null
		[ "$(jq '.pending[0].trial_id' $state)" = 1 ]
	done
	grow_old 1 100
	config '.max_pending_age_seconds = 99.5'
	lo-suggest >/dev/null
	[ "$(jq '.pending[0].trial_id' $state)" = 2 ]
}

@test "the retirement is kept even if the request is then refused" {
	retired() {
		jq -c '[[.pending[].trial_id], [.observations[].trial_id]]' \
		    $state
	}
	config '.max_trials = 1'
	lo-suggest >/dev/null
	grow_old 1 90000
	run -3 --separate-stderr lo-suggest
	[ "$output" = "" ]
	[ "$(retired)" = '[[],[1]]' ]
	[ "$(jq -r .event $events | tail -n 3 | xargs)" = \
	    'lock_acquired trial_retired lock_released' ]
	config '.max_trials = 9 | .max_pending_trials = 1'
	lo-suggest >/dev/null
	grow_old 2 90000
	run -75 lo-suggest -n 2
	[ "$(retired)" = '[[],[1,2]]' ]
	lo-suggest >/dev/null
	grow_old 3 90000
	run -1 lo-suggest --params '{"x": 7, "n": 1}'
	[ "$(retired)" = '[[],[1,2,3]]' ]
	# and it makes room
	lo-suggest >/dev/null
	grow_old 4 90000
	[ "$(lo-suggest -f .trial_id)" = 5 ]
}

# ---------------------------------------------------------------- --params

@test "--params reserves the user's own point" {
	run -0 --separate-stderr lo-suggest --params '{"n": 3.0, "x": 1}'
	[[ $output == *'"params":{"x":1.0,"n":3},'* ]]
	[ "$(json .trial_id)" = 1 ]
	[ "$(decision '[.strategy, .surrogate_backend]')" = '["user",null]' ]
	[ "$(decision '.constraint_status | keys | length')" = 9 ]
	[ "$(jq '.meta.seed' $state)" = 17 ]
	[ "$(jq -r .event $events | xargs)" = \
	    'lock_acquired suggestion_created lock_released' ]
	[ "$(jq -c .params state/trials/trial_1/manifest.json)" = \
	    '{"x":1,"n":3}' ]
	lo-validate --strict >/dev/null
	# one, whatever the batch size
	config '.batch_size = 3'
	run -0 lo-suggest --params '{"n": 3, "x": 0.5}'
	[ "$(json .trial_id)" = 2 ]
}

@test "--params is validated" {
	local p

	while read -r p word; do
		refuses 1 --params "$p"
		echo "$p: $stderr"
		[[ $stderr == *"$word"* ]]
	done <<-'END'
		{"x":1.5,"n":1} x
		{"x":-1e-9,"n":1} x
		{"x":0.5,"n":9} n
		{"x":0.5,"n":1.5} n
		{"x":0.5,"n":"1"} n
		{"x":true,"n":1} x
		{"x":null,"n":1} x
		{"x":0.5} n
		{"x":0.5,"n":1,"y":2} y
		[0.5,1] object
		{"x":NaN,"n":1} line
		{"x":0.5,"x":0.5,"n":1} x
		{"x":0.5
	END
	[ ! -e $state ]
}

@test "--params obeys the constraints" {
	echo '{"bound_tightening": [{"param": "x", "max": 0.5}],
	    "forbidden_combinations": [{"when": {"n": 2}}],
	    "linear_inequalities": [{"terms": [{"param": "n",
	    "coefficient": 1}], "operator": "<=", "rhs": 6}]}' \
	    >constraints.json
	refuses 1 --params '{"x": 0.6, "n": 1}'
	[[ $stderr == *'bound_tightening[0]'* ]]
	refuses 1 --params '{"x": 0.4, "n": 2}'
	[[ $stderr == *'forbidden_combinations[0]'* ]]
	refuses 1 --params '{"x": 0.4, "n": 7}'
	[[ $stderr == *'linear_inequalities[0]'* ]]
	run -0 lo-suggest --params '{"x": 0.5, "n": 6}'
}

@test "--params: a point that is observed or pending is refused" {
	lo-suggest --params '{"x": 0.25, "n": 1}' >/dev/null
	refuses 1 --params '{"x": 0.25, "n": 1.0}'
	[[ $stderr == *"trial 1"* ]]
	lo-ingest --trial 1 loss=1 >/dev/null
	refuses 1 --params '{"x": 25e-2, "n": 1}'
	[[ $stderr == *"trial 1"* ]]
}

@test "--params: inactive parameters are dropped, active ones needed" {
	space '{"name": "a", "type": "bool"}' \
	    '{"name": "b", "type": "int", "bounds": [1, 9],
	      "when": {"a": true}}'
	run -0 lo-suggest --params '{"a": false, "b": 77}'
	[ "$(value .params)" = '{"a":false}' ]
	refuses 1 --params '{"a": true}'
	[[ $stderr == *b* ]]
}

# ------------------------------------------------------------- --replicate

@test "--replicate reserves a point once more" {
	finish 5
	finish 3
	finish 4
	for which in 1 best; do
		run -0 lo-suggest --replicate $which
		id=$(json .trial_id)
		of=${which/best/2}
		[ "$(value .params)" = "$(jq -c --argjson of "$of" \
		    '.observations[$of - 1].params' $state)" ]
		[ "$(jq '.pending[-1].replicate_of' $state)" = "$of" ]
		[ "$(jq .replicate_of state/trials/trial_"$id"/manifest.json
		    )" = "$of" ]
	done
	lo-ingest --trial 4 loss=6 >/dev/null
	[ "$(jq '.observations[-1].replicate_of' $state)" = 1 ]
	[ "$(jq .replicate_of state/trials/trial_4/manifest.json)" = 1 ]
	run -0 lo-suggest --replicate 3 -n 3 --jsonl
	[ "$(jq -c .params <<<"$output" | sort | uniq -c | wc -l)" = 1 ]
	[ "${#lines[@]}" = 3 ]
	lo-validate --strict >/dev/null
}

@test "--replicate: once, whatever the size of a batch" {
	edit bo_config.json '.batch_size = 3'
	lo-suggest -n 1 | payload 1 | lo-ingest >/dev/null
	lo-suggest --replicate best >/dev/null
	[ "$(lo-status -f .pending)" = 1 ]
}

@test "--replicate: a failed trial may be repeated, too" {
	finish null failed
	run -0 lo-suggest --replicate 1
	[ "$(value .params)" = "$(jq -c '.observations[0].params' $state)" ]
}

@test "--replicate: no such trial, no best, params of another space" {
	refuses 1 --replicate best
	[[ $stderr == *best* ]]
	refuses 1 --replicate 1
	[[ $stderr == *"trial 1"* ]]
	finish null failed
	finish 1
	refuses 1 --replicate 3
	space '{"name": "z", "type": "float", "bounds": [0, 1]}'
	refuses 1 --replicate 1
	[[ $stderr == *"trial 1"*parameter_space.json* ]]
	refuses 1 --replicate 2
	[[ $stderr == *"trial 2"*parameter_space.json* ]]
}

# ---------------------------------------------------------------- --resume

# claim ID HOST BOOT PID START: somebody took the trial.
claim() {
	edit $state '(.pending[] | select(.trial_id == '"$1"')).claim = {
	    host: $h, boot_id: $b, pid: $p, start_time: $s}' \
	    --arg h "$2" --arg b "$3" --argjson p "$4" --argjson s "$5"
}

boot() {
	cat /proc/sys/kernel/random/boot_id
}

# The 22nd field, the second may hold blanks.
started() {
	sed 's/.*) //' /proc/"$1"/stat | cut -d ' ' -f 20
}

resumed() {
	run -0 --separate-stderr lo-suggest --resume --jsonl -f .trial_id
	[ "$(xargs <<<"$output")" = "$1" ]
}

@test "--resume prints unclaimed trials as they were suggested" {
	config '.worker_leases.enabled = true'
	lo-suggest -n 3 --jsonl >s
	snapshot state >before
	run -0 --separate-stderr lo-suggest --resume --jsonl
	diff s - <<<"$output"
	run -0 --separate-stderr lo-suggest --resume
	[ "$(json .count)" = 3 ]
	value '.suggestions[]' | diff s -
	snapshot state | diff before -
	lo-ingest --trial 1 --lease-token "$(jq -sr '.[0].lease_token' s)" \
	    loss=1 >/dev/null
	lo-ingest --trial 2 --lease-token "$(jq -sr '.[1].lease_token' s)" \
	    loss=1 >/dev/null
	run -0 lo-suggest --resume
	[ "$output" = "$(tail -n 1 s)" ]
}

@test "--resume with nothing to resume is exit status 3" {
	refuses 3 --resume
	finish 1
	refuses 3 --resume
	lo-suggest >/dev/null
	claim 2 "$(uname -n)" "$(boot)" $$ "$(started $$)"
	refuses 3 --resume
}

@test "--resume: claimants of this host, alive and dead" {
	local dead

	[ -r /proc/$$/stat ] || skip 'no /proc'
	lo-suggest -n 4 >/dev/null
	sleep 0 &
	dead=$!
	wait $dead
	claim 1 "$(uname -n)" "$(boot)" $$ "$(started $$)"
	claim 2 "$(uname -n)" "$(boot)" $dead 1
	# the number was given to another process since
	claim 3 "$(uname -n)" "$(boot)" $$ 1
	resumed '2 3 4'
	# however long ago: who lives, works
	grow_old 1 5000
	resumed '2 3 4'
}

@test "--resume: claimants of other hosts by three heartbeats" {
	lo-suggest -n 3 >/dev/null
	for i in 1 2 3; do
		claim $i elsewhere.example 1b2c $$ 1
	done
	refuses 3 --resume
	grow_old 1 150
	grow_old 2 210
	grow_old 3 1000
	edit $state --argjson at "$(ago 100)" \
	    '.pending[2].last_heartbeat_at = $at'
	resumed 2
	edit $state --argjson at "$(ago 200)" \
	    '.pending[2].last_heartbeat_at = $at'
	resumed '2 3'
	# a claim is a sign of life, too, however old the suggestion
	edit $state --argjson at "$(ago 100)" \
	    '.pending[1].claim.claimed_at = $at'
	resumed 3
}

@test "--resume: who sends heartbeats without a claim is at work" {
	lo-suggest -n 2 >/dev/null
	lo-heartbeat --note 'weighing sample' 1 >/dev/null
	resumed 2
	run -0 lo-status -H
	[[ $output == *'trial 1, heartbeat '*' ago, with who sends its heartbeats:'* ]]
	[[ $output == *'trial 2, suggested '*' ago, waits for an evaluator:'* ]]
	run -0 --separate-stderr lo-run -n 1 -f .observations -- echo 0.5
	run -0 jq -c '[.pending[].trial_id]' $state
	[ "$output" = '[1]' ]
	# for three minutes
	edit $state --argjson at "$(ago 170)" \
	    '.pending[0].last_heartbeat_at = $at'
	refuses 3 --resume
	edit $state --argjson at "$(ago 190)" \
	    '.pending[0].last_heartbeat_at = $at'
	resumed 1
}

@test "--resume needs neither lock nor budget" {
	config '.max_trials = 1 | .max_pending_trials = 1'
	lo-suggest >/dev/null
	exec 7<state/.looptimum.lock
	flock 7
	run -0 lo-suggest --resume
	[ "$(json .trial_id)" = 1 ]
	exec 7<&-
}

# ------------------------------------------------------------- determinism

@test "the same state gives the same suggestion, bit for bit" {
	local how want

	space '{"name": "l", "type": "float", "bounds": [1e-5, 1],
	    "scale": "log"}' '{"name": "n", "type": "int",
	    "bounds": [1, 1000]}' '{"name": "c", "type": "categorical",
	    "choices": ["a", "b", "ü"]}'
	config '.initial_random_trials = 4'
	for i in 1 2 3 4 5 6; do
		lo-suggest >s
		y=$(jq '.params | (.l - 0.3) * (.l - 0.3) + .n / 1000' s)
		payload "$y" <s | lo-ingest >/dev/null
	done
	lo-suggest >/dev/null
	points() {
		rm -rf "$BATS_TEST_TMPDIR/copy"
		cp -r . "$BATS_TEST_TMPDIR/copy" 2>/dev/null || :
		(cd "$BATS_TEST_TMPDIR/copy" &&
		    env "$@" lo-suggest -n 3 --jsonl -f '[.trial_id, .params]')
	}
	mkdir c && mv ./*.json state c && cd c
	want=$(points)
	[ "$(wc -l <<<"$want")" = 3 ]
	for how in LC_ALL=C LC_ALL=C.UTF-8 LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo \
	    TZ=America/St_Johns OMP_NUM_THREADS=1 MALLOC_PERTURB_=85; do
		[ "$(points $how)" = "$want" ]
	done
	# under load, after other calls
	timeout 60 sh -c "while :; do :; done" &
	lo-status >/dev/null
	lo-suggest --resume >/dev/null
	points >../loaded
	kill %1
	[ "$(cat ../loaded)" = "$want" ]
	# one by one as well as at once
	for i in 1 2 3; do
		lo-suggest -f '[.trial_id, .params]'
	done >../single
	[ "$(cat ../single)" = "$want" ]
}

@test "meta.seed rules over the config, and matters" {
	local want

	lo-suggest -n 2 >/dev/null
	for seed in 17 18; do
		mkdir $seed
		cp -r ./*.json state $seed
	done
	want=$(lo-suggest -f .params)
	config '.seed = 99'
	cd 17
	config '.seed = 99'
	[ "$(lo-suggest -f .params)" = "$want" ]
	cd ../18
	edit $state '.meta.seed = 18'
	[ "$(lo-suggest -f .params)" != "$want" ]
}

@test "no point is suggested twice, whichever the phase" {
	space '{"name": "n", "type": "int", "bounds": [1, 12]}'
	config '.initial_random_trials = 3'
	for i in 1 2 3 4 5 6; do
		lo-suggest >/dev/null
		finish "$i"
	done
	[ "$(jq -c '(.observations + .pending)[].params.n' $state |
	    sort -nu | wc -l)" = 12 ]
	refuses 3
}

# ------------------------------------------------------------- the lock

@test "a busy lock: 75 at once or in time, and nothing is logged" {
	lo-suggest >/dev/null
	exec 7<state/.looptimum.lock
	flock 7
	snapshot state >before
	run -75 --separate-stderr lo-suggest --fail-fast
	[ "$output" = "" ]
	[[ $stderr == *lock* ]]
	run -75 lo-suggest --lock-timeout 0.05
	config '.lock_timeout_seconds = 0'
	run -75 lo-suggest
	run -75 lo-suggest --params '{"x": 0.1, "n": 1}'
	snapshot state | diff before -
	# the option rules over the config
	(sleep 0.3; flock -u 7) &
	run -0 lo-suggest --lock-timeout 30
	wait
	exec 7<&-
}

@test "the lock is waited for, and the wait is logged" {
	[ -r /proc/locks ] || skip 'no /proc/locks'
	lo-suggest >/dev/null
	exec 7<state/.looptimum.lock
	flock 7
	lo-suggest >later &
	wait_for 10 grep -q -- "-> FLOCK.*:$(stat -c %i state/.looptimum.lock) " \
	    /proc/locks
	flock -u 7
	wait $!
	[ "$(jq .trial_id later)" = 2 ]
	[ "$(jq -s 'map(select(.event == "lock_acquired"))[1].wait_seconds
	    > 0' $events)" = true ]
	exec 7<&-
}

# ------------------------------------------------------ where the files are

@test "the campaign: -C, LO_CAMPAIGN, upwards from here" {
	make_campaign other
	mkdir -p sub/sub
	lo-suggest -C other >/dev/null
	[ -e other/$state ] && [ ! -e $state ]
	LO_CAMPAIGN=other lo-suggest >/dev/null
	[ "$(jq .next_trial_id other/$state)" = 3 ]
	(cd sub/sub && lo-suggest) >/dev/null
	[ "$(jq .next_trial_id $state)" = 2 ]
	run -1 lo-suggest -C sub
	[[ $output == *bo_config.json*lo-init* ]]
}

@test "paths move the files" {
	config '.paths = {state_file: "data/s.json",
	    observations_csv: "data/out/o.csv", trials_dir: "runs",
	    acquisition_log_file: "../logs/a.jsonl",
	    event_log_file: "data/e.jsonl", lock_file: "data/lock"}'
	mkdir c
	mv ./*.json c
	cd c
	lo-suggest | payload 1 | lo-ingest >/dev/null
	for f in data/s.json data/out/o.csv runs/trial_1/manifest.json \
	    runs/trial_1/ingest_payload.json ../logs/a.jsonl data/e.jsonl \
	    data/lock; do
		[ -s $f ]
	done
	[ ! -e state ]
	[ "$(jq -r '.observations[0].artifact_path' data/s.json)" = \
	    runs/trial_1/ingest_payload.json ]
}

@test "state may be a link, resolved once; links below it are not followed" {
	local f

	mkdir far
	ln -s far state
	lo-suggest >/dev/null
	[ -f far/bo_state.json ] && [ -L state ]
	mkdir outside
	for f in bo_state.json observations.csv event_log.jsonl \
	    acquisition_log.jsonl trials .looptimum.lock; do
		rm -rf work outside/*
		cp -a far work
		mv work/$f outside/it
		ln -s ../outside/it work/$f
		rm state
		ln -s work state
		snapshot outside >before
		lo-suggest >/dev/null 2>&1 || :
		lo-ingest --trial 1 loss=1 >/dev/null 2>&1 || :
		snapshot outside | diff before -
	done
	rm -rf work outside/*
	cp -a far work
	mv work/trials/trial_1 outside
	ln -s ../../outside/trial_1 work/trials/trial_1
	snapshot outside >before
	lo-ingest --trial 1 loss=1 >/dev/null 2>&1 || :
	snapshot outside | diff before -
}

# ------------------------------------------------------------------ damage

@test "a missing state beside trials or decisions is damage" {
	lo-suggest >/dev/null
	rm $state
	refuses 1
	[[ $stderr == *bo_state.json*missing*copy* ]]
	refuses 1 --params '{"x": 0.1, "n": 1}'
	rm -r state/trials
	refuses 1
	[[ $stderr == *bo_state.json*acquisition_log* ]]
	rm $decisions
	run -0 lo-suggest
}

@test "a corrupt state is named with line and column" {
	lo-suggest >/dev/null
	printf '{"schema_version": "0.3.0",\n  "meta": {,}}\n' >$state
	refuses 1
	[[ $stderr == *bo_state.json*"line 2"*column* ]]
	cut -c 1-20 $state >x && cp x $state
	refuses 1
	: >$state
	refuses 1
	[[ $stderr == *bo_state.json* ]]
	echo '{"a": 1, "a": 2}' >$state
	refuses 1
	echo '[]' >$state
	refuses 1
	echo '{"schema_version": "0.3.0", "meta": {}, "observations": [],
	    "pending": [], "next_trial_id": 1, "best": null} {}' >$state
	refuses 1
}

@test "versions: 0.3.x stays, 0.2.x and none are upgraded, others refused" {
	local v

	lo-suggest >/dev/null
	edit $state '.schema_version = "0.3.1"'
	run -0 --separate-stderr lo-suggest -n 2
	[ "$(json .schema_version)" = 0.3.1 ]
	[ "$(json '.suggestions[1].schema_version')" = 0.3.1 ]
	[ "$(jq -r .schema_version $state)" = 0.3.1 ]
	[ "$stderr" = "" ]
	for v in 0.4.0 1.0.0 0.1.9 0.30.0 x; do
		edit $state --arg v $v '.schema_version = $v'
		refuses 1
		[[ $stderr == *bo_state.json*0.2.x*0.3.x*$v* ]]
	done
	edit $state '.schema_version = "0.2.5"'
	run -0 --separate-stderr lo-suggest
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *bo_state.json* ]]
	[ "$(jq -r .schema_version $state)" = 0.3.0 ]
	edit $state 'del(.schema_version)'
	run -0 --separate-stderr lo-suggest
	[ "${#stderr_lines[@]}" = 1 ]
	[ "$(jq -r .schema_version $state)" = 0.3.0 ]
	run -0 --separate-stderr lo-suggest
	[ "$stderr" = "" ]
}

@test "contract files: missing, YAML, invalid" {
	lo-suggest >/dev/null
	mv parameter_space.json parameter_space.yaml
	refuses 1
	[[ $stderr == *parameter_space.json* ]]
	rm parameter_space.yaml
	refuses 1
	[[ $stderr == *parameter_space.json* ]]
	space '{"name": "x", "type": "float", "bounds": [1, 0]}'
	refuses 1
	[[ $stderr == *parameter_space.json*bounds* ]]
	space '{"name": "x", "type": "float", "bounds": [0, 1]}'
	echo '{}' >constraints.yml
	refuses 1
	[[ $stderr == *constraints.json* ]]
	rm constraints.yml
	config '.max_trials = -1'
	refuses 1
	[[ $stderr == *bo_config.json*max_trials* ]]
}

@test "a torn last line of a log is kept aside and cut" {
	lo-suggest >/dev/null
	cp $events whole
	printf '{"event": "lock_acq' >>$events
	lo-suggest >/dev/null
	cmp -n "$(stat -c %s whole)" whole $events
	as_python log $events
	grep -qF '{"event": "lock_acq' $events.torn
	run -1 grep -F 'lock_acq"' $events
}

# The best value lies where trials fail: two thirds of them taught that.
@test "many trials, many failures: where they begin is still known" {
	config '.surrogate.type = "gp" | .max_trials = 1000'
	jq '.parameters |= .[:1]' parameter_space.json >new
	mv new parameter_space.json
	jq -nc 'range(450) | (. * 0.6180339887 | . - floor) as $x |
	    if $x > 0.7 then {params: {x: $x}, objectives: {loss: null},
		status: "failed", terminal_reason: "crashed"}
	    else {params: {x: $x}, objectives: {loss: ($x - 0.9 | . * .)},
		status: "ok"} end' | lo-import - >/dev/null 2>&1
	run -0 lo-suggest -c -f '.params.x | . > 0.65 and . < 0.72'
	[ "$output" = true ]
	run -0 lo-trace -f 'select(.trial_id == 451) |
	    .decision.probability_ok | . > 0.5 and . < 1'
	[ "$output" = true ]
}

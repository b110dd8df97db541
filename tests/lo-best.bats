#!/usr/bin/env bats
# lo-best: the best trial, by each policy, and its forms.
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

# results VALUE...: one trial each; null: a failed one; "a b" with two
# objectives, a and b.
results() {
	local y

	for y; do
		lo-suggest | jq -c --arg y "$y" --slurpfile o \
		    objective_schema.json '{trial_id, params, objectives:
		    ([[$o[0].primary_objective,
		       $o[0].secondary_objectives[]?][].name]
		    | [., ($y | split(" ") | map(fromjson))] | transpose
		    | map({key: .[0], value: .[1]}) | from_entries),
		    status: (if $y == "null" then "failed" else "ok" end)}' |
		    lo-ingest >/dev/null
	done
}

# two DIRECTION DIRECTION [SCALARIZATION]: objectives a and b.
two() {
	jq -n --argjson s "${3:-null}" '{
	    primary_objective: {name: "a", direction: $ARGS.positional[0]},
	    secondary_objectives: [{name: "b",
	    direction: $ARGS.positional[1]}]}
	    + if $s then {scalarization: $s} else {} end' \
	    --args "$1" "$2" >objective_schema.json
}

# is TRIAL SCALAR: lo-best and the state agree on that.
is() {
	same "$(lo-best -f '[.trial_id, .objective_value]')" "[$1, $2]"
	same "$(jq '.best | [.trial_id, .objective_value]' $state)" "[$1, $2]"
	run -0 lo-validate
}

@test "the best trial and its params" {
	results 3 1 2
	run -0 --separate-stderr lo-best
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
	same "$(json '[.trial_id, .objective_name, .objective_value,
	    .objectives]')" '[2, "loss", 1, {"loss": 1}]'
	[[ $output == *'"objective_value":1.0,'* ]]
	same "$(json .params)" "$(jq '.observations[1].params' $state)"
	is 2 1
}

@test "no ok trial, no best: exit status 1" {
	run -1 --separate-stderr lo-best
	[ "$output" = "" ]
	[[ $stderr == "lo-best: "* ]]
	[ ! -e state ]
	results null
	run -1 lo-best
	run -1 lo-best --args
	run -1 lo-best --env
	run -1 lo-best -f .trial_id
	[ "$(jq .best $state)" = null ]
}

@test "only ok trials are ranked, penalties never" {
	lo-suggest | jq -c '{trial_id, params, objectives: {loss: null},
	    status: "failed", penalty_objective: -100}' | lo-ingest >/dev/null
	results 5
	is 2 5
}

@test "maximize" {
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	results 3 7 5 -9
	is 2 7
}

@test "ties go to the smaller id, whatever the order of arrival" {
	lo-suggest -n 4 >/dev/null
	for i in 3 4 2; do
		lo-ingest --trial $i loss=1.5 >/dev/null
	done
	is 2 1.5
	lo-ingest --trial 1 loss=1.5 >/dev/null
	is 1 1.5
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	rm -r state
	results 1 2 2
	is 2 2
}

@test "primary_only: the others break ties" {
	two minimize maximize
	results '2 9' '1 3' '1 4' '1 4' '3 99'
	is 3 1
	same "$(jq .best $state | jq 'del(.updated_at)')" '{"trial_id": 3,
	    "objective_name": "a", "objective_value": 1,
	    "scalarization_policy": "primary_only",
	    "objective_vector": {"a": 1, "b": 4}}'
	same "$(lo-best -f .objectives)" '{"a": 1, "b": 4}'
	# said or not, it is the same
	two minimize maximize '{"policy": "primary_only"}'
	[ "$(lo-best -f .trial_id)" = 3 ]
	two minimize minimize
	[ "$(lo-best -f .trial_id)" = 2 ]
}

@test "weighted_sum: normalized weights, maximized ones negated" {
	two minimize maximize \
	    '{"policy": "weighted_sum", "weights": {"b": 1, "a": 3}}'
	# (3a - b) / 4
	results '4 0' '5 8' '4 4'
	is 2 1.75
	results '0 -4'
	is 4 1
	same "$(jq '.best | [.objective_name, .scalarization_policy,
	    .objective_vector]' $state)" \
	    '["scalarized", "weighted_sum", {"a": 0, "b": -4}]'
	[ "$(lo-best -rf .objective_name)" = scalarized ]
	# equal sums: the vector in declared order
	results '-1 -7' '1 -1'
	is 5 1
}

@test "weighted_tchebycheff: the farthest from the reference" {
	two minimize maximize '{"policy": "weighted_tchebycheff",
	    "weights": {"a": 1, "b": 1}}'
	# max(|a|, |-b|) / 2
	results '4 3' '-2 3' '1 -6'
	is 2 1.5
	same "$(jq '.best | [.objective_name, .scalarization_policy]' \
	    $state)" '["scalarized", "weighted_tchebycheff"]'
	rm -r state
	two minimize maximize '{"policy": "weighted_tchebycheff",
	    "weights": {"a": 1, "b": 3}, "reference_point":
	    {"b": 10, "a": 2}}'
	# max(|a - 2|, 3|10 - b|) / 4: 3, 1.5, 0.75
	results '2 6' '8 9' '5 10'
	is 3 0.75
	results '2 10'
	is 4 0
}

@test "lexicographic: declared order, no weights" {
	two maximize minimize '{"policy": "lexicographic"}'
	results '1 0' '2 5' '2 4' '2 4' '1 -99'
	is 3 2
	same "$(jq '.best | [.objective_name, .scalarization_policy,
	    .objective_vector]' $state)" \
	    '["a", "lexicographic", {"a": 2, "b": 4}]'
}

@test "a policy for one objective names itself in best" {
	echo '{"primary_objective": {"name": "g", "direction": "maximize"},
	    "scalarization": {"policy": "weighted_sum",
	    "weights": {"g": 5}}}' >objective_schema.json
	results 1 2
	# minimized, hence negative
	is 2 -2
	same "$(jq '.best | [.objective_name, .scalarization_policy,
	    .objective_vector]' $state)" \
	    '["scalarized", "weighted_sum", {"g": 2}]'
}

@test "objectives that changed: the next result ranks all again" {
	results 5 3
	lo-suggest >../s
	echo '{"primary_objective": {"name": "loss", "direction": "minimize"},
	    "scalarization": {"policy": "weighted_sum",
	    "weights": {"loss": 2}}}' >objective_schema.json
	payload 4 <../s | lo-ingest >/dev/null
	# the same trial and number under another name
	is 2 3
	same "$(jq '.best | del(.updated_at)' $state)" '{"trial_id": 2,
	    "objective_name": "scalarized", "objective_value": 3,
	    "scalarization_policy": "weighted_sum",
	    "objective_vector": {"loss": 3}}'
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	results 1
	is 1 -5
	# the same trial, another number
	edit objective_schema.json '.scalarization = {
	    policy: "weighted_tchebycheff", weights: {loss: 1},
	    reference_point: {loss: 6}}'
	results 0
	is 1 1
	edit objective_schema.json 'del(.scalarization)'
	results 2
	is 1 5
	same "$(jq '.best | del(.updated_at)' $state)" '{"trial_id": 1,
	    "objective_name": "loss", "objective_value": 5}'
}

@test "a hundred trials, ranked by jq" {
	local policy

	edit bo_config.json '.max_trials = 100 | .initial_random_trials = 100'
	two minimize maximize
	lo-suggest -n 100 --jsonl | jq -c '{trial_id, params, objectives:
	    {a: (.trial_id * 37 % 11), b: (.trial_id * 53 % 13)}}' >../p
	for policy in '{"policy": "primary_only"}' \
	    '{"policy": "lexicographic"}' '{"policy": "weighted_sum",
	    "weights": {"a": 1, "b": 3}}' '{"policy":
	    "weighted_tchebycheff", "weights": {"a": 1, "b": 3},
	    "reference_point": {"a": -1, "b": 14}}'; do
		cp -r ../c ../d
		two minimize maximize "$policy"
		lo-ingest --batch ../p >/dev/null
		want=$(jq -s --argjson s "$policy" 'min_by(
		    .objectives as {$a, $b}
		    | [({primary_only: $a, lexicographic: $a,
			weighted_sum: (($a - 3 * $b) / 4),
			weighted_tchebycheff: ([($a + 1) / 4,
			3 * (14 - $b) / 4] | max)}[$s.policy]), $a, -$b,
		    .trial_id]).trial_id' ../p)
		[ "$(lo-best -f .trial_id)" = "$want" ]
		[ "$(jq .best.trial_id $state)" = "$want" ]
		cd ..
		rm -r c
		mv d c
		cd c
	done
}

@test "params of an older space: the trial counts all the same" {
	results 1 2
	edit parameter_space.json '.parameters += [
	    {"name": "new", "type": "bool"}]'
	results 3
	is 1 1
	same "$(lo-best -f .params)" "$(jq '.observations[0].params' $state)"
	run -1 --separate-stderr lo-best --args
	[[ $stderr == *"trial 1"*parameter_space.json* ]]
	run -0 lo-status -H
	edit $state 'del(.observations[0].params)'
	[ "$(lo-best -f .params)" = null ]
}

# ------------------------------------------------------------------- forms

@test "--args and --env" {
	echo '{"parameters": [
	    {"name": "lr", "type": "float", "bounds": [0.001, 1]},
	    {"name": "depth", "type": "int", "bounds": [1, 8]},
	    {"name": "opt", "type": "categorical", "choices": ["adam", "sgd"]},
	    {"name": "amp", "type": "bool"}]}' >parameter_space.json
	lo-suggest --params '{"lr": 1e-2, "depth": 4.0, "opt": "sgd",
	    "amp": true}' | payload 1 | lo-ingest >/dev/null
	run -0 --separate-stderr lo-best --args
	[ "$output" = '--lr=0.01 --depth=4 --opt=sgd --amp=true' ]
	run -0 --separate-stderr lo-best --env
	[ "$output" = 'LO_PARAM_lr=0.01
LO_PARAM_depth=4
LO_PARAM_opt=sgd
LO_PARAM_amp=true' ]
}

@test "inactive parameters are left out" {
	echo '{"parameters": [{"name": "a", "type": "bool"},
	    {"name": "b", "type": "int", "bounds": [1, 9],
	     "when": {"a": true}}]}' >parameter_space.json
	lo-suggest --params '{"a": false}' | payload 1 | lo-ingest >/dev/null
	[ "$(lo-best --args)" = --a=false ]
	[ "$(lo-best --env)" = LO_PARAM_a=false ]
	same "$(lo-best -f .params)" '{"a": false}'
}

@test "a shell reads the words back" {
	local c

	for c in 'two words' "it's" '$HOME `id` "q"' '' '*' 'a\b' $'l\nm' \
	    '--x' 'ü'; do
		rm -rf state
		jq -n --arg c "$c" '{parameters: [{name: "c-d.e",
		    type: "categorical", choices: [$c]}]}' \
		    >parameter_space.json
		lo-suggest | payload 1 | lo-ingest >/dev/null
		(
			eval "set -- $(lo-best --args)"
			[ $# = 1 ]
			[ "$1" = "--c-d.e=$c" ]
			eval "$(lo-best --env)"
			[ "$LO_PARAM_c_d_e" = "$c" ]
		)
	done
}

@test "numeric choices keep their text" {
	echo '{"parameters": [{"name": "c", "type": "categorical",
	    "choices": [1.50]}]}' >parameter_space.json
	results 1
	[ "$(lo-best --args)" = --c=1.50 ]
	run -0 lo-best
	[[ $output == *'"params":{"c":1.50}'* ]]
}

@test "filters, and options that exclude each other" {
	results 1
	[ "$(lo-best -rf .objective_name)" = loss ]
	[ "$(lo-best --arg k trial_id -f '.[$k]')" = 1 ]
	run -2 lo-best --args --env
	run -2 lo-best --args -f .
	run -2 lo-best --env -f .
	run -2 lo-best 1
}

@test "a damaged state, output that goes wrong" {
	results 1
	run -4 --separate-stderr sh -c 'lo-best >/dev/full'
	[[ $stderr == "lo-best: "* ]]
	echo '{' >$state
	run -1 --separate-stderr lo-best
	[ "$output" = "" ]
	[[ $stderr == *bo_state.json*line* ]]
}

@test "the campaign: -C, LO_CAMPAIGN, upwards from here" {
	results 1
	mkdir sub
	[ "$(cd sub && lo-best -f .trial_id)" = 1 ]
	cd ..
	[ "$(lo-best -C c -f .trial_id)" = 1 ]
	[ "$(LO_CAMPAIGN=c lo-best -f .trial_id)" = 1 ]
	run -1 lo-best -C c/sub
	[[ $output == *bo_config.json*lo-init* ]]
}

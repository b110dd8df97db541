# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# lo-explain: one trial in words.

load helper

# The text as one line, so that sentences can be looked for.  It came in
# lines of at most 78 characters, or of a single word.
told() {
	run -0 --separate-stderr lo-explain "$@"
	[ "$stderr" = "" ]
	! grep ' ' <<<"$output" | grep -E '^.{79,}$' || return
	text=$(tr '\n' ' ' <<<"$output" | tr -s ' ')
}

says() {
	[[ $text == *"$1"* ]] || { echo "not said: $1"; echo "$text"; return 1; }
}

keeps_quiet() {
	[[ $text != *"$1"* ]] || { echo "said: $1"; echo "$text"; return 1; }
}

# number TEXT: a JSON number as "%.6g" has it.
short() {
	python3 -c 'import sys; print("%.6g" % float(sys.argv[1]))' "$1"
}

# decision KEY ID: of the acquisition log.
decision() {
	jq -r --argjson id "$2" "select(.trial_id == \$id).decision.$1" \
	    state/acquisition_log.jsonl
}

# Trials 1 to 6 of the warm-up and 7 by the model gp, with results.
gp_campaign() {
	make_campaign . '.surrogate.type = "gp" | .acquisition.type = "auto"'
	for _ in 1 2 3 4 5 6 7; do
		lo-suggest | jq -c '{trial_id, params, objectives:
		    {loss: (.params.x + .params.n / 10)}}' |
		    lo-ingest >/dev/null
	done
}

@test "warm-up: which point of how many" {
	make_campaign .
	lo-suggest -n 2 --jsonl | payload 0.5 | lo-ingest >/dev/null
	told 2
	says 'Trial 2: ok, loss = 0.5. Suggested 20'
	says ' UTC, result 20'
	says 'point 2 of 6 of the warm-up'
	says "sampler $(decision sampler 2)"
	says "n=$(jq .observations[1].params.n state/bo_state.json)."
	says 'The nearest other trial with a result is 1, at a distance of'
	keeps_quiet 'Predicted'
	keeps_quiet ' model chose'
	# more of them than were asked for, since results are out
	lo-suggest -n 6 >/dev/null
	told 8
	says 'point 8 of the warm-up, which spreads points over the space until 6 results are in'
	says 'Trial 8: pending, no result yet.'
	says 'No value was predicted.'
}

@test "a Gaussian process: what it knew, and how it chose" {
	gp_campaign
	told 7
	says 'a Gaussian process (gp) that knew 6 ok observations.'
	says 'No other trial was pending'
	says "Of $(decision candidates_scored 7) candidates"
	says 'expected improvement, acquisition ei'
	says "score $(short "$(decision acquisition_score 7)") (a logarithm)"
	says "The search was $(decision search_phase 7)"
	says "best trial then was $(decision incumbent_trial_id 7) with $(short "$(decision incumbent_value 7)"); the value to improve on was $(short "$(decision threshold 7)")"
	says 'deviation by noise to be'
	keeps_quiet 'would fail'
}

@test "parameters in the order in which they mattered" {
	gp_campaign
	edit state/acquisition_log.jsonl -c 'if .trial_id == 7 then
	    .decision.length_scales = {n: 0.25, x: 3.5} |
	    .decision.noise_variance = 0.04 |
	    .decision.signal_variance = 4 else . end'
	told 7
	says 'a small one matters much): n 0.25, x 3.5.'
	# the root of 0.04 / 4
	says 'to be 10 % of that of the signal'
	edit state/acquisition_log.jsonl -c 'if .trial_id == 7 then
	    .decision.length_scales = {n: 0.25, x: 0.125} else . end'
	told 7
	says 'x 0.125, n 0.25.'
}

@test "predicted against measured, in deviations" {
	gp_campaign
	# chosen so that the sums are plain
	edit state/acquisition_log.jsonl -c 'if .trial_id == 7 then
	    .decision.predicted_mean = 1.5 | .decision.predicted_std = 0.25
	    else . end'
	edit state/bo_state.json '.observations[6].objectives.loss = 2'
	told 7
	says 'Predicted: loss = 1.5 with a deviation of 0.25. Measured: 2, 2 deviations above, which is worse.'
	edit state/bo_state.json '.observations[6].objectives.loss = 0.5'
	told 7
	says 'Measured: 0.5, 4 deviations below, which is better; the model was surer'
	edit state/bo_state.json '.observations[6].objectives.loss = 1.5'
	told 7
	says 'Measured: 1.5, just that.'
	# a larger value is better when maximized
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	edit state/bo_state.json '.observations[6].objectives.loss = 2'
	told 7
	says '2 deviations above, which is better.'
}

@test "a pending trial: what is expected, and pending points allowed for" {
	gp_campaign
	lo-suggest -n 3 >/dev/null
	edit state/acquisition_log.jsonl -c 'if .trial_id == 10 then
	    .decision.predicted_mean = 1.5 | .decision.predicted_std = 0.25
	    else . end'
	told 10
	says 'pending, no result yet'
	says 'allowed for 2 pending points, whose results were still to come'
	says 'it is expected, two times in three, between 1.25 and 1.75.'
	told 9
	says 'allowed for 1 pending point, whose result was still to come'
	keeps_quiet 'Measured'
}

@test "failures: the reason, and how likely one was" {
	gp_campaign
	lo-suggest | payload null failed |
	    jq -c '.terminal_reason = "exit=3: no luck"' | lo-ingest >/dev/null
	told 8
	says 'Trial 8: failed, because: exit=3: no luck.'
	says 'There is no value to hold against that.'
	edit state/acquisition_log.jsonl -c 'if .trial_id == 8 then
	    .decision.probability_ok = 0.75 | .decision.failure_weight = 2 |
	    .decision.failures_used = 3 else . end'
	told 8
	says 'ok observations and 3 that were not ok'
	says 'fail with a probability of 25 %, which counted 2 times'
}

@test "search, exploration, rows" {
	gp_campaign
	edit state/acquisition_log.jsonl -c 'if .trial_id == 7 then
	    .decision.search_phase = "local" | .decision.exploration = true |
	    .decision.rows_used = 5 | .decision.rows_known = 6 |
	    .decision.fit = "kept" else . end'
	told 7
	says 'The search was local: around the best point only.'
	says 'by how little is known there'
	says 'it used 5 rows of 6'
	says 'kept from an earlier suggestion'
	keeps_quiet 'logarithm'
}

@test "another branch" {
	gp_campaign
	edit state/acquisition_log.jsonl -c 'if .trial_id == 7 then
	    .decision.search_phase = "branch" |
	    .decision.branch_best_trial_id = 3 |
	    .decision.threshold = 0.5 else . end'
	told 7
	says 'in another branch of the space: where the same parameters are active as at trial 3.'
	says 'the value to improve on in that branch was 0.5'
}

@test "rbf_proxy, and other acquisitions" {
	make_campaign . '.initial_random_trials = 2 |
	    .acquisition.type = "ucb"'
	for _ in 1 2 3; do
		lo-suggest | payload 0.5 | lo-ingest >/dev/null
	done
	told 3
	says 'a weighted mean of near trials (rbf_proxy) that knew 2 ok observations'
	says 'an optimistic bound on the value, acquisition ucb'
	says 'the same for all parameters, was 0.2 of a range'
	keeps_quiet 'logarithm'
}

@test "several objectives: each" {
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
	told 5
	says 'a Gaussian process for each objective (gp) that knew 4 ok'
	says 'Predicted: scalarized = '
	says 'Predicted: loss = '
	says 'Predicted: size = '
	says 'To the model of loss the parameters mattered'
	says 'To the model of size the parameters mattered'
}

@test "the user's own point, a replicate, a retry" {
	make_campaign .
	lo-suggest --params '{"x": 0.5, "n": 3}' | payload 1 |
	    lo-ingest >/dev/null
	told 1
	says 'given by a person or program (lo-suggest --params)'
	says 'Parameters: x=0.5, n=3.'
	keeps_quiet 'nearest'
	lo-suggest --replicate 1 | payload null failed | lo-ingest >/dev/null
	told 2
	says 'It repeats trial 1, to see how far values of one point differ'
	says 'The nearest other trial with a result is 1, at the same point: loss = 1.'
	lo-retry 2 >/dev/null
	told 3
	says 'It repeats trial 2, which was not ok (lo-retry)'
}

@test "a fallback and a warning are told" {
	make_campaign . '.initial_random_trials = 1'
	lo-suggest | payload null failed | lo-ingest >/dev/null
	lo-suggest >/dev/null
	told 2
	says 'drawn at random, though the warm-up was over'
	says 'not taken, because: no_usable_observations.'
	edit state/acquisition_log.jsonl -c 'if .trial_id == 2 then
	    .decision.constraint_status.warning = "few points" else . end'
	told 2
	says 'A warning was given: few points.'
}

@test "a decision that failed, then the trial of that id" {
	make_campaign .
	cat >constraints.json <<-'END'
		{"linear_inequalities": [{"terms": [{"param": "x",
		 "coefficient": 1}], "operator": ">=", "rhs": 2}]}
	END
	run -1 lo-suggest
	told 1
	says 'A trial 1 could not be suggested'
	says 'so none was made: constraints eliminated all'
	rm constraints.json
	lo-suggest >/dev/null
	told 1
	says 'could not be suggested'
	says 'Trial 1: pending'
	says 'point 1 of 6 of the warm-up'
}

@test "imported, voided, undecided, lost trials" {
	make_campaign .
	printf '%s' '{"trial_id": 31, "params": {"x": 0.5, "n": 2},
	    "status": "ok", "objectives": {"loss": 3}}' | tr -d '\n' >r.jsonl
	lo-import r.jsonl >/dev/null
	told 1
	says 'It was imported, there as trial 31; nothing was decided here.'
	lo-suggest | payload 1 | lo-ingest >/dev/null
	lo-void --reason 'wrong disk' 2 >/dev/null
	told 2
	says 'killed (its result was taken back by lo-void), because: wrong disk'
	: >state/acquisition_log.jsonl
	told 2
	says 'no decision of it'
	lo-suggest >/dev/null
	edit state/bo_state.json '.pending = []'
	told 3
	says 'the state does not know it'
}

@test "distance: ranges are 1, unlike choices the root of 2" {
	lo-init --param x=float:0..10 --param o=cat:a,b --minimize loss c >init
	cd c
	for p in '{"x": 0, "o": "a"}' '{"x": 2.5, "o": "a"}' \
	    '{"x": 10, "o": "b"}'; do
		lo-suggest --params "$p" | payload 1 | lo-ingest >/dev/null
	done
	told 1
	says 'is 2, at a distance of 0.25 (each'
	told 3
	# the root of 0.75^2 + 2
	says 'is 2, at a distance of 1.6 (each'
	says 'loss = 1, at x=2.5, o=a.'
}

@test "odd words do not reach the terminal, long ones have a line" {
	make_campaign .
	long=$(printf 'w%.0s' {1..100})
	lo-suggest | payload null failed |
	    jq -c --arg l "$long" '.terminal_reason = "a\u001b[31mb \($l) ä"' |
	    lo-ingest >/dev/null
	run -0 lo-explain 1
	[[ $output != *$'\033'* ]]
	[[ $output == *'a?[31mb'* ]]
	grep -qx "$long" <<<"$output"
}

@test "unknown and wrong ids" {
	make_campaign .
	run -1 --separate-stderr lo-explain 1
	[ "$output" = "" ]
	[[ $stderr == "lo-explain: trial 1: "* ]]
	run -2 --separate-stderr lo-explain
	[[ $stderr == "lo-explain: ID is missing"* ]]
	for id in 0 x 1.5 ''; do
		run -2 lo-explain "$id"
	done
	run -2 lo-explain 1 2
	run -2 lo-explain -f . 1
	run -1 lo-explain -C missing 1
}

@test "a bad line of the log: told all the same, and exit status 1" {
	make_campaign .
	lo-suggest -n 2 >/dev/null
	sed -i '1s/.*/oops/' state/acquisition_log.jsonl
	run -1 --separate-stderr lo-explain 2
	[[ $output == 'Trial 2: pending'*'of the warm-up'* ]]
	[[ $stderr == "lo-explain: state/acquisition_log.jsonl"*1* ]]
	# a torn one is none
	make_campaign d
	lo-suggest -C d >/dev/null
	printf '{"trial' >>d/state/acquisition_log.jsonl
	run -0 --separate-stderr lo-explain -C d 1
	[ "$stderr" = "" ]
}

@test "points that do not fit the space of today" {
	make_campaign .
	lo-suggest | payload 1 | lo-ingest >/dev/null
	edit parameter_space.json '.parameters[0].name = "y"'
	told 1
	says 'do not fit parameter_space.json of today'
}

@test "nothing is changed, no token is shown" {
	make_campaign . '.worker_leases.enabled = true'
	lo-suggest >../s
	snapshot state >../before
	told 1
	snapshot state >../after
	cmp ../before ../after
	keeps_quiet "$(jq -r .lease_token ../s)"
}

@test "trials at the same point are named, a deliberate one as such" {
	make_campaign c '.noise = true'
	cd c
	lo-suggest --params '{"x": 0.5, "n": 3}' | payload 1 | lo-ingest >/dev/null
	lo-suggest --replicate 1 | payload 2 | lo-ingest >/dev/null
	run -0 lo-explain 1
	[[ $output == *"The same point was tried by trial 2."* ]]
	[[ $output != *deliberately* ]]
	run -0 lo-explain 2
	[[ $output == *"The same point was tried by trial 1."* ]]
	edit_log='(.decision.strategy) |= if . == "replicate"
	    then "surrogate_acquisition" else . end'
	jq -c "$edit_log" state/acquisition_log.jsonl >x
	mv x state/acquisition_log.jsonl
	run -0 lo-explain 2
	[[ $(xargs <<<"$output") == *"It was repeated deliberately"* ]]
	# three digits, no exponent
	jq -c '.decision.model.noise_variance = 1.2544 |
	    .decision.model.signal_variance = 1' state/acquisition_log.jsonl >x
	mv x state/acquisition_log.jsonl
	run -0 lo-explain 2
	[[ $(xargs <<<"$output") != *e+0* ]]
}

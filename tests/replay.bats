# Decisions can be made again: replay/replay goes through the history of a
# campaign and asks for every suggestion anew.
# shellcheck disable=SC2154 # run sets output

load helper

BUILD=${LO_TEST_BUILD:-$TOP/build}
export LO_TEST_BIN=$BIN LO_TEST_BUILD=$BUILD

replay() {
	"$BUILD/tests/replay/replay" "$@"
}

# A copy of the recorded campaign.
recorded() {
	cp -R "$TOP/tests/fixtures/replay/mixed" c
	chmod -R u+w c
}

# Replayed with the same outcome as ever: to the bit where the arithmetic is
# that of the recording, see scripts/golden.
tolerance() {
	[ "$(replay -m)" = "$(cat c/arithmetic)" ] || echo "-t 1e-6"
}

state=c/state/bo_state.json
decisions=c/state/acquisition_log.jsonl

# lines_of FILTER: change the decision log, line by line.
lines_of() {
	jq -c "$1" $decisions >edited && mv edited $decisions
}

@test "what was just recorded is replayed to the bit" {
	"$TOP/tests/replay/record" c
	run -0 replay c
	[ "$output" = "28 decisions replayed, 28 the same to the bit, 2\
 passed over; parameters off by 0.0e+00 of their range at most" ]
}

# Values in steps: soon nothing is better, and every second step of the
# process is local, every second trial a descent.
@test "steps around the incumbent are replayed" {
	mkdir c
	cd c
	echo '{"seed": 3, "max_trials": 30, "initial_random_trials": 4,
	    "surrogate": {"type": "gp"}, "acquisition": {"type": "auto"},
	    "durability": "relaxed", "paths": {}}' >bo_config.json
	echo '{"parameters": [
	    {"name": "x", "type": "float", "bounds": [0.0, 1.0]},
	    {"name": "y", "type": "float", "bounds": [0.0, 1.0]}]}' \
	    >parameter_space.json
	echo '{"primary_objective": {"name": "loss",
	    "direction": "minimize"}}' >objective_schema.json
	for _ in $(seq 26); do
		lo-suggest | jq -c '.params as $p | {trial_id, params: $p,
		    objectives: {loss: ((($p.x - 0.4) * ($p.x - 0.4) +
		    $p.y) * 4 | floor)}}' | lo-ingest >/dev/null
	done
	run -0 jq -s '[.[].decision.search_phase] |
	    (map(select(. == "local")) | length) > 2 and
	    (map(select(. == "descent")) | length) > 2 and
	    (map(select(. == "global")) | length) > 2' \
	    state/acquisition_log.jsonl
	[ "$output" = true ]
	run -0 replay .
	[[ ${lines[-1]} == '26 decisions replayed, 26 the same to the bit'* ]]
}

# The branch where most trials are brings nothing after its bottom.
@test "turns of other branches are replayed" {
	mkdir c
	cd c
	echo '{"seed": 5, "max_trials": 30, "initial_random_trials": 4,
	    "surrogate": {"type": "gp"}, "acquisition": {"type": "auto"},
	    "durability": "relaxed", "paths": {}}' >bo_config.json
	echo '{"parameters": [
	    {"name": "deep", "type": "bool"},
	    {"name": "x", "type": "float", "bounds": [0.0, 1.0],
	     "when": {"deep": false}},
	    {"name": "y", "type": "float", "bounds": [0.0, 1.0],
	     "when": {"deep": true}}]}' >parameter_space.json
	echo '{"primary_objective": {"name": "loss",
	    "direction": "minimize"}}' >objective_schema.json
	for _ in $(seq 24); do
		lo-suggest | jq -c '.params as $p | {trial_id, params: $p,
		    objectives: {loss: (if $p.deep then 3 + $p.y else
		    (($p.x - 0.4) * 4 | floor) end)}}' | lo-ingest >/dev/null
	done
	run -0 jq -s '[.[].decision.search_phase] |
	    map(select(. == "branch")) | length > 2' \
	    state/acquisition_log.jsonl
	[ "$output" = true ]
	run -0 replay .
	[[ ${lines[-1]} == '24 decisions replayed, 24 the same to the bit'* ]]
}

@test "the recorded campaign is replayed" {
	local t

	recorded
	t=$(tolerance)
	# shellcheck disable=SC2086 # none or two words
	run -0 replay $t c
	[[ ${lines[-1]} == '28 decisions replayed, '* ]]
	[ -n "$t" ] || [[ ${lines[-1]} == *', 28 the same'* ]]
	# every kind of decision is among them
	run -0 jq -r '.decision | "\(.strategy) \(.surrogate_backend)
	    \(.fit) \((.pending_conditioned // 0) > 0)
	    \((.failures_used // 0) > 1)" | gsub("\\s+"; " ")' $decisions
	for kind in 'initial_random null' 'user' 'replicate' \
	    '.* rbf_proxy' '.* gp new false false' '.* gp kept true false' \
	    '.* gp new true true'; do
		grep -q "^$kind" <<<"$output"
	done
	grep -q '"search_phase": "branch"' $decisions
}

@test "the order of the state's rows does not matter" {
	recorded
	replay c >before || true
	edit $state '.observations |= reverse'
	replay c >after || true
	diff before after
}

@test "other data are told from the first decision that they touched" {
	recorded
	edit $state '(.observations[] | select(.trial_id == 12) |
	    .objectives.loss) += 0.25'
	run -1 replay c
	# 13 and 14 are the user's
	[[ $(grep -m 1 taught <<<"$output") == \
	    'trial 15: .taught: expected "'*'", got "'* ]]
}

@test "another number in the log is named" {
	recorded
	lines_of 'if .trial_id == 22 then .decision.length_scales.x *= 2
	    else . end'
	run -1 replay c
	[[ $output == *'trial 22: .length_scales.x: expected '*', got '*'off'* ]]
	lines_of 'if .trial_id == 22 then .decision.added = {a: [1]} else . end'
	run -1 replay c
	[[ $output == *'trial 22: .added: expected {"a":[1]}, got nothing'* ]]
}

@test "another point is told, and by how much" {
	recorded
	edit $state '(.observations[] | select(.trial_id == 30) |
	    .params.x) += 0.04'
	run -1 replay -t 0.001 c
	[[ $output == *'trial 30: .params.x: expected '* ]]
	[[ ${lines[-1]} == *'off by 1.0e-02 of their range at most' ]]
	run -0 replay -t 0.011 c
}

@test "a result that came late is known from when it came" {
	make_campaign c '.max_pending_age_seconds = 0.05 |
	    .surrogate.type = "gp" | .initial_random_trials = 3'
	lo-suggest -C c >late
	sleep 0.1
	for v in 3 1 4 1; do
		lo-suggest -C c 2>>err | payload $v | lo-ingest -C c >r
	done
	payload 0.5 <late | lo-ingest -C c >r
	grep -q ingest_late_applied c/state/event_log.jsonl
	lo-suggest -C c | payload 2 | lo-ingest -C c >r
	lo-suggest -C c >s
	run -0 replay c
	[[ $output == '7 decisions replayed, 7 the same to the bit, 0'* ]]
}

@test "what cannot be replayed is refused" {
	run -2 replay
	run -2 replay -t x c
	run -2 replay nowhere
	recorded
	edit $state 'del(.observations[3])'
	run -2 replay c
	recorded=c/state/event_log.jsonl
	echo '{"event": ' >>$recorded
	run -2 replay c
}

#!/usr/bin/env bats
# lo-void: wrong results leave ranking and model, and come back.
# shellcheck disable=SC2154,SC2016,SC2086 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
load trials

# results VALUE...: of trials 1, 2, ...
results() {
	local i=0 v

	for v; do
		i=$((i + 1))
		lo-ingest --trial $i "loss=$v" >/dev/null
	done
}

@test "state, manifest, CSV, event, best" {
	results 1 2 3
	edit $state '.meta.model = {n: 3, theta: [1]}'
	mark
	run -0 --separate-stderr lo-void --reason ' wrong data ' 1
	same "$output" '{"trial_id": 1, "result": "voided",
	    "status": "killed", "reason": "wrong data"}'
	[ "$stderr" = "" ]
	same "$(jq '.observations[0] | [.trial_id, .status, .objectives,
	    .terminal_reason, .penalty_objective, .artifact_path]' $state)" \
	    '[1, "killed", {"loss": null}, "wrong data", null,
	    "state/trials/trial_1/ingest_payload.json"]'
	same "$(jq '.observations[0].voided | [.status, .objectives,
	    has("terminal_reason"), (now - .voided_at | . >= -1 and
	    . < 60)]' $state)" '["ok", {"loss": 1}, false, true]'
	same "$(jq '[.best.trial_id, .best.objective_value,
	    (.meta | has("model"))]' $state)" '[2, 2, false]'
	same "$(jq '[.status, .terminal_reason, .objective_value,
	    .objective_vector, .scalarized_objective]' \
	    state/trials/trial_1/manifest.json)" \
	    '["killed", "wrong data", null, {"loss": null}, null]'
	# what came stays on record
	[ "$(jq .objectives.loss state/trials/trial_1/ingest_payload.json)" \
	    = 1 ]
	same "$(python3 -c 'import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
print(json.dumps([[r["trial_id"], r["status"], r["objective_loss"][:1],
    r["terminal_reason"]] for r in rows]))' $csv)" '[
	    ["1", "killed", "", "wrong data"], ["2", "ok", "2", ""],
	    ["3", "ok", "3", ""]]'
	same "$(logged)" '{"event": "trial_voided", "trial_id": 1,
	    "reason": "wrong data"}'
	lo-validate --strict >/dev/null
	same "$(lo-status -f '[.observations, .observations_by_status.ok,
	    .observations_by_status.killed, .best.trial_id]')" \
	    '[3, 2, 1, 2]'
}

@test "an undo gives back exactly what was there" {
	results 1 2
	lo-ingest --trial 3 --status failed --reason 'a "b"' >/dev/null
	# numbers in forms of their own, keys of others, any order
	edit $state '.observations[1] |= ({more: {"ü": [1.50, 1e3]}} + .)'
	lo-void --reason r 1 2 >/dev/null
	lo-void --undo 2 1 >/dev/null
	cp $state ../was
	cp $csv ../csv
	cp -r state/trials ../trials
	mark
	lo-void --reason r 1 3 2 >/dev/null
	run ! cmp -s $state ../was
	[ "$(jq .best $state)" = null ]
	lo-validate --strict >/dev/null
	run -0 lo-void --undo --reason 'it was right' 2 1
	same "$(jq -s . <<<"$output")" '[{"trial_id": 2,
	    "result": "restored", "status": "ok", "reason": "it was right"},
	    {"trial_id": 1, "result": "restored", "status": "ok",
	    "reason": "it was right"}]'
	run -0 lo-void --undo 3
	same "$output" '{"trial_id": 3, "result": "restored",
	    "status": "failed"}'
	diff ../was $state
	cmp $csv ../csv
	for i in 1 2 3; do
		diff <(jq 'del(.updated_at)' ../trials/trial_$i/manifest.json) \
		    <(jq 'del(.updated_at)' state/trials/trial_$i/manifest.json)
	done
	same "$(logged | jq -s 'map([.event, .trial_id, .reason])')" \
	    '[["trial_voided", 1, "r"], ["trial_voided", 3, "r"],
	    ["trial_voided", 2, "r"],
	    ["trial_void_undone", 2, "it was right"],
	    ["trial_void_undone", 1, "it was right"],
	    ["trial_void_undone", 3, null]]'
	lo-validate --strict >/dev/null
}

@test "a failure that was none: its reason and penalty are kept" {
	head -n 1 ../s | jq -c '{trial_id, params, objectives: {loss: null},
	    status: "timeout", terminal_reason: "slow",
	    penalty_objective: 9}' | lo-ingest >/dev/null
	lo-void --reason r 1 >/dev/null
	same "$(jq '.observations[0] | [.status, .terminal_reason,
	    .penalty_objective, .voided.status, .voided.terminal_reason,
	    .voided.penalty_objective]' $state)" \
	    '["killed", "r", null, "timeout", "slow", 9]'
	lo-validate --strict >/dev/null
	lo-void --undo 1 >/dev/null
	same "$(jq '.observations[0] | [.status, .terminal_reason,
	    .penalty_objective, has("voided")]' $state)" \
	    '["timeout", "slow", 9, false]'
	lo-validate --strict >/dev/null
}

@test "no other result comes in its place" {
	results 1
	lo-void --reason r 1 >/dev/null
	contents state >../before
	run -1 --separate-stderr lo-ingest --trial 1 loss=2
	[[ $stderr == *"trial 1: its result was voided"*--undo* ]]
	run -1 lo-ingest --trial 1 loss=1
	contents state | diff ../before -
	# also where the words are those of a retirement
	lo-void --undo 1 >/dev/null
	lo-void --reason retired_x 1 >/dev/null
	run -1 lo-ingest --trial 1 loss=2
}

@test "the model knows nothing of it: as if it had been killed" {
	local v a b

	edit bo_config.json '.surrogate.type = "gp"
	    | .initial_random_trials = 2 | .acquisition.type = "auto"'
	lo-suggest -n 4 >/dev/null
	results 5 4 -100 2 6 3 7 8
	cp -r . ../other
	lo-void --reason r 3 >/dev/null
	a=$(lo-suggest -f .params)
	# the same, never voided
	cd ../other
	edit $state '(.observations[] | select(.trial_id == 3)) |= (
	    .status = "killed" | .objectives.loss = null
	    | .terminal_reason = "r" | .penalty_objective = null)
	    | .best = null'
	b=$(lo-suggest -f .params)
	[ "$a" = "$b" ]
	# and voids crowded in one place are no failures there
	cd ../c
	lo-void --reason r 1 2 4 5 >/dev/null
	lo-suggest >/dev/null
	[ "$(tail -n 1 state/acquisition_log.jsonl |
	    jq .decision.failures_used)" = 0 ]
}

@test "all or none: pending, unknown, voided, not voided, retired, twice" {
	results 1 2
	lo-retire 3 >/dev/null
	refused 1 lo-void --reason r 1 4
	[[ $stderr == *"trial 4"*pending*lo-cancel* ]]
	refused 1 lo-void --reason r 1 99
	[[ $stderr == *"trial 99: no such trial"* ]]
	refused 1 lo-void --reason r 1 3
	[[ $stderr == *"trial 3"*retired* ]]
	refused 1 lo-void --undo 1
	[[ $stderr == *"trial 1"*voided* ]]
	lo-void --reason r 1 >/dev/null
	refused 1 lo-void --reason r 2 1
	[[ $stderr == *"trial 1: it is voided already"* ]]
	refused 1 lo-void --undo 1 2
	refused 2 lo-void --reason r 2 2
	refused 2 lo-void --reason r
	refused 2 lo-void --undo
	refused 2 lo-void 2
	refused 2 lo-void --reason ' ' 2
	refused 2 lo-void --reason r x
}

@test "lock busy is 75, no campaign is 1" {
	results 1
	refused 75 busy lo-void --reason r 1
	cd ../..
	run -1 --separate-stderr lo-void --reason r 1
	[[ $stderr == *bo_config.json* ]]
}

@test "report, status and validate without the voided result" {
	sed -n 1p ../s | payload 0.25 | lo-ingest >/dev/null
	sed -n 2p ../s | payload 0.5 | lo-ingest >/dev/null
	lo-void --reason wrong 1 >/dev/null
	run -0 lo-report --stdout json
	jq -e '.best.trial_id == 2 and .pareto_front.trial_ids == [2]
	    and [.top_trials[].trial_id] == [2]
	    and [.terminal_trials[].trial_id] == [1]
	    and .counts.observations_by_status.killed == 1
	    and .counts.failure_rate == 0.5' <<<"$output"
	[ "$(lo-best -f .trial_id)" -eq 2 ]
	run -0 lo-validate --strict
	[ "$(json '.warnings + .errors | length')" -eq 0 ]
	lo-void --undo --reason right 1 >/dev/null
	run -0 lo-report --stdout json
	[ "$(json '[.best.trial_id, .pareto_front.trial_ids] | tojson')" = \
	    '[1,[1]]' ]
	lo-validate --strict
}

@test "a voided result is not drawn, and not exported as one" {
	sed -n 1p ../s | payload 0.125 | lo-ingest >/dev/null
	sed -n 2p ../s | payload 0.5 | lo-ingest >/dev/null
	lo-void --reason wrong 1 >/dev/null
	run -0 lo-plot history
	[[ $output != *0.125* && $output == *0.5* ]]
	lo-export --format jsonl >../rows.jsonl
	same "$(jq -sc '[.[] | [.trial_id, .status, .objectives.loss]]' \
	    ../rows.jsonl)" '[[1, "killed", null], [2, "ok", 0.5]]'
	make_campaign ../other
	# what is still pending here is not exported
	lo-import -C ../other ../rows.jsonl >/dev/null
	run -0 lo-export -C ../other --format jsonl
	same "$(jq -sc '[.[] | [.source_trial_id, .status, .objectives.loss,
	    .terminal_reason]]' <<<"$output")" \
	    "$(jq -sc '[.[] | [.trial_id, .status, .objectives.loss,
	    .terminal_reason]]' ../rows.jsonl)"
	[ "$(lo-best -C ../other -f .trial_id)" = 2 ]
}

#!/usr/bin/env bats
# lo-status: the document, the table, and that nothing is touched.
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

# status FILTER: of the document, compact.
status() {
	lo-status -f "$1"
}

config() {
	edit bo_config.json "$@"
}

# results VALUE...: one trial each; null: a failed one.
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

@test "the members of the document" {
	results 2 null
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-status
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
	same "$(json keys)" "$(jq -n '["schema_version", "observations",
	    "pending", "leased_pending", "next_trial_id", "best",
	    "stale_pending", "observations_by_status",
	    "max_pending_age_seconds", "worker_leases_enabled", "paths",
	    "budget", "plateau", "pending_trials", "best_by_model"] | sort')"
	same "$(json 'del(.best, .pending_trials)')" '{
	    "schema_version": "0.3.0", "observations": 2, "pending": 1,
	    "leased_pending": 0, "next_trial_id": 4, "stale_pending": 0,
	    "observations_by_status": {"ok": 1, "failed": 1, "killed": 0,
	    "timeout": 0}, "max_pending_age_seconds": 86400,
	    "worker_leases_enabled": false, "paths": {
	    "state_file": "state/bo_state.json",
	    "observations_csv": "state/observations.csv",
	    "acquisition_log_file": "state/acquisition_log.jsonl",
	    "event_log_file": "state/event_log.jsonl",
	    "trials_dir": "state/trials",
	    "lock_file": "state/.looptimum.lock"},
	    "budget": {"max_trials": 40, "remaining": 37}, "plateau": null,
	    "best_by_model": null}'
	same "$(json .best)" "$(jq .best $state)"
}

@test "an empty campaign has a status, and still no files" {
	run -0 --separate-stderr lo-status
	same "$(json '[.observations, .pending, .next_trial_id, .best,
	    .pending_trials, .budget.remaining]')" '[0, 0, 1, null, [], 40]'
	[ "$stderr" = "" ]
	run -0 lo-status -H
	[ ! -e state ]
}

@test "results by status" {
	lo-suggest -n 7 >/dev/null
	lo-ingest --trial 1 loss=1 >/dev/null
	for i in 2 3; do
		lo-ingest --trial $i --status timeout >/dev/null
	done
	for i in 4 5 6; do
		lo-ingest --trial $i --status killed >/dev/null
	done
	same "$(status .observations_by_status)" \
	    '{"ok": 1, "failed": 0, "killed": 3, "timeout": 2}'
	same "$(status '[.observations, .pending]')" '[6, 1]'
}

@test "pending trials: the suggestions again, with their tokens" {
	config '.worker_leases.enabled = true'
	lo-suggest -n 2 --jsonl >s
	config '.worker_leases.enabled = false'
	lo-suggest >>s
	lo-status -f '.pending_trials[]' | diff <(jq -c . s) -
	same "$(status '[.pending, .leased_pending,
	    .worker_leases_enabled]')" '[3, 2, false]'
	config '.worker_leases.enabled = true'
	[ "$(status .worker_leases_enabled)" = true ]
}

@test "numbers have the form of their parameters" {
	echo '{"parameters": [
	    {"name": "a", "type": "float", "bounds": [0, 4]},
	    {"name": "n", "type": "int", "bounds": [1, 3]},
	    {"name": "c", "type": "categorical", "choices": [1.50]}]}' \
	    >parameter_space.json
	lo-suggest >/dev/null
	run -0 lo-status
	[[ $output == *'"params":{"a":2.0,"n":2,"c":1.50}'* ]]
}

@test "stale trials are counted, by the later of two times" {
	lo-suggest -n 4 >/dev/null
	edit $state --argjson old "$(ago 86500)" --argjson new "$(ago 86300)" \
	    '.pending[0].suggested_at = $old
	    | .pending[1].suggested_at = $new
	    | .pending[2].suggested_at = $old
	    | .pending[2].last_heartbeat_at = $new
	    | .pending[3].suggested_at = $old - 9
	    | .pending[3].last_heartbeat_at = $old'
	same "$(status '[.pending, .stale_pending]')" '[4, 2]'
	config '.max_pending_age_seconds = 80000'
	same "$(status '[.stale_pending, .max_pending_age_seconds]')" \
	    '[4, 80000]'
	config '.max_pending_age_seconds = null'
	same "$(status '[.stale_pending, .max_pending_age_seconds]')" \
	    '[0, null]'
	config '.max_pending_age_seconds = 0'
	[ "$(status .stale_pending)" = 0 ]
}

@test "nothing but stale_pending depends on the clock" {
	config '.worker_leases.enabled = true
	    | .stopping = {min_improvement: 1, patience_trials: 1}'
	lo-suggest -n 3 >/dev/null
	edit $state '.pending[].suggested_at = 1000000000.5'
	lo-status | jq -c 'del(.stale_pending)' >one
	# as if all of it had happened later
	edit $state --argjson now "$(ago 0)" \
	    '.pending[].suggested_at = $now'
	lo-status | jq -c --argjson now "$(jq '.pending[0].suggested_at' \
	    $state)" 'del(.stale_pending)
	    | .pending_trials[].suggested_at = 1000000000.5' >two
	diff one two
	lo-status >one
	lo-status >two
	cmp one two
}

@test "the budget counts pending ones and is never negative" {
	config '.max_trials = 4'
	lo-suggest -n 3 >/dev/null
	lo-ingest --trial 1 loss=1 >/dev/null
	same "$(status .budget)" '{"max_trials": 4, "remaining": 1}'
	config '.max_trials = 2'
	same "$(status .budget)" '{"max_trials": 2, "remaining": 0}'
}

@test "paths are those of the config" {
	config '.paths = {state_file: "a/s.json", trials_dir: "runs"}'
	same "$(status '[.paths.state_file, .paths.trials_dir,
	    .paths.lock_file]')" \
	    '["a/s.json", "runs", "state/.looptimum.lock"]'
}

@test "botorch_feature_flag: where the config has it, its value" {
	[ "$(status 'has("botorch_feature_flag")')" = false ]
	config '.feature_flags.enable_botorch_gp = false'
	[ "$(status .botorch_feature_flag)" = false ]
	config '.feature_flags.enable_botorch_gp = true'
	[ "$(status .botorch_feature_flag)" = true ]
}

# ----------------------------------------------------------------- plateau

# plateau_after VALUE...: reached and by how much, with a patience of three
# and a least improvement of a half.
plateau_after() {
	config '.stopping = {min_improvement: 0.5, patience_trials: 3}'
	rm -rf state
	results "$@"
	status '.plateau | [.reached, .improvement]'
}

@test "plateau: the last ok trials improved best by too little" {
	same "$(plateau_after 5 4)" '[false, null]'
	same "$(plateau_after 5 4 3)" '[false, null]'
	# 5 before, 3 after
	same "$(plateau_after 5 6 3 4)" '[false, 2]'
	same "$(plateau_after 5 6 7 4.75)" '[true, 0.25]'
	same "$(plateau_after 5 6 7 8)" '[true, 0]'
	# as much as the least is enough
	same "$(plateau_after 5 6 4.5 8)" '[false, 0.5]'
	same "$(plateau_after 1 5 4 3)" '[true, 0]'
	# only ok trials count
	same "$(plateau_after 5 3 null null null 4)" '[false, null]'
	same "$(plateau_after 5 3 null null null 4 4)" '[false, 2]'
	same "$(status '.plateau | [.min_improvement, .patience_trials]')" \
	    '[0.5, 3]'
}

@test "plateau when maximizing, and of a weighted sum" {
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	same "$(plateau_after 1 0 3 2)" '[false, 2]'
	same "$(plateau_after 3 0 1 2)" '[true, 0]'
	echo '{"primary_objective": {"name": "loss", "direction": "maximize"},
	    "scalarization": {"policy": "weighted_sum",
	    "weights": {"loss": 7}}}' >objective_schema.json
	same "$(plateau_after 1 0 3 2)" '[false, 2]'
	same "$(plateau_after 3 0 1 2)" '[true, 0]'
}

@test "a plateau is advice: suggest goes on" {
	plateau_after 1 1 1 1 1 >/dev/null
	[ "$(status .plateau.reached)" = true ]
	run -0 --separate-stderr lo-suggest
	[ "$(json .trial_id)" = 6 ]
}

# --------------------------------------------------------------- the table

@test "-H is a table for people" {
	config '.stopping = {min_improvement: 9, patience_trials: 1}'
	run -0 lo-status -H
	[[ $output == *"0 of 40"* ]]
	[[ $output == *"none yet"* ]]
	results 2.5 null 3
	lo-suggest >/dev/null
	edit $state --argjson at "$(ago 90000)" \
	    '.pending[0].suggested_at = $at'
	run -0 --separate-stderr lo-status -H
	[ "$stderr" = "" ]
	[[ $output == *"3 of 40"* ]]
	[[ $output == *"2 ok"*"1 failed"* ]]
	[[ $output == *"36"* ]]
	[[ $output == *"trial 4"*stale* ]]
	[[ $output == *"loss = 2.5, trial 1"* ]]
	[[ $output == *plateau* ]]
	[ "$(lo-status --human)" = "$output" ]
	run ! jq . <<<"$output"
	run -2 lo-status -H -f .
}

@test "-H looks for the best itself" {
	lo-suggest -n 2 --jsonl | payload 0.5 | lo-ingest >/dev/null
	edit state/bo_state.json 'del(.best.objective_value)'
	run -0 lo-status -H
	[[ $output == *"loss = 0.5, trial 1"* ]]
	edit state/bo_state.json '.best = {trial_id: 77}'
	run -0 lo-status -H
	[[ $output == *"loss = 0.5, trial 1"* ]]
}

@test "filters" {
	results 1
	[ "$(lo-status -rf .paths.state_file)" = $state ]
	[ "$(lo-status --arg k pending -f '.[$k], .observations' | xargs)" = \
	    '0 1' ]
	run -1 lo-status -f '.observations.x'
	run -2 lo-status -f '.observations |'
}

# ----------------------------------------------------- only ever a reader

@test "nothing is created or changed" {
	local call

	config '.worker_leases.enabled = true'
	lo-suggest -n 3 --jsonl >../s
	head -n 1 ../s | payload 1 | lo-ingest >/dev/null
	printf '{"event"' >>state/event_log.jsonl
	echo junk >>state/observations.csv
	mkdir state/trials/trial_99
	touch state/.looptimum.tmp.123
	edit $state '.pending[].suggested_at = 5'
	snapshot . >../before
	for call in lo-status 'lo-status -H' lo-best 'lo-best --args' \
	    'lo-best --env' 'lo-suggest --resume'; do
		# shellcheck disable=SC2086 # words
		run -0 $call
		snapshot . | diff ../before -
	done
	# of another version, too
	edit $state 'del(.schema_version)'
	snapshot . >../before
	run -0 lo-status
	run -0 lo-best
	snapshot . | diff ../before -
}

@test "a reader neither waits nor fails for the lock" {
	results 1
	exec 7<state/.looptimum.lock
	flock 7
	run -0 --separate-stderr timeout 20 lo-status
	[ "$(json .observations)" = 1 ]
	run -0 timeout 20 lo-status -H
	run -0 timeout 20 lo-best
	exec 7<&-
}

@test "a campaign that cannot be written can be read" {
	[ "$(id -u)" != 0 ] || skip 'root writes everywhere'
	results 1
	chmod -R a-w .
	run -0 lo-status
	chmod -R u+w .
}

@test "a missing state reads as an empty campaign" {
	results 1
	rm $state
	run -0 --separate-stderr lo-status
	same "$(json '[.observations, .next_trial_id, .best]')" \
	    '[0, 1, null]'
	run -1 lo-best
}

# ------------------------------------------------------------------ damage

@test "a state that is damaged or too new is exit status 1" {
	results 1
	cp $state ../state
	printf '{\n "meta": {} "x"}' >$state
	run -1 --separate-stderr lo-status
	[ "$output" = "" ]
	[[ $stderr == *bo_state.json*"line 2"*column* ]]
	run -1 lo-best
	jq '.schema_version = "0.4.0"' ../state >$state
	run -1 --separate-stderr lo-status
	[[ $stderr == *bo_state.json*0.2.x*0.3.x*0.4.0* ]]
	jq '.observations[0].status = "done"' ../state >$state
	run -1 --separate-stderr lo-status
	[[ $stderr == *bo_state.json*'.observations[0].status'* ]]
	jq '.pending = {}' ../state >$state
	run -1 --separate-stderr lo-status
	[[ $stderr == *bo_state.json*.pending* ]]
	: >$state
	run -1 --separate-stderr lo-status
	[[ $stderr == *bo_state.json* ]]
}

@test "an older state is read, with one warning" {
	local edit

	results 1
	for edit in 'del(.schema_version)' '.schema_version = "0.2.7"'; do
		edit $state "$edit"
		cp $state ../state
		run -0 --separate-stderr lo-status
		[ "$(json .observations)" = 1 ]
		[ "${#stderr_lines[@]}" = 1 ]
		[[ $stderr == "lo-status: "*bo_state.json* ]]
		cmp ../state $state
	done
	edit $state '.schema_version = "0.3.9"'
	run -0 --separate-stderr lo-status
	[ "$(json .schema_version)" = 0.3.9 ]
	[ "$stderr" = "" ]
}

@test "contract files that are not in order are exit status 1" {
	config '.max_trials = 0.5'
	run -1 --separate-stderr lo-status
	[[ $stderr == *bo_config.json*.max_trials* ]]
	config '.max_trials = 5'
	rm objective_schema.json
	run -1 --separate-stderr lo-status
	[[ $stderr == *objective_schema.json* ]]
}

@test "output that goes wrong is exit status 4" {
	run -4 --separate-stderr sh -c 'lo-status >/dev/full'
	[[ $stderr == "lo-status: "* ]]
	run -4 sh -c 'lo-status -H >/dev/full'
}

@test "the campaign: -C, LO_CAMPAIGN, upwards from here" {
	results 1
	mkdir sub
	[ "$(cd sub && lo-status -f .observations)" = 1 ]
	cd ..
	[ "$(lo-status -C c -f .observations)" = 1 ]
	[ "$(LO_CAMPAIGN=c lo-status -f .observations)" = 1 ]
	run -1 lo-status -C c/sub
	[[ $output == *bo_config.json*lo-init* ]]
}

@test "-H says who works on what, and what went wrong" {
	make_campaign
	cd campaign || exit
	lo-suggest | payload 0.5 | lo-ingest >/dev/null
	lo-suggest | lo-eval -- sh -c 'echo bad luck >&2; exit 3' \
		2>/dev/null | lo-ingest >/dev/null
	lo-suggest >/dev/null
	lo-suggest >next.json
	mkfifo gate
	lo-eval -- sh -c 'cat gate; echo 1' <next.json >/dev/null 2>&1 3>&- &
	wait_for 20 jq -e '.pending[1].claim' state/bo_state.json
	run -0 lo-status -H
	kill $!
	grep -q '^not ok .*trial 2 failed: exit=3: bad luck$' <<<"$output"
	grep -q 'trial 3, suggested .* ago, waits for an evaluator: .*x=' \
		<<<"$output"
	grep -q "trial 4, suggested .* ago, with process $! on $(uname -n): " \
		<<<"$output"
}

@test "-H shows every objective of the best trial" {
	make_campaign
	cd campaign || exit
	echo '{"primary_objective": {"name": "loss", "direction": "minimize"},
	    "secondary_objectives": [{"name": "size",
	    "direction": "minimize"}]}' >objective_schema.json
	lo-suggest | jq -c '{trial_id, params,
	    objectives: {loss: 0.5, size: 7}}' | lo-ingest >/dev/null
	run -0 lo-status -H
	grep -q '^ *loss = 0.5, size = 7$' <<<"$output"
}

#!/usr/bin/env bats
# lo-validate: what is wrong with the files of a campaign.
# shellcheck disable=SC2154 # run sets stderr

load helper
bats_require_minimum_version 1.5.0

# One campaign with every kind of trial, made once by the tools: 1 and 2 ok,
# 3 failed, 4 pending.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	make_campaign sound
	cd sound || return
	lo-suggest | payload 0.5 | lo-ingest >/dev/null
	lo-suggest | payload 0.25 | lo-ingest >/dev/null
	lo-suggest | payload null failed | lo-ingest >/dev/null
	lo-suggest >/dev/null
}

setup() {
	scratch
	cp -a "$BATS_FILE_TMPDIR/sound" c
	cd c || return
}

state=state/bo_state.json

# edit FILE PROGRAM: change a document by jq.
edit() {
	jq "$2" "$1" >"$1.new" && mv "$1.new" "$1"
}

# error WORDS...: it is invalid, and some error has all of the words.
error() {
	run -1 --separate-stderr timeout 20 lo-validate
	[ "$(json .valid)" = false ] && one_has errors "$@"
}

# warning WORDS...: it is valid, strictly it fails, and says all the words.
warning() {
	run -0 --separate-stderr timeout 20 lo-validate
	[ "$(json .valid)" = true ] || return
	run -1 --separate-stderr timeout 20 lo-validate --strict
	[ "$(json .valid)" = true ] && one_has warnings "$@"
}

one_has() {
	local where=$1

	shift
	[ "$(jq --arg where "$where" '.[$where] | map(. as $line |
	    all($ARGS.positional[]; . as $word | $line | contains($word)))
	    | any' --args "$@" <<<"$output")" = true ] || {
		printf '%s\n' "$output"
		return 1
	}
}

silent() {
	run -0 --separate-stderr timeout 20 lo-validate --strict
	[ "$output" = '{"valid":true,"errors":[],"warnings":[]}' ]
	[ "$stderr" = "" ]
}

# -------------------------------------------------------- sound campaigns

@test "a campaign as the tools leave it" {
	silent
}

@test "a campaign that has not begun; nothing is made" {
	rm -rf state
	silent
	[ ! -e state ]
}

@test "nothing is created or changed" {
	snapshot() {
		find . -printf '%p %m %s %T@ %i\n' | sort
		find . -type f -exec cat {} + | cksum
	}
	printf '{"event"' >>state/event_log.jsonl
	snapshot >../before
	run -0 lo-validate
	snapshot >../after
	run -0 diff ../before ../after
}

@test "the lock is not waited for" {
	exec 9<state/.looptimum.lock
	flock 9
	silent
	exec 9<&-
}

@test "the document and the lines agree" {
	edit $state '.next_trial_id = 2 | .observations[0].status = "done"
	    | .best = null'
	edit bo_config.json '.colour = "red"'
	run -1 --separate-stderr lo-validate
	[ "$(json '.errors | length')" = 3 ]
	[ "$(json '.warnings | length')" = 1 ]
	[ "$(grep -c ': error: ' <<<"$stderr")" = 3 ]
	[ "$(grep -c ': warning: ' <<<"$stderr")" = 1 ]
	grep -q "^$state: \.next_trial_id: error: " <<<"$stderr"
	grep -q '^bo_config.json: \.colour: warning: ' <<<"$stderr"
}

@test "filters and other directories" {
	cd ..
	run -0 lo-validate -C c -f .valid
	[ "$output" = true ]
	mkdir empty
	run -1 lo-validate -C empty
	[[ $output == *bo_config.json*lo-init* ]]
}

# --------------------------------------------------------- contract files

@test "all contract files are judged, and the rest all the same" {
	edit bo_config.json '.max_trials = "many"'
	edit parameter_space.json '.parameters[0].bounds = [2, 1]'
	edit objective_schema.json '.primary_objective.direction = "up"'
	edit $state '.next_trial_id = 1'
	error bo_config.json .max_trials
	error parameter_space.json bounds
	error objective_schema.json direction
	error bo_state.json .next_trial_id
}

@test "constraints: invalid, and broken by a pending trial" {
	echo '{"bound_tightening": [{"param": "zz", "min": 1}]}' \
	    >constraints.json
	error constraints.json zz
	n=$(json '.pending[0].params.n' $state)
	echo '{"forbidden_combinations": [{"when": {"n": '"$n"'}}]}' \
	    >constraints.json
	warning bo_state.json '.pending[0]' constraints.json
}

@test "YAML is an error that names the file expected" {
	mv parameter_space.json parameter_space.yaml
	echo 'a: 1' >constraints.yml
	error parameter_space.json parameter_space.yaml
	error constraints.json constraints.yml
	mv bo_config.json bo_config.yml
	run -1 lo-validate -C .
	[[ $output == *bo_config.json* ]]
}

@test "missing contract files" {
	rm parameter_space.json objective_schema.json
	error parameter_space.json missing
	error objective_schema.json missing
}

@test "text that is not JSON" {
	echo '{"parameters": [}' >parameter_space.json
	error parameter_space.json 'line 1'
	: >objective_schema.json
	error objective_schema.json empty
}

@test "unknown keys of the config warn, botorch_gp does not" {
	edit bo_config.json '.surrogate.type = "botorch_gp"
	    | .surrogate.gp_min_fit_observations = 5'
	silent
	edit bo_config.json '.surrogate.colour = 1'
	warning bo_config.json .surrogate.colour
	[[ $stderr != *"did you mean"* ]]
}

@test "a misspelt key of the config is guessed" {
	while IFS='|' read -r program key meant; do
		cp "$BATS_FILE_TMPDIR/sound/bo_config.json" .
		edit bo_config.json "$program"
		warning bo_config.json "$key"
		[[ $stderr == *"did you mean $meant?"* ]]
	done <<-'END'
		.max_trails = 9|.max_trails|max_trials
		.surrogate.lenght_scale = 1|.surrogate.lenght_scale|surrogate.length_scale
		.length_scale = 1|.length_scale|surrogate.length_scale
		.worker_lease = {}|.worker_lease|worker_leases
		.paths.statefile = "s"|.paths.statefile|state_file
	END
}

@test "a warm-up that leaves the model nothing" {
	edit bo_config.json '.max_trials = 20 | .initial_random_trials = 20'
	warning bo_config.json .initial_random_trials
	[[ $stderr == *"20 of 20 trials: the model will never be used"* ]]
	edit bo_config.json '.initial_random_trials = 19'
	silent
	# where no model is wanted, nothing is amiss
	edit bo_config.json '.initial_random_trials = 20
	    | .surrogate.type = "random"'
	silent
}

# ------------------------------------------------------------------ state

@test "state that is no JSON, no object, of another version" {
	head -c 300 $state >x && cp x $state
	error bo_state.json line
	echo '[1, 2]' >$state
	error bo_state.json object
	: >$state
	error bo_state.json empty
}

@test "versions" {
	edit $state '.schema_version = "1.0.0"'
	error .schema_version 1.0.0
	edit $state '.schema_version = 3'
	error .schema_version
	edit $state '.schema_version = "0.2.1"'
	warning .schema_version 0.2.1
	edit $state 'del(.schema_version)'
	warning .schema_version
}

@test "keys and types of the state" {
	# shellcheck disable=SC2162 # blanks within a word
	while read where program; do
		cp "$BATS_FILE_TMPDIR/sound/$state" $state
		edit $state "$program"
		error bo_state.json "$where"
	done <<-'END'
		.observations:\ not\ an\ array .observations = {}
		.observations:\ missing del(.observations)
		.pending:\ not\ an\ array .pending = null
		.next_trial_id del(.next_trial_id)
		.next_trial_id .next_trial_id = "5"
		.next_trial_id .next_trial_id = 4.5
		.meta .meta = []
		.meta.seed .meta.seed = "x"
		.best .best = 3
		.best.updated_at del(.best.updated_at)
		.observations[1] .observations[1] = 7
		.observations[1].trial_id .observations[1].trial_id = 0
		.observations[1].trial_id del(.observations[1].trial_id)
		.observations[1].params .observations[1].params = []
		.observations[1].objectives .observations[1].objectives = 1
		.observations[1].completed_at .observations[1].completed_at = "x"
		.observations[2].penalty_objective .observations[2].penalty_objective = "x"
		.observations[1].artifact_path .observations[1].artifact_path = 1
		.observations[1].heartbeat_meta .observations[1].heartbeat_meta = 1
		.pending[0].params del(.pending[0].params)
		.pending[0].lease_token .pending[0].lease_token = ""
		.pending[0].heartbeat_count .pending[0].heartbeat_count = -1
	END
}

@test "each optional member of a row has its type, or is null" {
	while read -r row key wrong; do
		cp "$BATS_FILE_TMPDIR/sound/$state" $state
		edit $state "$row.$key = $wrong"
		error bo_state.json "$row.$key: expected"
		edit $state "$row.$key = null"
		run -0 --separate-stderr lo-validate -f '.errors[]'
		[ "$output" = "" ]
	done <<-'END'
		.observations[2] suggested_at "x"
		.observations[2] terminal_reason 1
		.observations[2] penalty_objective []
		.observations[2] artifact_path {}
		.observations[2] last_heartbeat_at true
		.observations[2] heartbeat_count 1.5
		.observations[2] heartbeat_note 1
		.observations[2] heartbeat_meta "x"
		.observations[2] lease_token 1
		.observations[2] source_trial_id 1.5
		.observations[2] runtime_seconds "1"
		.observations[2] retry_of 0
		.observations[2] replicate_of "1"
		.observations[2] voided true
		.pending[0] lease_token 1
		.pending[0] last_heartbeat_at "x"
		.pending[0] heartbeat_count "1"
		.pending[0] heartbeat_note []
		.pending[0] heartbeat_meta 1
		.pending[0] claim "x"
		.pending[0] retry_of -1
		.pending[0] replicate_of 1.5
	END
}

@test "every error is listed, not the first alone" {
	edit $state '.observations[].status = "done" | .next_trial_id = 1'
	run -1 --separate-stderr lo-validate
	[ "$(json '[.errors[] | select(contains("].status"))] | length')" = 3 ]
	one_has errors .next_trial_id
}

@test "duplicate and overlapping ids" {
	edit $state '.observations[1].trial_id = 1'
	error '.observations[1].trial_id' '.observations[0]'
	cp "$BATS_FILE_TMPDIR/sound/$state" $state
	edit $state '.pending[0].trial_id = 3'
	error '.pending[0].trial_id' '.observations[2]'
}

@test "next_trial_id is above every id" {
	edit $state '.next_trial_id = 4'
	error .next_trial_id 4
	edit $state '.next_trial_id = 5'
	silent
}

@test "a bad status" {
	edit $state '.observations[2].status = "broken"'
	error '.observations[2].status' '"broken"'
	edit $state 'del(.observations[2].status)'
	error '.observations[2].status' missing
}

@test "objectives of ok and of other rows" {
	for v in null '"x"' true; do
		cp "$BATS_FILE_TMPDIR/sound/$state" $state
		edit $state ".observations[0].objectives.loss = $v"
		error '.observations[0].objectives.loss'
	done
	cp "$BATS_FILE_TMPDIR/sound/$state" $state
	edit $state '.observations[0].objectives = {}'
	error '.observations[0].objectives.loss' missing
	cp "$BATS_FILE_TMPDIR/sound/$state" $state
	edit $state '.observations[0].objectives.other = 1'
	error '.observations[0].objectives.other'
	cp "$BATS_FILE_TMPDIR/sound/$state" $state
	edit $state '.observations[2].objectives.loss = 0.5'
	error '.observations[2].objectives.loss'
}

@test "a pending row needs a numeric suggested_at" {
	for v in null '"x"'; do
		edit $state ".pending[0].suggested_at = $v"
		error '.pending[0].suggested_at'
	done
	edit $state 'del(.pending[0].suggested_at)'
	error '.pending[0].suggested_at' missing
}

@test "best: missing, not optimal, unequal, of a trial that is not ok" {
	while read -r where program; do
		cp "$BATS_FILE_TMPDIR/sound/$state" $state
		edit $state "$program"
		error bo_state.json "$where"
	done <<-'END'
		.best .best = null
		.best del(.best)
		.best .best.trial_id = 1 | .best.objective_value = 0.5
		.best.objective_value .best.objective_value = 0.2500001
		.best.objective_name .best.objective_name = "lost"
		.best.trial_id .best.trial_id = 3
		.best.trial_id .best.trial_id = 4
		.best.trial_id .best.trial_id = 99
	END
	# as good as equal is equal: 0.25 (1 + 2^-52)
	cp "$BATS_FILE_TMPDIR/sound/$state" $state
	edit $state '.best.objective_value = 0.25000000000000006'
	silent
}

@test "best without any ok row is null" {
	edit $state '.observations |= map(select(.status != "ok"))'
	error .best.trial_id
}

@test "best: of equal values the smaller id" {
	edit $state '.observations[0].objectives.loss = 0.25'
	error .best 'trial 1'
	edit $state '.best.trial_id = 1'
	run --separate-stderr lo-validate \
	    -f '[.errors[] | select(contains(".best"))] | length'
	[ "$output" = 0 ]
}

@test "best of a weighted sum, with its vector" {
	cat >objective_schema.json <<-'END'
		{"primary_objective": {"name": "loss", "direction": "minimize"},
		 "secondary_objectives":
		   [{"name": "speed", "direction": "maximize"}],
		 "scalarization": {"policy": "weighted_sum",
		   "weights": {"loss": 3, "speed": 1}}}
	END
	edit $state '.observations[0].objectives.speed = 2
	    | .observations[1].objectives.speed = 1
	    | .observations[2].objectives.speed = null'
	# 0.75 * 0.5 - 0.25 * 2 = -0.125, 0.75 * 0.25 - 0.25 * 1 = -0.0625
	edit $state '.best = {trial_id: 1, objective_name: "scalarized",
	    objective_value: -0.125, updated_at: 1,
	    scalarization_policy: "weighted_sum",
	    objective_vector: {loss: 0.5, speed: 2}}'
	run --separate-stderr lo-validate -f '.errors | length'
	[ "$output" = 0 ]
	edit $state '.best.objective_vector.speed = 3'
	error .best.objective_vector.speed
	edit $state 'del(.best.objective_vector)'
	error .best.objective_vector
	edit $state '.best.scalarization_policy = "lexicographic"'
	error .best.scalarization_policy
}

@test "a state that is gone beside trials or decisions is damage" {
	rm $state
	error bo_state.json missing
	rm -rf state/trials state/observations.csv
	error bo_state.json missing
	rm state/acquisition_log.jsonl
	silent
}

@test "disagreements of the state with contract files" {
	edit bo_config.json '.seed = 18'
	warning .meta.seed
	edit bo_config.json '.seed = 17 | .max_trials = 3'
	warning max_trials
	edit bo_config.json '.max_trials = 40'
	silent
	edit parameter_space.json '.parameters[0].bounds = [5, 6]'
	warning '.observations[0].params.x'
	warning '.pending[0].params.x'
}

@test "rows of older versions and unknown keys" {
	edit $state 'del(.observations[].artifact_path,
	    .observations[].suggested_at) | .extra = {a: 1}
	    | .observations[0].colour = "red" | .pending[0].x = []'
	silent
}

@test "imported rows: ids, decisions, copies and bounds of elsewhere" {
	edit $state '.observations[0] |= (.source_trial_id = "a7"
	    | .params.x = 12.5 | .artifact_path = "gone/p.json")'
	for f in acquisition event; do
		grep -v '"trial_id": 1}' state/${f}_log.jsonl >x
		cp x state/${f}_log.jsonl
	done
	sed -i 's|^\([^,]*,[^,]*,[^,]*,[^,]*\),[^,]*,\(.*,1\r\)$|\1,12.5,\2|' \
	    state/observations.csv
	edit state/trials/trial_1/manifest.json '.params.x = 12.5'
	silent
}

# ------------------------------------------------------------------- logs

@test "log lines that are not objects" {
	for f in acquisition event; do
		log=state/${f}_log.jsonl
		cp $log ../saved
		for line in '{"a": }' '[1]' '7' '{"a": 1} {"b": 2}' \
		    '{"a": 1, "a": 2}' $'{"a": "\xff"}' '{"n": NaN}'; do
			{ head -1 ../saved; echo "$line"; tail -n +2 ../saved; } \
			    >$log
			error "$log" 'line 2'
		done
		cp ../saved $log
	done
	silent
}

@test "a last line without newline is torn, which is a warning" {
	for f in acquisition event; do
		log=state/${f}_log.jsonl
		cp $log ../saved
		for tail in '{"ev' '{}' x; do
			cp ../saved $log
			printf %s "$tail" >>$log
			warning "$log" torn
		done
		cp ../saved $log
	done
}

@test "missing logs, CSV, manifests" {
	rm state/event_log.jsonl
	warning event_log.jsonl missing
	rm state/acquisition_log.jsonl
	warning acquisition_log.jsonl missing
	rm state/observations.csv
	warning observations.csv missing
	rm -r state/trials
	warning state/trials '4 trials: 1, 2, 3, 4'
}

@test "decisions and events that are not there, or too many" {
	cp state/acquisition_log.jsonl ../acq
	cp state/event_log.jsonl ../events
	grep -v '"trial_id": 2}' ../acq >state/acquisition_log.jsonl
	warning acquisition_log 'no decision of 1 trial: 2'
	{ cat ../acq; tail -1 ../acq; } >state/acquisition_log.jsonl
	warning acquisition_log 'line 5' second
	{ cat ../acq; tail -1 ../acq | sed 's/"trial_id": 4/"trial_id": 9/'; } \
	    >state/acquisition_log.jsonl
	warning acquisition_log 'does not have: 9'
	cp ../acq state/acquisition_log.jsonl
	grep -v 'suggestion_created' ../events >state/event_log.jsonl
	warning event_log 'no suggestion_created of 4 trials'
	grep -v 'ingest_applied' ../events >state/event_log.jsonl
	warning event_log 'end of 3 trials: 1, 2, 3'
	# each kind of end is one
	sed '0,/ingest_applied/s//ingest_late_applied/
	    0,/ingest_applied/s//trial_canceled/
	    0,/ingest_applied/s//trial_retired/' ../events \
	    >state/event_log.jsonl
	run -1 grep -q ingest_applied state/event_log.jsonl
	silent
}

@test "a failed decision has no trial" {
	echo '{"decision": {"constraint_error_reason": "constraints"},' \
	    '"telemetry": {}, "timestamp": 1.5, "trial_id": 5}' \
	    >>state/acquisition_log.jsonl
	silent
}

# -------------------------------------------------------------------- CSV

@test "the CSV against the state" {
	csv=state/observations.csv
	cp $csv ../csv
	sed -i '2s/,0\.5,/,0.75,/' $csv
	warning $csv 'row 1' objective_loss 0.75
	sed '2d' ../csv >$csv
	warning $csv 'no row of 1 trial: 1'
	{ cat ../csv; tail -1 ../csv; } >$csv
	warning $csv 'row 4' trial_id
	sed 's/failed/killed/' ../csv >$csv
	warning $csv 'row 3' status killed
	printf 'a,b\r\n1,2\r\n' >$csv
	warning $csv trial_id
	printf 'trial_id\r\n"1\r\n' >$csv
	warning $csv CSV
	: >$csv
	warning $csv 'no row of 3 trials'
}

@test "truth values in the CSV, in every spelling" {
	local csv=state/observations.csv b

	cd ..
	make_campaign b
	cd b
	jq -n '{parameters: [{name: "b", type: "bool"}]}' >parameter_space.json
	for b in true false; do
		lo-suggest --params "{\"b\": $b}" | payload 1 |
		    lo-ingest >/dev/null
	done
	cp $csv ../csv
	grep -q ,True, $csv
	for b in true 1 yes YES; do
		sed "s/,True,/,$b,/" ../csv >$csv
		silent
	done
	for b in false 0 no; do
		sed "s/,False,/,$b,/" ../csv >$csv
		silent
	done
	for b in False 0 no maybe ''; do
		sed "s/,True,/,$b,/" ../csv >$csv
		warning $csv 'row 1' param_b
	done
	for b in True 1 yes maybe ''; do
		sed "s/,False,/,$b,/" ../csv >$csv
		warning $csv 'row 2' param_b
	done
}

# -------------------------------------------------------------- manifests

@test "trial directories: names and manifests" {
	mkdir state/trials/trial_x
	error trial_x integer
	mv state/trials/trial_x state/trials/trial_05
	error trial_05 integer
	rmdir state/trials/trial_05
	mkdir state/trials/trial_9
	error trial_9 manifest
	rmdir state/trials/trial_9
	mkdir state/trials/other
	silent
	cp -r state/trials/trial_1 state/trials/trial_9
	error trial_9 .trial_id
	edit state/trials/trial_9/manifest.json '.trial_id = 9'
	warning trial_9 'no trial 9'
}

@test "what a manifest must have" {
	while read -r trial where program; do
		rm -r state/trials
		cp -a "$BATS_FILE_TMPDIR/sound/state/trials" state
		edit state/trials/trial_"$trial"/manifest.json "$program"
		error "trial_$trial/manifest.json" "$where"
	done <<-'END'
		1 .trial_id .trial_id = 2
		1 .trial_id .trial_id = "1"
		1 .status .status = "done"
		1 .status del(.status)
		1 .terminal_reason del(.terminal_reason)
		1 .terminal_reason .terminal_reason = 5
		1 .suggested_at del(.suggested_at)
		1 .suggested_at .suggested_at = "x"
		1 .artifact_path del(.artifact_path)
		1 .completed_at del(.completed_at)
		1 .completed_at .completed_at = null
		3 .penalty_objective del(.penalty_objective)
		1 .lease_token .lease_token = ""
		4 .lease_token .lease_token = 7
		1 .objective_vector .objective_vector = 3
		1 .heartbeat_count .heartbeat_count = 0.5
		4 . 5
	END
	echo '{' >state/trials/trial_2/manifest.json
	error trial_2/manifest.json line
}

@test "a manifest against the state" {
	while read -r trial where program; do
		rm -r state/trials
		cp -a "$BATS_FILE_TMPDIR/sound/state/trials" state
		edit state/trials/trial_"$trial"/manifest.json "$program"
		warning "trial_$trial/manifest.json" "$where"
	done <<-'END'
		1 .status .status = "killed"
		4 .status .status = "ok" | .completed_at = 5
		1 .params .params.x = 0.125
		1 .objective_name .objective_name = "gain"
		1 .objective_value .objective_value = 7
		1 .objective_vector.loss .objective_vector.loss = 7
		1 .scalarized_objective .scalarized_objective = 7
		3 .objective_value .objective_value = 7
		3 .terminal_reason .terminal_reason = "tired"
		1 .suggested_at .suggested_at += 1
		1 .completed_at .completed_at += 1
		4 .lease_token .lease_token = "abc"
	END
	rm state/trials/trial_1/manifest.json
	error trial_1 manifest
}

@test "payload copies against the state" {
	copy=state/trials/trial_1/ingest_payload.json
	while read -r where program; do
		cp "$BATS_FILE_TMPDIR/sound/$copy" $copy
		edit $copy "$program"
		warning "$copy" "$where"
	done <<-'END'
		.params.x .params.x = 0.125
		.params.n del(.params.n)
		.objectives .objectives.loss = 7
		.status .status = "killed"
		.trial_id .trial_id = 2
	END
	echo '[' >$copy
	warning $copy
	rm $copy
	warning artifact_path $copy
	edit $state '.observations[0].artifact_path = "elsewhere.json"'
	edit state/trials/trial_1/manifest.json \
	    '.artifact_path = "elsewhere.json"'
	warning artifact_path elsewhere.json
	cp bo_config.json elsewhere.json
	silent
}

@test "the copy keeps the result that was voided" {
	edit $state '.observations[0] |= (.voided = {objectives: .objectives}
	    | .status = "killed" | .objectives.loss = null
	    | .terminal_reason = "voided" | .penalty_objective = null)'
	edit state/trials/trial_1/manifest.json '.status = "killed"
	    | .terminal_reason = "voided" | .objective_value = null
	    | .objective_vector.loss = null | .scalarized_objective = null'
	sed -i '2,$d' state/observations.csv
	run -0 --separate-stderr lo-validate
	[ "$(json '.warnings | map(contains("observations.csv")) | all')" = true ]
}

# ---------------------------------------------------------- hostile places

@test "FIFOs, directories and links in place of files" {
	for f in $state state/event_log.jsonl state/acquisition_log.jsonl \
	    state/observations.csv state/.looptimum.lock \
	    state/trials/trial_2/manifest.json parameter_space.json \
	    objective_schema.json; do
		mv "$f" ../saved
		mkfifo "$f"
		error "$f"
		rm "$f"
		mkdir "$f"
		error "$f"
		rmdir "$f"
		case "$f" in state/*)
			ln -s ../saved "$f"
			error "$f"
			rm "$f" ;;
		esac
		mv ../saved "$f"
	done
	silent
}

@test "constraints.json as a directory, trials as a file, links of trials" {
	mkdir constraints.json
	error constraints.json
	rmdir constraints.json
	mv state/trials ../trials
	touch state/trials
	error state/trials
	rm state/trials
	ln -s "$PWD/../trials" state/trials
	error state/trials
	rm state/trials
	mv ../trials state/trials
	mv state/trials/trial_2 ../two
	ln -s "$PWD/../two" state/trials/trial_2
	error state/trials/trial_2 link
}

@test "the state directory is a file, or a link that is followed" {
	mv state ../real
	ln -s "$PWD/../real" state
	silent
	rm state
	touch state
	error state
}

@test "garbage of every size does not hurt" {
	for f in $state state/event_log.jsonl state/acquisition_log.jsonl \
	    state/observations.csv state/trials/trial_1/manifest.json \
	    state/trials/trial_1/ingest_payload.json state/.looptimum.journal
	do
		[ ! -e "$f" ] || cp "$f" ../saved
		for n in 1 7 4096 100000; do
			head -c $n /dev/zero >"$f"
			run timeout 20 lo-validate
			[ "$status" -le 1 ]
			head -c $n /dev/zero | tr '\0' '[' >"$f"
			run timeout 20 lo-validate
			[ "$status" -le 1 ]
			head -c $n /dev/urandom >"$f"
			run timeout 20 lo-validate
			[ "$status" -le 1 ]
		done
		rm "$f"
		[ ! -e ../saved ] || mv ../saved "$f"
	done
	silent
}

@test "every cut of the state is found" {
	cp $state ../whole
	size=$(wc -c <$state)
	for ((n = 1; n < size - 2; n += 97)); do
		head -c $n ../whole >$state
		run -1 timeout 20 lo-validate
	done
}

# ------------------------------------------------------- what a crash left

@test "files of interrupted commands" {
	touch state/.looptimum.tmp-0123456789abcdef
	warning .looptimum.tmp-0123456789abcdef
	# but while somebody works they are none of our business
	exec 9<state/.looptimum.lock
	flock 9
	silent
	exec 9<&-
	rm state/.looptimum.tmp-*
	touch state/trials/trial_1/.looptimum.tmp-0123456789abcdef
	warning trial_1/.looptimum.tmp-0123456789abcdef
	rm state/trials/trial_1/.looptimum.tmp-*
	touch state/.looptimum.journal.lost-1.5
	warning .looptimum.journal.lost-1.5
}

@test "a damaged journal" {
	echo 'this is no journal' >state/.looptimum.journal
	error .looptimum.journal
}

# ------------------------------------------------- policies, leases, CSV

@test "policies that are violated, or cannot be judged" {
	edit bo_config.json '.governance.allowed_statuses = ["ok", "timeout"]'
	warning bo_config.json: .governance.allowed_statuses failed
	edit bo_config.json '.governance.allowed_statuses = ["ok", "failed"]'
	silent
	mkdir -p state/reset_archives/a state/reset_archives/b
	echo 12345 >state/reset_archives/a/x
	silent
	edit bo_config.json '.retention.archives = {max_count: 1,
	    max_total_bytes: 5, max_age_seconds: 9}'
	warning .retention.archives.max_count 2
	warning .retention.archives.max_total_bytes 6
	warning .retention.archives.max_age_seconds unknown
	[ "$(json '.warnings | length')" = 3 ]
	edit bo_config.json 'del(.retention.archives)
	    | .retention.logs = {event_log_max_bytes: 7,
	    acquisition_log_max_bytes: 8}'
	warning .retention.logs.event_log_max_bytes 7
	warning .retention.logs.acquisition_log_max_bytes 8
}

@test "two pending trials with one lease token" {
	edit bo_config.json '.worker_leases.enabled = true'
	lo-suggest -n 3 >/dev/null
	silent
	edit $state '.pending[3].lease_token = .pending[1].lease_token'
	warning bo_state.json '.pending[3].lease_token' 'trial 5'
}

@test "a lease token has no place in a payload copy" {
	edit state/trials/trial_1/ingest_payload.json '.lease_token = "abc"'
	warning trial_1/ingest_payload.json .lease_token
}

@test "the CSV against the state: every column" {
	local column

	edit $state '.observations[0] += {source_trial_id: "1,\n\"é",
	    last_heartbeat_at: 5.5, lease_token: "t"}'
	edit $state '.observations[1] += {source_trial_id: null,
	    last_heartbeat_at: null, lease_token: null,
	    terminal_reason: null, penalty_objective: null}'
	for column in completed_at terminal_reason penalty_objective \
	    last_heartbeat_at lease_token source_trial_id; do
		python3 - $column "$state" <<-'END'
			import csv, json, sys
			rows = json.load(open(sys.argv[2]))["observations"]
			names = ["trial_id", "status", "completed_at",
			    "artifact_path", "terminal_reason",
			    "penalty_objective", "last_heartbeat_at",
			    "lease_token", "source_trial_id"]
			def write(path, change):
			    with open(path, "w", newline="",
			        encoding="utf-8") as f:
			        w = csv.writer(f)
			        w.writerow(names + ["param_n", "param_x",
			            "objective_loss"])
			        for i, r in enumerate(rows):
			            cells = {n: r.get(n) for n in names}
			            if i == 1 and change:
			                cells[change] = 77.5
			            w.writerow([cells[n] for n in names] +
			                [r["params"]["n"], r["params"]["x"],
			                r["objectives"]["loss"]])
			write("state/observations.csv", None)
			write("wrong.csv", sys.argv[1])
		END
		run -0 lo-validate -f '.warnings[]'
		[[ $output != *observations.csv* ]]
		mv wrong.csv state/observations.csv
		warning observations.csv 'row 2' $column 77.5
	done
}

@test "the CSV lacks columns" {
	python3 - <<-'END'
		import csv
		rows = list(csv.DictReader(open("state/observations.csv",
		    newline="")))
		with open("state/observations.csv", "w", newline="") as f:
		    w = csv.DictWriter(f, ["trial_id"],
		        extrasaction="ignore")
		    w.writeheader()
		    w.writerows(rows)
	END
	warning observations.csv 'no column status'
	warning observations.csv 'no column param_x'
	warning observations.csv 'no column objective_loss'
}

# ------------------------------------------------------------------ order

@test "errors come before warnings, each thing once" {
	sed -i 's/,ok,/,failed,/' state/observations.csv
	rm state/trials/trial_2/manifest.json
	run -1 --separate-stderr lo-validate
	[ "${stderr_lines[0]}" = \
	    "state/trials/trial_2: error: no manifest.json" ]
	[ "$(grep -c error: <<<"$stderr")" = 1 ]
	[ "$(grep -c 'manifest' <<<"$stderr")" = 1 ]
	[ "${#stderr_lines[@]}" -gt 1 ]
}

@test "without a state that is said first, and rows are not gone through" {
	rm state/bo_state.json
	rm state/trials/trial_2/manifest.json
	run -1 --separate-stderr lo-validate
	[[ ${stderr_lines[0]} == "state/bo_state.json: error: missing"* ]]
	[ "$(json '.errors[0]' | cut -d: -f1)" = state/bo_state.json ]
	[ "$(grep -c observations.csv <<<"$stderr")" = 1 ]
}

# lo-validate --rebuild: a lost state from manifests, payload copies and logs.

load helper

# A campaign of 200 trials in which everything occurs: conditional
# parameters, two objectives, leases, failures, retired, canceled, voided,
# retried, imported and pending ones.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	make_campaign whole '.max_trials = 300 | .worker_leases.enabled = true
		| .surrogate.type = "random"'
	cat >whole/parameter_space.json <<-'END'
		{"parameters": [
		  {"name": "x", "type": "float", "bounds": [0.0, 1.0]},
		  {"name": "opt", "type": "categorical",
		   "choices": ["adam", "sgd"]},
		  {"name": "momentum", "type": "float", "bounds": [0.0, 0.9],
		   "when": {"opt": "sgd"}}]}
	END
	cat >whole/objective_schema.json <<-'END'
		{"primary_objective": {"name": "loss",
		  "direction": "minimize"},
		 "secondary_objectives": [{"name": "size",
		  "direction": "maximize"}],
		 "scalarization": {"policy": "weighted_sum",
		  "weights": {"loss": 3, "size": 1}}}
	END
	(
		cd whole || exit
		jq -nc 'range(20) | {trial_id: (. + 500), status: "ok",
			params: {x: (. / 20), opt: "adam"},
			objectives: {loss: (. * . - 100), size: 1}}' |
			lo-import -
		lo-suggest -n 180 --jsonl >../suggested
		# the later ones first: the state's order is not that of ids
		tac ../suggested | jq -c '
			{trial_id, params, lease_token, objectives:
			 {loss: (.params.x + .trial_id % 7), size: .trial_id}}
			| if .trial_id > 170 then empty
			  elif .trial_id % 10 == 0 then
				.status = "failed" | .objectives[] = null
				| .terminal_reason = "exit=3: \u00fc"
				| .penalty_objective = 9
			  else .status = "ok" | .runtime_seconds = 2.5 end' |
			lo-ingest --batch
		lo-cancel --reason 'no use' 171 172
		lo-retire --reason late 173 174
		lo-void --reason 'wrong data' 3 33 44
		lo-void --undo --reason 'it was right' 33
		lo-retry 40 50
		lo-suggest --replicate best
		lo-heartbeat 180 --note here --meta '{"step": 2.0}' \
			--lease-token "$(jq -r 'select(.trial_id == 180)
				| .lease_token' ../suggested)"
	) >log 2>&1
}

setup() {
	scratch
	cp -r "$BATS_FILE_TMPDIR/whole" .
	cp -r whole now
}

# What a rebuilt state must have as the lost one had it, in its order.
facts() {
	jq -S '{observations, pending, best, next_trial_id,
		seed: .meta.seed}' "$1"
}

same_facts() {
	diff <(facts whole/state/bo_state.json) <(facts "$1")
}

rebuilt() {
	run -0 --separate-stderr lo-validate -C now --rebuild "$@"
}

@test "the campaign of these tests has everything" {
	lo-validate -C whole --strict
	run -0 jq -c '[(.observations, .pending) | length]' \
		whole/state/bo_state.json
	[ "$output" = '[174,29]' ]
	run -0 jq -c '[[.observations[].status] | group_by(.)[] | length]' \
		whole/state/bo_state.json
	[ "$output" = '[15,6,153]' ]
	jq -e '[.observations[] | select(.voided)] | length == 2' \
		whole/state/bo_state.json
	jq -e '.best.trial_id == 1' whole/state/bo_state.json
}

@test "a state that is gone comes back as it was, beside its place" {
	rm now/state/bo_state.json
	contents now >before
	rebuilt
	[ "$(json '[.rebuilt, .placed, .kept, .observations, .pending,
		.next_trial_id, .best.trial_id, .lost] | @json')" = \
		'["state/bo_state.json.rebuilt",false,null,174,29,204,1,[]]' ]
	same_facts now/state/bo_state.json.rebuilt
	# nothing else was touched
	mv now/state/bo_state.json.rebuilt .
	contents now | diff before -
	# and it is a state
	cp bo_state.json.rebuilt now/state/bo_state.json
	lo-validate -C now --strict
}

@test "in its place: with -y, through a commit, the old one kept" {
	local how kept

	for how in gone empty torn; do
		rm -rf now
		cp -r whole now
		case $how in
		gone) rm now/state/bo_state.json ;;
		empty) : >now/state/bo_state.json ;;
		torn) head -c 20000 whole/state/bo_state.json \
			>now/state/bo_state.json ;;
		esac
		cp now/state/bo_state.json was 2>/dev/null || rm -f was
		run -1 lo-status -C now --fail-fast || true
		lo-validate -C now --rebuild >/dev/null
		rebuilt --place -y
		[ "$(json .placed)" = true ]
		same_facts now/state/bo_state.json
		[ ! -e now/state/bo_state.json.rebuilt ]
		kept=$(json .kept)
		if [ $how = gone ]; then
			[ "$kept" = null ]
		else
			cmp was "now/$kept"
		fi
		lo-validate -C now --strict
		run -0 lo-suggest -C now -f .trial_id
		[ "$output" -eq 204 ]
	done
}

@test "without -y and without a terminal nothing is put in place" {
	rm now/state/bo_state.json
	contents now >before
	run -1 lo-validate -C now --rebuild --place </dev/null
	[[ $output == *'say -y'* ]]
	contents now | diff before -
}

@test "a state that can be read is not replaced" {
	contents now >before
	run -1 lo-validate -C now --rebuild --place -y
	[[ $output == *'state/bo_state.json: it can be read'* ]]
	contents now | diff before -
	# beside it, for comparison, it may stand
	rebuilt
	same_facts now/state/bo_state.json.rebuilt
}

@test "a used campaign without state: writers refuse and name the remedy" {
	local f

	for f in missing empty torn; do
		case $f in
		missing) rm now/state/bo_state.json ;;
		empty) : >now/state/bo_state.json ;;
		torn) printf '{"meta": {' >now/state/bo_state.json ;;
		esac
		contents now >before
		for tool in lo-suggest 'lo-cancel 171' 'lo-ingest --trial 180 loss=1'
		do
			# shellcheck disable=SC2086 # words
			run -1 env LO_CAMPAIGN=now $tool
			[[ $output == *'lo-validate --rebuild'* ]]
			[[ $output == *lo-archive* ]]
		done
		contents now | diff before -
	done
}

@test "nothing to rebuild from: refused" {
	make_campaign new
	run -1 lo-validate -C new --rebuild
	[[ $output == *'nothing to rebuild it from'* ]]
	[ ! -e new/state/bo_state.json.rebuilt ]
}

# said TEXT: among what could not be known, on both outputs.
said() {
	# shellcheck disable=SC2154 # run sets stderr
	if [[ $stderr != *"$1"* || $(json '.unknown[]') != *"$1"* ]]; then
		printf 'not said: %s\n%s\n' "$1" "$stderr"
		return 1
	fi
}

@test "without logs: the trials are there, and it is said" {
	rm now/state/bo_state.json now/state/*.jsonl
	rebuilt
	same_facts now/state/bo_state.json.rebuilt
	said 'state/event_log.jsonl: missing'
	said 'state/acquisition_log.jsonl: missing'
	said 'the seed'
}

@test "without the CSV: ordered by time" {
	rm now/state/bo_state.json now/state/observations.csv
	rebuilt
	diff <(facts whole/state/bo_state.json | jq '.observations
		|= sort_by(.trial_id)') \
		<(facts now/state/bo_state.json.rebuilt | jq '.observations
		|= sort_by(.trial_id)')
}

@test "bad and torn lines of the logs are named" {
	rm now/state/bo_state.json
	sed -i '5s/.*/{"event": "sugg/' now/state/event_log.jsonl
	printf '{"trial_id": 3' >>now/state/acquisition_log.jsonl
	rebuilt
	same_facts now/state/bo_state.json.rebuilt
	said 'state/event_log.jsonl: line 5 column 11'
	said 'state/acquisition_log.jsonl: its last line is torn'
}

@test "a manifest that is lost: from the payload copy and the log" {
	rm now/state/bo_state.json now/state/trials/trial_60/manifest.json
	echo '{"trial_id": 61, "sta' >now/state/trials/trial_61/manifest.json
	rebuilt
	said 'trial 60: its result is taken from the payload copy'
	said 'trial 61: its result is taken from the payload copy'
	# the lease token stood only in the manifest
	diff <(facts whole/state/bo_state.json | jq 'del(.observations[]
		| select(.trial_id == (60, 61)) | .lease_token)') \
		<(facts now/state/bo_state.json.rebuilt)
}

@test "a pending manifest beside a payload copy: the result counts" {
	rm now/state/bo_state.json
	edit now/state/trials/trial_65/manifest.json '.status = "pending"
		| .objective_vector[] = null | .completed_at = null
		| .artifact_path = null'
	rebuilt
	said 'trial 65: its result is taken from the payload copy'
	same_facts now/state/bo_state.json.rebuilt
}

@test "what is lost altogether is listed, and its id is not used again" {
	rm -r now/state/bo_state.json now/state/trials/trial_203 \
		now/state/trials/trial_70
	rebuilt
	[ "$(json '.lost | @json')" = '[70,203]' ]
	said 'trial 70: neither a manifest nor a payload copy can be read: its params and its result are lost'
	[ "$(json .next_trial_id)" -eq 204 ]
	diff <(facts whole/state/bo_state.json | jq 'del((.observations[],
		.pending[]) | select(.trial_id == (70, 203)))') \
		<(facts now/state/bo_state.json.rebuilt)
}

@test "the log says ended, the manifest pending: kept pending, and said" {
	rm now/state/bo_state.json
	edit now/state/trials/trial_171/manifest.json '.status = "pending"'
	rebuilt
	said 'trial 171: the event log says that it was given up'
	jq -e '[.pending[].trial_id] | index(171)' \
		now/state/bo_state.json.rebuilt
}

@test "a manifest of another trial or without sense is not believed" {
	rm now/state/bo_state.json
	cp now/state/trials/trial_81/manifest.json \
		now/state/trials/trial_180/manifest.json
	edit now/state/trials/trial_179/manifest.json 'del(.params)'
	edit now/state/trials/trial_178/manifest.json '.status = "done"'
	rebuilt
	said 'trial 180: manifest.json: is not of this trial'
	said 'trial 179: manifest.json: has no params'
	said 'trial 178: manifest.json: has no status'
	[ "$(json '.lost | @json')" = '[178,179,180]' ]
}

@test "links in place of manifests lead nowhere" {
	rm now/state/bo_state.json now/state/trials/trial_180/manifest.json
	ln -s "$PWD/whole/state/trials/trial_180/manifest.json" \
		now/state/trials/trial_180/manifest.json
	rebuilt
	[ "$(json '.lost | @json')" = '[180]' ]
}

@test "a retired trial's late result is still taken after a rebuild" {
	rm now/state/bo_state.json
	rebuilt --place -y
	run -0 lo-ingest -C now <<<"$(jq -c 'select(.trial_id == 173)
		| {trial_id, params, lease_token, status: "ok",
		objectives: {loss: 1, size: 1}}' \
		"$BATS_FILE_TMPDIR/suggested")"
	[ "$(json .result)" = ingested ]
	run -0 lo-void -C now --undo --reason 'right after all' 44
	jq -e '.observations[] | select(.trial_id == 44) | .status == "ok"' \
		now/state/bo_state.json
	jq -e 'has("voided") | not' now/state/trials/trial_44/manifest.json
	lo-validate -C now --strict
}

# what_looptimum_needs FILE
what_looptimum_needs() {
	jq -S '[(.observations, .pending)[] | {trial_id, params, objectives,
		status, terminal_reason, lease_token, suggested_at,
		completed_at}], .next_trial_id, .best.trial_id,
		.best.objective_value, .meta.seed' "$1"
}

@test "a campaign of Looptimum 0.4: the same, but for keys of its own" {
	cp -r "$TOP/tests/fixtures/looptimum-0.4/bo_client" old
	mv old/state/bo_state.json was
	run -0 --separate-stderr lo-validate -C old --rebuild
	[ "$(json '.lost | @json')" = '[]' ]
	diff <(what_looptimum_needs was) \
		<(what_looptimum_needs old/state/bo_state.json.rebuilt)
}

@test "one of Looptimum 0.2 has no manifests: all is lost, and said" {
	cp -r "$TOP/tests/fixtures/looptimum-0.2/bo_client" old
	rm old/state/bo_state.json
	run -0 --separate-stderr lo-validate -C old --rebuild
	[ "$(json '[.lost, .observations, .next_trial_id] | @json')" = \
		'[[1,2,3,4],0,5]' ]
	said 'state/trials: missing'
}

@test "killed at every call: the state is damaged or rebuilt, never else" {
	local call k n=0 status

	command -v strace >/dev/null || skip "no strace"
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	make_campaign seed '.durability = "full"'
	lo-suggest -C seed | payload 0.5 | lo-ingest -C seed
	lo-suggest -C seed
	cp seed/state/bo_state.json good
	printf '{"torn' >seed/state/bo_state.json
	for call in write fsync renameat renameat2 linkat unlinkat; do
		for ((k = 1; ; k++)); do
			rm -rf now
			cp -r seed now
			status=0
			strace -o /dev/null -e "trace=$call" -e \
				"inject=$call:signal=KILL:when=$k" \
				lo-validate -C now --rebuild --place -y \
				>answer 2>/dev/null || status=$?
			[ "$status" -eq 137 ] || break
			n=$((n + 1))
			# whoever comes next finishes it, or it never was
			if lo-suggest -C now >s 2>err; then
				[ "$(jq .trial_id s)" -eq 3 ]
				cmp seed/state/bo_state.json \
					now/state/bo_state.json.damaged-*
			else
				grep -q rebuild err
				[ ! -s answer ]
				cmp seed/state/bo_state.json \
					now/state/bo_state.json
				lo-validate -C now --rebuild --place -y \
					>answer 2>/dev/null
			fi
			diff <(jq .observations good) \
				<(jq .observations now/state/bo_state.json)
			lo-validate -C now --strict >/dev/null
		done
	done
	[ "$n" -gt 10 ]
}

@test "usage" {
	run -2 lo-validate -C now --place
	run -2 lo-validate -C now -y
	run -2 lo-validate -C now --rebuild -y
	run -2 lo-validate -C now --rebuild --strict
}

@test "the report fits its schema" {
	rm now/state/bo_state.json
	rm -r now/state/trials/trial_70
	lo-validate -C now --rebuild >doc
	PYTHONDONTWRITEBYTECODE=1 "$(python_jsonschema)" \
		"$TOP/tests/schemas/check.py" document "$TOP/share/schemas" \
		rebuild doc
	lo-validate -C now --rebuild --place -y >doc
	PYTHONDONTWRITEBYTECODE=1 "$(python_jsonschema)" \
		"$TOP/tests/schemas/check.py" document "$TOP/share/schemas" \
		rebuild doc
}

@test "lock busy is 75, and nothing is put in place" {
	rm -rf now
	cp -r whole now
	echo '{' >now/state/bo_state.json
	contents now/state >was
	run -75 --separate-stderr flock now/state/.looptimum.lock \
	    lo-validate -C now --rebuild --place -y --fail-fast
	[ "$output" = "" ]
	contents now/state | diff was -
}

# docs/recovery.md: every command of it is run, each section's in a campaign
# that is in just that trouble.

load helper

PLAYBOOK=$TOP/docs/recovery.md

# Trial 1 is observed, 2 pending with its result in result.json.
setup() {
	scratch
	make_campaign now '.durability = "full"'
	cd now || return
	lo-suggest | payload 0.5 | lo-ingest >/dev/null
	lo-suggest >s
	payload 0.25 <s >result.json
	cp -r . ../was
}

# follow SECTION: run its commands; each must succeed, but where lo-validate
# is there to look.
follow() {
	awk -v want="## $1" '
		/^## / { on = $0 == want }
		on && /^```/ { code = !code; next }
		on && code' "$PLAYBOOK" >../commands
	[ -s ../commands ] || {
		echo "no commands under $1"
		return 1
	}
	sed 's/^lo-validate$/lo-validate || test $? -eq 1/' ../commands \
		>../run
	sh -eu ../run >../out 2>../err || {
		cat ../commands ../out ../err
		return 1
	}
}

# shows TEXT: it is what the symptom's message is found by.
shows() {
	run lo-validate
	[[ $output == *"$1"* ]] || {
		echo "$output"
		return 1
	}
	grep -qF -- "$1" "$PLAYBOOK"
}

strict() {
	lo-validate --strict
}

# interrupted: after the commit of ingesting trial 2, before anything of it
# was applied.
interrupted() {
	local call

	command -v strace >/dev/null || skip "no strace"
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	for call in renameat renameat2; do
		strace -o /dev/null -e "trace=$call" -e \
			"inject=$call:signal=KILL:when=2" lo-ingest \
			result.json >../answer 2>/dev/null || true
		[ ! -e state/.looptimum.journal ] || return 0
		rm -rf state
		cp -r ../was/state .
	done
	return 1
}

@test "every section with commands is followed here, every row leads on" {
	awk '/^## / { h = substr($0, 4) } /^```sh/ { print h }' "$PLAYBOOK" |
		sort >../sections
	sed -n "s/^	follow '\(.*\)'\$/\1/p" "$BATS_TEST_FILENAME" |
		sort -u >../followed
	diff ../sections ../followed
	grep -o '](#[a-z-]*)' "$PLAYBOOK" | sort -u >../links
	grep '^## ' "$PLAYBOOK" | tr 'A-Z ' 'a-z-' |
		sed 's/^##-/](#/; s/$/)/' | sort >../targets
	diff ../links ../targets
}

@test "state missing" {
	rm state/bo_state.json
	run -1 lo-suggest
	[[ $output == *'bo_state.json: missing, though state/trials is there'* ]]
	follow 'State missing'
	run -0 lo-status -f '[.observations, .pending, .next_trial_id]'
	[ "$output" = '[1,1,3]' ]
}

@test "state empty, and torn" {
	: >state/bo_state.json
	shows 'bo_state.json'
	run -1 lo-suggest
	[[ $output == *'bo_state.json: empty, expected a JSON value'* ]]
	follow 'State empty or torn'
	ls state/bo_state.json.damaged-*
	cp ../was/state/bo_state.json .
	head -c 300 bo_state.json >state/bo_state.json
	rm state/bo_state.json.damaged-*
	follow 'State empty or torn'
	run -0 lo-status -f '[.observations, .pending, .next_trial_id]'
	[ "$output" = '[1,1,3]' ]
}

@test "change interrupted" {
	interrupted
	shows '.looptimum.journal: warning: a change was interrupted'
	follow 'Change interrupted'
	[ ! -e state/.looptimum.journal ]
	run -0 lo-status -f '[.observations, .pending]'
	[ "$output" = '[2,0]' ]
}

@test "journal damaged" {
	interrupted
	truncate -s -20 state/.looptimum.journal
	shows 'the journal of an interrupted change is damaged'
	run -1 lo-suggest
	follow 'Journal damaged'
	grep -q '"trial_id":2' ../out
	strict
}

@test "journal put aside" {
	interrupted
	# as another program would have
	edit state/bo_state.json '.meta.mine = 1'
	lo-heartbeat 2 >/dev/null
	ls state/.looptimum.journal.lost-*
	shows '.looptimum.journal.lost-' || shows '.looptimum.journal.lost-TIME'
	follow 'Journal put aside'
	run -0 lo-status -f '[.observations, .pending]'
	[ "$output" = '[2,0]' ]
}

@test "torn last line" {
	printf '{"event": "x' >>state/event_log.jsonl
	shows 'warning: torn'
	follow 'Torn last line'
	grep -q '"event": "x' ../out
}

@test "bad line in the middle" {
	sed -i '2s/.*/{"event": /' state/event_log.jsonl
	run -1 lo-validate
	[[ $output == *'event_log.jsonl: line 2'*error* ]]
	follow 'Bad line in the middle'
	run -0 lo-validate
	[ "$(cat ../bad-lines)" = '{"event": ' ]
}

@test "disk full" {
	command -v strace >/dev/null || skip "no strace"
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	run -4 strace -o /dev/null -e trace=fsync \
		-e inject=fsync:error=ENOSPC:when=1 lo-ingest result.json
	[[ $output == *'No space left on device'* ]]
	follow 'Disk full'
	grep -q '"result":"ingested"' ../out
	strict
}

@test "read-only" {
	chmod a-w state
	if [ "$(id -u)" -ne 0 ]; then
		run -4 lo-suggest
		[[ $output == *'Permission denied'* ]]
	fi
	follow 'Read-only'
	strict
}

@test "stale pending trials" {
	edit state/bo_state.json '.pending[0].suggested_at -= 7200'
	edit state/trials/trial_2/manifest.json '.suggested_at -= 7200'
	follow 'Stale pending trials'
	run -0 jq -c '[.observations[-1].status, .pending[0].retry_of]' \
		state/bo_state.json
	[ "$output" = '["killed",2]' ]
	strict
}

@test "lost lease token" {
	edit bo_config.json '.worker_leases.enabled = true'
	edit state/bo_state.json '.pending[0].lease_token =
		"0123456789abcdef0123456789abcdef"'
	run -1 lo-ingest result.json
	[[ $output == *lease_token* ]]
	follow 'Lost lease token'
	grep -q '"result":"ingested"' ../out
}

@test "copied while running" {
	follow 'Copied while running'
	cmp state/bo_state.json ../copy/state/bo_state.json
}

@test "wrong archive restored" {
	lo-reset -y >/dev/null
	lo-suggest >/dev/null
	lo-reset -y >/dev/null
	lo-archive restore -y "$(lo-archive list -r -f .archive_id |
		head -n 1)" >/dev/null
	[ "$(lo-status -f .observations)" -eq 0 ]
	follow 'Wrong archive restored'
	[ "$(lo-status -f .observations)" -eq 1 ]
}

@test "duplicate result" {
	lo-ingest result.json >/dev/null
	jq -c '.objectives.loss = 9' result.json >other.json
	run -1 lo-ingest other.json
	follow 'Duplicate result'
	grep -q '"result":"duplicate"' ../out
	grep -q '"retry_of":2' ../out
	[ "$(lo-best -f .trial_id)" -eq 1 ]
	strict
}

@test "Looptimum half-way" {
	cp -r state before
	lo-ingest result.json >/dev/null
	# manifest and payload copy written, nothing else
	for f in bo_state.json event_log.jsonl observations.csv; do
		cp "before/$f" state
	done
	rm -r before
	follow 'Looptimum half-way'
	grep -q '"result":"ingested"' ../out
}

@test "unknown schema version" {
	edit state/bo_state.json '.schema_version = "0.9.0"'
	run -1 lo-suggest
	[[ $output == *'.schema_version: expected a version 0.2.x or 0.3.x'* ]]
	follow 'Unknown schema version'
	[ "$(head -n 1 ../out)" = 0.9.0 ]
}

# What Looptimum was seen to lose or to leave half-way, without a journal:
# its campaigns are read, repaired or reported, and ours do not come to that.

load helper

setup() {
	scratch
	cp -r "$TOP/tests/fixtures/looptimum-0.4/bo_client" now
	cp -r now was
	cd now || return
}

teardown() {
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
}

# The payload of pending trial 7.
result() {
	jq -c '.pending[] | select(.trial_id == 7)
		| {trial_id, params, lease_token, status: "ok",
		   objectives: {loss: 0.1, "débit": 2.0}}' \
		../was/state/bo_state.json
}

# What Looptimum's ingest of it leaves when it goes through.
ingested_by_looptimum() {
	result | lo-ingest >/dev/null
	edit state/bo_state.json 'del(.meta.txn)'
}

warned() {
	run -0 --separate-stderr lo-validate
	[ "$(json .valid)" = true ]
	# shellcheck disable=SC2154 # run sets it
	[[ $stderr == *"$1"* ]] || { echo "$stderr"; return 1; }
	run -1 lo-validate --strict
}

strict() {
	run -0 lo-validate --strict || {
		echo "$output"
		return 1
	}
}

# Take a file back to what it was.
old() {
	cp "../was/state/$1" "state/$1"
}

@test "ingest killed between manifest and state: the trial is pending" {
	ingested_by_looptimum
	old bo_state.json
	old observations.csv
	old event_log.jsonl
	run -0 lo-status -f '[.observations, .pending]'
	[ "$output" = '[6,2]' ]
	warned 'trials/trial_7/manifest.json'
	# it was not acknowledged, so its worker sends it again
	run -0 --separate-stderr lo-ingest <<<"$(result)"
	[ "$(json .result)" = ingested ]
	strict
}

@test "ingest killed between state and CSV: the next command mends it" {
	ingested_by_looptimum
	old observations.csv
	old event_log.jsonl
	warned 'state/observations.csv'
	run -0 --separate-stderr lo-ingest <<<"$(result)"
	[ "$(json .result)" = duplicate ]
	run -0 lo-suggest
	[ "$(grep -c . state/observations.csv)" -eq 8 ]
	# what its log never said is reported, not made up
	run -0 --separate-stderr lo-validate
	[[ $stderr == *'no event for the end of 1 trial: 7'* ]] || {
		echo "$stderr"
		return 1
	}
}

@test "suggest killed before its state write: the id is used again" {
	mkdir state/trials/trial_9
	jq '.trial_id = 9 | .lease_token = null' \
		state/trials/trial_7/manifest.json \
		>state/trials/trial_9/manifest.json
	run -0 lo-status -f '[.pending, .next_trial_id]'
	[ "$output" = '[2,9]' ]
	warned trial_9
	run -0 lo-suggest -f .trial_id
	[ "$output" = 9 ]
	strict
	diff <(jq .params state/trials/trial_9/manifest.json) \
		<(jq '.pending[-1].params' state/bo_state.json)
}

@test "suggest killed after its state write: pending, and handed out again" {
	lo-suggest >../s
	edit state/bo_state.json 'del(.meta.txn)'
	rm -r state/trials/trial_9
	old acquisition_log.jsonl
	old event_log.jsonl
	run -0 lo-status -f '[.pending, .next_trial_id]'
	[ "$output" = '[3,10]' ]
	warned 'no manifest of 1 trial: 9'
	run -0 lo-suggest --resume --jsonl -f .trial_id
	[ "${lines[2]}" = 9 ]
	jq -c '{trial_id, params, lease_token, status: "ok",
		objectives: {loss: 1, "débit": 1}}' ../s >../r
	run -0 lo-ingest ../r
	[ -e state/trials/trial_9/manifest.json ]
	run -0 --separate-stderr lo-validate
	[ "$(json .valid)" = true ]
}

@test "a torn event line: reported, cut by the next commit, kept" {
	printf '{"event": "ingest_app' >>state/event_log.jsonl
	warned 'torn'
	run -0 lo-suggest
	strict
	[ "$(cat state/event_log.jsonl.torn)" = '{"event": "ingest_app' ]
}

# holds FILE...: a process that locks each as Looptimum does and, told to by
# a file "next", unlinks the first, makes it anew, locks that and only then
# lets the old one go.
hold() {
	cat >../hold.py <<-'END'
		import fcntl, os, time
		path = "state/.looptimum.lock"
		old = open(path, "a+")
		fcntl.flock(old, fcntl.LOCK_EX)
		open("../held", "w").close()
		while not os.path.exists("../next"):
		    time.sleep(0.01)
		os.unlink(path)
		new = open(path, "a+")
		fcntl.flock(new, fcntl.LOCK_EX)
		old.close()
		open("../replaced", "w").close()
		while not os.path.exists("../end"):
		    time.sleep(0.01)
	END
	python3 ../hold.py 3>&- &
	holder=$!
	wait_for 20 test -e ../held
}

# Is somebody in the queue for the file's lock?
queued() {
	local inode

	inode=$(stat -c %i state/.looptimum.lock)
	grep -q -- "->.*:$inode " /proc/locks
}

@test "reset unlinks the lock that a suggest waits for: it waits on" {
	grep -q . /proc/locks || skip "no /proc/locks"
	hold
	lo-suggest --lock-timeout 3 >../s 2>../err 3>&- &
	wait_for 20 queued
	touch ../next
	wait_for 20 test -e ../replaced
	status=0
	wait $! || status=$?
	# the lock that now has the name is held by another
	[ "$status" -eq 75 ]
	[ ! -s ../s ]
	[ "$(jq .next_trial_id state/bo_state.json)" -eq 9 ]
	touch ../end
	wait "$holder"
	run -0 lo-suggest -f .trial_id
	[ "$output" = 9 ]
}

@test "the lock is unlinked again and again: no id is given twice" {
	local i

	edit bo_config.json '.max_trials = 500 | .durability = "relaxed"
		| .max_pending_trials = null'
	for i in $(seq 8); do
		(for _ in $(seq 5); do lo-suggest -f .trial_id; done \
			>"../ids.$i") 3>&- &
	done
	# as its reset does it: unlinked while held
	python3 - <<-'END'
		import fcntl, os, time
		for _ in range(40):
		    try:
		        f = open("state/.looptimum.lock", "r+")
		    except FileNotFoundError:
		        continue
		    fcntl.flock(f, fcntl.LOCK_EX)
		    try:
		        there = os.stat("state/.looptimum.lock").st_ino
		    except FileNotFoundError:
		        continue
		    if there == os.fstat(f.fileno()).st_ino:
		        os.unlink("state/.looptimum.lock")
		    f.close()
		    time.sleep(0.005)
	END
	wait
	[ "$(cat ../ids.* | wc -l)" -eq 40 ]
	[ "$(sort -u ../ids.* | wc -l)" -eq 40 ]
	strict
}

@test "reset killed after its archive, before the last removal" {
	# it copies, then removes one file after the other
	id=reset-20260101-000000-1
	mkdir -p "state/reset_archives/$id/state"
	cp -r state/bo_state.json state/*.jsonl state/observations.csv \
		state/trials "state/reset_archives/$id/state"
	jq -n --arg id "$id" '[
		["state_file", "bo_state.json", "file"],
		["observations_csv", "observations.csv", "file"],
		["acquisition_log_file", "acquisition_log.jsonl", "file"],
		["event_log_file", "event_log.jsonl", "file"],
		["trials_dir", "trials", "directory"]]
		| {manifest_version: 1, archive_type: "reset",
		archive_id: $id, created_at: (now - 60),
		source_root: "/elsewhere", entries: map({label: .[0],
		source_rel: "state/\(.[1])", archive_rel: "state/\(.[1])",
		path_type: .[2]})}' \
		>"state/reset_archives/$id/archive_manifest.json"
	rm state/bo_state.json state/observations.csv
	run -1 lo-suggest
	[[ $output == *'state/bo_state.json: missing'*lo-archive* ]]
	run -1 --separate-stderr lo-validate
	[[ $stderr == *'state/bo_state.json: error: missing'* ]]
	run -0 lo-archive restore -y "$id"
	diff -r ../was/state/trials state/trials
	cmp ../was/state/bo_state.json state/bo_state.json
	strict
}

@test "reset killed in its copying: the archive is none, nothing is lost" {
	id=reset-20260101-000000-1
	edit bo_config.json 'del(.retention)'
	mkdir -p "state/reset_archives/$id/state"
	head -c 100 state/bo_state.json \
		>"state/reset_archives/$id/state/bo_state.json"
	run -0 lo-archive list -c -f '[.archive_id, .integrity]'
	[ "$output" = "[\"$id\",\"legacy\"]" ]
	run -0 lo-suggest -f .trial_id
	[ "$output" = 9 ]
	strict
}

@test "restore killed after the state, before logs and trials" {
	lo-suggest >../s
	lo-reset -y >../reset
	id=$(jq -r .archive_id ../reset)
	run -0 lo-suggest -f .trial_id
	# the state of the archive beside the rest of today
	cp "state/reset_archives/$id/state/bo_state.json" state
	run lo-validate
	[ "$status" -le 1 ]
	[[ $output == *trial_* ]]
	run -0 lo-archive restore -y "$id"
	strict
	[ "$(jq .next_trial_id state/bo_state.json)" -eq 10 ]
}

@test "import killed before its state write: imported once, by the next" {
	lo-cancel 7 8 >/dev/null
	cp -r state ../before
	jq -c '{trial_id, params, status, objectives, completed_at}' \
		<<<"$(jq -c '.observations[0]' state/bo_state.json)" >../rows.jsonl
	lo-import ../rows.jsonl >/dev/null
	for f in bo_state.json observations.csv event_log.jsonl; do
		cp "../before/$f" "state/$f"
	done
	run -0 lo-status -f '[.observations, .next_trial_id]'
	[ "$output" = '[8,9]' ]
	warned trial_9
	run -0 --separate-stderr lo-import -c \
		-f '[.imported, .next_trial_id]' ../rows.jsonl
	[ "$output" = '[1,10]' ]
	strict
	[ "$(grep -c observations_imported state/event_log.jsonl)" -eq 1 ]
}

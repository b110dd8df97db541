# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# lo-reset: what a campaign made goes into an archive, and it begins anew.

load helper

setup() {
	scratch
	make_campaign here
	cd here || return
}

# Trials 1 (ok), 2 (failed) and 3 (pending), and reports.
used() {
	lo-suggest -n 3 >/dev/null
	lo-ingest --trial 1 loss=0.5 >/dev/null
	lo-ingest --trial 2 --status failed --reason oops >/dev/null
	echo '{}' >state/report.json
	echo '# report' >state/report.md
	echo '<html>' >state/report.html
}

# The archive's directory of the document in $output.
archive() {
	json .archive_path
}

# no archive and nothing half made
no_litter() {
	[ -z "$(find . -name '.looptimum.[sjt]*')" ]
}

@test "runtime files go into an archive with their bytes, contracts stay" {
	local f

	used
	mkdir examples
	echo '{"best": 1}' >examples/_demo_result.json
	cp -r . ../was
	run -0 --separate-stderr lo-reset -y
	[ "$stderr" = "" ]
	[ "$(json .result)" = reset ]
	[ "$(json .archive_path)" = "state/reset_archives/$(json .archive_id)" ]
	run -0 diff -r -x .looptimum.lock -x archive_manifest.json \
	    -x report.html ../was/state "$(archive)/state"
	[ "$output" = "" ]
	cmp ../was/examples/_demo_result.json state/reset_archives/*/examples/*
	[ ! -e examples/_demo_result.json ]
	for f in bo_config parameter_space objective_schema; do
		cmp ../was/$f.json $f.json
	done
	# what is left of state: the archives, the lock, the new event log
	[ "$(cd state && echo .l* *)" = \
	    '.looptimum.lock event_log.jsonl reset_archives' ]
	no_litter
	run -0 lo-validate --strict
	run -0 lo-status -c -f '[.observations, .pending, .next_trial_id]'
	[ "$output" = '[0,0,1]' ]
	run -0 lo-suggest -f .trial_id
	[ "$output" = 1 ]
}

@test "the document names what was removed, report.html too" {
	used
	run -0 lo-reset -y -c -f '.removed'
	[ "$output" = '["state/bo_state.json","state/observations.csv","state/acquisition_log.jsonl","state/event_log.jsonl","state/report.json","state/report.md","state/trials","state/report.html"]' ]
}

@test "the manifest has the form and the labels of the contract" {
	local before after

	used
	before=$(date +%s)
	run -0 lo-reset -y
	after=$(date +%s)
	id=$(json .archive_id)
	m=state/reset_archives/$id/archive_manifest.json
	[[ $id =~ ^reset-([0-9]{8}-[0-9]{6})-([0-9]{19})$ ]]
	# local time, and nanoseconds since the epoch
	[ "$(date -d "@${BASH_REMATCH[2]:0:10}" +%Y%m%d-%H%M%S)" = \
	    "${BASH_REMATCH[1]}" ]
	[ "${BASH_REMATCH[2]:0:10}" -ge "$before" ]
	[ "${BASH_REMATCH[2]:0:10}" -le "$after" ]
	[ "$(jq -c keys_unsorted "$m")" = '["manifest_version","archive_type","archive_id","created_at","source_root","entries"]' ]
	[ "$(jq -c '[.manifest_version, .archive_type]' "$m")" = '[1,"reset"]' ]
	[ "$(jq -r .archive_id "$m")" = "$id" ]
	[ "$(jq -r .source_root "$m")" = "$PWD" ]
	jq -e --arg ns "${BASH_REMATCH[2]}" \
	    '(.created_at - ($ns | tonumber) / 1e9) | fabs < 1e-3' "$m"
	jq -r '.entries[] | [.label, .source_rel, .archive_rel, .path_type]
	    | @tsv' "$m" | diff - <(tr ' ' '\t' <<-'END'
		state_file state/bo_state.json state/bo_state.json file
		observations_csv state/observations.csv state/observations.csv file
		acquisition_log_file state/acquisition_log.jsonl state/acquisition_log.jsonl file
		event_log_file state/event_log.jsonl state/event_log.jsonl file
		lock_file state/.looptimum.lock state/.looptimum.lock file
		report_json_file state/report.json state/report.json file
		report_md_file state/report.md state/report.md file
		trials_dir state/trials state/trials directory
	END
	)
	as_python document "$m"
}

@test "a new event log begins with campaign_reset" {
	used
	run -0 lo-reset -y
	jq -ce '[.event, .archive_enabled, .archive_path, .removed_count,
	    .missing_count]' <(head -n 1 state/event_log.jsonl) >first
	# state, csv, two logs, two reports, trials; no demo result
	[ "$(cat first)" = \
	    "[\"campaign_reset\",true,\"$(archive)\",7,1]" ]
	run -0 jq -r '[.event, .command // ""] | join(" ")' \
	    state/event_log.jsonl
	[ "$output" = $'campaign_reset \nlock_acquired reset\nlock_released reset' ]
	as_python log state/event_log.jsonl
}

@test "an empty campaign gets an archive, too, and so does a second reset" {
	run -0 lo-reset -y
	[ "$(jq -c '[.entries[].label]' "$(archive)"/archive_manifest.json)" \
	    = '["lock_file"]' ]
	run -0 lo-reset -y
	[ "$(find state/reset_archives -mindepth 1 -maxdepth 1 | wc -l)" = 2 ]
}

@test "--no-archive keeps nothing" {
	used
	run -0 lo-reset -y --no-archive
	[ "$(json '[.archive_id, .archive_path] | @json')" = '[null,null]' ]
	[ ! -e state/reset_archives ]
	[ ! -e state/bo_state.json ]
	[ ! -e state/trials ]
	jq -ce '[.event, .archive_enabled, .archive_path, .removed_count]' \
	    <(head -n 1 state/event_log.jsonl) >first
	[ "$(cat first)" = '["campaign_reset",false,null,7]' ]
	no_litter
}

@test "what is corrupt can be reset, nothing of it is parsed" {
	used
	echo 'not json' >state/bo_state.json
	printf '\377\0{' >state/event_log.jsonl
	echo '[' >state/acquisition_log.jsonl
	echo '"' >state/trials/trial_1/manifest.json
	mkdir state/trials/trial_x
	echo '{' >parameter_space.json
	cp -r state ../was
	run -0 --separate-stderr lo-reset -y
	[ "$stderr" = "" ]
	cmp ../was/bo_state.json "$(archive)/state/bo_state.json"
	cmp ../was/event_log.jsonl "$(archive)/state/event_log.jsonl"
	[ -d "$(archive)/state/trials/trial_x" ]
	make_campaign .
	run -0 lo-validate --strict
}

@test "a state that is gone is no obstacle" {
	used
	rm state/bo_state.json
	run -1 lo-suggest
	run -0 lo-reset -y
	run -0 lo-suggest -f .trial_id
	[ "$output" = 1 ]
}

@test "the lock file stays: who waits for it finds the campaign empty" {
	local inode

	command -v flock >/dev/null || skip 'no flock(1)'
	used
	inode=$(stat -c %i state/.looptimum.lock)
	exec 7<state/.looptimum.lock
	flock 7
	lo-reset -y >reset.json 7<&- 3>&- &
	lo-suggest -f .trial_id >suggest.out 7<&- 3>&- &
	sleep 0.3
	exec 7<&-
	wait
	[ "$(stat -c %i state/.looptimum.lock)" = "$inode" ]
	# before the reset it was trial 4, after it 1
	case $(cat suggest.out) in
	1) lo-status -f .next_trial_id | grep -x 2 ;;
	4) lo-status -f .next_trial_id | grep -x 1 ;;
	*) cat suggest.out; false ;;
	esac
	[ "$(jq -r .result reset.json)" = reset ]
	lo-validate --strict
}

@test "many suggests and resets at once leave one sound campaign" {
	for _ in 1 2 3 4 5 6; do
		lo-suggest >/dev/null 3>&- &
		lo-reset -y >/dev/null 3>&- &
		lo-suggest -n 2 >/dev/null 3>&- &
	done
	wait
	lo-validate --strict
	[ "$(lo-archive list -f 'select(.integrity == "ok")' | wc -l)" = 6 ]
	no_litter
}

@test "paths of their own: below another root, outside, absolute" {
	make_campaign c '.paths = {state_file: "data/s.json",
	    event_log_file: "../out/e.jsonl", trials_dir: "runs/t",
	    observations_csv: ($ENV.PWD + "/abs/o.csv")}'
	cd c
	lo-suggest | payload 1 | lo-ingest >/dev/null
	cp ../abs/o.csv ../was.csv
	run -0 lo-reset -y
	a=$(archive)
	[[ $a == data/reset_archives/reset-* ]]
	[ -e "$a/data/s.json" ]
	[ -e "$a/runs/t/trial_1/manifest.json" ]
	# what lies outside is kept inside
	[ "$(jq -c '.entries[] | select(.source_rel | test("^(/|[.][.])"))
	    | .archive_rel' "$a/archive_manifest.json" | sort | tr '\n' ' ')" \
	    = '"outside/event_log_file" "outside/observations_csv" ' ]
	cmp ../was.csv "$a/outside/observations_csv"
	[ ! -e ../abs/o.csv ]
	[ "$(wc -l <../out/e.jsonl)" -eq 3 ]
	run -0 lo-archive restore -y "$(basename "$a")"
	cmp ../was.csv ../abs/o.csv
	[ -e runs/t/trial_1/manifest.json ]
	run -0 lo-validate --strict
}

@test "symbolic links are refused and lead nowhere" {
	local what

	used
	mkdir ../outside
	echo keep >../outside/keep
	for what in bo_state.json event_log.jsonl report.html trials \
	    trials/trial_1/manifest.json trials/trial_1/extra; do
		rm -rf ../c
		cp -r . ../c
		rm -rf "../c/state/$what"
		ln -s "$PWD/../outside" "../c/state/$what"
		(cd ../c && contents) >before
		run -1 --separate-stderr lo-reset -C ../c -y
		[[ $stderr == "lo-reset: "*"${what##*/}: is a symbolic link"* ]]
		[ -L "../c/state/$what" ]
		(cd ../c && contents) | diff before -
	done
	# the directory of archives itself
	rm -rf ../c
	cp -r . ../c
	ln -s "$PWD/../outside" ../c/state/reset_archives
	run -4 lo-reset -C ../c -y
	[ -e ../c/state/bo_state.json ]
	[ "$(ls ../outside)" = keep ]
	# without an archive links go as what they are
	rm ../c/state/reset_archives
	ln -s "$PWD/../outside" ../c/state/trials/trial_1/extra
	run -0 lo-reset -C ../c -y --no-archive
	[ "$(cat ../outside/keep)" = keep ]
}

@test "special files and directories out of place are refused" {
	used
	mkfifo state/trials/trial_1/pipe
	run -1 lo-reset -y
	[[ $output == *"trial_1/pipe: is neither a file nor a directory"* ]]
	rm state/trials/trial_1/pipe
	rm state/report.md
	mkdir state/report.md
	run -1 lo-reset -y
	[[ $output == *"state/report.md: expected a file, got a directory" ]]
	[ -e state/bo_state.json ]
	no_litter
}

@test "paths that would take the user's files along are refused" {
	local p before

	used
	before=$(contents state)
	for p in '.paths.trials_dir = "state"' '.paths.trials_dir = "."' \
	    '.paths.trials_dir = ".."' \
	    '.paths.report_json_file = "parameter_space.json"'; do
		make_campaign . "$p"
		run -1 --separate-stderr lo-reset -y
		[[ $stderr == *" too, so that it cannot be taken away"* ]]
	done
	make_campaign .
	[ "$(contents state)" = "$before" ]
	[ -e parameter_space.json ]
}

@test "an error before the commit leaves all as it was" {
	[ "$(id -u)" -ne 0 ] || skip 'root may read everything'
	used
	chmod 0 state/trials/trial_1
	run -4 lo-reset -y
	chmod 755 state/trials/trial_1
	[ -e state/bo_state.json ]
	no_litter
	lo-validate --strict
}

@test "without -y: no terminal, no reset" {
	used
	before=$(contents state)
	run -1 --separate-stderr lo-reset </dev/null
	[ "$output" = "" ]
	[[ $stderr == "lo-reset: "*"say -y" ]]
	[ "$(contents state)" = "$before" ]
}

# answer TEXT COMMAND: with that on its terminal.
answer() {
	script --version 2>/dev/null | grep -q util-linux ||
	    skip 'no script(1) of util-linux'
	printf '%s\n' "$1" | script -qec "$2 >out" /dev/null
}

@test "without -y: RESET on the terminal, and nothing else" {
	used
	for word in y reset RESE RESETT ''; do
		run -1 answer "$word" lo-reset
		[[ $output == *"Type RESET to go on: "* ]]
		[[ $output == *"the answer was not RESET, so nothing was done"* ]]
		[ -e state/bo_state.json ]
	done
	run -0 answer RESET lo-reset
	[ "$(jq -r .result out)" = reset ]
	[ ! -e state/bo_state.json ]
}

@test "exit statuses: no campaign 1, usage 2, lock 75, stdout 4" {
	used
	run -1 lo-reset -y -C nowhere
	run -2 lo-reset -y trial
	run -2 lo-reset --keep-archive
	exec 7<state/.looptimum.lock
	flock 7
	run -75 lo-reset -y --fail-fast
	run -75 lo-reset -y --lock-timeout 0.1
	exec 7<&-
	[ -e state/bo_state.json ]
	run -4 sh -c 'lo-reset -y >/dev/full'
	[ ! -e state/bo_state.json ]	# done all the same
}

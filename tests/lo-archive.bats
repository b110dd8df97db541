# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# lo-archive: what resets put away is listed, checked, restored and pruned.

load helper

setup() {
	scratch
	make_campaign here
	cd here || return
	base=$(date +%s)
}

A=state/reset_archives

# Trials 1 (ok), 2 (failed) and 3 (pending), and a report.
used() {
	lo-suggest -n 3 >/dev/null
	lo-ingest --trial 1 loss=0.5 >/dev/null
	lo-ingest --trial 2 --status failed --reason oops >/dev/null
	echo '{"old": 1}' >state/report.json
}

# Reset, and say the archive's id.
reset() {
	lo-reset -y -r -f .archive_id
}

# What a reset and a restore must give back: all but archives, lock, events.
# shellcheck disable=SC2120
payloads() {
	(cd "${1:-.}" && find . -type f ! -path '*/reset_archives/*' \
	    ! -name .looptimum.lock ! -name event_log.jsonl \
	    -exec cksum {} + | LC_ALL=C sort)
}

no_litter() {
	[ -z "$(find .. -name '.looptimum.[sjt]*')" ]
}

# An archive by hand: made AGE seconds ago, or undated.
plant() {
	mkdir -p "$A/$1/state"
	echo '{}' >"$A/$1/state/report.json"
	jq -n --arg id "$1" --argjson age "$2" --argjson now "$base" '{manifest_version: 1,
	    archive_type: "reset", archive_id: $id,
	    created_at: (if $age then $now - $age else null end),
	    source_root: "/elsewhere",
	    entries: [{label: "report_json_file",
	    source_rel: "state/report.json", archive_rel: "state/report.json",
	    path_type: "file"}]}' >"$A/$1/archive_manifest.json"
}

# change ID FILTER: of its manifest.
change() {
	edit "$A/$1/archive_manifest.json" "$2"
}

integrity() {
	lo-archive list --arg id "$1" -r -f \
	    'select(.archive_id == $id).integrity'
}

# refused ID TEXT: restore says so, and nothing changes.
refused() {
	local before

	before=$(contents)
	run -1 --separate-stderr lo-archive restore -y "$1"
	echo "$stderr"
	[ "$output" = "" ]
	[[ $stderr == "lo-archive: archive "*"$2"* ]]
	[ "$(contents)" = "$before" ]
	no_litter
}

# ----------------------------------------------------------------- list

@test "list: nothing, of a new campaign, and nothing is made" {
	run -0 --separate-stderr lo-archive list
	[ "$output" = "" ]
	[ "$stderr" = "" ]
	[ ! -e state ]
}

@test "list: a line each, newest first, unknown age last" {
	used
	id=$(reset)
	plant b-old 1000
	plant a-old 1000
	plant undated null
	plant future -5000
	mkdir $A/legacy
	touch $A/stray
	mkdir $A/.hidden
	run -0 lo-archive list
	[ "$(json .archive_id | tr '\n' ' ')" = \
	    "future $id b-old a-old undated legacy " ]
	[ "$(json .integrity | tr '\n' ' ')" = \
	    'ok ok ok ok invalid_manifest legacy ' ]
	run -0 lo-archive list --arg id "$id" -c -f 'select(.archive_id == $id)
	    | [.archive_path, .entries]'
	[ "$output" = "[\"$A/$id\",[\"state_file\",\"observations_csv\",\"acquisition_log_file\",\"event_log_file\",\"lock_file\",\"report_json_file\",\"trials_dir\"]]" ]
	run -0 lo-archive list -f 'select(.archive_id == "b-old") |
	    .age_seconds >= 1000 and .age_seconds < 1100 and
	    .size_bytes > 100'
	[ "$output" = true ]
	run -0 lo-archive list -c -f 'select(.archive_id == "undated") |
	    [.created_at, .age_seconds]'
	[ "$output" = '[null,null]' ]
	size=$(find "$A/$id" -type f -printf '%s\n' |
	    awk '{ sum += $1 } END { print sum }')
	run -0 lo-archive list --arg id "$id" -f \
	    'select(.archive_id == $id).size_bytes'
	[ "$output" = "$size" ]
}

@test "list reads and changes nothing, even where all is corrupt" {
	used
	reset
	lo-suggest >/dev/null
	echo 'no' >state/bo_state.json
	echo '{' >parameter_space.json
	snapshot . >../before
	lo-archive list >../list
	lo-archive verify >../verify
	snapshot . | diff ../before -
	[ -s ../list ]
}

# --------------------------------------------------------------- verify

@test "verify: ok and legacy can be restored, the others say why not" {
	used
	id=$(reset)
	run -0 lo-archive verify "$id" -c -f '[.integrity, .restorable,
	    .problem, (.entries | length), (.entries | all(.present))]'
	[ "$output" = '["ok",true,null,7,true]' ]
	mkdir -p $A/legacy/state
	echo '{}' >$A/legacy/state/bo_state.json
	run -0 lo-archive verify legacy -c -f '[.integrity, .restorable,
	    .entries[0].label]'
	[ "$output" = '["legacy",true,"state_file"]' ]
	rm "$A/$id/state/observations.csv"
	run -1 --separate-stderr lo-archive verify "$id"
	[ "$stderr" = "" ]
	[ "$(json '[.integrity, .restorable] | @json')" = \
	    '["missing_files",false]' ]
	[[ $(json .problem) == *"state/observations.csv: expected a file, there is none" ]]
	[ "$(json '.entries | map(select(.present | not).label) | @json')" = \
	    '["observations_csv"]' ]
	# all at once: one that is not well is enough
	run -1 lo-archive verify -f .restorable
	[ "$output" = $'false\ntrue' ]
	run -1 lo-archive verify nothing
	run -2 lo-archive verify a b
}

# -------------------------------------------------------------- restore

@test "restore: what was there is back, byte for byte" {
	used
	mkdir examples
	echo 1 >examples/_demo_result.json
	payloads >../before
	lo-status >../status
	cp state/event_log.jsonl ..
	id=$(reset)
	lo-suggest -n 2 >/dev/null
	echo other >state/report.md
	inode=$(stat -c %i state/.looptimum.lock)
	cp -r "$A/$id" ../kept
	run -0 --separate-stderr lo-archive restore -y "$id"
	[ "$stderr" = "" ]
	[ "$(json '[.archive_id, .result, .legacy] | @json')" = \
	    "[\"$id\",\"restored\",false]" ]
	[ "$(json '.restored | @json')" = '["state/bo_state.json","state/observations.csv","state/acquisition_log.jsonl","state/event_log.jsonl","state/report.json","state/trials","examples/_demo_result.json"]' ]
	[ "$(json '[.removed, .ignored] | @json')" = \
	    '[["state/report.md"],["state/.looptimum.lock"]]' ]
	payloads | diff ../before -
	lo-status | diff ../status -
	lo-validate --strict
	# the lock file is the one it was
	[ "$(stat -c %i state/.looptimum.lock)" = "$inode" ]
	# the log goes on where it was
	cmp -n "$(stat -c %s ../event_log.jsonl)" ../event_log.jsonl \
	    state/event_log.jsonl
	tail -n 3 state/event_log.jsonl | jq -c '[.event, .command]' >events
	[ "$(paste -sd' ' events)" = '["lock_acquired","restore"] ["campaign_restored",null] ["lock_released","restore"]' ]
	jq -c 'select(.event == "campaign_restored") | del(.timestamp)' \
	    state/event_log.jsonl >event
	# state, csv, acquisition log and trials were not there, or were
	same "$(cat event)" "{\"event\": \"campaign_restored\",
	    \"archive_id\": \"$id\", \"archive_path\": \"$A/$id\",
	    \"legacy_archive\": false, \"restored_count\": 7,
	    \"overwritten_count\": 5, \"ignored_count\": 1}"
	rm events event
	# the archive stays, untouched by what follows, and can be used again
	lo-ingest --trial 3 loss=0.25 >/dev/null
	diff -r "$A/$id" ../kept
	run -0 lo-archive restore -y "$id"
	payloads | diff ../before -
	run -0 lo-suggest -f .trial_id
	[ "$output" = 4 ]
	no_litter
}

@test "restore: over a corrupt campaign, of which nothing is parsed" {
	used
	payloads >../before
	id=$(reset)
	used
	echo 'no' >state/bo_state.json
	echo '{' >state/acquisition_log.jsonl
	printf 'torn' >>state/event_log.jsonl
	mkdir state/trials/trial_nonsense
	rm state/observations.csv
	run -0 lo-archive restore -y "$id"
	payloads | diff ../before -
	lo-validate --strict
}

@test "restore: what was corrupt comes back as it was" {
	used
	echo '{"half' >state/bo_state.json
	printf '{"torn' >>state/event_log.jsonl
	id=$(reset)
	run -0 lo-archive restore -y --damaged "$id"
	[ "$(cat state/bo_state.json)" = '{"half' ]
	# but for the torn line, which the archive still has
	jq -e . state/event_log.jsonl >/dev/null
	grep -q torn "$A/$id/state/event_log.jsonl"
}

# damage ARCHIVE FILE: found, not restored; and put back.
damage() {
	local file=$A/$1/$2

	cp "$file" ../whole
	cat >"$file"
	refused "$1" "damaged: $2"
	[ "$(lo-archive verify "$1" -c -f '[.integrity, .restorable]' \
		2>/dev/null || :)" = '["ok",false]' ]
	cp ../whole "$file"
}

@test "what is cut off or no longer JSON or CSV is found and not restored" {
	used
	lo-suggest | payload 2 | lo-ingest >/dev/null
	lo-report >/dev/null
	id=$(reset)
	head -c 300 "$A/$id/state/bo_state.json" | damage "$id" state/bo_state.json
	: | damage "$id" state/bo_state.json
	echo '[]' | damage "$id" state/bo_state.json
	{ echo '{"event"'; cat "$A/$id/state/event_log.jsonl"; } |
	    damage "$id" state/event_log.jsonl
	printf 'a,b\r\n1\r\n' | damage "$id" state/observations.csv
	echo '{' | damage "$id" state/report.json
	echo no | damage "$id" state/trials/trial_1/manifest.json
	echo no | damage "$id" state/trials/trial_1/ingest_payload.json
	run -0 lo-archive verify
	run -0 lo-archive restore -y "$id"
}

@test "restore: an archive of nothing empties the campaign" {
	id=$(reset)
	used
	run -0 lo-archive restore -y "$id"
	[ "$(json '.restored | @json')" = '["state/event_log.jsonl"]' ] ||
	    [ "$(json '.restored | @json')" = '[]' ]
	[ ! -e state/bo_state.json ]
	[ ! -e state/trials ]
	lo-validate --strict
	run -0 lo-suggest -f .trial_id
	[ "$output" = 1 ]
}

@test "restore: one that Looptimum made, with and without a manifest" {
	local id=reset-20260102-030405-1767323045123456789 old f

	old=$TOP/tests/fixtures/looptimum-0.4/bo_client
	rm -rf ../c
	mkdir -p ../c
	cp "$old"/*.json ../c
	cd ../c
	mkdir -p "$A/$id/state" "$A/older/state"
	cp -r "$old/state" "$A/$id"
	cp -r "$old/state" "$A/older"
	python3 - "$A/$id" <<-'END'
		import json, os, sys
		labels = {"state_file": "bo_state.json",
		    "observations_csv": "observations.csv",
		    "acquisition_log_file": "acquisition_log.jsonl",
		    "event_log_file": "event_log.jsonl",
		    "lock_file": ".looptimum.lock", "trials_dir": "trials"}
		entries = [{"label": label, "source_rel": "state/" + name,
		    "archive_rel": "state/" + name, "path_type":
		    "directory" if label == "trials_dir" else "file"}
		    for label, name in labels.items()]
		with open(os.path.join(sys.argv[1], "archive_manifest.json"),
		    "w") as f:
		    json.dump({"manifest_version": 1, "archive_type": "reset",
		        "archive_id": os.path.basename(sys.argv[1]),
		        "created_at": 1767323045.1234567,
		        "source_root": "/srv/bo_client",
		        "entries": entries}, f, indent=2)
	END
	for id in "$id" older; do
		lo-suggest >/dev/null
		run -0 lo-archive restore -y "$id" -c -f \
		    '[.legacy, (.restored | length), .ignored]'
		[ "$output" = "[$([ $id = older ] && echo true ||
		    echo false),5,[\"state/.looptimum.lock\"]]" ]
		for f in bo_state.json observations.csv acquisition_log.jsonl \
		    trials; do
			diff -r "$old/state/$f" "state/$f"
		done
		lo-validate
		jq -se --argjson l "$([ $id = older ] && echo true ||
		    echo false)" 'map(select(.event == "campaign_restored"))
		    | last.legacy_archive == $l' state/event_log.jsonl
	done
}

@test "our archives have nothing that Looptimum refuses" {
	used
	id=$(reset)
	python3 - "$A/$id" <<-'END'
		import json, os, sys
		top = sys.argv[1]
		m = json.load(open(os.path.join(top, "archive_manifest.json")))
		assert m["archive_id"] == os.path.basename(top)
		assert type(m["created_at"]) is float
		allowed = {"state_file", "observations_csv",
		    "acquisition_log_file", "event_log_file", "lock_file",
		    "report_json_file", "report_md_file", "trials_dir",
		    "demo_result_file"}
		seen = {"archive_manifest.json"}
		for e in m["entries"]:
		    assert set(e) == {"label", "source_rel", "archive_rel",
		        "path_type"} and e["label"] in allowed
		    path = os.path.join(top, e["archive_rel"])
		    assert e["path_type"] == ("directory" if
		        os.path.isdir(path) else "file")
		    assert e["source_rel"] == e["archive_rel"]
		    assert not os.path.islink(path) and os.path.exists(path)
	END
}

@test "restore: of other states, refused with the reason" {
	used
	id=$(reset)
	lo-suggest >/dev/null
	cp -r "$A/$id" ../good
	fresh() { rm -rf "${A:?}/$id"; cp -r ../good "$A/$id"; }
	rm -r "$A/$id/state/trials"
	[ "$(integrity "$id")" = missing_files ]
	refused "$id" "state/trials: expected a directory, there is none"
	fresh
	rm -r "$A/$id/state/bo_state.json"
	mkdir "$A/$id/state/bo_state.json"
	[ "$(integrity "$id")" = missing_files ]
	refused "$id" "expected a file, got a directory"
	fresh
	for f in '.manifest_version = 2' '.archive_type = "x"' \
	    '.archive_id = "other"' '.created_at = "1"' \
	    '.created_at = true' 'del(.created_at)' '.source_root = ""' \
	    'del(.source_root)' '.entries = {}' '.entries[0] = "x"' \
	    '.entries[0].label = "import_reports_dir"' \
	    '.entries[0].label = "nonsense"' '.entries += [.entries[0]]' \
	    '.entries[0].path_type = "directory"' \
	    '.entries[0].path_type = "link"' 'del(.entries[0].source_rel)' \
	    '[.]'; do
		change "$id" "$f"
		[ "$(integrity "$id")" = invalid_manifest ]
		refused "$id" "archive_manifest.json: "
		fresh
	done
	echo 'no' >"$A/$id/archive_manifest.json"
	[ "$(integrity "$id")" = invalid_manifest ]
	refused "$id" "archive_manifest.json: line 1 column 1: "
	mkdir $A/empty
	refused empty "holds nothing at a path that this campaign uses"
}

@test "restore: paths that lead out are refused, in every place" {
	local p

	used
	id=$(reset)
	lo-suggest >/dev/null
	echo secret >../secret
	cp -r "$A/$id" ../good
	fresh() { rm -rf "${A:?}/$id"; cp -r ../good "$A/$id"; }
	for p in ../../../secret /etc/passwd state/../../../../secret . .. \
	    state/ state//bo_state.json ./state/bo_state.json ''; do
		change "$id" ".entries[0].archive_rel = \"$p\""
		[ "$(integrity "$id")" = invalid_manifest ]
		refused "$id" "leads out of the archive"
		fresh
		change "$id" ".entries[0].source_rel = \"$p\""
		[ "$(integrity "$id")" = invalid_manifest ]
		refused "$id" "leads out of the campaign"
		fresh
	done
	# inside, but no place of that file
	for p in bo_config.json state/observations.csv evaluate; do
		change "$id" ".entries[0].source_rel = \"$p\""
		[ "$(integrity "$id")" = ok ]
		refused "$id" "state_file was $p, which is state/bo_state.json"
		fresh
	done
	[ "$(cat ../secret)" = secret ]
}

@test "restore: links are refused, in every place" {
	local what

	used
	id=$(reset)
	lo-suggest >/dev/null
	mkdir -p ../outside
	echo secret >../outside/secret
	cp -r "$A/$id" ../good
	fresh() { rm -rf "${A:?}/$id"; cp -r ../good "$A/$id"; }
	for what in state state/bo_state.json state/trials \
	    state/trials/trial_1 state/trials/trial_1/manifest.json \
	    state/event_log.jsonl archive_manifest.json; do
		mv "$A/$id/$what" ../moved
		ln -s "$PWD/../moved" "$A/$id/$what"
		[ "$(integrity "$id")" != ok ]
		refused "$id" "link"
		rm -r ../moved
		fresh
	done
	# within an archive without a manifest
	rm "$A/$id/archive_manifest.json"
	ln -s "$PWD/../outside" "$A/$id/state/trials/trial_1/more"
	[ "$(integrity "$id")" = legacy ]
	refused "$id" "trial_1/more: is a symbolic link"
	fresh
	# an archive that is a link
	ln -s "$PWD/../good" $A/linked
	refused linked "is a symbolic link"
	[ "$(lo-archive list | wc -l)" = 1 ]
	rm $A/linked
	# a FIFO
	mkfifo "$A/$id/state/trials/trial_1/pipe"
	refused "$id" "trial_1/pipe: is neither a file nor a directory"
	rm "$A/$id/state/trials/trial_1/pipe"
	# the directory of all archives
	mv $A ../away
	ln -s "$PWD/../away" $A
	run -4 lo-archive list
	run ! lo-archive restore -y "$id"
	run ! lo-archive prune -y --keep-last 0
	[ -e "../away/$id/archive_manifest.json" ]
}

@test "ids are single components" {
	local id

	used
	ok=$(reset)
	lo-suggest >/dev/null
	cp -r "$A/$ok" ../elsewhere
	for id in ../../../elsewhere .. . '' "$PWD/$A/$ok" "$ok/." "$ok/" \
	    "$ok/../$ok" .hidden "$(printf 'x%.0s' {1..300})"; do
		refused "$id" "expected the name of a directory"
		run -1 lo-archive verify "$id"
	done
	refused reset-20990101-000000-1 "there is none in state/reset_archives"
	refused 'a b' "there is none"
}

@test "restore: the current campaign must hold no links either" {
	used
	id=$(reset)
	used
	mkdir ../outside
	rm -r state/trials
	ln -s "$PWD/../outside" state/trials
	run -1 --separate-stderr lo-archive restore -y "$id"
	[[ $stderr == *"state/trials: is a symbolic link"* ]]
	[ -L state/trials ]
	[ -z "$(ls ../outside)" ]
}

@test "a restore that fails half-way leaves all as it was, and a word" {
	[ "$(id -u)" -ne 0 ] || command -v strace >/dev/null ||
	    skip 'no way to make it fail'
	strace -o /dev/null true 2>/dev/null || skip 'ptrace is not allowed'
	# the leak check cannot run below strace
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	used
	id=$(reset)
	used
	lo-ingest --trial 3 loss=0.1 >/dev/null
	payloads >../before
	cp state/event_log.jsonl ..
	# the archived trials cannot be copied: the third directory
	run -4 --separate-stderr strace -o /dev/null -e trace=mkdirat \
	    -e inject=mkdirat:error=ENOSPC:when=2 lo-archive restore -y "$id"
	[[ $stderr == *"No space left"* ]]
	[ "$output" = "" ]
	payloads | diff ../before -
	no_litter
	lo-validate --strict
	tail -n 3 state/event_log.jsonl >last
	jq -r .event last | paste -sd' ' >events
	[ "$(cat events)" = \
	    'lock_acquired campaign_restore_failed lock_released' ]
	jq -se --arg id "$id" '.[1] | .archive_id == $id and
	    (.error | test("No space left"))' last
	rm last events
	run -0 lo-archive restore -y "$id"
	run -0 lo-status -f .observations
	[ "$output" = 2 ]
}

# ---------------------------------------------------------------- prune

# the ids that are left
left() {
	lo-archive list -r -f .archive_id | paste -sd' '
}

planted() {
	rm -rf $A
	plant b 100
	plant a 100
	plant c 50
	plant d 10
	plant unknown null
	mkdir $A/legacy
}

@test "prune --keep-last: the newest stay, unknown ones are the oldest" {
	planted
	run -0 lo-archive prune -y --keep-last 3 -r -f .archive_id
	[ "$(paste -sd' ' <<<"$output")" = 'a unknown legacy' ]
	[ "$(left)" = 'd c b' ]
	no_litter
	planted
	run -0 lo-archive prune -y --keep-last 5 -r -f .archive_id
	[ "$output" = legacy ]
	run -0 lo-archive prune -y --keep-last 9
	[ "$output" = "" ]
	run -0 lo-archive prune -y --keep-last 0 -c -f '[.result]'
	[ "$(sort -u <<<"$output")" = '["pruned"]' ]
	[ "$(left)" = "" ]
}

@test "prune never leaves damaged archives alone" {
	planted
	echo '{' >$A/d/state/report.json
	echo '{' >$A/c/state/report.json
	contents $A >../before
	run -1 --separate-stderr lo-archive prune -y --keep-last 2
	[ "$output" = "" ]
	[[ $stderr == *"every archive that can be restored would go"*damaged* ]]
	contents $A | diff ../before -
	run -0 lo-archive prune -y --keep-last 3 -r -f .archive_id
	[ "$(left)" = 'd c b' ]
	# what is damaged may go, and so may all
	run -0 lo-archive prune -y --keep-last 0
	[ "$(left)" = "" ]
}

@test "prune --older-than: known ages only" {
	planted
	run -0 lo-archive prune -y --older-than 30 -r -f .archive_id
	[ "$(paste -sd' ' <<<"$output")" = 'c b a' ]
	[ "$(left)" = 'd unknown legacy' ]
	run -0 lo-archive prune -y --older-than 1 -r -f .archive_id
	[ "$output" = d ]
	[ "$(left)" = 'unknown legacy' ]
}

@test "prune with both: only what both allow" {
	planted
	run -0 lo-archive prune -y --keep-last 3 --older-than 60 -r \
	    -f .archive_id
	[ "$output" = a ]
	run -0 lo-archive prune -y --keep-last 1 --older-than 60 -r \
	    -f .archive_id
	[ "$output" = b ]
	[ "$(left)" = 'd c unknown legacy' ]
}

@test "prune: the document and the event" {
	planted
	run -0 lo-archive prune -y --older-than 60.5
	[ "$(json -s 'map(keys) | unique | @json' <(echo "$output"))" = \
	    '[["age_seconds","archive_id","result","size_bytes"]]' ]
	lo-archive prune -y --keep-last 3 >/dev/null
	lo-archive prune -y --keep-last 3 --older-than 7 >/dev/null
	run -0 jq -c 'select(.event == "archives_pruned") | [.pruned_count,
	    .keep_last, .older_than_seconds]' state/event_log.jsonl
	[ "$output" = $'[2,null,60.5]\n[1,3,null]\n[0,3,7.0]' ] ||
	    [ "$output" = $'[2,null,60.5]\n[1,3,null]\n[0,3,7]' ]
	run -0 jq -r '.command // empty' state/event_log.jsonl
	[ "$(sort -u <<<"$output")" = prune-archives ]
	as_python log state/event_log.jsonl
}

@test "prune: nothing of the campaign changes but the log" {
	used
	reset
	used
	payloads >../before
	lo-archive prune -y --keep-last 0 >/dev/null
	payloads | diff ../before -
	lo-validate --strict
	# nor is anything of it parsed
	plant x 10
	echo no >state/bo_state.json
	run -0 lo-archive prune -y --keep-last 0 -r -f .archive_id
	[ "$output" = x ]
}

@test "prune: links in an archive go as links" {
	planted
	mkdir ../outside
	echo keep >../outside/keep
	ln -s "$PWD/../outside" $A/a/link
	ln -s "$PWD/../outside" $A/linked
	run -0 lo-archive prune -y --keep-last 0
	[ -e ../outside/keep ]
	[ -L $A/linked ]	# is no archive
}

# ------------------------------------------------------------- the tool

# answer TEXT COMMAND: with that on its terminal.
answer() {
	script --version 2>/dev/null | grep -q util-linux ||
	    skip 'no script(1) of util-linux'
	printf '%s\n' "$1" | script -qec "$2 >out" /dev/null
}

@test "without -y: no terminal, no change" {
	used
	id=$(reset)
	contents . >../before
	for c in "restore $id" 'prune --keep-last 0'; do
		# shellcheck disable=SC2086 # words
		run -1 --separate-stderr lo-archive $c </dev/null
		[ "$output" = "" ]
		[[ $stderr == "lo-archive: "*"say -y" ]]
	done
	contents . | diff ../before -
	# nothing to prune, nothing to ask
	run -0 lo-archive prune --keep-last 5 </dev/null
}

@test "without -y: RESTORE and PRUNE on the terminal" {
	used
	id=$(reset)
	run -1 answer PRUNE "lo-archive restore $id"
	[[ $output == *"Type RESTORE to go on: "*"the answer was not RESTORE"* ]]
	[ ! -e state/bo_state.json ]
	run -0 answer RESTORE "lo-archive restore $id"
	[ -e state/bo_state.json ]
	run -1 answer y 'lo-archive prune --keep-last 0'
	[[ $output == *"1 archive will be removed"*"Type PRUNE to go on: "* ]]
	[ -e "$A/$id" ]
	run -0 answer PRUNE 'lo-archive prune --keep-last 0'
	[ ! -e "$A/$id" ]
}

@test "wrong use is exit status 2" {
	local c

	for c in '' nothing 'list x' 'restore' 'restore a b' 'prune x' \
	    'prune -y' 'list -y' 'verify -y' 'list --keep-last 1' \
	    'restore -y --older-than 1 x' 'prune --keep-last -1' \
	    'prune --keep-last x' 'prune --older-than -1' 'list --odd'; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr lo-archive $c
		[[ $stderr == "lo-archive: "*"lo-archive --help'" ]]
	done
	run -2 --separate-stderr lo-archive prune -y
	[[ $stderr == *"give --keep-last N, --older-than SECONDS, or both"* ]]
}

@test "no campaign 1, lock 75, stdout 4" {
	command -v flock >/dev/null || skip 'no flock(1)'
	run -1 lo-archive list -C nowhere
	used
	id=$(reset)
	exec 7<state/.looptimum.lock
	flock 7
	run -75 lo-archive restore -y --fail-fast "$id"
	run -75 lo-archive prune -y --lock-timeout 0.1 --keep-last 0
	run -0 lo-archive list
	run -0 lo-archive verify
	exec 7<&-
	run -4 sh -c 'lo-archive list >/dev/full'
	run -4 sh -c 'lo-archive verify >/dev/full'
}

@test "a journal that waits is looked through" {
	strace -o /dev/null true 2>/dev/null || skip 'ptrace is not allowed'
	used
	payloads >../before
	lo-status >../status
	# the journal has its name and nothing is applied: killed at the
	# second rename
	cut_off() {
		strace -o /dev/null -e trace=renameat,renameat2 -e \
		    "inject=renameat,renameat2:signal=KILL:when=$1" "${@:2}" ||
		    [ $? -eq 137 ]
	}
	cut_off 3 lo-reset -y
	[ -e state/.looptimum.journal ]
	[ -e state/bo_state.json ]
	snapshot . >../snapshot
	run -0 --separate-stderr lo-status -c -f '[.observations, .pending]'
	[ "$output" = '[0,0]' ]
	[ "$stderr" = "" ]
	run -0 lo-archive list -r -f .integrity
	[ "$output" = ok ]
	run -0 lo-archive verify
	run -0 --separate-stderr lo-validate
	[ "$(json .errors)" = '[]' ]
	snapshot . | diff ../snapshot -
	run -0 lo-suggest -f .trial_id
	[ "$output" = 1 ]
	id=$(lo-archive list -r -f .archive_id)
	# the same of a restore
	cut_off 2 lo-archive restore -y "$id"
	[ -e state/.looptimum.journal ]
	lo-status | diff ../status -
	run -0 --separate-stderr lo-validate
	[ "$(json .errors)" = '[]' ]
	run -0 lo-archive list -r -f .integrity
	lo-archive prune -y --keep-last 1
	payloads | diff ../before -
	# and of a pruning
	cut_off 2 lo-archive prune -y --keep-last 0
	[ -e "$A/$id" ]
	run -0 lo-archive list
	[ "$output" = "" ]
	run -1 lo-archive verify "$id"
	lo-suggest >/dev/null
	[ ! -e "$A/$id" ]
	no_litter
}

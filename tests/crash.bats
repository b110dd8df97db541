#!/usr/bin/env bats
# Some of the points of make crash (see fault/README.md), and what is fsynced
# when.

load helper

setup() {
	scratch
	# memory is quicker, and fsync means nothing here
	if shm=$(mktemp -d /dev/shm/lo-crash.XXXXXX 2>/dev/null); then
		cd "$shm" || return
	fi
	# LeakSanitizer does not run under ptrace
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "ptrace is not allowed"
	make_campaign seed '.durability = "full"'
	(
		cd seed || exit
		lo-suggest | payload 0.5 | lo-ingest
		lo-suggest | payload null failed | lo-ingest
		lo-suggest >../three.json
	) >/dev/null
	payload 0.25 <three.json >result.json
}

teardown() {
	[ -z "${shm:-}" ] || rm -rf "$shm"
}

# killed CALL K COMMAND...: run it in ./now, killed at (before) its K-th
# CALL; fails when it survives, for then it made fewer than K.
killed() {
	local call=$1 k=$2 status=0

	shift 2
	rm -rf now
	cp -r seed now
	(cd now && exec strace -o /dev/null -e "trace=$call" -e \
		"inject=$call:signal=KILL:when=$k" "$@") \
		<result.json >answer 2>/dev/null || status=$?
	[ "$status" -eq 137 ]
}

strike=${LO_TEST_BUILD:-$TOP/build}/tests/fault/strike

# crash OPTION...: see fault/README.md.
crash() {
	[ -x "$strike" ] || skip "strike is not made for this machine"
	"$TOP/tests/fault/crash.py" --bin "$BIN" --strike "$strike" "$@"
}

# A share of the points, of every tool and every way to strike.
@test "each mutating tool struck at some calls" {
	if grep -q __asan_init "$BIN/lo-ingest"; then
		crash --every 97 --pairs 0	# each takes ten times as long
	else
		crash --every 9 --pairs 60
	fi
}

@test "the driver sees a tool that answers first" {
	cp -r "$BIN" faulty
	mv faulty/lo-cancel faulty/cancel
	cat >faulty/lo-cancel <<-'END'
		#!/bin/sh
		echo '{"trial_id":3,"result":"canceled"}'
		exec "${0%/*}/cancel" "$@" >/dev/null
	END
	chmod +x faulty/lo-cancel
	run -1 crash --bin "$PWD/faulty" --tool cancel --modes kill-before \
		--pairs 0
	[[ $output == *"an acknowledged change is not there"* ]]
}

@test "the driver sees a tool that writes in place" {
	cp -r "$BIN" faulty
	mv faulty/lo-cancel faulty/cancel
	cat >faulty/lo-cancel <<-'END'
		#!/bin/sh
		echo '{"event": "begun"}' >>state/event_log.jsonl
		exec "${0%/*}/cancel" "$@"
	END
	chmod +x faulty/lo-cancel
	run -1 crash --bin "$PWD/faulty" --tool cancel --modes kill-before \
		--pairs 0
	[[ $output == *"neither old nor new"* ]]
}

# struck_after NAME COMMAND...: killed once the journal's entry is applied
# that is renamed to NAME; in ./now.
struck_after() {
	local name=$1 k

	shift
	rm -rf now
	cp -r seed now
	(cd now && "$strike" -i . -l ../log "$@") >answer
	k=$(sed -n "s|^\([0-9]*\) rename.*/$name\$|\1|p" log)
	rm -rf now
	cp -r seed now
	(cd now && run -137 "$strike" -i . -k "$k" -m kill-after "$@")
	[ -e now/state/.looptimum.journal ]
}

# Looptimum writes a state without knowing of the journal.
@test "a void is finished in a state that others wrote on top of it" {
	[ -x "$strike" ] || skip "strike is not made for this machine"
	for undo in '' --undo; do
		struck_after bo_state.json lo-void ${undo:---reason r} 2
		edit now/state/bo_state.json '.theirs = 1'
		lo-heartbeat -C now 3
		[ "$(jq .theirs now/state/bo_state.json)" -eq 1 ]
		[ -z "$(find now -name '*.lost-*')" ]
		"$TOP/tests/fault/check.py" now
		lo-validate -C now --strict
		rm -rf seed
		mv now seed
	done
}

# ------------------------------------------------------------- archives

# A campaign with one archive (three trials) and another trial since.
with_archive() {
	cp -r seed whole
	lo-reset -C seed -y >/dev/null
	id=$(lo-archive -C seed list -r -f .archive_id)
	lo-suggest -C seed >/dev/null
}

@test "nothing is pruned while an archive cannot be read" {
	local newest k

	[ -x "$strike" ] || skip "strike is not made for this machine"
	lo-reset -C seed -y >/dev/null
	lo-suggest -C seed >/dev/null
	newest=$(lo-reset -C seed -y -r -f .archive_id)
	cp -r seed now
	(cd now && "$strike" -r -i . -l ../log lo-archive prune -y \
		--keep-last 1)
	[ "$(ls now/state/reset_archives)" = "$newest" ]
	k=$(sed -n "s|^\([0-9]*\) .*/$newest/archive_manifest.json\$|\1|p" \
		log | head -n 1)
	rm -r now
	cp -r seed now
	(cd now && run -4 "$strike" -r -i . -k "$k" -m EIO lo-archive prune \
		-y --keep-last 1 && [[ $output == *"could not be read"* ]])
	[ "$(lo-archive -C now list | wc -l)" -eq 2 ]
}

# before_commit COMMAND...: what is fsynced in ./now before the journal has
# its name; stages are called STAGE.
before_commit() {
	rm -rf now
	cp -r seed now
	(cd now && exec strace -y -o ../log -e trace=fsync,renameat,renameat2 \
		"$@") >/dev/null
	sed -n '/rename.*looptimum\.journal"/q
		s|.*fsync([0-9]*<[^>]*/now/\([^>]*\)>) *= 0$|\1|p' log |
		sed 's|looptimum.stage-[0-9a-f]*|STAGE|; s|tmp-[0-9a-f]*$|tmp|' |
		sort -u
}

# all_of DIR NAME: what is below DIR, under that name.
all_of() {
	(cd "$1" && find .) | sed "s|^\.|$2|"
}

@test "an archive is on disk before anything is taken away" {
	local a

	before_commit lo-reset -y >synced
	a=$(echo now/state/reset_archives/reset-*)
	{
		all_of "$a" state/reset_archives/.STAGE
		echo state/reset_archives	# where it has its name
		echo state			# where that has its own
	} | sort >wanted
	run -0 comm -13 synced wanted
	[ "$output" = "" ]
}

@test "what is restored is on disk before anything is replaced" {
	with_archive
	before_commit lo-archive restore -y "$id" >synced
	{
		all_of whole/state/trials state/.STAGE
		echo state
	} | sort >wanted
	run -0 comm -13 synced wanted
	[ "$output" = "" ]
}

@test "an ingest's fsyncs are counted and named" {
	cp -r seed now
	(cd now && exec strace -y -o ../log -e trace=fsync,fdatasync \
		lo-ingest) <result.json >answer
	sed -n 's/.*sync([0-9]*<\(.*\)>) *= 0$/\1/p' log |
		sed "s|.*/now/||; s|tmp-.*|tmp|" >named
	cat named
	# journal, its directory; state, payload copy, manifest, CSV, events;
	# their two directories; the directory again without the journal
	diff named - <<-'END'
		state/.looptimum.tmp
		state
		state/.looptimum.tmp
		state/trials/trial_3/.looptimum.tmp
		state/trials/trial_3/.looptimum.tmp
		state/observations.csv
		state/event_log.jsonl
		state/trials/trial_3
		state
		state
	END
}

@test "a relaxed campaign is not fsynced at all" {
	cp -r seed now
	jq '.durability = "relaxed"' seed/bo_config.json >now/bo_config.json
	(cd now && exec strace -o ../log -e trace=fsync,fdatasync lo-ingest) \
		<result.json >answer
	run ! grep -q 'sync(' log
	make_campaign new '.paths.event_log_file = "state/logs/e.jsonl"'
	strace -o log -e trace=fsync,fdatasync lo-suggest -C new
	run ! grep -q 'sync(' log
}

# synced COMMAND...: the directories it fsyncs, seen from here.
synced() {
	strace -f -y -o log -e trace=fsync "$@" >/dev/null
	sed -n "s|.*fsync([0-9]*<$PWD/\(.*\)>) *= 0\$|\1|p" log |
		grep -v 'looptimum\|\.' | sort -u
}

@test "names of new directories are on disk before an answer" {
	make_campaign new '.durability = "full" | .paths = {
		observations_csv: "out/here/o.csv",
		event_log_file: "state/logs/event_log.jsonl"}'
	diff <(synced lo-suggest -C new) - <<-'END'
		new
		new/out
		new/out/here
		new/state
		new/state/logs
		new/state/trials
		new/state/trials/trial_1
	END
}

@test "directories of an interrupted command are fsynced by the next" {
	# the journal and the state are written, trial_4 is made and no more
	killed fsync 4 lo-suggest
	[ -d now/state/trials/trial_4 ]
	[ ! -e now/state/trials/trial_4/manifest.json ]
	synced lo-suggest -C now >named
	grep -x now/state/trials/trial_4 named
	grep -x now/state/trials named
}

# Without pending trials, and with 40 rows to import.
import_seed() {
	rm -r seed
	make_campaign seed '.durability = "full" | .max_trials = 100'
	(cd seed && for y in 1 2; do
		lo-suggest | payload $y | lo-ingest -f empty
	done)
	jq -nc 'range(40) | {trial_id: ., params: {x: (. / 40), n: 3},
		objectives: {loss: .}, status: "ok"}' >result.json
}

@test "many manifests are synced together, before the journal goes" {
	import_seed
	cp -r seed now
	(cd now && exec strace -y -o ../log \
		-e trace=fsync,syncfs,renameat,renameat2,unlinkat \
		lo-import -) <result.json >answer
	[ "$(grep -c 'syncfs(.*) *= 0' log)" -eq 1 ]
	run ! grep 'fsync(.*/trials' log
	# the last manifest, the sync, the journal's end
	grep -n 'manifest\.json\|syncfs\|rename.*\.looptimum\.journal", ' log |
		tail -n 3 >order
	sed -n 1p order | grep -q manifest
	sed -n 2p order | grep -q syncfs
	sed -n 3p order | grep -q journal
}

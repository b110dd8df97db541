#!/usr/bin/env bats
# Killed at every call that changes the file system: the campaign is as
# before the command or as after it, the next command repairs it, and what
# was acknowledged is there.

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

calls='write pwrite64 fsync linkat renameat renameat2 unlinkat mkdirat ftruncate'

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

# each_point COMMAND...: at each point call check, with the campaign in
# ./now and what the command had printed in ./answer.
each_point() {
	local call k

	points=0
	for call in $calls; do
		k=1
		while killed "$call" "$k" "$@"; do
			check || {
				echo "after $* killed at $call $k"
				return 1
			}
			points=$((points + 1))
			k=$((k + 1))
		done
	done
	echo "$points points"
	[ "$points" -gt 15 ]
}

no_temps_no_journal() {
	[ -z "$(find now/state -name '.looptimum.[ts][mt][pa]*')" ] &&
		[ ! -e now/state/.looptimum.journal ]
}

check_ingest() {
	local before after again

	# readers see all or nothing and change nothing
	before=$(lo-status -C now -r -f '"\(.observations) \(.pending)"')
	case $before in
	"2 1" | "3 0") ;;
	*) echo "status says $before" && return 1 ;;
	esac
	# what was acknowledged is there
	if grep -q ingested answer; then
		[ "$before" = "3 0" ] || return 1
	fi
	again=$(lo-ingest -C now -r -f .result <result.json) || return 1
	case "$before $again" in
	"2 1 ingested" | "3 0 duplicate") ;;
	*) echo "$before, then $again" && return 1 ;;
	esac
	after=$(lo-status -C now -r -f '"\(.observations) \(.pending)"')
	[ "$after" = "3 0" ] &&
		[ "$(wc -l <now/state/observations.csv)" -eq 4 ] &&
		[ "$(grep -c '"ingest_applied"' now/state/event_log.jsonl)" \
			-eq 3 ] &&
		no_temps_no_journal &&
		lo-validate -C now --strict >/dev/null
}

@test "lo-ingest killed at every call" {
	check() { check_ingest; }
	each_point lo-ingest
}

check_suggest() {
	local before id

	before=$(lo-status -C now -r -f .next_trial_id)
	case $before in
	4 | 5) ;;
	*) echo "next_trial_id is $before" && return 1 ;;
	esac
	if grep -q trial_id answer; then
		[ "$before" -eq 5 ] || return 1
	fi
	id=$(lo-suggest -C now -r -f .trial_id) || return 1
	[ "$id" -eq "$before" ] &&
		[ "$(lo-status -C now -f .pending)" -eq $((id - 2)) ] &&
		[ "$(grep -c . now/state/acquisition_log.jsonl)" -eq "$id" ] &&
		[ "$(grep -c '"suggestion_created"' \
			now/state/event_log.jsonl)" -eq "$id" ] &&
		[ -e "now/state/trials/trial_$id/manifest.json" ] &&
		no_temps_no_journal &&
		lo-validate -C now --strict >/dev/null
}

@test "lo-suggest killed at every call" {
	check() { check_suggest; }
	each_point lo-suggest
}

# facts: what a command on a trial changes, in one line: that trial in the
# state and in its manifest, best, the CSV, the log.
facts() {
	printf '%s %s %s %s\n' \
	    "$(jq -c --argjson id "$1" '[(.observations, .pending |
		map(select(.trial_id == $id)) | map([.status, .objectives,
		.terminal_reason, .heartbeat_count])), .best.trial_id,
		.next_trial_id]' now/state/bo_state.json)" \
	    "$(jq -c '[.status, .terminal_reason, .objective_value,
		.heartbeat_count]' \
		"now/state/trials/trial_$1/manifest.json")" \
	    "$(grep -c '^[^,]*,' now/state/observations.csv)" \
	    "$(grep -c "\"event\": \"$2\"" now/state/event_log.jsonl)"
}

# all_or_nothing ID EVENT COMMAND...: what it changes is as before or as
# after, once the next command has repaired it, and as after if it answered.
all_or_nothing() {
	local id=$1 event=$2 old new got

	shift 2
	rm -rf now
	cp -r seed now
	old=$(facts "$id" "$event")
	(cd now && "$@") >/dev/null
	new=$(facts "$id" "$event")
	[ "$old" != "$new" ]
	check() {
		lo-status -C now >/dev/null || return 1
		# the next command that writes, of whatever kind
		lo-ingest -C now --trial 1 loss=0.5 >/dev/null || return 1
		got=$(facts "$id" "$event")
		if [ -s answer ]; then
			[ "$got" = "$new" ] || return 1
		fi
		[ "$got" = "$old" ] || [ "$got" = "$new" ] || return 1
		no_temps_no_journal &&
			lo-validate -C now --strict >/dev/null
	}
	each_point "$@"
}

@test "lo-cancel killed at every call" {
	all_or_nothing 3 trial_canceled lo-cancel 3
}

@test "lo-retire killed at every call" {
	all_or_nothing 3 trial_retired lo-retire 3
}

@test "lo-heartbeat killed at every call" {
	all_or_nothing 3 heartbeat lo-heartbeat 3
}

@test "lo-void killed at every call, and its undoing" {
	all_or_nothing 2 trial_voided lo-void --reason r 2
	rm -rf seed
	(cd now && lo-void --reason r 2 >/dev/null 2>&1 || true)
	cp -r now seed
	all_or_nothing 2 trial_void_undone lo-void --undo 2
}

# The new trial is there with all that belongs to it, or not at all.
check_retry() {
	local next

	next=$(lo-status -C now -f .next_trial_id)
	case $next in
	4 | 5) ;;
	*) echo "next_trial_id is $next" && return 1 ;;
	esac
	if grep -q retry_of answer; then
		[ "$next" -eq 5 ] || return 1
	fi
	lo-heartbeat -C now 3 >/dev/null &&
		[ "$(lo-status -C now -f .next_trial_id)" -eq "$next" ] &&
		[ "$(lo-status -C now -f .pending)" -eq $((next - 3)) ] &&
		[ "$(grep -c . now/state/acquisition_log.jsonl)" -eq \
			$((next - 1)) ] &&
		no_temps_no_journal &&
		lo-validate -C now --strict >/dev/null
}

@test "lo-retry killed at every call" {
	check() { check_retry; }
	each_point lo-retry 2
}

@test "a recovery killed at every call" {
	# the point right after the commit: the journal is there, unapplied
	killed renameat 2 lo-ingest || killed renameat2 2 lo-ingest
	[ -e now/state/.looptimum.journal ]
	rm -rf seed
	cp -r now seed
	check() { check_ingest; }
	each_point lo-ingest
}

# ------------------------------------------------------------- archives

# same_files DIR DIR: all but lock and event log.
same_files() {
	diff -r -x .looptimum.lock -x event_log.jsonl -x reset_archives \
	    "$1" "$2"
}

counts() {
	lo-status -C now -r -f '"\(.observations) \(.pending)"'
}

# archives N: so many, and each could be restored.
archives() {
	[ "$(lo-archive -C now list | wc -l)" -eq "$1" ] &&
		[ "$(lo-archive -C now verify -f .restorable |
			grep -c true)" -eq "$1" ]
}

# After a reset of seed, done or not: readers see which, and so does the
# next that writes.
check_reset() {
	local was first

	was=$(counts)
	case $was in
	"2 1") archives 0 && first=4 ;;
	"0 0") archives 1 && first=1 ;;
	*) false ;;
	esac || { echo "$was, $(lo-archive -C now list)"; return 1; }
	if grep -q '"reset"' answer; then
		[ "$was" = "0 0" ] || return 1
	fi
	[ "$(counts)" = "$was" ] &&
		lo-validate -C now 2>/dev/null | grep -q '"errors":\[\]' ||
		return 1
	# this one changes the log only
	lo-archive -C now prune -y --keep-last 9 >/dev/null || return 1
	no_temps_no_journal || return 1
	if [ "$was" = "2 1" ]; then
		same_files seed/state now/state || return 1
	else
		same_files seed/state now/state/reset_archives/*/state &&
			[ ! -e now/state/trials ] &&
			grep -q campaign_reset \
				<(head -n 1 now/state/event_log.jsonl) ||
			return 1
	fi
	lo-validate -C now --strict >/dev/null &&
		[ "$(lo-suggest -C now -f .trial_id)" = "$first" ]
}

@test "lo-reset killed at every call" {
	check() { check_reset; }
	each_point lo-reset -y
}

@test "the recovery of a reset killed at every call" {
	killed renameat 3 lo-reset -y || killed renameat2 3 lo-reset -y
	[ -e now/state/.looptimum.journal ]
	cp -r seed whole
	rm -rf seed
	cp -r now seed
	check() {
		[ "$(counts)" = "0 0" ] && archives 1 || return 1
		mv seed waiting && mv whole seed || return 1
		check_reset && mv seed whole && mv waiting seed
	}
	each_point lo-archive prune -y --keep-last 9
}

# A campaign with one archive (three trials) and another trial since.
with_archive() {
	cp -r seed whole
	lo-reset -C seed -y >/dev/null
	id=$(lo-archive -C seed list -r -f .archive_id)
	lo-suggest -C seed >/dev/null
}

check_restore() {
	local was

	was=$(counts)
	case $was in
	"0 1" | "2 1") archives 1 ;;
	*) false ;;
	esac || { echo "$was"; return 1; }
	if grep -q restored answer; then
		[ "$was" = "2 1" ] || return 1
	fi
	lo-validate -C now 2>/dev/null | grep -q '"errors":\[\]' &&
		lo-archive -C now prune -y --keep-last 9 >/dev/null &&
		no_temps_no_journal && archives 1 || return 1
	if [ "$was" = "2 1" ]; then
		same_files whole/state now/state &&
			[ "$(grep -c '"campaign_restored"' \
				now/state/event_log.jsonl)" -eq 1 ]
	else
		same_files seed/state now/state &&
			! grep -q '"campaign_restored"' \
				now/state/event_log.jsonl
	fi || return 1
	lo-validate -C now --strict >/dev/null
}

@test "lo-archive restore killed at every call" {
	with_archive
	check() { check_restore; }
	each_point lo-archive restore -y "$id"
}

@test "the recovery of a restore killed at every call" {
	with_archive
	killed renameat 2 lo-archive restore -y "$id" ||
		killed renameat2 2 lo-archive restore -y "$id"
	[ -e now/state/.looptimum.journal ]
	rm -rf seed
	cp -r now seed
	check() {
		[ "$(counts)" = "2 1" ] && check_restore
	}
	each_point lo-archive prune -y --keep-last 9
}

check_prune() {
	local left

	left=$(lo-archive -C now list | wc -l)
	[ "$left" -eq 3 ] || [ "$left" -eq 0 ] || return 1
	if grep -q pruned answer; then
		[ "$left" -eq 0 ] || return 1
	fi
	archives "$left" && lo-suggest -C now >/dev/null &&
		no_temps_no_journal && archives "$left" &&
		[ "$(find now/state/reset_archives -mindepth 1 \
			-maxdepth 1 | wc -l)" -eq "$left" ] &&
		[ "$(grep -c '"archives_pruned"' now/state/event_log.jsonl)" \
			-eq $((left == 0)) ] &&
		lo-validate -C now --strict >/dev/null
}

three_archives() {
	for _ in 1 2 3; do
		lo-suggest -C seed >/dev/null
		lo-reset -C seed -y >/dev/null
	done
}

@test "lo-archive prune killed at every call" {
	three_archives
	check() { check_prune; }
	each_point lo-archive prune -y --keep-last 0
}

@test "the recovery of a pruning killed at every call" {
	three_archives
	killed renameat 2 lo-archive prune -y --keep-last 0 ||
		killed renameat2 2 lo-archive prune -y --keep-last 0
	[ -e now/state/.looptimum.journal ]
	rm -rf seed
	cp -r now seed
	check() {
		check_prune && [ "$(lo-archive -C now list)" = "" ]
	}
	each_point lo-suggest
}

# fails CALL ERROR: every K-th CALL of an ingest fails with ERROR.
fails() {
	local k=0 status

	while :; do
		k=$((k + 1))
		rm -rf now
		cp -r seed now
		status=0
		(cd now && exec strace -o log -e "trace=$1" -e \
			"inject=$1:error=$2:when=$k" lo-ingest) \
			<result.json >answer 2>errors || status=$?
		grep -q INJECTED now/log || break
		rm now/log
		if [ "$status" -ne 0 ]; then
			if [ "$status" -ne 4 ] || [ ! -s errors ]; then
				echo "$1 $k: exit $status: $(cat errors)"
				return 1
			fi
			[ ! -s answer ] || grep -q '^lo-ingest' errors
		fi
		check_ingest || {
			echo "after $1 $k failed with $2"
			return 1
		}
	done
	[ "$k" -gt 1 ]
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

# fails_cleanly CHECK COMMAND...: every K-th CALL fails; the command either
# did it all the same or says why not.
fails_cleanly() {
	local check=$1 call k status

	shift
	for call in write fsync renameat renameat2 unlinkat mkdirat; do
		k=0
		while :; do
			k=$((k + 1))
			rm -rf now
			cp -r seed now
			status=0
			(cd now && exec strace -o log -e "trace=$call" -e \
				"inject=$call:error=ENOSPC:when=$k" "$@") \
				>answer 2>errors || status=$?
			grep -q INJECTED now/log || break
			rm now/log
			if [ "$status" -ne 0 ] &&
				{ [ "$status" -ne 4 ] || [ ! -s errors ]; }
			then
				echo "$call $k: exit $status: $(cat errors)"
				return 1
			fi
			"$check" || {
				echo "after $call $k failed: $(cat errors)"
				return 1
			}
		done
	done
}

@test "failing calls of a reset and a restore leave nothing half done" {
	fails_cleanly check_reset lo-reset -y
	rm -rf whole
	with_archive
	fails_cleanly check_restore lo-archive restore -y "$id"
}

@test "failing calls of a pruning leave nothing half done" {
	three_archives
	fails_cleanly check_prune lo-archive prune -y --keep-last 0
}

@test "failing calls: exit 4, a message, nothing lost" {
	fails write ENOSPC
	fails fsync EIO
	fails ftruncate EDQUOT
	fails mkdirat ENOSPC || true # an ingest need not make one
	fails unlinkat EIO
	fails renameat EIO || fails renameat2 EIO
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

# The same for an import of 40 rows, more than are fsynced one by one.
check_import() {
	local before

	before=$(lo-status -C now -f .observations)
	case $before in
	2 | 42) ;;
	*) echo "status says $before" && return 1 ;;
	esac
	if grep -q imported answer; then
		[ "$before" -eq 42 ] || return 1
	fi
	[ "$before" -eq 42 ] ||
		lo-import -C now --permissive - <result.json >/dev/null ||
		return 1
	# it may be done and not yet tidied up
	lo-suggest -C now >/dev/null || return 1
	[ "$(lo-status -C now -f .observations)" -eq 42 ] &&
		[ "$(wc -l <now/state/observations.csv)" -eq 43 ] &&
		[ "$(grep -c '"observations_imported"' \
			now/state/event_log.jsonl)" -eq 1 ] &&
		[ "$(find now/state/import_reports -type f | wc -l)" -eq 1 ] &&
		[ -e now/state/trials/trial_43/manifest.json ] &&
		no_temps_no_journal &&
		lo-validate -C now --strict >/dev/null
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

@test "lo-import killed at many calls" {
	import_seed
	check() { check_import; }
	# each call, but for the many that are alike
	points=0
	for call in $calls syncfs; do
		for k in 1 2 3 4 5 6 40 41 42 43 44 45 46 47 48 49 50; do
			killed "$call" "$k" lo-import --permissive - ||
				continue
			check || {
				echo "after lo-import killed at $call $k"
				return 1
			}
			points=$((points + 1))
		done
	done
	[ "$points" -gt 30 ]
}

@test "a recovery of an import killed at many calls" {
	import_seed
	killed renameat 2 lo-import --permissive - ||
		killed renameat2 2 lo-import --permissive -
	[ -e now/state/.looptimum.journal ]
	rm -rf seed
	cp -r now seed
	# readers see what is committed
	[ "$(lo-status -C seed -f .observations)" -eq 42 ]
	check() { check_import; }
	for call in $calls syncfs; do
		for k in 1 2 3 20 41 42 43 44; do
			killed "$call" "$k" lo-suggest || continue
			check || {
				echo "after a recovery killed at $call $k"
				return 1
			}
		done
	done
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

check_export() {
	# whole or not there; what was acknowledged is there and logged
	if [ -e now/out.jsonl ]; then
		lo-export -C now | cmp - now/out.jsonl || return 1
	fi
	if grep -q exported answer; then
		[ -e now/out.jsonl ] && [ "$(grep -c observations_exported \
			now/state/event_log.jsonl)" -eq 1 ] || return 1
	fi
	lo-suggest -C now >/dev/null &&
		{ ! grep -q observations_exported now/state/event_log.jsonl ||
			[ -e now/out.jsonl ]; } &&
		no_temps_no_journal &&
		lo-validate -C now --strict >/dev/null
}

@test "lo-export -o killed at every call" {
	check() { check_export; }
	each_point lo-export -o out.jsonl
}

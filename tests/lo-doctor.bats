#!/usr/bin/env bats
# lo-doctor: what a campaign stands on.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# shellcheck disable=SC2030,SC2031 # each test is a subshell

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
	make_campaign c
	cd c || return
}

teardown() {
	chmod -R u+rwx . 2>/dev/null || true
}

state=state/bo_state.json

config() {
	edit bo_config.json "$@"
}

doctor() {
	lo-doctor -f "$1" 2>/dev/null || true
}

# ill WORDS...: something is wrong; the document is there, and a line on
# stderr has all the words.
ill() {
	local word found line

	run -1 --separate-stderr lo-doctor
	json .pid >/dev/null || return
	for line in "${stderr_lines[@]}"; do
		found=yes
		[[ $line == "lo-doctor: "* ]] || return
		for word; do
			[[ $line == *"$word"* ]] || found=
		done
		[ -z "$found" ] || return 0
	done
	printf '%s\n' "${stderr_lines[@]}"
	return 1
}

well() {
	run -0 --separate-stderr lo-doctor
	[ "$stderr" = "" ]
}

# not_root: permissions do not bind root.
not_root() {
	[ "$(id -u)" -ne 0 ] || skip 'root may do anything'
}

@test "the members of the document" {
	lo-suggest >/dev/null
	before=$(ago 0)
	well
	[ "${#lines[@]}" = 1 ]
	same "$(json keys_unsorted)" '["schema_version", "generated_at",
	    "version", "platform", "project_root", "pid", "backend",
	    "libraries", "filesystem", "objective", "status"]'
	same "$(json '[.schema_version, .project_root]')" \
	    "[\"0.3.0\", \"$PWD\"]"
	[ "$(json .version)" = "$(sed -n 's/^VERSION *= *//p' \
	    "$TOP/config.mk")" ]
	[ "$(json .platform)" = "$(uname -s)-$(uname -r)-$(uname -m)" ]
	json .generated_at | jq -e --argjson t "$before" \
	    '. >= $t and . < $t + 60'
	json .pid | jq -e '. > 1'
	same "$(json .objective)" '{"name": "loss", "direction": "minimize",
	    "best_objective_name": "loss",
	    "scalarization_policy": "primary_only"}'
	same "$(json .status)" "$(lo-status)"
}

@test "libraries and their versions" {
	local v

	well
	same "$(json '.libraries | keys')" \
	    '["gsl", "jq", "libc", "libcsv", "zlib"]'
	if v=$(pkg-config --modversion gsl 2>/dev/null); then
		[ "$(json .libraries.gsl)" = "$v" ]
	fi
	if v=$(pkg-config --modversion zlib 2>/dev/null); then
		[[ $v == "$(json .libraries.zlib)"* ]]
	fi
	v=$(json .libraries.jq)
	[[ $v =~ ^1\.[678]$ ]]
	[[ $(json .libraries.libcsv) =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "the backend: configured and effective" {
	same "$(doctor .backend)" '{"configured": "rbf_proxy", "effective":
	    "rbf_proxy", "acquisition": "ei", "fallback_to_proxy": true}'
	config '.surrogate.type = "auto"'
	same "$(doctor '.backend | [.configured, .effective]')" \
	    '["auto", "gp"]'
	config '.surrogate.type = "botorch_gp"'
	same "$(doctor '.backend | [.configured, .effective]')" \
	    '["botorch_gp", "gp"]'
	config '.surrogate.type = "random"
	    | .feature_flags.fallback_to_proxy_if_unavailable = false'
	same "$(doctor '.backend | [.effective, .fallback_to_proxy]')" \
	    '["random", false]'
	config 'del(.surrogate.type)'
	same "$(doctor '.backend | [.configured, .effective]')" \
	    '["rbf_proxy", "rbf_proxy"]'
	same "$(doctor '.backend | has("botorch_enabled")')" false
	config '.feature_flags.enable_botorch_gp = true'
	same "$(doctor '.backend | [.effective, .botorch_enabled]')" \
	    '["gp", true]'
	config '.feature_flags.enable_botorch_gp = false'
	same "$(doctor '.backend.botorch_enabled')" false
}

@test "the objective of several" {
	echo '{"primary_objective": {"name": "a", "direction": "maximize"},
	    "secondary_objectives": [{"name": "b", "direction": "minimize"}],
	    "scalarization": {"policy": "weighted_sum",
	    "weights": {"a": 1, "b": 3}}}' >objective_schema.json
	same "$(doctor .objective)" '{"name": "a", "direction": "maximize",
	    "best_objective_name": "scalarized",
	    "scalarization_policy": "weighted_sum"}'
}

@test "the file system: its type, and that all works" {
	local type

	lo-suggest >/dev/null
	well
	[ "$(json .filesystem.path)" = "$PWD/state" ]
	same "$(json '.filesystem | [.flock, .rename, .fsync]')" \
	    '[true, true, true]'
	[ "$(json .filesystem.ofd_lock)" != false ]
	if type=$(stat -f -c %T state 2>/dev/null); then
		[[ $(json .filesystem.type) == "$type" ||
		    $type == UNKNOWN* || $(json .filesystem.type) == 0x* ]]
	fi
	json .filesystem.clock.file_system_ahead_seconds |
	    jq -e '. > -60 and . < 60'
}

@test "the file system: names, room, times" {
	lo-suggest >/dev/null
	well
	same "$(json '.filesystem | [.exclusive_create, .advice]')" \
	    '[true, null]'
	json '.filesystem | .fsync_seconds, .directory_fsync_seconds' |
	    jq -e '. >= 0 and . < 60'
	want=$(($(stat -f -c '%a * %S' state)))
	json .filesystem.space.free_bytes |
	    jq -e --argjson w "$want" '. > $w / 2 and . < $w * 2'
}

# broken WHAT INJECT WORDS...: with such a system call WHAT is false, and a
# line has the words.
broken() {
	local what=$1 inject=$2 word output code=0

	shift 2
	output=$(strace -f -o ../trace -e trace="${inject%%:*}" \
	    -e inject="$inject" lo-doctor 2>../err) || code=$?
	grep -q INJECTED ../trace || skip 'strace cannot trace'
	[ "$code" -eq 1 ]
	[ "$(json ".filesystem.$what")" = false ]
	for word; do
		grep -q "$word" ../err
	done
}

@test "locks, names and fsync that do not do what they should" {
	command -v strace >/dev/null || skip 'no strace'
	lo-suggest >/dev/null
	broken flock flock:retval=0 "$PWD/state" 'keeps nobody out'
	broken rename renameat:retval=0 'does not replace a file'
	broken fsync fsync:error=EIO 'fsync(2) fails'
	[ -z "$(find state -name '.looptimum.tmp-*')" ]
}

@test "locks that keep out descriptors, but no other process" {
	lo-suggest >/dev/null
	${CC:-cc} -shared -fPIC -o ../alone.so -x c - <<-'END' ||
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <sys/file.h>
		#include <unistd.h>
		static pid_t first;
		int
		flock(int fd, int op)
		{
			int (*real)(int, int) = (int (*)(int, int))
			    dlsym(RTLD_NEXT, "flock");

			if (first == 0)
				first = getpid();
			return getpid() == first ? real(fd, op) : 0;
		}
	END
		skip 'no compiler'
	# sanitizers want to be the first library
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
	run -1 --separate-stderr env LD_PRELOAD="$PWD/../alone.so" lo-doctor
	[ "$(json .filesystem.flock)" = false ]
	[ "$(json .filesystem.ofd_lock)" = true ]
	[[ $stderr == *'keeps nobody out'* ]]
}

@test "hard links are not needed" {
	command -v strace >/dev/null || skip 'no strace'
	lo-suggest >/dev/null
	# the leak check cannot run below strace
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	run -0 --separate-stderr strace -f -o ../trace -e trace=linkat \
	    -e inject=linkat:error=EPERM lo-doctor
	grep -q INJECTED ../trace || skip 'strace cannot trace'
	[ "$(json .filesystem.hard_link)" = false ]
}

@test "no room" {
	lo-suggest >/dev/null
	# in the shell's units, 8 kB at most
	run -1 --separate-stderr bash -c 'ulimit -f 8; exec lo-doctor'
	[[ $stderr == *"$PWD/state"*'no room'* ]]
	[ "$(json .filesystem.flock)" = true ]
	[ -z "$(find state -name '.looptimum.tmp-*')" ]
}

@test "on a file system in memory" {
	[ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] ||
	    skip 'no tmpfs'
	memory=$(mktemp -d /dev/shm/lo-doctor.XXXXXX)
	cp ./*.json "$memory"
	run -0 lo-doctor -C "$memory" -r -f .filesystem.type
	rm -r "$memory"
	[ "$output" = tmpfs ]
}

@test "nothing is left or changed, nothing made where there is nothing" {
	contents >../before
	well
	[ ! -e state ]
	contents | diff ../before -
	[ "$(json .filesystem.path)" = "$PWD" ]
	[ "$(json .filesystem.permissions.state_dir)" = null ]
	lo-suggest >/dev/null
	find . -type f -exec cksum {} + | LC_ALL=C sort >../before
	find . -name '*' | LC_ALL=C sort >../names
	well
	find . -type f -exec cksum {} + | LC_ALL=C sort | diff ../before -
	find . -name '*' | LC_ALL=C sort | diff ../names -
}

@test "no file of the campaign is locked" {
	command -v strace >/dev/null || skip 'no strace'
	lo-suggest >/dev/null
	strace -f -o ../trace lo-doctor >/dev/null 2>../err ||
	    skip 'strace cannot trace'
	# the probe's own file is locked, by flock and by fcntl
	grep -q '^[0-9]* *flock(' ../trace
	run -1 grep looptimum.lock <(grep -v '^[0-9]* *\(newfstatat\|stat\|lstat\|faccessat2\?\|access\|statx\)(' ../trace)
	[ "$output" = "" ]
}

@test "a held lock is not waited for" {
	command -v flock >/dev/null || skip 'no flock(1)'
	lo-suggest >/dev/null
	run -0 flock -x state/.looptimum.lock timeout 20 lo-doctor
	[ "$(json .status.pending)" = 1 ]
}

@test "beside tools that write, whose sweep takes unknown files away" {
	lo-suggest >/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		lo-heartbeat 1 >/dev/null || exit
	done 3>&- &
	while kill -0 $! 2>/dev/null; do
		lo-doctor >../out 2>../err || { cat ../err; return 1; }
	done
	wait $!
	[ -z "$(find state -name '.looptimum.tmp-*')" ]
	lo-validate --strict
}

@test "clocks that differ" {
	lo-suggest | payload 1 | lo-ingest >/dev/null
	well
	[ "$(json .filesystem.clock.campaign_ahead_seconds)" = 0 ]
	edit $state '.observations[0].completed_at = now + 5000'
	ill bo_state.json future
	json .filesystem.clock.campaign_ahead_seconds |
	    jq -e '. > 4900 and . <= 5000'
	edit $state '.observations[0].completed_at = now + 30'
	well
	lo-suggest >/dev/null
	edit $state '.pending[0].suggested_at = now + 500'
	ill bo_state.json future
}

@test "permissions: what is there" {
	lo-suggest >/dev/null
	well
	same "$(json '.filesystem.permissions | keys')" '[
	    "acquisition_log_file", "event_log_file", "import_reports_dir",
	    "lock_file", "observations_csv", "project_root",
	    "report_json_file", "report_md_file", "state_dir", "state_file",
	    "trials_dir"]'
	same "$(json '.filesystem.permissions | [.state_dir, .state_file,
	    .lock_file, .report_json_file]')" '[
	    {"readable": true, "writable": true},
	    {"readable": true, "writable": true},
	    {"readable": true, "writable": true}, null]'
}

@test "permissions: what may not be written or read" {
	not_root
	lo-suggest >/dev/null
	chmod a-w state/event_log.jsonl
	ill event_log.jsonl written
	same "$(json .filesystem.permissions.event_log_file)" \
	    '{"readable": true, "writable": false}'
	chmod u+w state/event_log.jsonl
	chmod a-w state
	ill "$PWD/state" written
	ill "$PWD/state" 'locks were not tried'
	same "$(json '.filesystem | [.flock, .rename]')" '[null, null]'
}

@test "broken contract files and states: said, and the rest is there" {
	lo-suggest >/dev/null
	config '.surrogate.type = "gpp"'
	ill bo_config.json .surrogate.type
	same "$(json '[.backend, .status, .objective.name]')" \
	    '[null, null, "loss"]'
	config '.surrogate.type = "gp"'
	echo '[]' >objective_schema.json
	ill objective_schema.json
	same "$(json '[.objective, .status, .backend.effective]')" \
	    '[null, null, "gp"]'
	echo '{"primary_objective": {"name": "loss",
	    "direction": "minimize"}}' >objective_schema.json
	head -c 50 $state >../torn
	mv ../torn $state
	ill bo_state.json
	[ "$(json .status)" = null ]
	[ "$(json .filesystem.flock)" = true ]
}

@test "filters, -C, usage, no campaign, nowhere to write" {
	cd ..
	[ "$(lo-doctor -C c -r -f .backend.effective)" = rbf_proxy ]
	run -2 lo-doctor -C c -f '.['
	run -2 lo-doctor -C c extra
	run -1 --separate-stderr lo-doctor -C missing
	[ "$output" = "" ]
	[[ $stderr == lo-doctor:*missing* ]]
	run -4 sh -c 'lo-doctor -C c >/dev/full'
}

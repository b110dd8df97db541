#!/usr/bin/env bats
# Campaigns that somebody prepared, and surroundings that give little.
# LO_SLOW=1 (make hostile) has the large ones, too.

load helper

setup() {
	scratch
	if shm=$(mktemp -d /dev/shm/lo-hostile.XXXXXX 2>/dev/null); then
		cd "$shm" || return
	fi
	make_campaign c
	(
		cd c || exit
		lo-suggest -n 3 -c -f '.suggestions[]' >../s.jsonl
		sed -n 1p ../s.jsonl | payload 0.5 | lo-ingest
	) >/dev/null
	readers=(lo-validate lo-status lo-health "lo-report --stdout md")
	writers=(lo-suggest "lo-heartbeat 2" "lo-cancel 3")
	runtime=(bo_state.json event_log.jsonl acquisition_log.jsonl
		observations.csv .looptimum.lock .looptimum.journal
		trials/trial_2/manifest.json)
}

teardown() {
	[ -z "${shm:-}" ] || { chmod -R u+w "$shm"; rm -rf "$shm"; }
}

# answers COMMAND...: in time, with a status of ours, and in words if not 0.
answers() {
	local status=0

	timeout 20 "$@" -C c >out 2>err </dev/null || status=$?
	case $status in
	0) ;;
	1 | 4 | 75) [ -s err ] || [ -s out ] ;;
	*) echo "$*: status $status"; cat err; return 1 ;;
	esac
}

# all_answer: every tool on c.
all_answer() {
	local tool

	for tool in "${readers[@]}" "${writers[@]}"; do
		# shellcheck disable=SC2086 # a command and its operand
		answers $tool || { echo "$tool"; return 1; }
	done
}

# in_place_of COMMAND: of each runtime file, one after the other, what
# COMMAND makes of the path; nothing outside changes.
in_place_of() {
	local f

	mkdir -p outside
	echo precious >outside/file
	for f in "${runtime[@]}"; do
		rm -rf now
		cp -r c now
		rm -rf "c/state/$f"
		"$1" "c/state/$f"
		all_answer || { echo "with $f"; return 1; }
		[ "$(cat outside/file)" = precious ]
		[ "$(ls outside)" = file ]
		rm -rf c
		mv now c
	done
}

@test "symbolic links in place of files" {
	# shellcheck disable=SC2317 # called by name
	link() { ln -s "$PWD/outside/file" "$1"; }
	in_place_of link
}

@test "links to what does not exist" {
	# shellcheck disable=SC2317 # called by name
	link() { ln -s "$PWD/outside/new" "$1"; }
	in_place_of link
}

@test "FIFOs in place of files" {
	in_place_of mkfifo
}

@test "directories in place of files" {
	in_place_of mkdir
}

@test "a trial's directory that is a link" {
	mkdir outside
	rm -r c/state/trials/trial_2
	ln -s "$PWD/outside" c/state/trials/trial_2
	all_answer
	[ -z "$(ls outside)" ]
}

# as_nobody COMMAND...: without root's rights.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
}

@test "directories that may not be written, files of other users" {
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip "no setpriv"
		as_nobody test -x "$BIN/lo-status" || skip "tools are private"
	fi
	chmod 755 .
	chmod -R a+rX,a-w c
	before=$(contents c)
	run -0 as_nobody lo-status -C c
	run as_nobody lo-validate -C c
	[ "$status" -le 1 ]
	for tool in "${writers[@]}"; do
		# shellcheck disable=SC2086 # a command and its operand
		run -4 as_nobody $tool -C c
		[[ $output = *ermission* || $output = *"ead-only"* ]]
	done
	[ "$(contents c)" = "$before" ]
	chmod -R u+w c
	chmod 600 c/state/bo_state.json
	[ "$(id -u)" -eq 0 ] || skip "the owner may read"
	run -4 as_nobody lo-status -C c
	[[ $output = *bo_state.json*ermission* ]]
}

@test "a clock that jumps back" {
	command -v faketime >/dev/null || skip "no faketime"
	[ "${ASAN_OPTIONS:-}" = "" ] || skip "preloading and sanitizers"
	run -0 faketime '2001-01-01 00:00:00' lo-suggest -C c
	run -0 faketime '2001-01-01 00:00:00' lo-heartbeat -C c 2
	run -0 faketime '1999-01-01 00:00:00' lo-ingest -C c --trial 2 loss=1
	run -0 lo-validate -C c
	run -0 lo-status -C c
	run -0 lo-suggest -C c
}

@test "closed descriptors" {
	for tool in "${writers[@]}"; do
		# shellcheck disable=SC2086 # a command and its operand
		(exec 0<&- 1>&- 2>&-; $tool -C c) || true
	done
	(exec 0<&-; lo-status -C c >out)
	(exec 2>&-; lo-suggest -C c >out)
	jq -e .trial_id out >/dev/null
	run -0 lo-validate --strict -C c
}

@test "files that may not grow, little memory, few descriptors" {
	for limit in "-f 0" "-f 1" "-f 4" "-n 3" "-n 4" "-n 6" "-v 20000"; do
		[[ $limit != -v* || -z ${ASAN_OPTIONS:-} ]] || continue
		for tool in "${readers[@]}" "${writers[@]}"; do
			rm -rf now
			cp -r c now
			before=$(jq -c '[.observations, .pending]' \
			    now/state/bo_state.json)
			status=0
			# shellcheck disable=SC2086 # lists of words
			(ulimit $limit; exec $tool -C now) 2>err |
			    cat >out || true
			status=${PIPESTATUS[0]}
			[ "$status" -lt 128 ]
			run -0 lo-status -C now
			if [ ! -s out ]; then
				[ "$(jq -c '[.observations, .pending]' \
				    now/state/bo_state.json)" = "$before" ]
			fi
			run -0 lo-heartbeat -C now 2
			run -0 lo-validate --strict -C now
		done
	done
}

@test "64 kB of disk" {
	unshare -Urm true 2>/dev/null || skip "no user namespaces"
	cat >fill.sh <<-'END'
		mkdir disk && mount -t tmpfs -o size=64k x disk &&
		    cp -r c disk/c || exit 77
		n=0
		while id=$(lo-suggest -C disk/c -f .trial_id 2>err); do
			n=$((n + 1)); echo "$id" >>acknowledged
			[ $n -lt 500 ] || exit 1
		done
		cat err
		grep -qi 'space' err || exit 1
		for id in $(cat acknowledged); do
			jq -e --argjson id "$id" \
			    'any(.pending[]; .trial_id == $id)' \
			    disk/c/state/bo_state.json >/dev/null || exit 1
		done
		lo-status -C disk/c >/dev/null || exit 1
		mount -o remount,size=1m disk &&
		    lo-heartbeat -C disk/c 2 && lo-validate --strict -C disk/c
	END
	run unshare -Urm sh fill.sh
	[ "$status" -ne 77 ] || skip "no mount in a namespace"
	echo "$output"
	[ "$status" -eq 0 ]
}

# within SECONDS KILOBYTES COMMAND...
within() {
	local seconds=$1 kilobytes=$2

	shift 2
	(ulimit -v "$kilobytes"; exec timeout "$seconds" "$@")
}

@test "a log of a gigabyte" {
	[ -n "${LO_SLOW:-}" ] || skip "LO_SLOW=1"
	[ -z "${ASAN_OPTIONS:-}" ] || skip "not with sanitizers"
	cd "$BATS_TEST_TMPDIR"
	cp -r "$shm/c" c
	for log in event_log acquisition_log; do
		truncate -s 1G "c/state/$log.jsonl"
		tail -n 1 "$shm/c/state/$log.jsonl" | sed '1s/^/\n/' \
		    >>"c/state/$log.jsonl"
	done
	within 20 400000 lo-suggest -C c
	within 20 400000 lo-ingest -C c --trial 2 loss=1
}

@test "a hundred thousand trial directories" {
	[ -n "${LO_SLOW:-}" ] || skip "LO_SLOW=1"
	[ -z "${ASAN_OPTIONS:-}" ] || skip "not with sanitizers"
	(cd c/state/trials && seq -f 'trial_%.0f' 10 100009 | xargs mkdir)
	within 20 400000 lo-suggest -C c
	within 20 400000 lo-ingest -C c --trial 2 loss=1
	within 20 400000 lo-status -C c
	# directories without a manifest are an error of the campaign
	run -1 --separate-stderr timeout 60 lo-validate -C c
	# shellcheck disable=SC2154 # run sets stderr
	[[ $stderr = *trial_* ]]
}

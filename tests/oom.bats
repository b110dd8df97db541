#!/usr/bin/env bats
# Memory that runs out at the n-th allocation, once or for good: the campaign
# is as before the command or as after it.  A sample; `make oom` tries all.

load helper

setup() {
	scratch
	case ${ASAN_OPTIONS:-}${LO_TEST_BUILD:-} in
	*asan*) skip "sanitizers have an allocator of their own" ;;
	esac
	[ "$(uname -s)" = Linux ] || skip "made for glibc"
	if shm=$(mktemp -d /dev/shm/lo-oom.XXXXXX 2>/dev/null); then
		cd "$shm" || return
	fi
	"${CC:-cc}" -shared -fPIC -O1 -o oom.so "$TOP/tests/fault/oom.c" ||
		skip "no glibc"
	make_campaign seed
	(
		cd seed || exit
		lo-suggest -n 3 -c -f '.suggestions[]' >../s.jsonl
		sed -n 1p ../s.jsonl | payload 0.5 | lo-ingest
		sed -n 2p ../s.jsonl | payload null failed | lo-ingest
	) >/dev/null
	sed -n 3p s.jsonl | payload 0.25 >result.json
}

teardown() {
	[ -z "${shm:-}" ] || rm -rf "$shm"
}

@test "no tool is half done when memory runs out" {
	# shellcheck disable=SC2086 # a list of words
	run python3 "$TOP/tests/oom.py" "$PWD/oom.so" "$PWD/seed" \
	    "$PWD/result.json" "$PWD" --points "${LO_POINTS-6}" \
	    ${LO_TOOLS-suggest ingest cancel reset}
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${output##*$'\n'} = *" points, 0 failures" ]]
}

#!/usr/bin/env bats
# Files that end too early or hold a wrong byte: nothing crashes, what can be
# repaired is, and the rest is refused with the place and what to do.  These
# are samples; `make truncate` tries every length.

load helper

setup() {
	scratch
	if shm=$(mktemp -d /dev/shm/lo-cut.XXXXXX 2>/dev/null); then
		cd "$shm" || return
	fi
	make_campaign seed
	(
		cd seed || exit
		lo-suggest -n 4 -c -f ".suggestions[]" >../s.jsonl
		sed -n 1p ../s.jsonl | payload 0.5 | lo-ingest
		sed -n 2p ../s.jsonl | payload null failed | lo-ingest
		lo-heartbeat 3
		lo-cancel 4
	) >/dev/null
}

teardown() {
	[ -z "${shm:-}" ] || rm -rf "$shm"
}

@test "each file of a campaign, cut" {
	run -0 python3 "$TOP/tests/truncate.py" seed . --every "${LO_EVERY:-211}"
	echo "$output"
	[[ $output = *" points, "*" 0 failures" ]]
}

@test "each file of a campaign, a byte of it changed" {
	run -0 python3 "$TOP/tests/truncate.py" seed . --flips \
	    "${LO_FLIPS:-2}" --seed "${LO_SEED:-1}"
	[[ $output = *" points, "*" 0 failures" ]]
}

@test "a line in the middle of a log that is none" {
	for log in event_log acquisition_log; do
		rm -rf now
		cp -r seed now
		sed -i '2s/.*/{"event": /' "now/state/$log.jsonl"
		run -1 --separate-stderr lo-validate -C now
		# shellcheck disable=SC2154 # run sets stderr
		[[ $stderr = *"state/$log.jsonl: line 2 column 11: error: "*"mend this line"* ]]
	done
}

@test "a journal cut at any length is refused, and nothing changes" {
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "ptrace is not allowed"
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	(cd seed && strace -o /dev/null -e trace=renameat,renameat2 -e \
	    inject=renameat,renameat2:signal=KILL:when=2 lo-heartbeat 3) \
	    >/dev/null 2>&1 || true
	[ -e seed/state/.looptimum.journal ]
	size=$(stat -c %s seed/state/.looptimum.journal)
	for ((n = 0; n < size; n += ${LO_EVERY:-211})); do
		rm -rf now
		cp -r seed now
		truncate -s "$n" now/state/.looptimum.journal
		before=$(contents now)
		run -1 --separate-stderr lo-suggest -C now
		[[ $stderr = *".looptimum.journal"*"damaged"*"lo-validate"* ||
			$stderr = *"journal"*"damaged"*"lo-validate"* ]]
		[ "$(contents now)" = "$before" ]
		run -1 lo-validate -C now
		run -0 lo-status -C now
	done
	run -0 lo-suggest -C seed
	run -0 lo-validate -C seed --strict
}

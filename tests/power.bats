#!/usr/bin/env bats
# The power goes: some of the points of make power, and of the builds with a
# fault of make mutants (see fault/README.md).

load helper

setup() {
	scratch
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "ptrace is not allowed"
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
}

# power OPTION...: see fault/README.md.
power() {
	"$TOP/tests/fault/power.py" --bin "$BIN" "$@"
}

@test "an acknowledged ingest is kept when the power goes at once" {
	power --synced --tool ingest-typed --recoveries 0
}

@test "logs and CSV are not empty after a loss of power" {
	power --tool ingest-batch --states 12 --recoveries 0
}

@test "tools and their recoveries stand a loss of power" {
	power --tool suggest --tool reset --tool export --states 5 \
		--recoveries 1
}

@test "relaxed stands a kill but no loss of power" {
	power --relaxed --kill --tool ingest-typed --recoveries 0
	run -1 power --relaxed --tool ingest-typed --recoveries 0 --enough 1
	grep '^FAILED ingest-typed: power gone' <<<"$output"
}

@test "a tool that acknowledges before it writes is found out" {
	[ "$BIN" = "$TOP/bin" ] || skip "needs the plain build"
	run -0 make -s -C "$TOP" mutants \
		MUTANTS='none acknowledge-first no-directory-fsync'
	[ "$(grep -c 'caught by power' <<<"$output")" -eq 2 ]
}

@test "a replay sweeps where it finds everything written already" {
	strike=${LO_TEST_BUILD:-$TOP/build}/tests/fault/strike
	[ -x "$strike" ] || skip "strike is not made for this machine"
	make_campaign c
	cd c
	# killed when it is all applied, as its journal goes
	"$strike" -i . -l ../log lo-suggest >/dev/null
	k=$(grep -n 'rename.*/state/\.looptimum\.tmp-[0-9a-f]*$' ../log |
		cut -d: -f1)
	cd .. && rm -r c && make_campaign c && cd c
	run -137 "$strike" -i . -l ../log -k "$k" -m kill-before lo-suggest
	[ -e state/.looptimum.journal ]
	# the power brought back what was removed
	edit bo_config.json '.durability = "full"'
	touch state/trials/trial_1/.looptimum.tmp-0123456789abcdef
	lo-suggest >/dev/null
	[ -z "$(find state -name '.looptimum.tmp-*')" ]
}

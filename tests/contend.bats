#!/usr/bin/env bats
# Many processes on one campaign: nothing that was acknowledged is lost, no
# id is given twice, and nobody waits for the dead.  `make contend` is the
# same with 64 processes.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for others

load helper
bats_require_minimum_version 1.5.0

setup() {
	scratch
}

teardown() {
	[ ! -e pids ] || xargs kill -CONT <pids 2>/dev/null || true
	[ ! -e pids ] || xargs kill -KILL <pids 2>/dev/null || true
}

contend() {
	"$TOP/tests/fault/contend.py" "$@"
}

@test "16 processes, five commits each" {
	run -0 contend all c --workers 16 --commits 5
	[[ ${lines[-1]} == '0 failures' ]]
	[[ ${lines[0]} == '80 commits in '*' 80 acknowledgements'* ]]
}

@test "8 processes, pipes and lo-run" {
	run -0 contend all c --workers 8 --commits 6 --style mixed
	[[ ${lines[-1]} == '0 failures' ]]
}

@test "what is lost is noticed" {
	local f state=c/state/bo_state.json

	contend all c --workers 4 --commits 8 --durability relaxed
	for f in '.observations |= .[1:]' '.next_trial_id -= 1' \
	    '(.observations[] | select(.status == "ok").status) = "killed"' \
	    '.observations += [.observations[0]]' \
	    '(.observations[] | select(.status == "ok").objectives.loss) = 7'
	do
		cp -R c d
		edit d/${state#c/} "$f"
		run -1 contend check d c.acks
		[[ $output == *LOST:* ]]
		rm -r d
	done
	cp -R c d
	sed -i.bak '/suggestion_created/{
		x
		s/^/x/
		/^x$/{
			x
			d
		}
		x
	}' d/state/event_log.jsonl
	run -1 contend check d c.acks
	[[ $output == *'suggestion events'* ]]
}

@test "two hosts, with other names and with the same" {
	run "$TOP/tests/fault/hosts" 4 6
	[ "$status" -ne 77 ] || skip "${lines[-1]}"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^0 failures' <<<"$output")" -eq 3 ]
}

# hold: a process of its own has the lock and is stopped; its id in $holder.
hold() {
	command -v flock >/dev/null || skip 'no flock(1)'
	flock -x -o state/.looptimum.lock sh -c 'echo $PPID >>../pids
	    echo >../held; exec sleep 1000' 3>&- &
	wait_for 10 test -e ../held
	read -r holder <../pids
}

@test "who waits goes on at once when the holder is killed" {
	make_campaign c
	cd c
	lo-suggest >/dev/null
	hold
	for _ in 1 2 3 4; do
		lo-suggest --lock-timeout 1000 3>&- &
		echo $! >>../waiting
	done
	sleep 0.2
	same "$(lo-status -f .pending)" 1
	kill -STOP "$holder"
	kill -KILL "$holder"
	# those who wait are not asked to give up: 20 s is not their limit
	while read -r pid; do
		wait_for 20 eval "! kill -0 $pid 2>/dev/null"
	done <../waiting
	same "$(lo-status -f .pending)" 5
	lo-validate --strict
}

@test "a writer killed in its commit: the next one finishes it" {
	command -v strace >/dev/null || skip 'no strace'
	make_campaign c
	cd c
	lo-suggest >/dev/null
	strace -o ../trace -e trace=rename,renameat,renameat2 \
	    -e inject=rename,renameat,renameat2:signal=STOP:when=1 \
	    lo-suggest >../out 2>../err 3>&- &
	wait_for 10 grep -q 'looptimum.journal' ../trace ||
	    skip 'strace cannot trace'
	lo-suggest --lock-timeout 1000 >../next 3>&- &
	pid=$!
	sleep 0.2
	kill -0 $pid
	kill -KILL "$(json .pid state/.looptimum.lock)"
	wait $pid
	# what was committed is there, though it was never acknowledged
	same "$(json .trial_id ../next)" 3
	[ ! -s ../out ]
	lo-validate --strict
}

@test "waiting is not polling, and it ends when it shall" {
	command -v strace >/dev/null || skip 'no strace'
	make_campaign c
	cd c
	lo-suggest >/dev/null
	hold
	# LeakSanitizer does not run under ptrace
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	run -75 --separate-stderr strace -f -o ../trace lo-suggest \
	    --lock-timeout 1
	[[ $stderr == *'lo-suggest: '*.looptimum.lock*locked* ]]
	grep -q 'flock(.*LOCK_EX) ' ../trace || skip 'strace cannot trace'
	# it sleeps in the kernel, which wakes it for a look at the clock
	run -1 grep -E '[^_](nanosleep|poll|select|ppoll|pselect6)\(' ../trace
	run grep -c 'flock(.*LOCK_EX|LOCK_NB' ../trace
	[ "$output" -eq 1 ]
	kill -KILL "$holder"
	run -0 lo-suggest --lock-timeout 1000
}

@test "a holder that lost its lock wakes up inside its commit" {
	command -v "${CC:-cc}" >/dev/null || skip 'no compiler'
	! nm -D "$BIN/lo-suggest" 2>/dev/null | grep -q __asan_init ||
	    skip 'AddressSanitizer wants to be the first library'
	run -0 "$TOP/tests/fault/late.py" "$PWD/late" suggest reset end
	[[ ${lines[-1]} == '0 failures' ]]
	[ "$(grep -c 'stopped at [2-9][0-9] calls' <<<"$output")" -eq 3 ]
}

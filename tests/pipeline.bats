# shellcheck disable=SC2154 # run sets stderr
# The programs as a pipe, under make(1) and parallel(1), with pipes that stay
# open and pipes that break, and many at once.

load helper

setup() {
	scratch
	export HOME=$PWD	# parallel(1) keeps things there
	make_campaign . '.max_trials = 12'
	evaluator <<-'END'
		awk "BEGIN { print ($LO_PARAM_x - 0.3)^2 + $LO_PARAM_n / 8 }"
	END
}

teardown() {
	jobs -p | xargs -r kill 2>/dev/null || :
}

# Make ./evaluate of the lines on stdin.
evaluator() {
	{
		echo '#!/bin/sh'
		cat
	} >evaluate
	chmod +x evaluate
}

# An evaluator that answers only when N of them run at the same time.
evaluator_of() {
	mkdir -p met
	sed "s/N_OF_THEM/$1/" <<-'END' | evaluator
		>met/$LO_TRIAL_ID
		tries=400
		while set -- met/*; [ $# -lt N_OF_THEM ]; do
			tries=$((tries - 1))
			[ $tries -gt 0 ] || exit 1
			sleep 0.05
		done
		echo $LO_TRIAL_ID
	END
}

# What the page shows as literal text, N of the section.
page_block() {
	awk -v want="$1" -v n="$2" '
	/^\.Ss / { section = substr($0, 5) }
	/^\.Ed/ { shown = 0 }
	shown { gsub(/\\e/, "\\"); print }
	/^\.Bd -literal/ && section == want { shown = ++seen == n }
	' "$TOP/man/lo-pipeline.7"
}

# The campaign is complete: ids 1 to N, each once, ok unless said otherwise.
complete() {
	jq -e --argjson n "$1" --arg s "${2:-ok}" '
		([.observations[].trial_id] | sort) == [range(1; $n + 1)]
		and all(.observations[]; .status == $s) and .pending == []
		' state/bo_state.json >/dev/null || {
		jq -c '[.observations[] | {trial_id, status}],
			[.pending[].trial_id]' state/bo_state.json
		return 1
	}
	run -0 --separate-stderr lo-validate --strict
	[ "$output" = '{"valid":true,"errors":[],"warnings":[]}' ]
}

# The campaign is as it was when it was copied; who had the lock last is no
# part of it.
unchanged() {
	diff -r -x .looptimum.lock before state
}

# A descriptor, 9, of a pipe that nobody reads.
broken_pipe() {
	exec 9> >(:)
	wait $!
}

# with_status N COMMAND...: it exits with N.
with_status() {
	local want=$1 status=0

	shift
	"$@" || status=$?
	[ $status -eq "$want" ]
}

@test "the pipe: one trial, suggested, evaluated, recorded" {
	lo-suggest | lo-eval -- ./evaluate | lo-ingest >ack
	[ "$(json -c '[.trial_id, .result, .status, .observations]' ack)" = \
	    '[1,"ingested","ok",1]' ]
	# The centre: x 0.5 and n 4 or 5.
	jq -e '.observations[0] | .params.x == 0.5
	    and .objectives.loss == 0.04 + .params.n / 8' state/bo_state.json
	complete 1
}

@test "a loop ends with status 3 when the budget is spent" {
	local status=0 n=0

	while lo-suggest >s.json || { status=$?; false; }; do
		lo-eval -- ./evaluate <s.json | lo-ingest
		n=$((n + 1))
	done
	[ $status -eq 3 ]
	[ $n -eq 12 ]
	[ ! -s s.json ]
	complete 12
}

@test "the whole pipe with nothing in it does nothing" {
	jq '.max_trials = 1' bo_config.json >new
	mv new bo_config.json
	lo-suggest >s.json
	cp -r state before
	run -3 --separate-stderr lo-suggest
	[ "$output" = "" ]
	lo-suggest | lo-eval -- ./evaluate | lo-ingest >ack
	[ ! -s ack ]
	unchanged
}

@test "each program can be a file" {
	lo-suggest -n 3 >s.json		# a bundle
	lo-eval -- ./evaluate <s.json >r.jsonl
	[ "$(wc -l <r.jsonl)" -eq 3 ]
	jq -s '{payloads: .}' r.jsonl >bundle.json
	run -0 lo-ingest -r -f .result bundle.json r.jsonl
	[ "$(sort <<<"$output" | uniq -c | xargs)" = \
	    '3 duplicate 3 ingested' ]
	complete 3
}

@test "lo-eval -j 4 runs four at a time" {
	evaluator_of 4
	lo-suggest -n 4 --jsonl | lo-eval -j 4 -- ./evaluate | lo-ingest >acks
	[ "$(json .result acks | sort | uniq -c | xargs)" = '4 ingested' ]
	complete 4
}

@test "payloads come in the order in which evaluations end" {
	evaluator <<-'END'
		tries=400
		[ $LO_TRIAL_ID -eq 3 ] ||
		until grep -q "\"trial_id\":$((LO_TRIAL_ID + 1))" out; do
			tries=$((tries - 1))
			[ $tries -gt 0 ] || exit 1
			sleep 0.05
		done
		echo 1
	END
	lo-suggest -n 3 --jsonl | lo-eval -j 3 -- ./evaluate >out
	[ "$(jq .trial_id out | xargs)" = '3 2 1' ]
	lo-ingest <out
	complete 3
}

@test "make -j4 with the Makefile of the page" {
	page_block Make 1 >Makefile
	grep -q 'lo-eval -- ./evaluate' Makefile
	make -s -j4
	complete 12
	[ "$(cat run/*.done | jq -s -c 'map(.trial_id) | sort')" = \
	    '[1,2,3,4,5,6,7,8,9,10,11,12]' ]
	# Again: nothing is done, and nothing changes.
	cp -r state before
	make -s -j4
	# From another place: the budget is spent.
	make -s -j4 RUN=other
	unchanged
}

@test "make -j4 runs four at a time" {
	page_block Make 1 >Makefile
	evaluator_of 4
	make -s -j4
	complete 12
}

@test "a make that was ended goes on where it was" {
	page_block Make 1 >Makefile
	evaluator <<-'END'
		if [ $LO_TRIAL_ID -gt 3 ] && [ ! -e go ]; then exec sleep 600; fi
		echo $LO_TRIAL_ID
	END
	setsid make -s -j4 >make.out 2>&1 3>&- &
	# Three are done, and four at work.
	at_work() {
		[ "$(jq -c '[(.observations | length),
		    (.pending | map(select(.claim)) | length)]' \
		    state/bo_state.json)" = '[3,4]' ]
	}
	wait_for 20 at_work
	kill -TERM -- -$!
	wait $! || :
	[ "$(jq '.observations | length' state/bo_state.json)" -eq 3 ]
	[ "$(jq '.pending | length' state/bo_state.json)" -eq 4 ]
	touch go
	make -s -j4
	complete 12
}

@test "a make that fails says so, and repairs nothing by itself" {
	page_block Make 1 >Makefile
	evaluator <<<'exit 7'
	chmod -x evaluate
	run ! make -s -j4 -k
	[[ $output == *evaluate* ]]
	chmod +x evaluate
	make -s -j4
	complete 12 failed
}

@test "GNU parallel with 8 workers" {
	command -v parallel >/dev/null || skip 'no parallel'
	evaluator_of 8
	lo-suggest -n 8 --jsonl |
	    parallel --pipe -N1 -j8 "lo-eval -- ./evaluate" |
	    lo-ingest >acks
	[ "$(json .result acks | sort | uniq -c | xargs)" = '8 ingested' ]
	complete 8
}

@test "GNU parallel: the loop of batches on the page" {
	command -v parallel >/dev/null || skip 'no parallel'
	page_block 'GNU parallel' 1 >batches
	grep -q 'parallel --pipe -N1 -j8' batches
	sh -e batches
	complete 12
}

@test "GNU parallel: the workers on the page" {
	command -v parallel >/dev/null || skip 'no parallel'
	page_block 'GNU parallel' 2 >workers
	grep -q 'seq 8 | parallel' workers
	sh workers || :	# each worker ends when the budget does
	complete 12
}

@test "the campaign of zstd under parallel and make" {
	command -v parallel >/dev/null || skip 'no parallel'
	command -v zstd >/dev/null || skip 'no zstd'
	cp "$TOP"/contrib/examples/zstd/{prepare,evaluate,*.json} .
	jq '.max_trials = 12' bo_config.json >new
	mv new bo_config.json
	./prepare 1
	lo-suggest -n 8 --jsonl |
	    parallel --pipe -N1 -j8 "lo-eval -- ./evaluate" |
	    lo-ingest
	page_block Make 1 >Makefile
	make -s -j4
	complete 12
}

@test "a writer that stays open: the result is there before the end" {
	lo-suggest -n 2 --jsonl >s.jsonl
	mkfifo in
	lo-eval -- ./evaluate <in 2>err 3>&- | lo-ingest >acks 3>&- &
	exec 8>in
	head -n 1 s.jsonl >&8
	wait_for 20 test -s acks
	[ "$(json .trial_id acks)" = 1 ]
	complete_value() {
		[ "$(wc -l <acks)" -eq 2 ]
	}
	# An object is complete with its brace, not with a newline.
	tail -n 1 s.jsonl | tr -d '\n' >&8
	wait_for 20 complete_value
	exec 8>&-
	wait
	complete 2
}

@test "a writer that stays open does not hold the lock" {
	mkfifo in
	lo-ingest <in >acks 3>&- &
	exec 8>in
	printf '{"trial_id": 1, ' >&8
	run -0 lo-suggest --fail-fast -f .params
	printf '"params": %s, "objectives": {"loss": 1}}' "$output" >&8
	exec 8>&-
	wait $!
	[ "$(json .result acks)" = ingested ]
	complete 1
}

@test "lo-suggest | true: what was suggested stays pending and comes again" {
	lo-suggest | true
	[ "$(lo-status -f .pending)" = 1 ]
	broken_pipe
	with_status 4 lo-suggest -n 2 --jsonl >&9 2>err
	grep -q 'lo-suggest --resume' err
	lo-status -c -f '.pending_trials[]' >pending
	lo-suggest --resume --jsonl >again
	[ "$(jq .trial_id again | xargs)" = '1 2 3' ]
	diff <(jq -cS '{trial_id, params}' pending) \
	    <(jq -cS '{trial_id, params}' again)
	lo-eval -- ./evaluate <again | lo-ingest
	complete 3
}

@test "lo-eval | true: the trial stays pending, and can be evaluated again" {
	lo-suggest -n 2 --jsonl >s.jsonl
	broken_pipe
	with_status 4 lo-eval -- ./evaluate <s.jsonl >&9 2>err
	grep -q 'trials 1, 2: still pending' err
	[ "$(lo-status -c -f '[.observations, .pending]')" = '[0,2]' ]
	lo-suggest --resume | lo-eval -- ./evaluate | lo-ingest
	complete 2
}

@test "lo-ingest | true: what was recorded is recorded once" {
	lo-suggest -n 2 --jsonl | lo-eval -- ./evaluate >r.jsonl
	broken_pipe
	with_status 4 lo-ingest r.jsonl >&9 2>err
	[ -s err ]
	[ "$(lo-status -f .observations)" = 1 ]
	run -0 lo-ingest -r -f .result r.jsonl
	[ "$(xargs <<<"$output")" = 'duplicate ingested' ]
	complete 2
}

@test "a full disk under stdout is exit 4 for every tool" {
	[ -c /dev/full ] || skip 'no /dev/full'
	full() {
		with_status 4 "$@" >/dev/full 2>err
		grep -q "^$1: " err
	}
	full lo-suggest
	lo-suggest --resume >s.json
	[ "$(json .trial_id s.json)" = 1 ]
	full lo-suggest --resume
	full lo-eval -- ./evaluate <s.json
	lo-eval -- ./evaluate <s.json >r.json
	full lo-ingest r.json
	full lo-ingest r.json
	full lo-status
	full lo-status -H
	full lo-status -f .budget
	full lo-best
	full lo-best --args
	full lo-validate
	full lo-validate -h
	full lo-init --param x=bool --minimize y new
	full lo -h
	complete 1
}

@test "16 workers on one campaign: no id twice, nothing lost" {
	local i

	jq '.max_trials = 96' bo_config.json >new
	mv new bo_config.json
	worker() {
		local status=0

		while lo-suggest >"s.$1" || { status=$?; false; }; do
			cat "s.$1" >>"printed.$1"
			payload "$1" <"s.$1" | lo-ingest >>"acks.$1"
		done
		[ $status -eq 3 ] && : >"done.$1"
	}
	for i in {1..16}; do
		worker "$i" 2>>"err.$i" 3>&- &
	done
	wait
	set -- done.*
	[ $# -eq 16 ]
	[ "$(cat printed.* | jq -s -c 'map(.trial_id) | sort')" = \
	    "$(jq -nc '[range(1; 97)]')" ]
	[ "$(cat acks.* | jq -r .result | sort | uniq -c | xargs)" = \
	    '96 ingested' ]
	# Each result is the one of the worker that had the trial.
	for i in {1..16}; do
		[ ! -e "printed.$i" ] || jq -r ".trial_id" "printed.$i" |
		    sed "s/\$/ $i/"
	done | sort -n >expected
	jq -r '.observations[] | "\(.trial_id) \(.objectives.loss)"' \
	    state/bo_state.json | sort -n | diff expected -
	complete 96
}

@test "16 that suggest, 16 that ingest the same: each once" {
	local i

	jq '.max_trials = 16' bo_config.json >new
	mv new bo_config.json
	for i in {1..16}; do
		lo-suggest >"s.$i" 3>&- &
	done
	wait
	cat s.* | payload 1 >r.jsonl
	[ "$(jq .trial_id r.jsonl | sort -n | xargs)" = \
	    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16' ]
	for i in {1..16}; do
		lo-ingest r.jsonl >"acks.$i" 3>&- &
	done
	wait
	[ "$(cat acks.* | jq -r .result | sort | uniq -c | xargs)" = \
	    '240 duplicate 16 ingested' ]
	complete 16
}

@test "leases: the token goes round and is nowhere else" {
	local t

	edit bo_config.json '.worker_leases.enabled = true'
	# the evaluator sees every command line of its ancestors, and its own
	# environment
	evaluator <<-'END'
		cat >/dev/null
		p=$$
		while [ "$p" -gt 1 ]; do
			tr '\0' ' ' <"/proc/$p/cmdline"
			echo
			p=$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$p/stat")
		done >>"seen.$LO_TRIAL_ID"
		env >>"seen.$LO_TRIAL_ID"
		echo 1
	END
	lo-suggest -n 2 --jsonl | tee s | lo-eval -- ./evaluate |
	    lo-ingest >out
	[ "$(jq -sc 'map(.result)' out)" = '["ingested","ingested"]' ]
	grep -q lo-eval seen.1
	for t in $(jq -r .lease_token s); do
		[[ $t =~ ^[0-9a-f]{32}$ ]]
		run -1 grep "$t" seen.1 seen.2 out state/event_log.jsonl \
		    state/acquisition_log.jsonl
		run -1 grep -r "$t" state/trials --include=ingest_payload.json \
		    --include=stdout.log --include=stderr.log
		# the records of who may speak for the trial
		grep -q "$t" state/bo_state.json
		[ "$(grep -rl "$t" state/trials | wc -l)" = 1 ]
	done
	# lo-eval sends heartbeats of leased trials by itself
	[ "$(jq '[.observations[].heartbeat_count] | all(. >= 1)' \
	    state/bo_state.json)" = true ]
	lo-validate --strict >/dev/null
}

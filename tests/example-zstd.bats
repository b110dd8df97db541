# contrib/examples/zstd: a short form of the campaign, on little data, with
# each program of the pipe killed -9 on the way.

load helper

setup() {
	command -v zstd >/dev/null || skip 'no zstd'
	scratch
	mkdir zstd
	cp "$TOP"/contrib/examples/zstd/{prepare,evaluate,*.json} zstd
	cd zstd || return
	./prepare 1
	jq '.max_trials = 8 | .initial_random_trials = 4' bo_config.json >new
	mv new bo_config.json
	mkfifo suggestions payloads
}

teardown() {
	[ ! -s evaluator.pid ] || kill -9 "$(cat evaluator.pid)" || :
}

pending_is() {
	[ "$(lo-status -f .pending)" = "$1" ]
}

# A pipe that takes nothing more: what writes into it hangs there.
fill_pipe() {
	mkfifo full
	exec 8<>full
	dd if=/dev/zero of=full bs=4096 count=4096 oflag=nonblock \
	    2>/dev/null 8<&- || :
}

# The exit status of a child.
ended() {
	local status=0

	wait "$1" || status=$?
	[ $status -eq "$2" ]
}

kill_it() {
	kill -9 "$1"
	ended "$1" 137
}

go_on() {
	lo-suggest --resume --jsonl | lo-eval -- ./evaluate | lo-ingest
}

@test "zstd: every program killed -9, and no trial is lost" {
	local suggest eval ingest

	lo-suggest | lo-eval -- ./evaluate | lo-ingest
	pending_is 0

	# lo-suggest, when the trial is reserved and nobody knows of it.
	fill_pipe
	lo-suggest >full 3>&- 8<&- &
	suggest=$!
	wait_for 20 pending_is 1
	kill_it $suggest
	run -0 go_on
	[ "$(json .trial_id)" = 2 ]

	# lo-eval, at work; the pipe around it ends by itself.
	lo-suggest >suggestions 3>&- 8<&- &
	# shellcheck disable=SC2016 # for the evaluator to expand
	lo-eval -- sh -c 'echo $$ >evaluator.pid; exec sleep 600' \
	    <suggestions >payloads 2>eval.err 3>&- 8<&- &
	eval=$!
	lo-ingest <payloads >acks 3>&- 8<&- &
	ingest=$!
	wait_for 20 test -s evaluator.pid
	[ -z "$(lo-suggest --resume --jsonl)" ]
	kill_it $eval
	ended $ingest 0
	[ ! -s acks ]
	run -0 go_on
	[ "$(json .trial_id)" = 3 ]

	# lo-ingest, waiting: the result finds nobody.
	mkfifo gate
	lo-suggest >suggestions 3>&- 8<&- &
	lo-eval -- sh -c 'read -r _ <gate; exec ./evaluate' \
	    <suggestions >payloads 2>eval.err 3>&- 8<&- &
	eval=$!
	lo-ingest <payloads >acks 3>&- 8<&- &
	ingest=$!
	echo >gate
	kill_it $ingest
	ended $eval 4
	grep -q 'trial 4' eval.err
	run -0 go_on
	[ "$(json .trial_id)" = 4 ]

	# lo-ingest, when the result is in and could not be acknowledged.
	lo-suggest | lo-eval -- ./evaluate >result.json
	lo-ingest <result.json >full 3>&- 8<&- &
	ingest=$!
	wait_for 20 pending_is 0
	kill_it $ingest
	run -0 lo-ingest result.json
	[ "$(json '[.trial_id, .result] | @json')" = '[5,"duplicate"]' ]

	while lo-suggest >next.json; do
		lo-eval -- ./evaluate <next.json | lo-ingest
	done || :
	run -3 lo-suggest
	run -0 --separate-stderr lo-validate --strict
	[ "$output" = '{"valid":true,"errors":[],"warnings":[]}' ]
	run -0 jq -c '[[.observations[] | .trial_id, .status], .pending]' \
	    state/bo_state.json
	[ "$output" = '[[1,"ok",2,"ok",3,"ok",4,"ok",5,"ok",6,"ok",7,"ok",8,"ok"],[]]' ]
	[ "$(wc -l <state/observations.csv)" -eq 9 ]
}

@test "zstd: what is not active does not reach the program" {
	mkdir fake
	cat >fake/zstd <<-'END'
		#!/bin/sh
		echo "$*" >>args
		while [ "$1" != -o ]; do shift; done
		echo x >"$2"
	END
	chmod +x fake/zstd
	export PATH=$PWD/fake:$PATH LO_TRIAL_ID=1 LO_PARAM_level=3 \
	    LO_PARAM_strategy=level LO_PARAM_window_log=20 \
	    LO_PARAM_long=false LO_PARAM_threads=1
	run -0 ./evaluate
	[ "$(json .objectives.size)" = 0.000002 ] ||
	    [ "$(json .objectives.size)" = 2e-06 ]
	[ "$(sed 's/ -o .*//; 1q' args)" = \
	    '-q -f -3 -T1 --zstd=windowLog=20' ]
	rm args
	LO_PARAM_strategy=btopt LO_PARAM_search_log=5 \
	    LO_PARAM_target_length=64 LO_PARAM_long=true LO_PARAM_threads=2 \
	    LO_PARAM_job_log=19 run -0 ./evaluate
	[ "$(sed 's/ -o .*//; 1q' args)" = "-q -f -3 -T2 --long=20 -B524288 \
--zstd=windowLog=20,strategy=7,searchLog=5,targetLength=64" ]
}

@test "zstd: one that fails is a failed trial" {
	rm data.tar
	lo-suggest >s.json
	run -0 --separate-stderr lo-eval -f '[.status, .terminal_reason]' \
	    -- ./evaluate <s.json
	[ "$output" = \
	    '["failed","exit=1: no data.tar: run ./prepare first"]' ]
}

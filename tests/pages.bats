# What the pages show outside of their EXAMPLES holds, too: documents fit
# their schemas, and the ways to run many evaluators at once do run.

load helper

setup() {
	scratch
	export HOME=$PWD	# parallel(1) keeps things there
}

# block PAGE TEXT: the literal block of a rendered page that begins with a
# line that begins with TEXT, without its indentation.
block() {
	mandoc -T ascii "$TOP/man/$1" | sed "s/.$(printf '\b')//g" |
	    awk -v text="$2" '
		!on { at = index($0, text)
			on = at > 1 && substr($0, 1, at - 1) ~ /^ +$/ }
		on && /^ *$/ { exit }
		on { print substr($0, at) }' >block.out
	[ -s block.out ] || { echo "$1: no block $2"; return 1; }
	cat block.out
}

fits() {
	PYTHONDONTWRITEBYTECODE=1 "$(python_jsonschema)" \
	    "$TOP/tests/schemas/check.py" document "$TOP/share/schemas" "$@"
}

demo_campaign() {
	lo-init -t demo --trials "$1" demo >init
	cd demo || return
}

# All trials observed, none twice, nothing left over.
is_finished() {
	local wanted=$1

	run -0 lo-status -f '[.observations, .pending]'
	[ "$output" = "[$wanted,0]" ]
	lo-validate --strict
}

@test "documents of section 5 fit" {
	block parameter_space.5 '{ "parameters"' | fits parameter_space -
	block objective_schema.5 '{ "primary' | fits objective_schema -
	block constraints.5 '{ "bound_tight' | fits constraints -
}

@test "a space and constraints as the pages show them are taken" {
	lo-init --param x=float:0..1 c >init
	block parameter_space.5 '{ "parameters"' >c/parameter_space.json
	block objective_schema.5 '{ "primary' >c/objective_schema.json
	lo-validate -C c --strict
	lo-suggest -C c -n 5 --jsonl >s
	run -0 jq -s 'map(select((.params.opt == "sgd" and
	    .params.layers >= 2) != (.params | has("momentum"))))' -c s
	[ "$output" = '[]' ]
}

@test "documents of lo-pipeline(7) fit" {
	block lo-pipeline.7 '{"schema_version":"0.3.0","trial_id"' |
	    fits suggestion -
	block lo-pipeline.7 '{"trial_id":7,"params"' | fits ingest_payload -
}

@test "the tutorial of looptimum(7) runs" {
	block looptimum.7 'lo-init --param lr' >init.sh
	sh init.sh >init
	cd tune
	block looptimum.7 '#!/bin/sh' >evaluate
	chmod +x evaluate
	block looptimum.7 'lo-suggest | lo-eval' >once.sh
	sh once.sh >acknowledged
	[ "$(jq -r .result acknowledged)" = ingested ]
	jq '.max_trials = 12' bo_config.json >new && mv new bo_config.json
	block looptimum.7 'while lo-suggest -n 4' >loop.sh
	sh loop.sh >acknowledged 2>err
	is_finished 12
	run -0 lo-best --args
	[[ $output == --lr=*' '--depth=* ]]
}

@test "a loop whose evaluator cannot start costs one trial, not all" {
	local f

	demo_campaign 10
	chmod -x evaluate
	block looptimum.7 'while lo-suggest >s.json' >loop.sh
	sh loop.sh >out 2>err
	[ "$(jq -r .next_trial_id state/bo_state.json)" -eq 2 ]
	chmod +x evaluate
	block looptimum.7 'lo-suggest --resume' | sh >acknowledged
	[ "$(jq -c '[.trial_id, .result]' acknowledged)" = '[1,"ingested"]' ]
	sh loop.sh >acknowledged 2>err
	is_finished 10
	# everywhere else the loop is the same
	for f in "$TOP"/README.md "$TOP"/share/templates/*/README.md \
	    "$TOP"/contrib/examples/*/README.md "$TOP"/man/*.7; do
		run -1 grep -En 'lo-eval.*<[^|]*\| *lo-ingest' "$f"
		[ "$(grep -c 'while lo-suggest .*>' "$f")" -eq \
		    "$(grep -c 'lo-eval.*< *[sn][^|]* || break' "$f")" ]
	done
}

@test "a trial is given up by hand, failures are listed, results are final" {
	demo_campaign 10
	lo-suggest -n 7 --jsonl >s
	block looptimum.7 'lo-cancel --reason' >give-up.sh
	sh give-up.sh >acknowledged
	block looptimum.7 "jq -r '.observations" >failures.sh
	run -0 sh failures.sh
	[ "$output" = '7 killed: machine is gone' ]
	run -1 lo-ingest --trial 7 loss=1
}

@test "what interrupts lo-eval and what becomes of the trial" {
	demo_campaign 10
	printf '#!/bin/sh\ntouch up\nexec sleep 1000\n' >evaluate
	# signals the pipe, or lo-eval alone
	cat >interrupt.py <<-'END'
		import json, os, signal, subprocess, sys, time
		signal.signal(signal.SIGINT, signal.default_int_handler)
		p = subprocess.Popen("lo-suggest | lo-eval -- ./evaluate | "
		    "lo-ingest", shell=True, start_new_session=True)
		while not os.path.exists("up"):
		    time.sleep(0.02)
		if sys.argv[1] == "Ctrl-C":
		    os.killpg(p.pid, signal.SIGINT)
		else:
		    with open("state/bo_state.json") as f:
		        claim = json.load(f)["pending"][0]["claim"]
		    os.kill(claim["pid"], signal.SIGTERM)
		p.wait(30)
		os.unlink("up")
	END
	timeout 60 python3 interrupt.py Ctrl-C 3>&-
	lo-status -c -f '[.pending, .observations]' | grep -qx '\[1,0\]'
	lo-ingest --trial 1 --status killed --reason no >acknowledged
	timeout 60 python3 interrupt.py SIGTERM 3>&-
	lo-status -c -f '[.pending, .observations]' | grep -qx '\[0,2\]'
	jq -e '.observations[] | select(.trial_id == 2) |
	    .status == "killed"' state/bo_state.json
}

@test "make -j4 runs a campaign to its end" {
	demo_campaign 10
	block lo-pipeline.7 'RUN = run' >Makefile
	run -0 make -j4
	is_finished 10
	run -0 make -j4
	[[ $output == *'Nothing to be done'* ]]
	# a larger budget is used by the next make
	jq '.max_trials = 12' bo_config.json >new && mv new bo_config.json
	run -0 make -j4
	is_finished 12
}

@test "two makes share a budget" {
	demo_campaign 10
	block lo-pipeline.7 'RUN = run' >Makefile
	make -j2 RUN=run.a >a 2>&1 3>&- &
	run -0 make -j2 RUN=run.b
	wait $!
	is_finished 10
}

four_claims() {
	[ "$(grep -c '"claim"' state/bo_state.json)" -eq 4 ]
}

@test "an interrupted make goes on where it was" {
	demo_campaign 8
	block lo-pipeline.7 'RUN = run' >Makefile
	cp evaluate quick
	printf '#!/bin/sh\ntest ! -e ../slow || exec sleep 15\n' >evaluate
	echo 'exec ./quick' >>evaluate
	touch ../slow
	setsid make -j4 >log 2>&1 3>&- &
	wait_for 20 four_claims
	kill -s KILL -- "-$!"
	wait $! || true
	rm ../slow
	run -0 make -j4
	is_finished 8
	# the four that were out were taken up, not replaced
	[ "$(jq .next_trial_id state/bo_state.json)" -eq 9 ]
}

@test "GNU parallel: batches" {
	type parallel || skip 'no GNU parallel'
	demo_campaign 10
	block lo-pipeline.7 'while lo-suggest -n 8' >loop.sh
	sh loop.sh >acknowledged 2>err
	is_finished 10
}

@test "GNU parallel: workers that do not wait" {
	type parallel || skip 'no GNU parallel'
	demo_campaign 10
	block lo-pipeline.7 'seq 8' >loop.sh
	sh loop.sh >acknowledged 2>err || true
	is_finished 10
}

@test "a job of a batch system is the whole pipe" {
	demo_campaign 2
	block lo-pipeline.7 '#!/bin/sh' | sed "/^cd /d" >job.sh
	for _ in 1 2 3; do
		sh job.sh >>acknowledged 2>err
	done
	is_finished 2
	grep -q 'budget is spent' err
}

@test "without a campaign at hand, the objectives are named" {
	demo_campaign 1
	lo-suggest >s
	cp evaluate ../evaluate
	cd ..
	(cd "$BATS_TEST_TMPDIR" && lo-eval --objective loss -- ./evaluate) \
	    <demo/s >payload
	lo-ingest -C demo <payload >acknowledged
	cd demo
	is_finished 1
}

# shellcheck disable=SC2154 # run sets stderr
# lo-demo: the real pipe, from beginning to end, and nothing left behind.

load helper

setup() {
	scratch
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

@test "the demo runs its steps, shows each command and cleans up" {
	run -0 --separate-stderr lo-demo -s 4
	[ "$(grep -c '^\$ lo-suggest | lo-eval -- ./evaluate | lo-ingest' \
	    <<<"$stderr")" -eq 4 ]
	grep -q '^\$ lo-init -t demo' <<<"$stderr"
	grep -q '^\$ lo-status -H$' <<<"$stderr"
	# what was tried, and how good it was; the first point is the centre
	grep -q '^trial 1: lr 0.01, momentum 0.5, depth 5: loss 0.424$' \
	    <<<"$stderr"
	[ "$(grep -cE '^trial [1-4]: lr [0-9.e-]+, momentum [0-9.e-]+, depth [1-8]: loss [0-9.]+$' <<<"$stderr")" -eq 4 ]
	[ "$(grep -c '"result":"ingested"' <<<"$output")" -eq 4 ]
	[ -z "$(ls -A tmp)" ]
}

@test "it is a campaign that has reached its end" {
	run -0 --separate-stderr lo-demo -s 3 --keep
	[[ $stderr == *"kept in $TMPDIR/lo-demo."* ]]
	cd tmp/lo-demo.*/campaign
	run -0 lo-validate --strict
	run -0 lo-status -f '[.observations, .pending, .budget.remaining]'
	[ "$output" = '[3,0,0]' ]
	run -3 lo-suggest
	run -0 lo-best -f .trial_id
}

@test "it says what its durability is" {
	run -0 --separate-stderr lo-demo -s 1
	[ "$(jq -r .durability "$TOP/share/templates/demo/bo_config.json")" \
	    = relaxed ]
	[[ $stderr == *relaxed*"power loss"* ]]
}

@test "in a source tree it says how to go on, elsewhere not" {
	run -0 --separate-stderr "$BIN/lo-demo" -s 1
	if [ "$BIN" = "$TOP/bin" ]; then
		[[ $stderr == *'"Five minutes" in README.md'*"export PATH=$BIN:"* ]]
	fi
	grep -q '^## Five minutes$' "$TOP/README.md"
	mkdir -p there/bin there/share/looptimum
	cp "$BIN"/lo-* there/bin
	cp -R "$TOP/share/templates" there/share/looptimum
	LO_SHARE=$PWD/there/share/looptimum run -0 --separate-stderr \
	    there/bin/lo-demo -s 1
	[[ $stderr != *"Five minutes"* ]]
}

@test "another campaign in the environment is left alone" {
	make_campaign
	find campaign -type f -exec cksum {} + >before
	LO_CAMPAIGN=$PWD/campaign run -0 lo-demo -s 1
	(cd campaign && LO_CAMPAIGN=$PWD lo-demo -s 1)
	find campaign -type f -exec cksum {} + >after
	cmp before after
}

@test "a program of the pipe that fails ends it, whichever it is" {
	mkdir share
	cp -R "$TOP/share/templates" share
	rm share/templates/demo/evaluate
	LO_SHARE=$PWD/share run -1 lo-demo -s 2
	[ "$(grep -c '^\$ lo-suggest' <<<"$output")" -eq 1 ]
	[[ $output == *"lo-demo: the last command failed"* ]]
	[ -z "$(ls -A tmp)" ]

	cp "$TOP/share/templates/demo/evaluate" share/templates/demo
	echo '{' >share/templates/demo/constraints.json
	LO_SHARE=$PWD/share run ! lo-demo -s 2
	[[ $output != *'$ lo-best'* ]]
	[ -z "$(ls -A tmp)" ]
}

@test "nowhere to play, nowhere to print" {
	TMPDIR=$PWD/missing run -4 lo-demo
	[[ $output == "lo-demo: $PWD/missing/lo-demo."* ]]
	run -4 --separate-stderr sh -c 'lo-demo >/dev/full'
	[ -z "$(ls -A tmp)" ]
	run -2 lo-demo -s 0
	run -2 lo-demo now
}

# interrupted SIGNAL: start a long demo, send it once it runs.
interrupted() {
	local pid

	lo-demo -s 100000 >out 2>err 3>&- &
	pid=$!
	wait_for 20 grep -q ingested out
	kill -s "$1" $pid
	wait $pid
}

@test "a signal ends it as a signal and leaves nothing" {
	run -143 interrupted TERM
	[ -z "$(ls -A tmp)" ]
	run -129 interrupted HUP
	[ -z "$(ls -A tmp)" ]
}

#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# docs/migrating.md is true.

load helper

GUIDE=$TOP/docs/migrating.md

# spans: what stands between backquotes, one a line.
spans() {
	# shellcheck disable=SC2016 # backquotes are meant
	grep -o '`[^`]*`' "$GUIDE" | tr -d '`' | sort -u
}

# block TEXT: the indented block that has a line with TEXT.
block() {
	awk -v text="$1" 'BEGIN { RS = "" } /^    / && index($0, text)' \
	    "$GUIDE" | sed 's/^    //' >block.out
	[ -s block.out ] || { echo "no block $1"; return 1; }
	cat block.out
}

# has_option TOOL OPTION: does its help name it?
has_option() {
	"$1" --help | grep -Eq -- "(^|[[ ,])$2([], =]|\$)" ||
	    { echo "$1 has no $2"; return 1; }
}

@test "each tool that the guide names is there, with each option of it" {
	local tool words word n=0

	spans | grep '^lo-' >named
	while read -r tool words; do
		run -0 "$tool" --help
		for word in $words; do
			word=${word#[}
			case $word in
			-*) has_option "$tool" "${word%]}"; n=$((n + 1)) ;;
			esac
		done
	done <named
	[ $n -ge 7 ]
}

@test "the subcommands of the guide are lo-archive's" {
	spans | grep -qx 'lo-archive list'
	for word in list restore prune; do
		lo-archive --help | grep -q -- " $word\( \|\$\)"
	done
}

@test "options of their own line are those of tools that take them" {
	local option

	spans | grep '^-' >named
	for option in -C --lock-timeout --fail-fast -f; do
		grep -q -- "^$option" named
		has_option lo-suggest "$option"
	done
	grep -q -- '^--lease-token' named
	has_option lo-ingest --lease-token
	has_option lo-heartbeat --lease-token
	grep -qx -- -y named
	has_option lo-reset -y
	grep -qx -- -H named
	has_option lo-status -H
	grep -qx -- --html named
	has_option lo-report --html
	grep -qx -- --strict named
	has_option lo-validate --strict
	grep -qx -- '--jsonl' named
	has_option lo-suggest --jsonl
}

@test "every tool of ours has its place in the guide" {
	local f tool

	for f in "$TOP"/cmd/lo-*; do
		tool=$(basename "${f%.*}")
		grep -q "\`${tool}[\` ]" "$GUIDE" || { echo "$tool"; return 1; }
	done
}

@test "the first steps of the guide run in a campaign of the original's" {
	cp -r "$TOP/tests/fixtures/looptimum-0.4/bo_client" my-campaign
	cat >my-campaign/evaluate <<-'END'
		#!/bin/sh
		jq -nc '{objectives: {loss: 0.5, "débit": 1.5}}'
	END
	chmod +x my-campaign/evaluate
	before=$(jq '.observations | length' my-campaign/state/bo_state.json)
	block 'cd my-campaign' >steps
	run -0 --separate-stderr sh -e steps
	after=$(jq '.observations | length' my-campaign/state/bo_state.json)
	[ "$after" -eq $((before + 1)) ]
}

@test "exit statuses are those of the guide" {
	make_campaign . '.max_trials = 1'
	lo-suggest >s
	run -3 --separate-stderr lo-suggest
	[ -z "$output" ]
	run -2 lo-suggest --none
	run -1 lo-best
	run -4 sh -c 'lo-status >/dev/full'
	exec 9<>state/.looptimum.lock
	flock 9
	run -75 lo-ingest --fail-fast <<<"$(payload 1 <s)" 9>&-
}

@test "a result that came before is no error, if it says the same" {
	make_campaign
	cd campaign
	lo-suggest | payload 1 >p
	lo-ingest p
	run -0 lo-ingest p
	[ "$(json .result)" = duplicate ]
	jq -c '.objectives.loss = 2' p >other
	run -1 lo-ingest other
}

@test "a contract file in YAML is refused, and the JSON one named" {
	make_campaign .
	mv parameter_space.json parameter_space.yaml
	run -1 --separate-stderr lo-suggest
	[[ $stderr == *parameter_space.json* ]]
}

@test "the settings to go back with are taken, and no warning about them" {
	make_campaign .
	{ echo '{'; block '"surrogate"'; echo '}'; } >back.json
	jq -s '.[0] * .[1]' bo_config.json back.json >merged
	mv merged bo_config.json
	lo-suggest | payload 1 | lo-ingest
	lo-validate --strict
	run -0 lo-status
	lo-init --compat --param x=float:0..1 made
	run -0 jq -r '.surrogate.type, .acquisition.type' made/bo_config.json
	[[ $output == rbf_proxy$'\n'* ]]
	[[ $output != *auto ]]
}

@test "a voided trial is one that was killed, there and here" {
	make_campaign .
	lo-suggest -n 2 --jsonl >s
	sed -n 1p s | payload 1 | lo-ingest
	sed -n 2p s | payload 2 | lo-ingest
	lo-void --reason wrong 1
	run -0 jq -c '.observations[] | select(.trial_id == 1)
		| [.status, .objectives.loss, .voided != null]' \
	    state/bo_state.json
	[ "$output" = '["killed",null,true]' ]
	run -0 lo-best -f .trial_id
	[ "$output" = 2 ]
}

#!/usr/bin/env bats
# lo-plot: what each kind shows, in a terminal and as SVG.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# shellcheck disable=SC2086 # a kind is a word or two

load helper

setup() {
	scratch
	make_campaign c
	cd c || return
	export LC_ALL=C
	unset COLUMNS
}

kinds='history trials parallel importance pareto timeline failures
    calibration'

# results VALUE...: one trial each; null: a failed one.
results() {
	local y

	for y; do
		if [ "$y" = null ]; then
			lo-suggest | payload null failed
		else
			lo-suggest | payload "$y"
		fi | lo-ingest >/dev/null
	done
}

# observe JQ: the results of suggestions on stdin by a program.
observe() {
	jq -c "{trial_id, params} + ($1)" | lo-ingest --batch >/dev/null
}

# svg FILE: is it well-formed, without anything that would be fetched, and
# every number of it one?
svg() {
	python3 - "$1" <<-'END'
		import re, sys
		import xml.etree.ElementTree as tree
		text = open(sys.argv[1], encoding="utf-8").read()
		root = tree.fromstring(text)
		assert root.tag == "{http://www.w3.org/2000/svg}svg"
		assert root.get("aria-label") and root.get("viewBox")
		rest = text.replace("http://www.w3.org/2000/svg", "")
		for word in ("http", "@import", "url(", "href", "//"):
		    assert word not in rest, word
		assert not re.search(r"\b(nan|inf)\b", re.sub(">[^<]*<", "><",
		    text), re.I)
		box = [float(x) for x in root.get("viewBox").split()]
		for e in root.iter():
		    for a in ("x", "x1", "x2"):
		        if e.get(a):
		            assert 0 <= float(e.get(a)) <= box[2], e.attrib
		    for a in ("y", "y1", "y2"):
		        if e.get(a):
		            assert 0 <= float(e.get(a)) <= box[3], e.attrib
	END
}

# all_kinds: each draws as text and as SVG, or says why not.
all_kinds() {
	local kind

	for kind in $kinds 'slice x' 'slice n'; do
		run --separate-stderr lo-plot $kind
		[ "$status" -le 1 ]
		if [ "$status" -eq 1 ]; then
			[[ $stderr == "lo-plot: "* && $output == "" ]]
			run -1 lo-plot -o x.svg $kind
			[ ! -e x.svg ]
			continue
		fi
		[ "$stderr" = "" ]
		run -1 grep -E '.{81}| $|nan|inf' <<<"$output"
		run -0 lo-plot -o x.svg $kind
		[ "$output" = "" ]
		svg x.svg
		rm x.svg
	done
}

# drawable KIND...: exactly these can be drawn.
drawable() {
	local kind can=

	for kind in $kinds 'slice x'; do
		! lo-plot $kind >/dev/null 2>&1 || can="$can ${kind%% *}"
	done
	echo "can:$can, expected: $*"
	[ "$can" = "${*:+ $*}" ]
}

@test "an empty campaign: a message and status 1 for each kind" {
	all_kinds
	drawable
	run -1 --separate-stderr lo-plot history
	[ "$stderr" = "lo-plot: there is nothing to draw yet: 0 observed, none of them ok" ]
	[ ! -e state ]
}

@test "one trial" {
	results 0.5
	all_kinds
	drawable history trials parallel timeline slice
}

@test "a pending trial only" {
	lo-suggest >/dev/null
	all_kinds
	drawable timeline
	run -0 lo-plot timeline
	[[ $output == *'~ pending'* ]]
}

@test "only failures" {
	results null null null
	all_kinds
	drawable trials timeline failures slice
	run -0 lo-plot failures
	[[ $output == *'failed: status=failed |x'*' 3'* ]]
}

@test "one value for all" {
	results 1 1 1 1 1 1 1
	all_kinds
	drawable history trials parallel timeline calibration slice
	run -1 --separate-stderr lo-plot importance
	[ "$stderr" = 'lo-plot: the objective does not vary' ]
}

@test "values far apart, of either sign, and tiny differences" {
	results 1e300 -1e300 0 1e-300 5 6 7
	all_kinds
	cd ..
	make_campaign d
	cd d
	results 1.0000000000000002 1 1.0000000000000004 1 1 1 1
	all_kinds
}

@test "history: the best so far, improvements only" {
	results 5 3 4 null 1 2
	run -0 lo-plot history
	[ "${lines[0]}" = 'Best so far' ]
	[ "${lines[1]}" = 'loss (lower is better)' ]
	[ "$(grep -o '[|].*' <<<"$output" | tr -cd '*' | wc -c)" -eq 3 ]
	[[ $output == *'* improvement'* ]]
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	run -0 lo-plot history
	[ "${lines[1]}" = 'loss (higher is better)' ]
	[ "$(grep -o '[|].*' <<<"$output" | tr -cd '*' | wc -c)" -eq 1 ]
}

@test "trials: failures stand at the edge of bad values" {
	results 5 3 4 null
	run -0 lo-plot trials
	[[ ${lines[2]} == *'|'*x ]]
	[ "$(grep -o '[|].*' <<<"$output" | tr -cd 'o' | wc -c)" -eq 3 ]
	edit objective_schema.json '.primary_objective.direction = "maximize"'
	run -0 lo-plot trials
	[[ ${lines[2]} != *x ]]
	[[ ${lines[17]} == *'|'*x ]]
}

@test "a log scale where values span more than three decades" {
	results 1 10 100 900
	run -0 lo-plot trials
	[[ $output != *'100000 |'* ]]
	results 100000
	run -0 lo-plot trials
	[[ $output == *'100000 |'*'10000 |'*'1000 |'*'100 |'*'10 |'* ]]
}

@test "kinds of parameters: log, one value, conditional, categorical" {
	cat >parameter_space.json <<-'END'
		{"parameters": [
		  {"name": "lr", "type": "float", "bounds": [1e-6, 1],
		   "scale": "log"},
		  {"name": "fixed", "type": "int", "bounds": [3, 3]},
		  {"name": "opt", "type": "categorical",
		   "choices": ["adam", "sgd", 1]},
		  {"name": "amp", "type": "bool"},
		  {"name": "momentum", "type": "float", "bounds": [0, 1],
		   "when": {"opt": "sgd"}}]}
	END
	lo-suggest -n 12 --jsonl | observe '{objectives: {loss: .trial_id}}'
	for kind in parallel importance 'slice lr' 'slice fixed' \
	    'slice opt' 'slice amp' 'slice momentum'; do
		run -0 --separate-stderr lo-plot $kind
		run -1 grep -E '.{81}| $|nan' <<<"$output"
		lo-plot -o x.svg $kind
		svg x.svg
	done
	run -0 lo-plot slice lr
	[[ $output == *1e-06*0.0001*0.01*1* ]]
	run -0 lo-plot slice opt
	[[ $output == *adam*sgd*1* ]]
	run -0 lo-plot slice amp
	[[ $output == *false*true* ]]
	run -0 lo-plot slice momentum
	n=$(jq '[.observations[] | select(.params | has("momentum"))] |
	    length' state/bo_state.json)
	[[ $output == *"$n of 12 trials: the others have no value of it."* ]]
	# a parameter that no trial had
	jq '.observations |= map(select(.params.opt != "sgd"))' \
	    state/bo_state.json >new
	mv new state/bo_state.json
	run -1 --separate-stderr lo-plot slice momentum
	[[ $stderr == *"momentum: there is nothing to draw yet"* ]]
}

@test "slice: a parameter that is not there, and one nearly so" {
	run -1 --separate-stderr lo-plot slice q
	[[ $stderr == "lo-plot: parameter_space.json: there is no parameter q"* ]]
	edit parameter_space.json '.parameters[0].name = "width"'
	run -1 --separate-stderr lo-plot slice widht
	[[ $stderr == *"did you mean width?" ]]
}

@test "importance: what matters is on top" {
	lo-suggest -n 30 --jsonl | observe '{objectives: {loss:
	    (.params.n * .params.n)}}'
	run -0 lo-plot importance
	[[ ${lines[1]} == 'n |######'*' 1.00' ]]
	[[ ${lines[2]} == 'x |  0.00' ]]
	[[ $output == *'fitted to 30 of 30 ok trials.' ]]
}

@test "pareto: two objectives, three, more than four" {
	local k

	results 1
	run -1 --separate-stderr lo-plot pareto
	[[ $stderr == *"takes two objectives, this campaign has one" ]]
	for k in 2 3 5; do
		rm -rf state
		jq -n --argjson k $k '{primary_objective: {name: "o1",
		    direction: "minimize"}, secondary_objectives:
		    [range(2; $k + 1) | {name: "o\(.)",
		    direction: "maximize"}]}' >objective_schema.json
		lo-suggest -n 9 --jsonl | observe "{objectives: ([range(1;
		    $k + 1) as \$j | {key: \"o\(\$j)\", value: (.trial_id *
		    \$j % 7)}] | from_entries)}"
		lo-plot pareto >out
		grep -c '^Pareto front: ' out >>counts
		lo-plot -o x.svg pareto
		svg x.svg
	done
	[ "$(tr '\n' ' ' <counts)" = '1 3 4 ' ]
}

@test "pareto: the front is what lo-report says" {
	jq -n '{primary_objective: {name: "a", direction: "minimize"},
	    secondary_objectives: [{name: "b", direction: "minimize"}]}' \
	    >objective_schema.json
	lo-suggest -n 9 --jsonl | observe '{objectives: {a: .trial_id,
	    b: (.trial_id * 4 % 10)}}'
	n=$(lo-report --stdout json -f .pareto_front.count)
	run -0 lo-plot pareto
	[[ $output == *"$n of 9 ok trials are not dominated by another."* ]]
	[ "$(grep -o '[|].*' <<<"$output" | tr -cd '*' | wc -c)" -eq "$n" ]
}

@test "calibration: from the acquisition log" {
	results 6 5 4 3 2 1
	run -1 --separate-stderr lo-plot calibration
	[[ $stderr == *"no ok trial was suggested by a model" ]]
	results 2 3
	# what was predicted, and how far off
	run -0 jq -s 'map(.decision.predicted_mean) | map(numbers) |
	    length' state/acquisition_log.jsonl
	[ "$output" = 2 ]
	run -0 lo-plot calibration
	n=$(jq -s --slurpfile s state/bo_state.json '[.[] |
	    select(.decision.predicted_mean) | . as $d |
	    ($s[0].observations[] | select(.trial_id == $d.trial_id)) |
	    select((.objectives.loss - $d.decision.predicted_mean | fabs) <=
	    $d.decision.predicted_std)] | length' \
	    state/acquisition_log.jsonl)
	[[ $output == *"$n of 2 measurements lie within"* ]]
	# damage in the log is not ours to judge
	echo 'oops' >>state/acquisition_log.jsonl
	printf '{"torn' >>state/acquisition_log.jsonl
	run -0 lo-plot calibration
}

@test "the width: COLUMNS, the terminal's, else 80" {
	results 1 2 3
	longest() {
		tr -d '\r' | awk '{ if (length > n) n = length }
		    END { print n }'
	}
	[ "$(lo-plot trials | longest)" -eq 80 ]
	[ "$(COLUMNS=50 lo-plot trials | longest)" -eq 50 ]
	[ "$(COLUMNS=132 lo-plot trials | longest)" -eq 132 ]
	[ "$(COLUMNS=x lo-plot trials | longest)" -eq 80 ]
	[ "$(COLUMNS=1 lo-plot trials | longest)" -le 50 ]
	script --version 2>/dev/null | grep -q util-linux ||
	    skip 'no script(1) of util-linux'
	[ "$(script -qec 'stty cols 64; lo-plot trials' /dev/null \
	    </dev/null | longest)" -eq 64 ]
}

@test "braille where the locale is UTF-8, ASCII elsewhere" {
	results 1 2 3 null
	run -0 lo-plot trials
	run -1 grep -qP '[^\x00-\x7F]' <<<"$output"
	run -0 env LC_ALL=C.UTF-8 lo-plot trials
	[[ $output == *×* ]]
	python3 - "$output" <<-'END'
		import sys
		text = sys.argv[1]
		dots = [c for c in text if 0x2800 < ord(c) < 0x2900]
		# three trials, and one in the legend
		assert len(dots) == 4, dots
		assert max(map(len, text.split("\n"))) <= 80
	END
}

@test "names of any kind do not reach the terminal as controls" {
	edit parameter_space.json --arg n $'\033[31mé</script>\302\205' \
	    '.parameters[0].name = $n'
	lo-suggest -n 8 --jsonl | observe '{objectives: {loss: .trial_id}}'
	for l in C C.UTF-8; do
		export LC_ALL=$l
		for k in parallel importance "slice "$'\033[31mé</script>\302\205'; do
			lo-plot ${k%% *} ${k#"${k%% *}"} >out
			run -1 grep -qP '\x1b|\xc2\x85' out
			[ $l != C ] || run -1 grep -qP '[^\x00-\x7F]' out
		done
	done
	lo-plot -o x.svg parallel
	svg x.svg
	grep -qF '&lt;' x.svg
}

@test "-o: a file in one step, a device, standard output" {
	results 1 2
	lo-plot -o - history >one.svg
	svg one.svg
	mkdir d
	echo old >d/two.svg
	ln d/two.svg keep
	run -0 lo-plot -o d/two.svg history
	[ "$output" = "" ]
	cmp one.svg d/two.svg
	[ "$(cat keep)" = old ]
	[ "$(ls d)" = two.svg ]
	run -0 lo-plot -o /dev/null history
	[ -c /dev/null ]
	run -4 --separate-stderr lo-plot -o missing/x.svg history
	[[ $stderr == "lo-plot: missing: "* ]]
	run -4 lo-plot -o /dev/full history
	run -4 sh -c 'lo-plot -o - history >/dev/full'
	run -0 lo-plot --output three.svg history
	cmp one.svg three.svg
}

@test "-o: the suffix says what is written, others are refused" {
	results 1 2
	run -2 --separate-stderr lo-plot -o x.png history
	[[ $stderr == *".svg or .txt, got x.png"* ]]
	run -2 lo-plot -o picture history
	run -2 lo-plot -o .svg history
	[ ! -e x.png ] && [ ! -e picture ]
	run -0 lo-plot -o x.txt history
	lo-plot history | cmp - x.txt
}

@test "--help lists the kinds" {
	run -0 lo-plot --help
	for kind in $kinds; do
		[[ $output == *"KIND: "*"${kind%% *}"* ]]
	done
}

@test "nothing in the campaign is touched, no lock is waited for" {
	results 1 2 3 4 5 6 7
	snapshot >../before
	for kind in $kinds; do
		lo-plot $kind >/dev/null 2>&1 || :
	done
	snapshot | cmp - ../before
	command -v flock >/dev/null || skip 'no flock(1)'
	exec 7<state/.looptimum.lock
	flock 7
	run -0 lo-plot history
	run -0 lo-plot calibration
}

@test "wrong use" {
	run -2 --separate-stderr lo-plot
	[[ $stderr == *"the KIND of picture is missing"* ]]
	run -2 --separate-stderr lo-plot pie
	[[ $stderr == *"expected history, trials, parallel, slice, importance, pareto, timeline, failures or calibration, got 'pie'"* ]]
	run -2 --separate-stderr lo-plot slice
	[[ $stderr == *"the NAME of a parameter is missing"* ]]
	run -2 lo-plot history x
	run -2 lo-plot slice x y
	run -2 lo-plot -o
	results 1
	echo '{' >>state/bo_state.json
	run -1 --separate-stderr lo-plot history
	[[ $stderr == *bo_state.json* ]]
}

#!/usr/bin/env bats
# lo-report: the document by the contract's words, the files, the page.
# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq

load helper

setup() {
	scratch
	make_campaign c
	cd c || return
}

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

report() {
	lo-report --stdout json -f "$1"
}

# Two objectives, the second one maximised.
two_objectives() {
	jq -n --argjson s "${1:-null}" '{primary_objective: {name: "loss",
	    direction: "minimize"}, secondary_objectives: [{name: "speed",
	    direction: "maximize"}]} + if $s == null then {} else
	    {scalarization: $s} end' >objective_schema.json
}

# both LOSS SPEED: a trial with these.
both() {
	lo-suggest | jq -c --argjson l "$1" --argjson s "$2" '{trial_id,
	    params, objectives: {loss: $l, speed: $s}}' | lo-ingest >/dev/null
}

# page [FILE]: is it well-formed, as HTML and as XML, without anything that
# would be fetched?
page() {
	python3 - "${1:-state/report.html}" <<-'END'
		import sys
		import xml.etree.ElementTree as tree
		from html.parser import HTMLParser
		void = {"meta", "br", "img", "link", "input", "hr"}
		class Strict(HTMLParser):
		    def __init__(self):
		        super().__init__(convert_charrefs=True)
		        self.open = []
		    def handle_starttag(self, tag, attrs):
		        names = [name for name, _ in attrs]
		        assert len(names) == len(set(names)), (tag, names)
		        assert tag not in ("script", "link", "iframe", "img",
		            "base", "object", "embed"), tag
		        for name, value in attrs:
		            assert name not in ("src", "href", "srcset",
		                "action", "background"), (tag, name)
		            assert not name.startswith("on"), name
		        if tag not in void:
		            self.open.append(tag)
		    def handle_startendtag(self, tag, attrs):
		        self.handle_starttag(tag, attrs)
		        if tag not in void:
		            self.open.pop()
		    def handle_endtag(self, tag):
		        assert self.open and self.open[-1] == tag, (tag,
		            self.open)
		        self.open.pop()
		text = open(sys.argv[1], encoding="utf-8").read()
		parser = Strict()
		parser.feed(text)
		parser.close()
		assert parser.open == [], parser.open
		head, body = text.split("\n", 1)
		assert head == "<!DOCTYPE html>", head
		root = tree.fromstring(body)
		assert root.tag == "html" and root.get("lang")
		for word in ("http", "@import", "url(", "//"):
		    assert word not in text, word
		# a table beside each picture
		for figure in root.iter("figure"):
		    assert figure.find("svg") is not None
		    table = figure.find("details//table")
		    assert table is not None
		    n = len(table.findall("thead/tr/th"))
		    assert n > 0
		    for row in table.findall("tbody/tr"):
		        assert len(row.findall("td")) == n
	END
}

# pictures: the titles of the page's, a line each.
pictures() {
	grep -o 'as a table: [^<]*<' "${1:-state/report.html}" |
	    sed 's/^as a table: //; s/<$//'
}

# headings: the page's, a line each.
headings() {
	grep -oE '<h[123][^>]*>[^<]*</h[123]>' state/report.html |
	    sed 's/<[^>]*>//g'
}

@test "the members of the document" {
	results 2 null 1
	lo-suggest >/dev/null
	run -0 --separate-stderr lo-report --stdout json
	[ "$stderr" = "" ]
	[ "${#lines[@]}" = 1 ]
	same "$(json keys_unsorted)" '["schema_version", "generated_at",
	    "objective", "objective_config", "counts", "best",
	    "best_params", "top_trials", "terminal_trials",
	    "objective_trace", "pareto_front", "runtime_summary"]'
	same "$(json .counts)" '{"observations": 3, "pending": 1,
	    "observations_by_status": {"ok": 2, "failed": 1, "killed": 0,
	    "timeout": 0}, "failure_rate": 0.3333333333333333}'
	same "$(json .best)" "$(lo-status -f .best)"
	same "$(json .best_params)" "$(jq '.observations[2].params' \
	    state/bo_state.json)"
	[ "$(json '.generated_at - now | fabs < 60')" = true ]
	[ "$(json .schema_version)" = 0.3.0 ]
	same "$(json '.objective_trace | map(.trial_id)')" '[1, 2, 3]'
	same "$(json '.top_trials | map(.trial_id)')" '[3, 1]'
	same "$(json '.terminal_trials | map(.trial_id)')" '[2]'
}

@test "a trial's row: as the state has it, params where they belong" {
	local row

	results 0.5
	lo-suggest | payload null failed | jq -c '. + {terminal_reason:
	    "exit=1", penalty_objective: 9}' | lo-ingest >/dev/null
	run -0 lo-report --stdout json
	row='["trial_id", "status", "objective_name", "objective_value",
	    "objective_vector", "scalarized_objective",
	    "penalty_objective", "suggested_at", "completed_at",
	    "artifact_path", "terminal_reason"]'
	same "$(json '.objective_trace[0] | keys_unsorted')" "$row"
	same "$(json '.terminal_trials[0] | keys_unsorted')" "$row"
	row=${row%]}', "params"]'
	same "$(json '.top_trials[0] | keys_unsorted')" "$row"
	same "$(json '.pareto_front.trials[0] | keys_unsorted')" "$row"
	same "$(json '.objective_trace[0] | del(.suggested_at,
	    .completed_at)')" '{"trial_id": 1, "status": "ok",
	    "objective_name": "loss", "objective_value": 0.5,
	    "objective_vector": {"loss": 0.5}, "scalarized_objective": 0.5,
	    "penalty_objective": null,
	    "artifact_path": "state/trials/trial_1/ingest_payload.json",
	    "terminal_reason": null}'
	same "$(json '.objective_trace[1] | del(.suggested_at,
	    .completed_at)')" '{"trial_id": 2, "status": "failed",
	    "objective_name": "loss", "objective_value": null,
	    "objective_vector": {"loss": null}, "scalarized_objective": null,
	    "penalty_objective": 9.0,
	    "artifact_path": "state/trials/trial_2/ingest_payload.json",
	    "terminal_reason": "exit=1"}'
	same "$(json '[.objective_trace[] | .suggested_at, .completed_at]')" \
	    "$(jq '[.observations[] | .suggested_at, .completed_at]' \
	    state/bo_state.json)"
}

@test "objectives: everything filled in, weights brought to the sum 1" {
	two_objectives '{"policy": "weighted_tchebycheff",
	    "weights": {"speed": 1, "loss": 3},
	    "reference_point": {"loss": 1, "speed": 2}}'
	both 1 4
	run -0 lo-report --stdout json
	same "$(json .objective)" '{"name": "loss", "direction": "minimize",
	    "best_objective_name": "scalarized",
	    "scalarization_policy": "weighted_tchebycheff"}'
	same "$(json .objective_config)" '{"primary_objective": {
	    "name": "loss", "direction": "minimize", "tolerance": 0.0,
	    "failure_handling": "record_and_continue"},
	    "secondary_objectives": [{"name": "speed",
	    "direction": "maximize", "tolerance": 0.0,
	    "failure_handling": "record_and_continue"}],
	    "objectives": [{"name": "loss", "direction": "minimize",
	    "tolerance": 0.0, "failure_handling": "record_and_continue"},
	    {"name": "speed", "direction": "maximize", "tolerance": 0.0,
	    "failure_handling": "record_and_continue"}],
	    "objective_names": ["loss", "speed"],
	    "scalarization": {"policy": "weighted_tchebycheff",
	    "weights": {"loss": 0.75, "speed": 0.25},
	    "reference_point": {"loss": 1.0, "speed": 2.0}}}'
	# max(0.75 |1 - 1|, 0.25 |-4 + 2|)
	same "$(json '.top_trials[0] | [.objective_value,
	    .scalarized_objective, .scalarization_policy]')" \
	    '[1.0, 0.5, "weighted_tchebycheff"]'
	two_objectives
	same "$(report .objective_config.scalarization)" \
	    '{"policy": "primary_only"}'
	[ "$(report .objective.best_objective_name)" = '"loss"' ]
	two_objectives '{"policy": "lexicographic"}'
	same "$(report .objective_config.scalarization)" \
	    '{"policy": "lexicographic"}'
}

@test "the front: not dominated, ranked, doubles kept" {
	two_objectives
	both 3 9	# 1
	both 1 2	# 2
	both 2 2	# 3, dominated by 2
	both 2 5	# 4
	both 3 9	# 5, the same as 1
	both 3 8	# 6, dominated by 1
	both 1 1	# 7, dominated by 2
	run -0 lo-report --stdout json
	same "$(json .pareto_front.trial_ids)" '[2, 4, 1, 5]'
	same "$(json '.pareto_front | [.count, (.trials |
	    map(.trial_id))]')" '[4, [2, 4, 1, 5]]'
	same "$(json '.top_trials | map(.trial_id)')" '[2, 7, 4, 3, 1]'
}

@test "the front of three objectives, against a search of all pairs" {
	jq -n '{primary_objective: {name: "a", direction: "minimize"},
	    secondary_objectives: [{name: "b", direction: "maximize"},
	    {name: "c", direction: "minimize"}]}' >objective_schema.json
	lo-suggest -n 40 --jsonl | jq -c '{trial_id, params, objectives:
	    {a: (.trial_id * 7 % 11), b: (.trial_id * 5 % 13),
	    c: (.trial_id * 3 % 7)}}' | lo-ingest --batch >/dev/null
	report '[.objective_trace, .pareto_front.trial_ids]' >found
	python3 - <<-'END'
		import json
		trace, found = json.load(open("found"))
		v = {t["trial_id"]: (t["objective_vector"]["a"],
		    -t["objective_vector"]["b"], t["objective_vector"]["c"])
		    for t in trace}
		front = [i for i in v if not any(
		    all(x <= y for x, y in zip(v[j], v[i])) and v[j] != v[i]
		    for j in v)]
		assert sorted(found) == sorted(front), (found, front)
		assert [v[i][0] for i in found] == sorted(v[i][0]
		    for i in front)
	END
}

@test "-n says how many of the best" {
	results 3 1 2 5 4 6 7
	same "$(report '.top_trials | map(.objective_value)')" \
	    '[1, 2, 3, 4, 5]'
	run -0 lo-report --stdout json -n 2 -f '.top_trials | length'
	[ "$output" = 2 ]
	run -0 lo-report -n 100 -f .report_json
	[ "$(jq '.top_trials | length' state/report.json)" = 7 ]
	run -2 lo-report -n 0
}

@test "run times: of those that are known" {
	results 1
	[ "$(report .runtime_summary)" = null ]
	lo-suggest | payload 2 | jq -c '.runtime_seconds = 1.5' |
	    lo-ingest >/dev/null
	lo-suggest | payload null failed | jq -c '.runtime_seconds = 4' |
	    lo-ingest >/dev/null
	same "$(report .runtime_summary)" '{"count": 2, "min_seconds": 1.5,
	    "max_seconds": 4.0, "mean_seconds": 2.75, "total_seconds": 5.5}'
}

@test "an empty campaign has a report" {
	run -0 lo-report --stdout json
	[ ! -e state ]
	same "$(json '[.counts.observations, .counts.failure_rate, .best,
	    .best_params, .top_trials, .objective_trace, .pareto_front,
	    .runtime_summary]')" '[0, 0.0, null, null, [], [], {"count": 0,
	    "trial_ids": [], "trials": []}, null]'
	lo-report --stdout md >out.md
	lo-report --stdout html >page.html
	page page.html
	lo-report --html >/dev/null
	page
	lo-validate --strict >/dev/null
}

@test "files, paths and the event, in one change" {
	results 1
	run -0 --separate-stderr lo-report
	[ "$stderr" = "" ]
	[ "$output" = '{"report_json":"state/report.json","report_md":"state/report.md"}' ]
	[ ! -e state/report.html ]
	as_python document state/report.json
	[ "$(jq .counts.observations state/report.json)" = 1 ]
	grep -q '^# ' state/report.md
	same "$(tail -n 2 state/event_log.jsonl | head -n 1 |
	    jq -c 'del(.timestamp)')" '{"event": "report_generated",
	    "report_json": "state/report.json",
	    "report_md": "state/report.md"}'
	same "$(tail -n 3 state/event_log.jsonl | jq -c '[.event, .command]' |
	    jq -s .)" '[["lock_acquired", "report"],
	    ["report_generated", null], ["lock_released", "report"]]'
	run -0 lo-report --html -rf .report_html
	[ "$output" = state/report.html ]
	[ "$(jq .generated_at state/report.json)" = \
	    "$(tail -n 2 state/event_log.jsonl | head -n 1 |
	    jq .timestamp)" ]
	lo-validate --strict >/dev/null
}

@test "the files lie where the configuration says" {
	edit bo_config.json '.paths = {report_json_file: "out/r.json",
	    report_md_file: "out/deep/r.md"}'
	run -0 lo-report --html
	same "$output" '{"report_json": "out/r.json",
	    "report_md": "out/deep/r.md", "report_html": "out/r.html"}'
	[ -s out/r.json ] && [ -s out/deep/r.md ] && [ -s out/r.html ]
}

@test "nothing else changes, and printing changes nothing at all" {
	local form

	results 2 null 1
	jq -S 'del(.meta.txn)' state/bo_state.json >../before
	snapshot state/trials >../trials
	lo-report --html >/dev/null
	jq -S 'del(.meta.txn)' state/bo_state.json >../after
	cmp ../before ../after
	snapshot state/trials | cmp - ../trials
	snapshot >../before
	for form in json md html; do
		lo-report --stdout $form >../$form
	done
	snapshot | cmp - ../before
	same "$(jq 'del(.generated_at)' ../json)" \
	    "$(jq 'del(.generated_at)' state/report.json)"
	# but for the time they say
	diff <(grep -v Generated ../md) <(grep -v Generated state/report.md)
	diff <(grep -v Generated ../html) \
	    <(grep -v Generated state/report.html)
}

@test "printing does not wait for a lock, writing does" {
	command -v flock >/dev/null || skip 'no flock(1)'
	results 1
	exec 7<state/.looptimum.lock
	flock 7
	run -0 lo-report --stdout json -f .counts.observations
	[ "$output" = 1 ]
	contents >../before
	run -75 lo-report --fail-fast
	contents | cmp - ../before
	exec 7<&-
	run -0 lo-report --fail-fast
}

@test "a report that was interrupted is finished by the next command" {
	command -v strace >/dev/null || skip 'no strace'
	results 1
	# killed right behind the rename that commits
	run strace -f -o /dev/null -e trace=renameat,rename,renameat2 \
	    -e inject=renameat,rename,renameat2:signal=KILL:when=2 \
	    lo-report --html
	[ -e state/.looptimum.journal ]
	lo-suggest >/dev/null
	[ ! -e state/.looptimum.journal ]
	page
	jq -e .counts state/report.json >/dev/null
	grep -q report_generated state/event_log.jsonl
	lo-validate --strict >/dev/null
}

@test "wrong use" {
	run -2 --separate-stderr lo-report --stdout xml
	[[ $stderr == *"expected json, md or html, got 'xml'"* ]]
	run -2 lo-report --stdout html --html
	run -2 lo-report --stdout md -f .
	run -2 lo-report --stdout html -f .
	run -2 lo-report extra
	results 1
	echo '{' >>state/bo_state.json
	run -1 --separate-stderr lo-report
	[[ $stderr == *bo_state.json* ]]
	[ ! -e state/report.json ]
	run -1 lo-report --stdout md
}

@test "no place for a file is exit status 4, and nothing is half done" {
	results 1
	mkdir state/report.md
	contents >../before
	run ! lo-report
	contents | cmp - ../before
}

@test "Markdown: the best, failures with reasons, every trial" {
	results 0.5 0.25
	lo-suggest | payload null failed | jq -c '.terminal_reason =
	    "a|b <c> *d* `e`\nf"' | lo-ingest >/dev/null
	lo-report --stdout md >out.md
	grep -qF '* **Best**: trial 2: loss = 0.25' out.md
	grep -qF '* **Trials**: 3 of 40 observed: 2 ok, 1 failed' out.md
	grep -qF '| 3 | failed | a\|b \<c\> \*d\* \`e\` f |' out.md
	grep -q '^## The best 2$' out.md
	[ "$(grep -c '^| [123] | ' out.md)" -eq 6 ]
	run -1 grep -q 'Pareto' out.md
	# each row has the cells of its table's head
	awk -F '[^\\\\]\\|' '/^\|/ { if (!n) n = NF; if (NF != n) bad = 1
	    next } { n = 0 } END { exit bad }' out.md
}

@test "the page: all pictures, a table beside each" {
	two_objectives
	both 3 9
	both 1 2
	both 2 5
	both 4 4
	both 5 1
	lo-suggest | jq -c '{trial_id, params, status: "failed",
	    objectives: {loss: null, speed: null},
	    terminal_reason: "no disk"}' | lo-ingest >/dev/null
	lo-suggest >/dev/null
	lo-report --html >/dev/null
	page
	[ "$(pictures)" = "$(printf '%s\n' 'Best so far' \
	    'loss of each trial' 'speed of each trial' \
	    'Parameters of the trials' 'loss over x' 'loss over n' \
	    'Importance of the parameters' \
	    'Pareto front: loss and speed' 'When trials were out' \
	    'Failures by reason')" ]
	[ "$(headings)" = "$(printf '%s\n' c 'The best trials' \
	    'Best so far' 'Every trial' \
	    'loss of each trial' 'speed of each trial' \
	    'Parameters together' 'Each parameter' 'loss over x' \
	    'loss over n' 'Which parameters matter' 'Pareto front' \
	    'Pareto front: loss and speed' Timeline \
	    'Failures by reason')" ]
	grep -q 'prefers-color-scheme:dark' state/report.html
	grep -q '@media print' state/report.html
	# the failure is a cross, in the table it has no value
	grep -q '<path class="m t2" d="M[0-9. ]*l7 7m-7 0l7-7"/>' \
	    state/report.html
	grep -q '<td>6</td><td>failed</td><td></td>' state/report.html
	grep -q '<td>failed: no disk</td><td>1</td>' state/report.html
}

@test "the page: whatever names hold, it is text" {
	local odd='</script><b a="1">&amp; é '"'"'|'$'\001'

	jq --arg n "$odd" '.parameters[0].name = $n' \
	    parameter_space.json >new
	mv new parameter_space.json
	jq -n --arg n "$odd" '{primary_objective: {name: $n,
	    direction: "minimize"}}' >objective_schema.json
	for y in 3 1 2 5 4 6; do
		lo-suggest | jq -c --arg n "$odd" --argjson y $y '{trial_id,
		    params, objectives: {($n): $y}}' | lo-ingest >/dev/null
	done
	lo-suggest | jq -c --arg n "$odd" '{trial_id, params, status:
	    "failed", objectives: {($n): null}, terminal_reason:
	    "<img src=x onerror=alert(1)>"}' | lo-ingest >/dev/null
	lo-report --html >/dev/null
	page
	run -1 grep -qE '<(b|img|script)\b' state/report.html
	grep -qF '&lt;/script&gt;&lt;b a=&quot;1&quot;&gt;&amp;amp; é &#39;|' \
	    state/report.html
	[ "$(jq -r '.objective.name' state/report.json)" = "$odd" ]
}

@test "the page: one trial, only failures, one value for all" {
	results 1
	lo-report --stdout html >one.html
	page one.html
	results 1 1 1 1 1 1
	lo-report --stdout html >same.html
	page same.html
	grep -q 'the objective does not vary' same.html
	cd ..
	make_campaign d
	cd d
	results null null
	lo-report --stdout html >bad.html
	page bad.html
	grep -q 'none of them ok' bad.html
	[ "$(pictures bad.html)" = "$(printf '%s\n' 'loss of each trial' \
	    'loss over x' 'loss over n' 'When trials were out' \
	    'Failures by reason')" ]
}

@test "weighted objectives: how the sum is made, and what it is" {
	two_objectives
	jq '.scalarization = {policy: "weighted_sum",
	    weights: {loss: 3, speed: 1}}' objective_schema.json >new
	mv new objective_schema.json
	both 4 8
	both 2 4
	lo-report --html >/dev/null
	grep -qF '<dd>0.75 loss - 0.25 speed, lower is better</dd>' \
	    state/report.html
	grep -qF '**Scalarized**: 0.75 loss - 0.25 speed' state/report.md
	grep -q '<th scope="col">scalarized</th>' state/report.html
	# 3 - 2 = 1 of the first, 1.5 - 1 of the second
	grep -qF '<td>2</td><td>2</td><td>4</td><td>0.5</td>' \
	    state/report.html
	grep -qF '<td>1</td><td>4</td><td>8</td><td>1</td>' \
	    state/report.html
	jq '.scalarization = {policy: "weighted_tchebycheff",
	    weights: {loss: 3, speed: 1}, reference_point: {loss: -1,
	    speed: 9}}' objective_schema.json >new
	mv new objective_schema.json
	lo-report --stdout md >out.md
	line=$(grep -F 'Scalarized' out.md)
	[ "${line//\\/}" = "* **Scalarized**: max(0.75 |loss + 1|, 0.25 |speed - 9|), lower is better" ]
	jq '.scalarization = {policy: "weighted_sum",
	    weights: {loss: 3, speed: 1}} |
	    .primary_objective.direction = "maximize" |
	    .secondary_objectives[0].direction = "minimize"' \
	    objective_schema.json >new
	mv new objective_schema.json
	lo-report --stdout html >out.html
	grep -qF '<dd>-0.75 loss + 0.25 speed, lower is better</dd>' out.html
}

# Ishigami's function: of the variance, x1 explains 0.314 alone and 0.558
# with x3, x2 0.442 both ways, x3 nothing alone and 0.244 with x1.
@test "importance of a campaign's parameters, against known indices" {
	jq -n '{parameters: [range(3) | {name: "x\(. + 1)", type: "float",
	    bounds: [-3.141592653589793, 3.141592653589793]}]}' \
	    >parameter_space.json
	edit bo_config.json '.max_trials = 300 |
	    .initial_random_trials = 300'
	lo-suggest -n 300 --jsonl | jq -c '{trial_id, params, objectives:
	    {loss: (.params | (.x1 | sin) + 7 * (.x2 | sin | . * .) +
	    0.1 * pow(.x3; 4) * (.x1 | sin))}}' | lo-ingest --batch >r
	lo-report --stdout html >r.html
	page r.html
	python3 - <<-'END'
		import re
		text = open("r.html", encoding="utf-8").read()
		part = text[text.index("Importance of the parameters"):]
		row = re.findall(r"<tr><td>(x\d)</td><td>([\d.]+)</td>"
		    r"<td>([\d.]+)</td></tr>", part)
		known = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424),
		    "x3": (0.0, 0.2437)}
		assert [name for name, _, _ in row[:3]] == ["x1", "x2", "x3"]
		for name, first, total in row[:3]:
		    assert abs(float(first) - known[name][0]) < 0.07, row
		    assert abs(float(total) - known[name][1]) < 0.07, row
	END
}

@test "params that today's space does not have are still shown" {
	results 1 2
	jq '.parameters[0].name = "y"' parameter_space.json >new
	mv new parameter_space.json
	run -0 lo-report --stdout json
	[ "$(json '.best_params | has("x")')" = true ]
	lo-report --stdout html >r.html
	page r.html
	lo-report --stdout md >out.md
}

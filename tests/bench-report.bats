# The benchmark's report: what it makes of runs whose comparison is known.

load helper

setup() {
	scratch
	command -v python3 >/dev/null || skip 'no python3'
}

report() {
	python3 "$TOP/tests/bench/opt/report.py" "$@"
}

# runs OPTIMIZER BLOCK TASK SEED KIND VALUE...: one with VALUE from the first
# checkpoint on; further ones for further values, with the next seeds.
runs() {
	local head=$1,1.0,$2,$3 seed=$4 kind=$5 k v

	shift 5
	for v; do
		printf '%s,%d,40,%s,2.000,5.000,' "$head" $((seed++)) "$kind"
		for ((k = 1; k < 20; k++)); do
			printf '%s ' "$v"
		done
		echo "$v"
	done
}

# Two blocks of two tasks with two seeds each.
ours() {
	runs looptimum easy a 1 regret -1 -2
	runs looptimum easy b 1 regret -3 -3
	runs looptimum hard c 1 regret -1 -1
	runs looptimum hard d 1 regret -2 -2
}

# shifted OPTIMIZER EASY HARD: the same runs of another, moved by so much.
shifted() {
	ours | awk -F, -v OFS=, -v name="$1" -v easy="$2" -v hard="$3" '{
		n = split($NF, v, " ")
		$NF = ""
		for (i = 1; i <= n; i++)
			$NF = $NF (i > 1 ? " " : "") \
			    v[i] + ($3 == "easy" ? easy : hard)
		$1 = name
		print
	}'
}

# The line of a table in the report that begins with these cells.
line() {
	grep -F -- "| $1 |" docs/benchmarks.md
}

# The part under a heading.
section() {
	awk -v head="## $1" '$0 == head { on = 1; next } /^## / { on = 0 } on' \
	    docs/benchmarks.md
}

written() {
	mkdir -p docs
	ours >ours.csv
	run -0 report --ours ours.csv --peers "$@" --out docs/benchmarks.md
	[ "$output" = "" ]
}

@test "compare: a constant is found, with an interval of no width" {
	echo optimizer,version,block,task,seed,budget,kind,ms_median,ms_p99,curve \
	    >a.csv
	ours >>a.csv
	shifted looptimum 0.25 0.25 >b.csv
	run -0 report --compare a.csv b.csv
	[[ $output == *"all tasks "*" 4     8"*"+0.250 [+0.250, +0.250]*"* ]]
	[ "$(grep -cF '+0.250 [+0.250, +0.250]*  +0.250' <<<"$output")" -eq 4 ]
	[[ $output == *"wins 0.0%"* ]]
	run -0 report --compare b.csv a.csv --at 100
	[[ $output == *"all tasks "*"-0.250 [-0.250, -0.250]*"* ]]
	[[ $output == *"wins 100.0%"* ]]
	run -0 report --compare a.csv a.csv
	[[ $output == *"+0.000 [+0.000, +0.000]"*"wins 50.0%"* ]]
	[[ $output != *"]*"* ]]
}

# Differences 0 and 1: a resample of both tasks has mean 0 or 1 in a quarter
# of cases each.
@test "compare: tasks are resampled, seeds averaged within them" {
	{
		runs x one a 1 regret 0 0
		runs x one b 1 regret 0 0
	} >a.csv
	{
		runs x one a 1 regret 0 0
		runs x one b 1 regret 1 1
	} >b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output == *"all tasks "*"+0.500 [+0.000, +1.000]"$'\n'* ]]
	{
		runs x one a 1 regret 0 1
		runs x one b 1 regret 1 0
	} >b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output == *"all tasks "*"+0.500 [+0.500, +0.500]*"* ]]
}

# Differences of -1 and 1 on 400 tasks: the mean's standard error is 0.05.
@test "compare: the interval has the width of theory" {
	local i

	for i in {1..400}; do
		runs x one "t$i" 1 regret 0 >&3
		runs x one "t$i" 1 regret $((i % 2 * 2 - 1)) >&4
	done 3>a.csv 4>b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output =~ all\ tasks\ .*\+0.000\ \[-0.(09|10).,\ \+0.(09|10).\] ]]
}

@test "compare: equal blocks count the same, whatever their size" {
	{
		runs x big a 1 regret 0
		runs x big b 1 regret 0
		runs x big c 1 regret 0
		runs x small d 1 regret 0
	} >a.csv
	sed '/small/s/ 0/ 1/g; /small/s/,0 /,1 /' a.csv >b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output == *"all tasks "*"+0.250 ["* ]]
	[[ $output == *"equal blocks "*"+0.500 [+0.500, +0.500]*"* ]]
	# Nothing to resample in a block of one task.
	[[ $output =~ small\ +1\ +1\ +\+1.000$'\n' ]]
}

@test "compare: only the same task, seed and budget make a pair" {
	runs x one a 1 regret -1 -1 >a.csv
	runs x one a 2 regret 0 5 >b.csv
	runs x one other 1 regret 7 >>b.csv
	runs x one a 1 regret 9 | sed 's/,40,/,50,/' >>b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output =~ all\ tasks\ +1\ +1\ +\+1.000 ]]
	runs x one z 1 regret 0 >b.csv
	run -0 report --compare a.csv b.csv
	[[ $output == *"no task, seed and budget that both ran"* ]]
}

@test "nothing succeeded: worse than a random point, in both kinds" {
	runs x one a 1 regret -1 >a.csv
	runs x one a 1 regret nan >b.csv
	run -0 report --compare a.csv b.csv --at 100
	[[ $output =~ all\ tasks\ .*\+1.500$'\n' ]]
	runs random one a 1 value 10 >a.csv
	runs random one a 2 value 0 >>a.csv
	runs random one a 1 value nan >b.csv
	run -0 report --compare a.csv b.csv --at 100	# typical 5, so log10 2
	[[ $output =~ all\ tasks\ .*\+0.199$'\n' ]]
}

# Random search begins at 12 in the median, the least value anywhere is 2.
@test "unknown optimum: regret against the best, typical from random" {
	{
		runs looptimum one a 1 value 3 2.001
		runs random one a 1 value 12 12 12
	} >a.csv
	{
		runs looptimum one a 1 value 12 12
		runs other one a 9 value 2
	} >b.csv
	run -0 report --compare a.csv b.csv --at 100
	# 0 - -1, and 0 - -3: the floor is a thousandth.
	[[ $output =~ all\ tasks\ +1\ +2\ +\+2.000 ]]
}

@test "a bad row is refused by its place" {
	ours >a.csv
	for bad in 'x,1,b,t,1,40,regret,1,1,0 0' 'x,1' \
	    "$(runs x b t 1 other 0)" "$(runs x b t 1 regret 0 | sed s/,1,/,one,/)"; do
		{ ours; echo "$bad"; } >bad.csv
		run -1 report --compare a.csv bad.csv
		[[ $output == bad.csv:9:* ]]
	done
	run -2 report --compare a.csv a.csv --at 33
	run -2 report --ours a.csv
}

@test "report: ahead, behind and open; lost only above +0.1" {
	shifted better -0.25 -0.25 >better.csv
	shifted mixed 1 -1 >mixed.csv
	shifted near 1 -0.06 >near.csv
	written better.csv mixed.csv near.csv
	[[ $(line better) == *"| 4 | 8 | +0.25 [+0.25, +0.25] |"*"| behind | 0% |"* ]]
	[[ $(line mixed) == *"| +0.00 [−1.00, +1.00] | open | 50% |"* ]]
	[[ $(line near) == *"| −0.47 [−1.00, +0.06] | open | 50% |"* ]]
	[[ $(line mixed) == *"−1.00<br>[−1.00, −1.00] | **+1.00<br>"* ]]
	[[ $(line mixed) == *"<br>[+1.00, +1.00] lost** |"* ]]
	[[ $(line near) == *"−1.00<br>[−1.00, −1.00] | +0.06<br>[+0.06, +0.06] |"* ]]
	[ "$(section 'In short' | grep 'Lost blocks')" = "* Lost blocks (the\
 interval lies above +0.10): easy: better (+0.25); hard: mixed (+1.00) and\
 better (+0.25)." ]
	section 'In short' | grep -F 'worse than better (+0.25); not surely'
	section 'In short' | grep -F 'not first on 4 of 4 tasks'
	section 'Where Looptimum is not first' |
	    grep -Fx '| c | 1.00 | mixed | better and near |'
}

@test "report: --peers again and again, as measure has it" {
	shifted same 0 0 >same.csv
	shifted worse 1 1 >worse.csv
	written same.csv --peers worse.csv
	[ -n "$(line same)" ]
	[ -n "$(line worse)" ]
}

@test "report: ranks and first places of common runs, ties shared" {
	shifted same 0 0 >same.csv
	shifted worse 1 1 >worse.csv
	shifted part -2 -2 | head -n 2 >part.csv
	written same.csv worse.csv part.csv
	[[ $(line looptimum) == *"| looptimum | 1.50 | 50% | 2 | 5 |"* ]]
	[[ $(line same) == *"| same | 1.50 | 50% | 2 | 5 |"* ]]
	[[ $(line worse) == *"| worse | 3.00 | 0% | 2 | 5 |"* ]]
	[[ $(line 'part\*') == *"| part\* | – | – | 2 | 5 |"* ]]
	# One task has no interval: neither lost nor won.
	[[ $(line part) == *"| 1 | 2 | +2.00 (one task) |"*"| open | 0% |"* ]]
	# Ours on its runs, less the difference: -2.25 - 2.
	[[ $(line 'part\*') == *"| part\* | −4.25 | – |"* ]]
	section 'In short' | grep -F 'mean rank is 1.50 among 3 optimizers (place 1)'
	run -1 report --ours ours.csv --peers part.csv --mandatory nobody \
	    --out docs/benchmarks.md
	[[ $output == *"no runs of nobody"* ]]
}

@test "report: where no peer ran, nobody is first" {
	shifted random 1 1 | grep ,easy, >peer.csv
	written peer.csv
	section 'Where Looptimum is not first' | grep -Fx '**hard**: no peer ran it.'
	section 'Where Looptimum is not first' |
	    grep -Fx '**easy**: first on all 2 tasks.'
	section 'In short' | grep -F 'not first on 0 of 2 tasks'
	[[ $(line looptimum) == *"| looptimum | – | – | 2 | 5 |"* ]]
}

@test "report: plots are small and well formed, each is linked" {
	local f

	shifted random 1 1 >peer.csv
	written peer.csv
	for f in forest time regret-easy regret-hard; do
		[ "$(wc -c <"docs/benchmarks/$f.svg")" -le 15000 ]
		python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' \
		    "docs/benchmarks/$f.svg"
		grep -F "](benchmarks/$f.svg)" docs/benchmarks.md
	done
	[ "$(find docs -type f | wc -l)" -eq 5 ]
}

@test "report: tiny quadratic, tools and notes are taken in" {
	shifted random 1 1 >peer.csv
	ours >ours.csv
	mkdir docs
	{
		runs looptimum tiny q 1 value 1 2 3 4 5
		runs random tiny q 1 value 9 9 3 0 9
	} >tiny.csv
	printf 'n  ms\n50 *12*\n' >tools
	echo 'This and that.' >notes
	report --ours ours.csv --peers peer.csv --tiny tiny.csv --tools tools \
	    --notes notes --out docs/benchmarks.md
	[ "$(line looptimum | tail -n 1)" = \
	    '| looptimum | 5 | 3 | 2 … 4 | 70% |' ]
	# As they are, between fences: their stars are no markup.
	[ "$(section 'Time per suggestion through the programs' |
	    sed -n '/^```/,$p')" = "\`\`\`
n  ms
50 *12*
\`\`\`" ]
	[ "$(section 'What was tried')" = "
This and that." ]
	report --ours ours.csv --peers peer.csv --notes none \
	    --out docs/benchmarks.md
	run ! grep -E '^## (Tiny|Time per|What)' docs/benchmarks.md
}

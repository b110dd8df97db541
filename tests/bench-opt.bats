#!/usr/bin/env bats
# The optimizer's benchmark: its tasks are what they say, and what it
# measures in one process is what the tools do.

load helper

setup() {
	scratch
	BENCH=${LO_TEST_BUILD:-$TOP/build}/tests/bench/opt-bench
	export OPT_BENCH_CACHE=$PWD/cache
}

@test "every task keeps to its published optimum" {
	run -0 "$BENCH" verify '^(bbob-f..-d0[35]|mixed-f..-d05|[^bmkt])'
	[[ $output == *' checked, 0 wrong' ]]
	[ "${output%% *}" -gt 250 ]
}

@test "the tools come to what the library comes to" {
	"$BENCH" run -t tiny -s 17 >row
	run -0 "$TOP/tests/bench/opt/through-tools" "$BENCH" "$BIN" \
	    tiny-quadratic 17
	best=${output#*best }
	best=${best%% after 20 trials*}
	# shellcheck disable=SC2016 # dollars are for awk
	run -0 awk -F, -v best="$best" '{ n = split($10, v, " ")
	    d = v[n] / best - 1; exit !(d < 1e-12 && d > -1e-12) }' row
}

@test "suggestions are timed after so many results" {
	run -0 "$TOP/tests/bench/opt/at-size" "$BENCH" "$BIN" \
	    fail-branin-edge 30
	[[ $output =~ ^"fail-branin-edge with 30 results: first "[0-9]+" ms, then median "[0-9]+" ms, longest "[0-9]+" ms"$ ]]
}

@test "the tiny quadratic is won ten times of ten, by far" {
	seeds=17,29,41,53,67,79,97,113,131,149
	"$BENCH" run -t tiny -s $seeds >ours.csv
	"$BENCH" run -o random -t tiny -s $seeds >drawn.csv
	run -0 paste -d, ours.csv drawn.csv
	# shellcheck disable=SC2016
	run -0 awk -F, '{ n = split($10, a, " "); split($20, b, " ")
	    won += a[n] < b[n] / 100 } END { print won }' <<<"$output"
	[ "$output" = 10 ]
}

@test "serve evaluates for others" {
	printf '%s\n' '{"open":"bbob-f01-d03","seed":1}' \
	    '{"params":{"x0":0.0,"x1":0.0,"x2":0.0}}' \
	    '{"params":{"x0":0.5,"x1":0.0,"x2":0.0}}' >in
	run -0 "$BENCH" serve <in
	[ "$(jq .budget <<<"${lines[0]}")" = 45 ]
	[ "$(jq '.y | length' <<<"${lines[1]}")" = 1 ]
	run -0 jq -s '.[1].score >= .[2].score' <<<"$output"
	[ "$output" = true ]
	run -1 "$BENCH" serve <<<'{"open":"nothing","seed":1}'
}

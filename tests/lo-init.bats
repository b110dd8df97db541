#!/usr/bin/env bats
# lo-init: campaigns from templates and from options.
# shellcheck disable=SC2154 # run sets stderr

load helper
bats_require_minimum_version 1.5.0

@test "every template is a sound campaign" {
	for t in demo client full; do
		run -0 --separate-stderr lo-init -t "$t" "$t"
		[ "$stderr" = "" ]
		[ "$(json .campaign)" = "$t" ]
		[ "$(json '.files | index("bo_config.json") != null')" = true ]
		run -0 lo-validate --strict -C "$t"
		[ -x "$t/evaluate" ]
		[ -s "$t/README.md" ]
	done
}

@test "the config has every key that Looptimum asks for" {
	lo-init -t demo demo
	lo-init -t client client
	lo-init -t full full
	for t in demo client full; do
		run -0 jq -e '.paths != null and .surrogate.type == "auto"
		    and .acquisition.type == "auto"
		    and ([.seed, .max_trials, .initial_random_trials,
		    .candidate_pool_size] | all(type == "number"))' \
		    "$t/bo_config.json"
	done
	[ "$(json '.max_trials, .durability' demo/bo_config.json)" = \
	    $'20\nrelaxed' ]
}

@test "client is the template when nothing is said" {
	lo-init -t client one
	lo-init two
	run -0 diff -r one two
}

@test "--compat writes only what Looptimum knows" {
	lo-init -t demo --compat c
	run -0 jq -c '[.surrogate.type, .acquisition.type,
	    has("durability"), has("noise")]' c/bo_config.json
	[ "$output" = '["rbf_proxy","ei",false,false]' ]
	lo-init -t full --compat f
	run -0 jq -c '[has("durability"), has("noise")]' f/bo_config.json
	[ "$output" = '[false,false]' ]
}

@test "parameters of every type from options" {
	run -0 --separate-stderr lo-init --param lr=float:1e-4..1e-1:log \
	    --param depth=int:1..8 --param opt=cat:adam,sgd --param amp=bool c
	[ "$stderr" = "" ]
	run -0 jq -cS . c/parameter_space.json
	[ "$output" = '{"parameters":[{"bounds":[0.0001,0.1],"name":"lr",'\
'"scale":"log","type":"float"},{"bounds":[1,8],"name":"depth",'\
'"type":"int"},{"choices":["adam","sgd"],"name":"opt",'\
'"type":"categorical"},{"name":"amp","type":"bool"}]}' ]
	run -0 lo-validate --strict -C c
	[ ! -e c/evaluate ]
}

@test "a choice is a number if JSON reads it as one, and text in quotes" {
	lo-init --param 'c=cat:1,2.50,1e2,-3,007,+1,"4","a,b:c",nan' d
	grep -q '2\.50' d/parameter_space.json
	run -0 jq -c '.parameters[0].choices' d/parameter_space.json
	[ "$output" = \
	    '[1,2.5,100,-3,"007","+1","4","a,b:c","nan"]' ]
}

@test "conditions: the value takes the controller's type" {
	lo-init --param opt=cat:adam,sgd,1 --param amp=bool \
	    --param n=int:1..3 \
	    --param m=float:0..1:when=opt=sgd,1 \
	    --param k=int:1..9:log:when=amp=true:when=n=2 c
	run -0 jq -c '[.parameters[3,4].when]' c/parameter_space.json
	[ "$output" = '[{"opt":["sgd",1]},{"amp":true,"n":2}]' ]
	run -0 lo-validate --strict -C c
}

@test "a bad specification names the part, shows a form, writes nothing" {
	while IFS='|' read -r spec words; do
		run -2 --separate-stderr lo-init --param "$spec" c
		[ "$output" = "" ]
		[[ $stderr == "lo-init: --param $spec: "*"$words"* ]]
		[[ $stderr != *parameter_space.json* ]]
		[ ! -e c ]
	done <<-'END'
		x|expected NAME=TYPE
		=int:1..2|expected NAME=TYPE
		x=flot:1..2|unknown type "flot", expected float, int, bool or cat
		x=int|LOW..HIGH
		x=int:7|expected LOW..HIGH, got "7"
		x=int:1..2.5|whole number as a bound, got "2.5"
		x=float:0..ten|a number as a bound, got "ten"
		x=float:1e999..2|got "1e999"
		x=int:9..1|the lower bound of x is above
		x=float:0..1:log|bounds above 0, the lower one of x is not
		x=float:1..2:lgo|unknown part "lgo"
		x=bool:log|unknown part "log"
		x=cat|choices
		x=cat:|expected at least one choice
		x=cat:a,,b|expected a value
		x=cat:a,a|choices[1]: expected
		x=int:1..2:when=y=|expected at least one value
		x=cat:a:b|unknown part "b"
		x=cat:"a|no closing quote
		x=int:1..2:when=y|when=NAME=VALUE
		x=int:1..2:when=y=1|y
		x=int:1..2:when=x=1|x -> x
	END
}

@test "the same parameter twice is refused" {
	run -2 lo-init --param x=int:1..2 --param x=bool c
	[[ $output == "lo-init: --param x=bool: name: "* ]]
	[ ! -e c ]
}

@test "a cycle of conditions is printed" {
	run -2 lo-init --param a=bool:when=b=true --param b=bool:when=a=true c
	[[ $output == *"a -> b -> a"* || $output == *"b -> a -> b"* ]]
	[ ! -e c ]
}

@test "objectives in the order of the options, the first is primary" {
	lo-init --param x=bool --maximize acc --minimize loss --minimize t c
	run -0 jq -c '[.primary_objective, .secondary_objectives[]] |
	    map([.name, .direction])' c/objective_schema.json
	[ "$output" = '[["acc","maximize"],["loss","minimize"],'\
'["t","minimize"]]' ]
	run -2 lo-init --minimize a --maximize a d
	[ ! -e d ]
}

@test "budget, seed, and the time of one evaluation" {
	lo-init --trials 5 --seed 99 --eval-time 600 c
	# warm-up at most half of the budget; 20 evaluations of patience
	run -0 jq -c '[.max_trials, .initial_random_trials, .seed,
	    .max_pending_age_seconds]' c/bo_config.json
	[ "$output" = '[5,2,99,12000]' ]
	lo-init --trials 1 --eval-time 0.5 d
	run -0 jq -c '[.max_trials, .initial_random_trials,
	    .max_pending_age_seconds]' d/bo_config.json
	[ "$output" = '[1,1,3600]' ]
}

@test "parameters replace the template's, and what was about those goes" {
	run -0 --separate-stderr lo-init -t full --param x=float:0..1 c
	[[ $stderr == *constraints.json* ]]
	[[ $stderr == *evaluate* ]]
	[ ! -e c/constraints.json ]
	run -0 jq -c '.parameters | map(.name)' c/parameter_space.json
	[ "$output" = '["x"]' ]
	run -0 lo-validate --strict -C c
}

@test "a directory that holds a campaign is refused and not touched" {
	lo-init -t demo c
	cp -a c before
	run -1 lo-init -t client c
	[[ $output == *"holds a campaign"*bo_config.json* ]]
	run -0 diff -r before c
	for f in parameter_space.yaml constraints.json objective_schema.yml; do
		mkdir "d-$f"
		echo '{}' >"d-$f/$f"
		run -1 lo-init "d-$f"
		[[ $output == *"$f"* ]]
		[ "$(ls -A "d-$f")" = "$f" ]
	done
	mkdir -p s/state
	echo '{}' >s/state/bo_state.json
	run -1 lo-init s
	[ "$(ls -A s)" = state ]
}

@test "a directory with other files keeps them" {
	mkdir c
	echo mine >c/README.md
	echo other >c/data.csv
	run -0 --separate-stderr lo-init c
	[[ $stderr == *README.md* ]]
	[ "$(json '.files | index("README.md")')" = null ]
	[ "$(json '.files | index("evaluate") != null')" = true ]
	[ "$(cat c/README.md)" = mine ]
	[ "$(cat c/data.csv)" = other ]
	[ -x c/evaluate ]
	run -0 find c -name '.*' -not -name .
	[ "$output" = "" ]
	run -0 lo-validate --strict -C c
}

@test "here, through a link, not below a directory that is not there" {
	mkdir here real
	(cd here && lo-init .)
	[ -e here/bo_config.json ]
	ln -s real link
	lo-init link
	[ -e real/bo_config.json ]
	run -1 lo-init a/b/c/
	[ "$output" = "lo-init: a/b: no such directory, make it first to have a/b/c in it" ]
	[ ! -e a ]
	mkdir -p a/b
	lo-init a/b/c/
	[ -e a/b/c/bo_config.json ]
}

@test "what an interrupted lo-init left is completed" {
	lo-init -t demo whole
	mkdir c
	cp -a whole/parameter_space.json whole/evaluate c
	run -0 --separate-stderr lo-init -t demo c
	[ "$stderr" = "" ]
	run -0 diff -r whole c
	# but another file of that name is not ours
	mkdir d
	echo '{"parameters": []}' >d/parameter_space.json
	run -1 lo-init -t demo d
	[ "$(ls -A d)" = parameter_space.json ]
}

@test "a full disk leaves nothing behind" {
	mkdir there
	run -4 bash -c 'ulimit -f 0; lo-init new'
	[ ! -e new ]
	run -4 bash -c 'ulimit -f 0; lo-init there'
	run -0 ls -A
	[ "$output" = there ]
	run -0 ls -A there
	[ "$output" = "" ]
}

@test "a file or an unwritable place in the way" {
	touch f
	run -1 lo-init f
	[[ $output == *"f: expected a directory"* ]]
	run -4 lo-init f/c
	[ ! -s f ]
}

@test "unknown templates are listed with the known ones" {
	run -2 lo-init -t foo c
	[[ $output == *'"foo"'*client*demo*full* ]]
	run -2 lo-init -t ../schemas c
	run -2 lo-init -t '' c
	LO_SHARE=$PWD run -4 lo-init c
	[[ $output == *LO_SHARE* ]]
	[ ! -e c ]
}

@test "usage" {
	run -2 lo-init
	run -2 lo-init a b
	run -2 lo-init --trials 0 c
	run -2 lo-init --trials x c
	run -2 lo-init ''
	[ "$(ls -A)" = "" ]
}

@test "the demo's formula: least at the place that its page names" {
	lo-init -t demo c
	cd c
	best=$(./evaluate 0.02 0.7 3)
	[ "$best" = 0.1 ]
	for p in "0.021 0.7 3" "0.019 0.7 3" "0.02 0.71 3" "0.02 0.69 3" \
	    "0.02 0.7 2" "0.02 0.7 4" "0.0001 0 8"; do
		# shellcheck disable=SC2086 # three arguments
		run -0 ./evaluate $p
		[ "$(jq -n "$output > 0.1")" = true ]
	done
	# by hand: one decade off, 0.1 + 0.2 + 2 * 0.1 ^ 2 + 0.05
	run -0 ./evaluate 0.2 0.7 4
	[ "$output" = 0.37 ]
	LO_PARAM_lr=0.2 LO_PARAM_momentum=0.7 LO_PARAM_depth=4 run -0 ./evaluate
	[ "$output" = 0.37 ]
	run ! ./evaluate
}

@test "of several objectives it is told that the first ranks alone" {
	run -0 --separate-stderr lo-init --param x=float:0..1 --minimize a \
	    --minimize b c
	[[ $stderr == "lo-init: a alone ranks trials (primary_only), the other objective is only recorded"*scalarization* ]]
	run -0 --separate-stderr lo-init --param x=float:0..1 --minimize a d
	[ "$stderr" = "" ]
}

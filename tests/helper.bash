# shellcheck shell=bash
# What every bats file loads: `load helper`.
#
# Each test runs in a scratch directory of its own, with the tools first in
# PATH and without a campaign in the environment.  A file that needs its own
# setup() begins it with `scratch`.

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BIN=${LO_TEST_BIN:-$TOP/bin}
PATH=$BIN:$PATH
export TOP BIN PATH
unset LO_CAMPAIGN LO_SHARE NO_COLOR CLICOLOR_FORCE
if [ "$BIN" != "$TOP/bin" ]; then
	export LO_SHARE=$TOP/share
fi

# Go to this test's scratch directory.
scratch() {
	cd "$BATS_TEST_TMPDIR" || return
}

setup() {
	scratch
}

# json FILTER [FILE]: a jq(1) program over $output, or over a file; strings
# without quotes.
json() {
	if [ $# -gt 1 ]; then
		jq -r "$@"
	else
		# shellcheck disable=SC2154 # run sets output
		jq -r "$1" <<<"$output"
	fi
}

# make_campaign [DIR [FILTER]]: a campaign of two parameters, x and n, that
# minimises loss, written by hand; FILTER is a jq program that changes its
# bo_config.json.
make_campaign() {
	local dir=${1:-campaign}

	mkdir -p "$dir"
	jq "${2:-.}" >"$dir/bo_config.json" <<-'END'
		{"seed": 17, "max_trials": 40, "initial_random_trials": 6,
		 "candidate_pool_size": 100, "batch_size": 1,
		 "surrogate": {"type": "rbf_proxy", "length_scale": 0.2},
		 "acquisition": {"type": "ei", "kappa": 1.5, "xi": 0.01},
		 "durability": "relaxed", "paths": {}}
	END
	cat >"$dir/parameter_space.json" <<-'END'
		{"parameters": [
		  {"name": "x", "type": "float", "bounds": [0.0, 1.0]},
		  {"name": "n", "type": "int", "bounds": [1, 8]}]}
	END
	cat >"$dir/objective_schema.json" <<-'END'
		{"primary_objective": {"name": "loss", "direction": "minimize"}}
	END
}

# payload VALUE [STATUS]: suggestions on stdin become ingest payloads with
# loss VALUE (null and STATUS for a failure).
payload() {
	jq -c --argjson v "$1" --arg s "${2:-ok}" '
		{trial_id, params, objectives: {loss: $v}, status: $s}
		+ (if has("lease_token") then {lease_token} else {} end)'
}

# wait_for SECONDS COMMAND...: until it succeeds; fails when time is up.
wait_for() {
	local tries=$(($1 * 20))

	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# The python3 that has jsonschema.
python_jsonschema() {
	local p

	for p in python3 /usr/bin/python3; do
		if "$p" -c 'import jsonschema' 2>/dev/null; then
			printf '%s\n' "$p"
			return
		fi
	done
	echo 'no python3 with jsonschema; run scripts/setup test' >&2
	return 1
}

# edit FILE ARG...: change a document by jq(1), called with ARG.
edit() {
	local file=$1

	shift
	jq "$@" "$file" >"$file.edited" && mv "$file.edited" "$file"
}

# same JSON JSON: is it the same value?
same() {
	diff <(jq -S . <<<"$1") <(jq -S . <<<"$2")
}

# snapshot [DIR]: everything below it: names, kinds, modes, sizes, times,
# contents.
snapshot() {
	find "${1:-.}" -printf '%p %y %m %s %T@ %i %l\n' | LC_ALL=C sort
	find "${1:-.}" -type f -exec cksum {} + | LC_ALL=C sort
}

# contents [DIR]: the files below it, names and bytes, but for the lock, which
# says who held it last.
contents() {
	find "${1:-.}" -type f ! -name .looptimum.lock -exec cksum {} + |
	    LC_ALL=C sort
}

# ago SECONDS: that time, in seconds since the epoch with a fraction.
ago() {
	jq -n --argjson s "$1" 'now - $s'
}

# as_python log|document FILE...: is it, byte for byte, what Python's json
# module makes of it?
as_python() {
	python3 - "$@" <<-'END'
		import json, sys
		for path in sys.argv[2:]:
		    with open(path, encoding="ascii", newline="") as f:
		        text = f.read()
		    if sys.argv[1] == "log":
		        want = "".join(json.dumps(json.loads(line),
		            sort_keys=True) + "\n"
		            for line in text.split("\n")[:-1])
		    else:
		        want = json.dumps(json.loads(text), indent=2) + "\n"
		    if text != want:
		        sys.exit(path + ": not as Python writes it:\n" + text)
	END
}

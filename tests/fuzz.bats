#!/usr/bin/env bats
# The targets of tests/fuzz over the inputs that were kept: each past finding
# and what hostile hands would write.  `make fuzz` looks for more.

load helper

targets() {
	(cd "$TOP/tests/fuzz" && for t in *.c; do echo "${t%.c}"; done)
}

# replay TARGET ARG...
replay() {
	local t=$1

	shift
	LO_SHARE=$TOP/share "${LO_TEST_BUILD:-$TOP/build}/tests/fuzz/$t" "$@"
}

# Bytes of inputs beyond what git should keep, where a parser is the first to
# see them.
large='json csv import feed log journal answer spec'

@test "every input that was kept" {
	for t in $(targets); do
		kept=("$TOP/tests/fuzz/corpus/$t"/*)
		run replay "$t" "${kept[@]}"
		[ "$status" -eq 0 ] || { echo "$t: $output"; false; }
		[ "${output##*$'\n'}" = "${#kept[@]} inputs" ]
	done
}

@test "a lot of brackets, digits, keys or line ends" {
	for t in $large; do
		run replay "$t" -l
		[ "$status" -eq 0 ] || { echo "$t: $output"; false; }
		[[ ${output##*$'\n'} = *[0-9]" inputs" ]]
	done
}

@test "every beginning of a journal, a state and a table" {
	for t in journal state csv import; do
		run replay "$t" -p "$TOP/tests/fuzz/corpus/$t"/[a-w]*
		[ "$status" -eq 0 ] || { echo "$t: $output"; false; }
	done
}

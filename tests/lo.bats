# shellcheck disable=SC2154 # run sets stderr
# lo: the list, the way to each tool, the way to each page.

load helper

# A man(1) that only says what it was asked to show.
fake_man() {
	mkdir -p fake
	printf '#!/bin/sh\necho "man: $*"\n' >fake/man
	chmod +x fake/man
	PATH=$PWD/fake:$PATH
}

@test "lo lists every tool with the words of its page" {
	local f name about

	run -0 --separate-stderr lo
	[ "$stderr" = "" ]
	for f in "$TOP"/cmd/lo-*; do
		name=$(basename "${f%.*}")
		about=$(sed -n 's/^\.Nd //p' "$TOP/man/$name.1")
		[ -n "$about" ]
		grep -qE "^$name +$about\$" <<<"$output"
	done
	[ "${#lines[@]}" -eq "$(find "$TOP/cmd" -name 'lo-*' | wc -l)" ]
	[ "$(lo help)" = "$output" ]
}

@test "lo is found through a symbolic link, and its tools with it" {
	mkdir other
	ln -s "$BIN/lo" other/lo
	PATH=/usr/bin:/bin run -0 other/lo
	[[ $output == *lo-suggest* ]]
	[ "$(PATH=/usr/bin:/bin other/lo suggest -h)" = "$(lo-suggest -h)" ]
}

@test "what lies beside lo is listed and not run" {
	cp "$BIN/lo" .
	printf '#!/bin/sh\ntouch ran\n' >lo-mine
	chmod +x lo-mine
	touch lo-notes lo-mine.old other
	run -0 ./lo
	[ "$output" = lo-mine ]
	[ ! -e ran ]
	run -0 ./lo mine
	[ -e ran ]
}

@test "lo TOOL is lo-TOOL, with its arguments, input and status" {
	[ "$(lo init -h)" = "$(lo-init -h)" ]
	[ "$(lo lo-init -V)" = "$(lo-init -V)" ]
	run -2 lo init --no-such-option
	[[ $output == lo-init:* ]]
	lo init --param 'x=float:0..1' --minimize 'a b' -- '-odd name'
	[ -e '-odd name/bo_config.json' ]
	run -0 lo status -C '-odd name' -f .observations
	[ "$output" = 0 ]
}

@test "a tool that is not there is a usage error" {
	run -2 --separate-stderr lo nothing
	[ "$output" = "" ]
	[[ $stderr == *"there is no lo-nothing"*"lo --help"* ]]
	run -2 lo ../lo-init
	run -2 lo help ../lo-init
	run -2 lo ''
	run -2 lo --nothing
}

@test "lo help finds tools, files and subjects" {
	fake_man
	run -0 lo help suggest
	[[ $output == "man: -l "*/man/lo-suggest.1 ]]
	run -0 lo help lo-eval
	[[ $output == "man: -l "*/man/lo-eval.1 ]]
	run -0 lo help bo_config
	[[ $output == "man: -l "*/man/bo_config.5 ]]
	run -0 lo help pipeline
	[[ $output == "man: -l "*/man/lo-pipeline.7 ]]
	run -0 lo help looptimum
	[[ $output == "man: -l "*/man/looptimum.7 ]]
	run -2 lo help nothing
}

@test "lo help uses mandoc where there is no man, else shows --help" {
	local lo

	lo=$(command -v lo)
	mkdir only
	printf '#!/bin/sh\necho "mandoc: $*"\n' >only/mandoc
	chmod +x only/mandoc
	ln -s /bin/sh only/sh
	PATH=$PWD/only run -0 "$lo" help best
	[[ $output == "mandoc: -a "*/man/lo-best.1 ]]
	rm only/mandoc
	PATH=$PWD/only run -0 "$lo" help best
	[ "$output" = "$(lo-best --help)" ]
}

@test "the list goes wrong aloud" {
	run -4 --separate-stderr sh -c 'lo >/dev/full'
	[[ $stderr == "lo: standard output: "* ]]
}

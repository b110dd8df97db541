# The manual says what the tools do: pages are clean, name every option, and
# their examples run.
#
# The form of EXAMPLES in a page of section 1 or 7: literal blocks (.Bd
# -literal) of "$ COMMAND" lines and what they print; examples.py says how it
# is compared.  All examples of a page run in one directory, empty at first.

load helper

# The page as text, without overstrikes, each paragraph on one line.
render() {
	mandoc -T ascii -O width=1000 "$1" | sed "s/.$(printf '\b')//g"
}

# section PAGE NAME: the lines of a section of the rendered page.
section() {
	render "$1" | awk -v name="$2" '
		/^[A-Z]/ { on = ($0 == name); next }
		on { print }'
}

squeeze() {
	tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//'
}

tools() {
	local f

	for f in "$TOP"/cmd/*.c "$TOP"/cmd/*.sh; do
		[ ! -e "$f" ] || basename "${f%.*}"
	done
}

@test "pages are clean" {
	run -0 mandoc -T lint -W warning "$TOP"/man/*.[157]
	[ "$output" = "" ]
}

@test "each page of section 1 has the sections a reader looks for" {
	local p s missing=

	for p in "$TOP"/man/*.1; do
		for s in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' \
		    ENVIRONMENT FILES EXAMPLES 'SEE ALSO'; do
			grep -q "^\.Sh $s\$" "$p" ||
			    missing="$missing ${p##*/}:$s"
		done
	done
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "-h shows the SYNOPSIS of the page" {
	local t bad=0

	for t in $(tools); do
		"$t" -h >help
		sed -n 's/^usage://; /^$/q; p' help | squeeze >said
		section "$TOP/man/$t.1" SYNOPSIS | squeeze >written
		diff said written || { echo "$t differs"; bad=1; }
	done
	[ $bad -eq 0 ]
}

@test "--help and the page name the same options" {
	local t bad=0

	for t in $(tools); do
		"$t" --help | grep -oE '^  (-., |    )--[a-z][a-z-]*' |
		    grep -oE -- '--[a-z].*' | sort -u >said
		render "$TOP/man/$t.1" | awk '/^[A-Z]/ { on = !/^(SYNOPSIS|EXAMPLES)/ }
		    on && /^ +(-., )?--[a-z]/' |
		    grep -oE -- '^ +(-., )?--[a-z][a-z-]*' |
		    grep -oE -- '--[a-z].*' | sort -u >written
		diff said written || { echo "$t differs"; bad=1; }
	done
	[ $bad -eq 0 ]
}

@test "--help ends with a worked example, -V prints the version" {
	local t

	for t in $(tools); do
		run -0 "$t" --help
		[[ $output == *example* ]]
		run -0 "$t" -V
		[[ $output == "$t "*[0-9].[0-9]* ]]
	done
}

@test "pages about our tools and files refer to pages that exist" {
	local bad=0 name section

	while read -r name section; do
		[ -e "$TOP/man/$name.$section" ] && continue
		case $name in
		lo | lo-* | looptimum | bo_* | *_space | *_schema | constraints)
			echo "there is no page $name($section)"
			bad=1
		esac
	done < <(sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1 \2/p' \
	    "$TOP"/man/*.[157] | sort -u)
	[ $bad -eq 0 ]
}

@test "looptimum(7) leads to every tool" {
	local tool

	for tool in "$BIN"/*; do
		grep -qx "\.It Xr ${tool##*/} 1\|\.Xr ${tool##*/} 1.*" \
		    "$TOP/man/looptimum.7" || { echo "$tool"; return 1; }
	done
}

@test "the examples of pages run and print what the pages show" {
	local page bad=0

	for page in "$TOP"/man/*.[17]; do
		grep -q '^\.Sh EXAMPLES' "$page" || continue
		mkdir "${page##*/}"
		python3 "$TOP/tests/examples.py" "$page" "${page##*/}" || bad=1
	done
	[ $bad -eq 0 ]
}

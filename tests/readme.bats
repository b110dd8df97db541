# README.md is true.

load helper

@test "the walk of the README runs and prints what it shows" {
	mkdir walk
	python3 "$TOP/tests/examples.py" "$TOP/README.md" walk
}

@test "the README's table names every tool, and only tools" {
	local f

	for f in "$TOP"/cmd/*.c "$TOP"/cmd/*.sh; do
		[ ! -e "$f" ] || basename "${f%.*}"
	done | sort >there
	awk -F '[|`]' '/^\| `lo/ { print $3 }' "$TOP/README.md" | sort >named
	diff there named
}

@test "the first screen has the two commands" {
	head -n 24 "$TOP/README.md" >screen
	grep -q '^    make demo ' screen
	grep -q '^    make check ' screen
	grep -qF "    export PATH=\$PWD/bin:\$PATH" screen
}

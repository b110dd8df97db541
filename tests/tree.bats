# The tree is as STYLE.md and CONTRIBUTING.md say.

load helper

tools() {
	local f

	for f in "$TOP"/cmd/*.c "$TOP"/cmd/*.sh; do
		[ ! -e "$f" ] || basename "${f%.*}"
	done
}

# A copy of the sources, to plant things in.
copy_sources() {
	cp -r "$TOP/cmd" "$TOP/lib" "$TOP/scripts" .
}

@test "includes point downwards" {
	run -0 "$TOP/scripts/check-includes"
	[ "$output" = "" ]
}

@test "an include that points upwards is found" {
	copy_sources
	echo '#include "store/json.h"' >>lib/model/rng.c
	run ! scripts/check-includes
	[[ $output == lib/model/rng.c:*"model may not include store/json.h"* ]]
}

@test "model and contract meet in ops/propose only" {
	copy_sources
	echo '#include "model/rng.h"' >>lib/ops/status.c
	run ! scripts/check-includes
	[[ $output == *lib/ops/status.c:*only\ ops/propose* ]]
}

@test "a circle of includes is found" {
	copy_sources
	echo '#include "store/journal.h"' >>lib/store/file.h
	echo '#include "store/file.h"' >>lib/store/journal.h
	run ! scripts/check-includes
	[[ $output == *circle:*store/journal* ]]
}

@test "a library outside its layer and a bare include are found" {
	copy_sources
	echo '#include <gsl/gsl_cdf.h>' >>lib/store/file.c
	run ! scripts/check-includes
	[[ $output == lib/store/file.c:*"belongs into model"* ]]
	copy_sources
	echo '#include "json.h"' >>lib/store/file.c
	run ! scripts/check-includes
	[[ $output == *'"json.h" should be "layer/module.h"'* ]]
}

@test "one name everywhere: tool, page, test" {
	local t missing=

	for t in $(tools); do
		[ -x "$BIN/$t" ] || missing="$missing bin/$t"
		[ -e "$TOP/man/$t.1" ] || missing="$missing man/$t.1"
		[ -e "$TOP/tests/$t.bats" ] || missing="$missing tests/$t.bats"
	done
	for t in "$TOP"/man/lo-*.1; do
		t=$(basename "$t" .1)
		ls "$TOP/cmd/$t".* >/dev/null || missing="$missing cmd/$t.c"
	done
	echo "missing:$missing"
	[ -z "$missing" ]
}

# A module's contract is a header: its own, or one of its layer that it
# includes (a module that is split over files, a row of a table).
@test "each module has a header, each header a module" {
	local f h bad=0

	cd "$TOP/lib"
	for f in */*.c; do
		[ -e "${f%.c}.h" ] || grep -q "^#include \"${f%%/*}/" "$f" || {
			echo "$f has no header"
			bad=1
		}
	done
	for h in */*.h; do
		grep -q "^#include \"$h\"" "${h%/*}"/*.[ch] || {
			echo "$h is nobody's contract"
			bad=1
		}
	done
	[ $bad -eq 0 ]
}

@test "nothing is marked as unfinished, nobody's directories are named" {
	run -1 grep -rnIE --exclude-dir=.git --exclude-dir=build \
	    --exclude-dir=bin --exclude=LICENSE --exclude=tree.bats \
	    '\b(TODO|FIXME|XXX|HACK)\b|[ "(=]/(work|root|home)/' "$TOP"
}

@test "files that README and CONTRIBUTING name exist" {
	local f bad=0

	cd "$TOP"
	# shellcheck disable=SC2016 # the backquotes are Markdown's
	for f in $(grep -ohE '\]\([A-Za-z][^):#]*\)' -- *.md | tr -d '])(') \
	    $(grep -ohE '`(cmd|lib|man|scripts|share|tests|contrib|docs)/[a-z0-9_./-]*`' \
	    -- *.md | tr -d '`'); do
		[ -e "$f" ] || { echo "there is no $f"; bad=1; }
	done
	[ $bad -eq 0 ]
}

@test "install puts tools, pages and data in place, uninstall takes them" {
	local t

	make -s -C "$TOP" install-files uninstall BIN="$BIN" \
	    BUILD="${LO_TEST_BUILD:-$TOP/build}" DESTDIR="$PWD/a" PREFIX=/usr
	[ -z "$(find a -type f)" ]
	make -s -C "$TOP" install-files BIN="$BIN" BUILD="${LO_TEST_BUILD:-$TOP/build}" \
	    DESTDIR="$PWD/b" PREFIX=/usr
	for t in $(tools); do
		[ -x "b/usr/bin/$t" ]
		[ -e "b/usr/share/man/man1/$t.1" ]
	done
	[ -e b/usr/share/man/man5/bo_config.5 ]
	[ -e b/usr/share/looptimum/schemas/bo_config.schema.json ]
	# The installed tools find the installed data beside them.
	unset LO_SHARE
	PATH=$PWD/b/usr/bin:/usr/bin:/bin run -0 lo-demo -s 2
	[[ $output == *'2 of 2 observed'* ]]
}

# Start-up time counts: what does not compute loads no numerics.
@test "tools load only the libraries they use" {
	command -v readelf >/dev/null || skip 'no readelf'
	run -0 readelf -d "$BIN/lo-best"
	[[ $output != *libgsl* ]]
}

# A PATH with little in it stands for another system.
@test "setup says what to install where it cannot, and nothing otherwise" {
	local p

	run -0 "$TOP/scripts/setup" build test
	[ "$output" = "" ]
	mkdir bin
	for p in sh awk uname; do
		ln -s "$(command -v $p)" bin
	done
	PATH=$PWD/bin run -1 "$TOP/scripts/setup" build
	[[ $output == *"apt-get install make"*"dnf install make"* ]]
	[[ $output == *"pacman -S make"*"brew install make"* ]]
	run -2 "$TOP/scripts/setup" everything
}

# A static archive silently takes the place of a library's function that has
# the same name, even in the library itself.
@test "no exported name of ours is one of a library" {
	local lib

	command -v ldd nm >/dev/null || skip 'no ldd, no nm'
	nm -g --defined-only "${LO_TEST_BUILD:-$TOP/build}/liblooptimum.a" \
	    2>/dev/null | awk 'NF == 3 { print $3 }' | sort >ours
	[ "$(uniq -d ours)" = "" ]
	[ -s ours ]
	for lib in $(ldd "$BIN"/lo-* | awk '/=> \// { print $3 }' | sort -u); do
		case $lib in
		*san.so*) continue ;;	# replaces names on purpose
		esac
		nm -D --defined-only "$lib" | awk -v lib="$lib" '
			{ sub(/@.*/, "", $3); print $3, lib }'
	done | sort -u | join ours - >both
	cat both
	[ ! -s both ]
}

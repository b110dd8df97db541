# Looptimum.  GNU make.  Settings: config.mk.  V=1 shows whole commands.
#
# cmd/NAME.c is a tool, cmd/NAME.sh a tool in sh, lib/LAYER/MODULE.c a
# module, tests/unit/MODULE.c its unit test: all are found by pattern, so
# adding one needs no edit here.

include config.mk

ALL_CPPFLAGS = -Ilib -DLO_VERSION='"$(VERSION)"' \
	-DLO_DATADIR='"$(DATADIR)"' $(DEP_CPPFLAGS) $(CPPFLAGS)
ALL_CFLAGS = $(LANG_FLAGS) $(WARN) $(WERROR) $(HARDEN) $(DEP_CFLAGS) \
	$(CFLAGS)
ALL_LDFLAGS = $(LINK_HARDEN) $(DEP_LDFLAGS) $(LDFLAGS)

# Say in short what is done; nothing with make -s.
ifeq ($V$(findstring s,$(firstword -$(MAKEFLAGS))),)
say = @printf '%-4s %s\n' $(1) $@;
endif

ARCHIVE = $(BUILD)/liblooptimum.a
LIB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*/*.c))
TOOLS := $(patsubst cmd/%.c,$(BIN)/%,$(wildcard cmd/*.c)) \
	$(patsubst cmd/%.sh,$(BIN)/%,$(wildcard cmd/*.sh))
UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*.c))
REPLAY := $(BUILD)/tests/replay/replay
REPLAY_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/replay/*.c))
# Needs ptrace, and the registers of these machines.
STRIKE := $(if $(filter Linux-x86_64 Linux-aarch64,$(OS)-$(shell uname -m)), \
	$(BUILD)/tests/fault/strike)
STRIKE_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fault/*.c))
BENCH := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c)) \
	$(BUILD)/tests/bench/opt-bench
OPT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/opt/*.c))
FUZZ := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
# What feeds the targets; nothing where libFuzzer does.
FUZZ_MAIN = $(BUILD)/tests/fuzz/base/replay.o
FUZZ_OBJ = $(BUILD)/tests/fuzz/base/fuzz.o $(FUZZ_MAIN)

all: $(TOOLS)

$(TOOLS): | $(BIN)/
$(BIN)/%: $(BUILD)/cmd/%.o $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(DEP_LIBS)
$(BIN)/%: cmd/%.sh $(BUILD)/flags
	$(call say,GEN)sed 's|@VERSION@|$(VERSION)|g' $< >$@.tmp && \
		chmod 755 $@.tmp && mv $@.tmp $@

# Made anew, not updated: a module that is gone must not linger in it.
$(ARCHIVE): $(LIB_OBJ)
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(TEST_LIBS) $(DEP_LIBS)
$(REPLAY): $(REPLAY_OBJ) $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(DEP_LIBS)
# Sanitizers do not live with what strikes.
$(BUILD)/tests/fault/strike $(STRIKE_OBJ): override CFLAGS := \
	$(filter-out -fsanitize=% -fno-sanitize%,$(CFLAGS))
$(BUILD)/tests/fault/strike: $(STRIKE_OBJ)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(FUZZ_OBJ) $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(DEP_LIBS)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(DEP_LIBS)

$(BUILD)/tests/bench/opt-bench: $(OPT_OBJ) $(ARCHIVE)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
		$(DEP_LIBS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Other flags, another build: the file changes only when they do.  So does
# the list of modules, since an archive cannot see that one is gone.
FLAGS = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(DEP_LIBS) \
	$(TEST_LIBS)
$(BUILD)/flags: .FORCE | $(BUILD)/
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(BUILD)/modules: .FORCE | $(BUILD)/
	@printf '%s\n' $(LIB_OBJ) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(ARCHIVE): $(BUILD)/modules

$(sort $(BIN)/ $(BUILD)/):
	@mkdir -p $@

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)

# The tests' own programs, for `tests/run` and the bench runner.
test-programs: $(UNIT) $(REPLAY) $(STRIKE) $(FUZZ) $(BUILD)/tests/bench/opt-bench
bench-programs: $(BENCH)
fuzz-programs: $(FUZZ)

# setup comes first and may install pkg-config itself, so the rest is a
# make of its own that asks it again.
demo:
	@scripts/setup build
	@$(MAKE) --no-print-directory all
	@$(BIN)/lo-demo

check:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all test-programs
	@tests/run --build $(BUILD) --bin $(BIN)

# The same tests under AddressSanitizer and UBSan; TESTS: only these.
ASAN = -fsanitize=address,undefined -fno-sanitize-recover=all
asan:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all test-programs CC=gcc \
		BUILD=build/asan BIN=build/asan/bin HARDEN= \
		CFLAGS='-O1 -g -fno-omit-frame-pointer $(ASAN)'
	@ASAN_OPTIONS=abort_on_error=0 \
		UBSAN_OPTIONS=print_stacktrace=1 \
		tests/run --build build/asan --bin build/asan/bin $(TESTS)

# The same tests, but for some, under valgrind.
valgrind:
	@scripts/setup build test lint
	@$(MAKE) --no-print-directory all test-programs
	@tests/valgrind $(BUILD) $(BIN) $(TESTS)

# Each mutating tool killed or failed at each call, and its recovery; see
# tests/fault/README.md.  CRASH: options, as in CRASH='--tool ingest'.
crash:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all $(STRIKE)
	@tests/fault/crash.py --bin $(BIN) --strike $(strip $(STRIKE)) $(CRASH)

# The power taken away from each at each moment, and from its recovery;
# builds with one fault each, which these two must find.  POWER: options,
# MUTANTS: only these.
power:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all
	@tests/fault/power.py --bin $(BIN) $(POWER)
mutants:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all $(STRIKE)
	@$(MUTANT_ENV) tests/fault/mutants/run $(BUILD) $(BIN) $(MUTANTS)
MUTANT_ENV = CC='$(CC)' MUTANT_CFLAGS='$(ALL_CFLAGS) $(ALL_LDFLAGS)' \
	MUTANT_LIBS='$(DEP_LIBS)'

lint:
	@scripts/setup build test lint
	@scripts/lint

# 64 processes on one campaign, two hosts, holders that lost their lock; and
# over NFS, between kernels in user mode.  See tests/fault/nfs/README.md.
contend:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all
	@tests/fault/contend --bin $(BIN)
nfs:
	@scripts/setup build test
	@$(MAKE) --no-print-directory all
	@tests/fault/nfs/run --bin $(BIN)

# Suggestions are the same whoever compiled the library.
golden:
	@scripts/setup build test lint
	@scripts/golden

# Each parser, with what libFuzzer makes up; see tests/fuzz/README.md.
FUZZ_SECONDS = 600
fuzz:
	@scripts/setup build test lint fuzz
	@tests/fuzz/run $(FUZZ_SECONDS) $(TARGETS)

# Files of a campaign cut at every length, and spoiled at random.
truncate: all
	@scripts/setup test
	@LO_EVERY=1 LO_FLIPS=400 tests/run --build $(BUILD) --bin $(BIN) \
		tests/truncate.bats

# Every allocation of every tool fails, once and for good; see tests/oom.py.
oom: all
	@scripts/setup test
	@LO_POINTS=0 LO_TOOLS= tests/run --build $(BUILD) --bin $(BIN) \
		tests/oom.bats

# With gigabyte logs and 100,000 trials.
hostile: all
	@scripts/setup test
	@LO_SLOW=1 tests/run --build $(BUILD) --bin $(BIN) tests/hostile.bats

# The optimizer on its tasks, against the stored results of others; those
# anew (hours, and a Python registry).  See tests/bench/README.md.
bench-opt:
	@scripts/setup build
	@$(MAKE) --no-print-directory all bench-programs
	@tests/bench/opt/measure $(BUILD) $(BIN)
bench-peers:
	@scripts/setup build
	@$(MAKE) --no-print-directory all bench-programs
	@tests/bench/opt/measure --peers $(BUILD) $(BIN)

bench:
	@scripts/setup build
	@$(MAKE) --no-print-directory all bench-programs
	@tests/bench/run --build $(BUILD) --bin $(BIN)

install: all install-files
install-files:
	mkdir -p $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)
	install -m 755 $(TOOLS) $(DESTDIR)$(BINDIR)
	for s in 1 5 7; do \
		mkdir -p $(DESTDIR)$(MANDIR)/man$$s && \
		for p in man/*.$$s; do \
			test ! -e $$p || install -m 644 $$p \
			    $(DESTDIR)$(MANDIR)/man$$s || exit; \
		done; \
	done
	cd share && find templates schemas -type f | while read -r f; do \
		mkdir -p $(DESTDIR)$(DATADIR)/$${f%/*} && \
		install -m 644 $$f $(DESTDIR)$(DATADIR)/$$f || exit; \
	done

uninstall:
	rm -f $(patsubst $(BIN)/%,$(DESTDIR)$(BINDIR)/%,$(TOOLS))
	for s in 1 5 7; do for p in man/*.$$s; do \
		rm -f $(DESTDIR)$(MANDIR)/man$$s/$${p##*/}; \
	done; done
	rm -rf $(DESTDIR)$(DATADIR)

DIST = looptimum-$(VERSION)
dist:
	git archive --format=tar.gz --prefix=$(DIST)/ -o $(DIST).tar.gz HEAD

clean:
	rm -rf $(BUILD) $(BIN) $(DIST).tar.gz

.SUFFIXES:
.FORCE:
.PHONY: all test-programs bench-programs fuzz-programs demo check asan \
	valgrind crash power mutants contend nfs fuzz truncate oom hostile \
	lint golden bench bench-opt bench-peers install install-files \
	uninstall dist clean .FORCE
.SECONDARY:
.DELETE_ON_ERROR:

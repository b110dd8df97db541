# What a builder may want to change.  Everything here can be given on the
# command line too: make CC=clang BUILD=build/clang BIN=build/clang/bin

VERSION = 0.1.0

PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/looptimum

# Where objects and runnable tools go.
BUILD = build
BIN = bin

CC = cc
AR = ar
PKG_CONFIG = pkg-config

CFLAGS = -O2 -g
CPPFLAGS =
LDFLAGS =

# make WERROR=-Werror: what lint and CI use.
WERROR =
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
HARDEN = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong

# What the code is written in.  The same digits everywhere: no a*b+c in one
# rounding on the machines that could.
LANG_FLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -fPIE -ffp-contract=off

# Systems differ in what their linker knows and in what they hide when
# POSIX is asked for by name.
OS := $(shell uname -s)
ifeq ($(OS),Darwin)
LANG_FLAGS += -D_DARWIN_C_SOURCE
BREW := $(shell brew --prefix 2>/dev/null)
DEP_CPPFLAGS = $(if $(BREW),-I$(BREW)/include)
DEP_LDFLAGS = $(if $(BREW),-L$(BREW)/lib) -Wl,-dead_strip_dylibs
else
# Start-up time counts: load only the libraries that a tool uses.
LINK_HARDEN = -pie -Wl,-z,relro,-z,now
DEP_LDFLAGS = -Wl,--as-needed
endif
ifeq ($(OS),FreeBSD)
LANG_FLAGS += -D__BSD_VISIBLE=1
DEP_CPPFLAGS = -I/usr/local/include
DEP_LDFLAGS += -L/usr/local/lib
endif
ifeq ($(OS),OpenBSD)
LANG_FLAGS += -D_BSD_SOURCE
DEP_CPPFLAGS = -I/usr/local/include
DEP_LDFLAGS += -L/usr/local/lib
endif
ifeq ($(OS),NetBSD)
LANG_FLAGS += -D_NETBSD_SOURCE
DEP_CPPFLAGS = -I/usr/pkg/include
DEP_LDFLAGS += -L/usr/pkg/lib
endif

# pkg-config for the libraries that have a .pc file everywhere, the plain
# name for the others.
pc = $(shell $(PKG_CONFIG) $(1) 2>/dev/null || echo '$(2)')
DEP_CFLAGS := $(call pc,--cflags gsl zlib,)
DEP_LIBS := -ljq -lcsv $(call pc,--libs gsl zlib,-lgsl -lgslcblas -lz) -lm
TEST_LIBS := $(call pc,--libs cmocka,-lcmocka)

/*
 * fuzz: what the targets share.
 *
 * A target is a file tests/fuzz/NAME.c with one function, libFuzzer's, over
 * one parser of the library.  It takes whatever bytes come, leaves nothing
 * behind (memory included) and aborts through fuzz_check when what must hold
 * does not.  The same file is linked with replay.c, whose main feeds it the
 * corpus, where there is no libFuzzer.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "store/json.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Says what and aborts unless it is true. */
#define fuzz_check(true_) \
	((true_) ? (void)0 : fuzz_failed(#true_, __FILE__, __LINE__))
void	fuzz_failed(const char *what, const char *file, int line)
	    __attribute__((noreturn));

/* The bytes, and a NUL behind them. */
void	fuzz_text(const uint8_t *, size_t, struct buf *);

/* Contracts with parameters of every kind, conditions, and two objectives;
 * made at the first call and kept. */
struct fuzz_contracts {
	struct space *space;
	struct objectives *objectives;
};
const struct fuzz_contracts *fuzz_contracts(void);

/* A file of these bytes that is nowhere on disk: a descriptor, which the
 * caller closes. */
int	fuzz_file(const uint8_t *, size_t);

#endif

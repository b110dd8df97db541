/* unit: what the unit tests share. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"

#define assert_has(text, part) \
	do { \
		if (strstr((text), (part)) == NULL) \
			fail_msg("\"%s\" has no \"%s\"", (text), (part)); \
	} while (0)

/* Bytes of a buf against a string. */
#define assert_text(b, expected) \
	do { \
		assert_string_equal(buf_str(b), (expected)); \
		assert_int_equal((b)->len, strlen(expected)); \
	} while (0)

#endif

/*
 * num: numbers as text, whatever the locale.
 *
 * Written numbers are the shortest decimal that reads back to the same
 * double, in the notation of Python's repr: a point or an exponent is
 * always there ("2.0", "1e-05", "1e+16").
 */
#ifndef LO_BASE_NUM_H
#define LO_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUM_TEXT 32	/* room for any number and its NUL */

/* The largest integer that a double holds with all its neighbours. */
#define NUM_INT_MAX ((int64_t)1 << 53)

/* Write a double; returns out.  What is not finite is for messages only. */
char	*num_real(char out[NUM_TEXT], double);
char	*num_int(char out[NUM_TEXT], int64_t);
/* As num_real, but an integral value below 2^53 has no ".0". */
char	*num_plain(char out[NUM_TEXT], double);

/* Read a whole decimal number (JSON's grammar, also "+1", ".5", "1.").
 * False for anything else, for NaN, infinities and overflow. */
bool	num_read(const char *text, size_t len, double *);
/* Is the integer with this text (sign and digits) within +-2^53? */
bool	num_exact_int(const char *text, size_t len);
/* Read a whole decimal integer within +-2^53. */
bool	num_read_int(const char *text, size_t len, int64_t *);

#endif

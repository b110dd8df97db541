/*
 * compare: two JSON values, member by member, numbers to the bit.
 *
 * Each difference is a line on standard output,
 *	trial 13: .length_scales.lr: expected 0.31, got 0.32 (off by 3.2e-2)
 * where "off" is relative to the larger of the two numbers.
 */
#ifndef TESTS_REPLAY_COMPARE_H
#define TESTS_REPLAY_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"

struct compare {
	int64_t trial;
	struct buf path;
	size_t differences;
	double largest;		/* relative; infinite if no numbers */
};

/* Both consume a and b; below: that is the member of that name. */
void	compare_values(struct compare *, jv a, jv b);
void	compare_below(struct compare *, const char *name, jv a, jv b);
/* The member of a borrowed object. */
jv	member_of(jv object, const char *key);

#endif

/* num_exact: decimals and doubles by one operation; private to num. */
#ifndef LO_BASE_NUM_EXACT_H
#define LO_BASE_NUM_EXACT_H

#include <float.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/num.h"

/* Powers of ten that doubles hold exactly. */
#define NUM_POWER 22
static const double num_power[NUM_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/*
 * digits * 10^exp where one correctly rounded operation on two exact
 * numbers gives it (Clinger 1990, "How to read floating point numbers
 * accurately", section 3); most numbers are such, and strtod takes its time.
 */
static inline bool
num_exact(uint64_t digits, int exp, double *x)
{
	if (FLT_EVAL_METHOD != 0 || digits > (uint64_t)NUM_INT_MAX ||
	    abs(exp) > NUM_POWER)
		return false;
	*x = (double)digits;
	if (exp < 0)
		*x /= num_power[-exp];
	else
		*x *= num_power[exp];
	return true;
}

#endif

/*
 * log_sum: sums of positive terms known by their logarithms, and of what is
 * to be weighted with them.
 */
#ifndef LO_MODEL_LOG_SUM_H
#define LO_MODEL_LOG_SUM_H

#include <stddef.h>

/* exp(max) times: sum of the terms, and total[n] of what they weight. */
struct log_sum {
	double max, sum;
	size_t n;
	double *total;		/* borrowed */
};

void	log_sum_init(struct log_sum *, size_t n, double *total);
/* A term, and n numbers that it weights. */
void	log_sum_add(struct log_sum *, double log_term, const double *with);
/* The logarithm of the sum, at least -DBL_MAX; the totals become means, so
 * that, where with were the derivatives of log_term, they are those of the
 * result.  Neither is NaN. */
double	log_sum_end(struct log_sum *);

#endif

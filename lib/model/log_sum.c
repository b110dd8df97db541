/* log_sum: sums of terms known by their logarithms.  See log_sum.h. */
#include <float.h>
#include <math.h>

#include "model/log_sum.h"

void
log_sum_init(struct log_sum *s, size_t n, double *total)
{
	size_t j;

	s->max = -INFINITY;
	s->sum = 0;
	s->n = n;
	s->total = total;
	for (j = 0; j < n; j++)
		total[j] = 0;
}

void
log_sum_add(struct log_sum *s, double log_term, const double *with)
{
	double scale;
	size_t j;

	if (!(log_term > -DBL_MAX) || log_term > DBL_MAX)
		return;
	if (log_term > s->max) {
		scale = exp(s->max - log_term);
		s->max = log_term;
		s->sum *= scale;
		for (j = 0; j < s->n; j++)
			s->total[j] *= scale;
	}
	scale = exp(log_term - s->max);
	s->sum += scale;
	for (j = 0; j < s->n; j++)
		s->total[j] += scale * with[j];
}

static double
bounded(double x)
{
	return isnan(x) ? 0 : fmax(-DBL_MAX, fmin(DBL_MAX, x));
}

double
log_sum_end(struct log_sum *s)
{
	size_t j;

	for (j = 0; j < s->n; j++)
		s->total[j] = s->sum > 0 ? bounded(s->total[j] / s->sum) : 0;
	return s->sum > 0 ? bounded(s->max + log(s->sum)) : -DBL_MAX;
}

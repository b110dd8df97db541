/*
 * lexi_ei: expected improvement where a later objective counts only between
 * equals.
 *
 * A vector of independent normals improves on best_1, or else is as good in
 * the first objective as makes no difference, that is, up to edge_1, and
 * improves on best_2, and so on:
 *
 *	E = sum_j psi_j(best_j) prod_{i<j} Phi((edge_i - mean_i) / sd_i)
 *
 * with psi as in model/ehvi.h.  There is no rate of exchange between the
 * objectives; as all are in units of their own deviation, the first rules
 * as long as it can be improved noticeably.
 */
#ifndef LO_MODEL_LEXI_EI_H
#define LO_MODEL_LEXI_EI_H

#include <stddef.h>

struct lexi_ei {
	size_t levels;		/* objectives that count, at most k */
	size_t k;
	double *best, *edge;	/* levels; the last edge is not used */
};

/* The logarithm; at least -DBL_MAX, never NaN.  slope[2k], unless NULL: its
 * derivatives by mean[k], then by sd[k]. */
double	lexi_ei_log(const struct lexi_ei *, const double *mean,
	    const double *sd, double *slope);

#endif

/* lexi_ei: improvement between equals.  See lexi_ei.h. */
#include <stdlib.h>

#include "base/xmem.h"
#include "model/acquire.h"
#include "model/lexi_ei.h"
#include "model/log_sum.h"

double
lexi_ei_log(const struct lexi_ei *e, const double *mean, const double *sd,
    double *slope)
{
	double *with = xcalloc(4 * e->k, sizeof(*with)), own[2], z, hazard;
	double equal = 0, value;
	struct log_sum sum;
	size_t j;

	log_sum_init(&sum, 2 * e->k, slope != NULL ? slope :
	    with + 2 * e->k);
	for (j = 0; j < e->levels; j++) {
		value = acquire_log_ei(mean[j], sd[j], e->best[j], own);
		with[j] = own[0];
		with[e->k + j] = own[1];
		log_sum_add(&sum, equal + value, with);
		z = (e->edge[j] - mean[j]) / sd[j];
		equal += acquire_log_cdf(z, &hazard);
		with[j] = -hazard / sd[j];
		with[e->k + j] = -hazard * z / sd[j];
	}
	value = log_sum_end(&sum);
	free(with);
	return value;
}

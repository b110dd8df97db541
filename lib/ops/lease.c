#include <string.h>

#include "campaign/state.h"
#include "ops/ops.h"

int
op_check_lease(const struct pending *p, const char *token, struct err *err)
{
	if (p->lease_token == NULL)
		return 0;
	if (token == NULL)
		return err_set(err, LO_REFUSED, "trial %lld: it is leased, "
		    "expected the lease_token of its suggestion, got none",
		    (long long)p->id);
	if (strcmp(token, p->lease_token) != 0)
		return err_set(err, LO_REFUSED, "trial %lld: expected the "
		    "lease_token of its suggestion, got another one",
		    (long long)p->id);
	return 0;
}

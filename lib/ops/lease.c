#include <string.h>

#include "campaign/state.h"
#include "ops/ops.h"

/* In a time that does not tell how much of it was right. */
static bool
same_token(const char *a, const char *b)
{
	size_t n = strlen(a), i;
	unsigned char differs = n != strlen(b);

	if (differs)
		return false;
	for (i = 0; i < n; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

int
op_check_lease(const struct pending *p, const char *token, struct err *err)
{
	if (p->lease_token == NULL)
		return 0;
	if (token == NULL)
		return err_set(err, LO_REFUSED, "trial %lld: it is leased, "
		    "expected the lease_token of its suggestion, got none",
		    (long long)p->id);
	if (!same_token(p->lease_token, token))
		return err_set(err, LO_REFUSED, "trial %lld: expected the "
		    "lease_token of its suggestion, got another one",
		    (long long)p->id);
	return 0;
}

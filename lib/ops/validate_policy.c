#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/governance.h"
#include "ops/validate.h"

/* -------------------------------------------------------------- leases */

/* A lease of a trial that is under way. */
struct lease {
	struct span token;
	const struct vtrial *trial;
};

static int
by_token(const void *a, const void *b)
{
	const struct lease *x = a, *y = b;
	size_t n = x->token.len < y->token.len ? x->token.len : y->token.len;
	int order = memcmp(x->token.p, y->token.p, n);

	if (order != 0 || x->token.len != y->token.len)
		return order != 0 ? order :
		    x->token.len < y->token.len ? -1 : 1;
	return x->trial->index - y->trial->index;
}

/* Whoever has one of two like tokens could end the other's trial.  The
 * tokens themselves are not for a log. */
void
validate_leases(struct vcheck *v)
{
	struct lease *lease = xcalloc(v->ntrial + 1, sizeof(*lease));
	char *path;
	size_t i, n = 0;

	for (i = 0; i < v->ntrial; i++) {
		lease[n].trial = &v->trial[i];
		lease[n].token = json_find(v->trial[i].raw, "lease_token");
		if (v->trial[i].status == VTRIAL_PENDING &&
		    lease[n].token.p != NULL && *lease[n].token.p == '"')
			n++;
	}
	qsort(lease, n, sizeof(*lease), by_token);
	for (i = 1; i < n; i++) {
		if (lease[i].token.len != lease[i - 1].token.len ||
		    memcmp(lease[i].token.p, lease[i - 1].token.p,
		    lease[i].token.len) != 0)
			continue;
		path = xasprintf(".pending[%d].lease_token",
		    lease[i].trial->index);
		find_text(v, FINDING_WARNING, v->c.paths.shown[PATH_STATE],
		    path, "is that of trial %lld, too",
		    (long long)lease[i - 1].trial->id);
		free(path);
	}
	free(lease);
}

/* ---------------------------------------------------------- governance */

void
vcheck_read_state(struct vcheck *v)
{
	struct campaign *c = &v->c;
	struct buf text = BUF_INIT;
	struct err e;

	if (!v->config_ok || c->c.space == NULL || c->c.objectives == NULL)
		return;
	if (!v->state_exists) {
		c->state = state_new(c->c.space, c->c.objectives,
		    clock_now());
		return;
	}
	if (!v->state_whole)
		return;
	buf_add(&text, v->state_text.p, v->state_text.len);
	c->state = state_parse_scanned(&text, c->c.space, c->c.objectives,
	    c->paths.shown[PATH_STATE], &e);
	buf_release(&text);
	if (c->state == NULL && vcheck_count(v, FINDING_ERROR) == 0)
		find_err(v, FINDING_ERROR, c->paths.shown[PATH_STATE], &e);
}

static void
tell(struct vcheck *v, const struct governance_finding *f, size_t n)
{
	char *path;
	size_t i;

	for (i = 0; i < n; i++) {
		path = xasprintf(".%s", f[i].policy_id);
		find_text(v, FINDING_WARNING, "bo_config.json", path, "%s",
		    f[i].message);
		free(path);
	}
}

void
validate_governance(struct vcheck *v)
{
	struct governance g;
	struct err e;

	if (governance_look(&g, &v->c, clock_now(), &e) != 0)
		find_text(v, FINDING_WARNING, g.archives_root, NULL, "%s",
		    e.text);
	governance_judge(&g, &v->c);
	tell(v, g.warning, g.nwarning);
	tell(v, g.violation, g.nviolation);
	governance_release(&g);
}

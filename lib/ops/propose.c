/* propose: the next point and why.  See propose.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/propose.h"
#include "ops/propose_decision.h"
#include "ops/propose_gp.h"
#include "ops/propose_local.h"
#include "ops/propose_model.h"
#include "ops/propose_rescue.h"
#include "ops/propose_search.h"
#include "ops/propose_walk.h"

/* Why the model that is wanted has too little to learn from, or NULL.  The
 * caller frees. */
static char *
too_few(const struct config *config, enum surrogate_type type, size_t ok)
{
	int64_t least = config->gp_min_fit_observations;

	if (ok == 0)
		return xstrdup("no_usable_observations");
	if (least < 2)
		least = 2;
	if (type == SURROGATE_GP && ok < (size_t)least)
		return xasprintf("insufficient_usable_observations_for_gp"
		    "(%zu/%lld)", ok, (long long)least);
	return NULL;
}

/* The decision that was come to: a point, or NULL where none was found. */
static void
conclude(struct decision *d, struct search *s, const double *point,
    struct proposal *out)
{
	if (point != NULL) {
		out->point = xcalloc(s->space->n, sizeof(*out->point));
		memcpy(out->point, point, s->space->n * sizeof(*out->point));
		d->warning = out->warning = decision_warning(s);
		if (d->fallback_reason != NULL)
			out->fallback = xstrdup(d->fallback_reason);
	} else if (search_exhausted(s)) {
		out->exhausted = true;
		return;
	} else {
		d->infeasible = out->infeasible = decision_infeasible(s);
	}
	decision_write(d, &out->decision);
}

static const double *
first_found(const struct search *s)
{
	return s->found.n > 0 ? points_at(&s->found, 0) : NULL;
}

static void
propose_random(struct search *s, enum phase phase, const char *reason,
    struct proposal *out)
{
	struct decision d = { .search = s, .fallback_reason = reason };

	s->phase = phase;
	search_one(s, true, RNG_REJECT);
	out->advice = rescue(s);
	conclude(&d, s, first_found(s), out);
}

static void
propose_uniform(struct search *s, const char *reason, struct proposal *out)
{
	struct decision d = { .search = s, .fallback_reason = reason };

	s->phase = PHASE_FALLBACK;
	search_one(s, false, RNG_RANDOM);
	out->advice = rescue(s);
	conclude(&d, s, first_found(s), out);
}

static void
propose_pool(struct search *s, const struct teach *t,
    const struct fitted *f, struct proposal *out)
{
	struct decision d = {
		.search = s, .fallback_reason = f->fallback_reason,
		.teach = t, .fitted = f
	};
	struct pick pick;

	s->phase = PHASE_POOL;
	search_pool(s, (size_t)s->config->candidate_pool_size);
	out->advice = rescue_pool(s);
	if (s->found.n > 0) {
		pick = pick_best(s, t, f);
		d.pick = &pick;
	}
	conclude(&d, s, d.pick != NULL ? points_at(&s->found, pick.index) :
	    NULL, out);
}

/* Candidates; NULL, or why there are none. */
static char *
fill(struct search *s)
{
	search_pool(s, SEARCH_ENUMERABLE);
	if (s->found.n == 0 && s->local == NULL && !s->met_taken)
		return rescue_pool(s);
	walk_pool(s);
	return NULL;
}

/* Candidates; from all of the space if nothing is left around the
 * incumbent. */
static char *
fill_pool(struct search *s, const struct range *kept)
{
	char *why = fill(s);

	if (s->found.n > 0 || s->local == NULL)
		return why;
	local_end(s, kept);
	return fill(s);
}

/* 0, or -1 and why there is no such model; the caller frees. */
static int
propose_gp(struct search *s, const struct teach *t, struct proposal *out,
    char **why)
{
	struct decision d = { .search = s, .teach = t };
	struct pick pick = { .acquisition = pick_acquisition(s->config) };
	struct gp_model m;
	struct err err;
	double *point = xcalloc(s->space->n, sizeof(*point));
	struct range *kept = xcalloc(s->space->n, sizeof(*kept));
	int status;

	local_begin(s, t, kept);
	status = gp_model_init(&m, s, t, &err);
	if (status != 0) {
		*why = xasprintf("gp_fit_failed: %s", err.text);
		local_end(s, kept);
		goto out;
	}
	s->phase = PHASE_POOL;
	s->replicates |= m.noisy;
	out->advice = fill_pool(s, kept);
	m.local = s->local != NULL;
	d.gp = &m;
	if (s->found.n > 0) {
		if (!gp_model_descend(&m, s, t, point))
			gp_model_pick(&m, s, point);
		pick.mean = t->sign * m.mean;
		pick.sd = m.sd;
		pick.score = m.score;
		d.pick = &pick;
		if (!m.local)
			out->model = gp_model_memory(&m, s);
	}
	conclude(&d, s, d.pick != NULL ? point : NULL, out);
out:
	gp_model_release(&m);
	free(kept);
	free(point);
	return status;
}

static void
propose_modelled(struct search *s, enum surrogate_type type,
    struct proposal *out)
{
	struct teach teach;
	struct fitted fitted;
	char *reason, *why = NULL;

	teach_init(&teach, s);
	reason = too_few(s->config, type, teach.data.n);
	if (reason != NULL) {
		propose_random(s, PHASE_FALLBACK, reason, out);
	} else if (type != SURROGATE_GP || propose_gp(s, &teach, out, &why)
	    != 0) {
		fitted_init(&fitted, &teach, s->config, type, why);
		if (fitted.surrogate != NULL)
			propose_pool(s, &teach, &fitted, out);
		else
			propose_uniform(s, fitted.fallback_reason, out);
		fitted_release(&fitted);
	}
	free(reason);
	teach_release(&teach);
}

int
propose(const struct campaign *c, int64_t trial_id,
    enum surrogate_type type, struct proposal *out, struct err *err)
{
	struct search s;

	(void)err;
	memset(out, 0, sizeof(*out));
	out->model = jv_invalid();
	search_init(&s, c, trial_id);
	if ((int64_t)c->state->nobs < s.config->initial_random_trials)
		propose_random(&s, PHASE_INITIAL, NULL, out);
	else if (type == SURROGATE_RANDOM)
		propose_uniform(&s, NULL, out);
	else
		propose_modelled(&s, type, out);
	search_release(&s);
	return 0;
}

void
proposal_release(struct proposal *p)
{
	free(p->point);
	buf_release(&p->decision);
	free(p->warning);
	free(p->fallback);
	free(p->infeasible);
	free(p->advice);
	jv_free(p->model);
	memset(p, 0, sizeof(*p));
}

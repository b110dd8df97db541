/* propose_trace: how to make a decision again.  See propose_trace.h. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/propose_trace.h"
#include "store/json.h"

#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static void
hash_int(uint64_t *h, uint64_t v)
{
	int i;

	for (i = 0; i < 8; i++, v >>= 8) {
		*h ^= v & 255;
		*h *= FNV_PRIME;
	}
}

/* What compares equal counts as the same, and so do all NaN. */
static void
hash_reals(uint64_t *h, size_t n, const double *x)
{
	uint64_t bits;
	double v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = isnan(x[i]) ? INFINITY : x[i] == 0 ? 0 : x[i];
		memcpy(&bits, &v, sizeof(bits));
		hash_int(h, bits);
	}
}

static void
hash_observed(uint64_t *h, const struct search *s)
{
	const struct state *state = s->state;
	const struct observation **order = order_observed(state);
	size_t i;

	hash_int(h, state->nobs);
	for (i = 0; i < state->nobs; i++) {
		hash_int(h, (uint64_t)order[i]->id);
		hash_int(h, (uint64_t)order[i]->status);
		hash_int(h, order[i]->usable);
		if (!order[i]->usable)
			continue;
		hash_reals(h, s->space->n, order[i]->point);
		hash_reals(h, state->objectives->n, order[i]->y);
	}
	free(order);
}

static void
hash_pending(uint64_t *h, const struct search *s)
{
	const struct state *state = s->state;
	const struct pending **order = order_pending(state);
	size_t i;

	hash_int(h, state->npend);
	for (i = 0; i < state->npend; i++) {
		hash_int(h, (uint64_t)order[i]->id);
		hash_int(h, order[i]->usable);
		if (order[i]->usable)
			hash_reals(h, s->space->n, order[i]->point);
	}
	free(order);
}

/* As text with sorted keys: a jv just made and one just read differ in the
 * order of their members. */
static void
hash_memory(uint64_t *h, const struct search *s)
{
	jv model = jv_is_valid(s->state->meta) ? jv_object_get(
	    jv_copy(s->state->meta), jv_string("model")) : jv_invalid();
	struct buf text = BUF_INIT;
	struct jw w;
	size_t i;

	if (jv_is_valid(model)) {
		jw_init(&w, &text, JW_LOG);
		jw_jv(&w, model);
		jw_release(&w);
	}
	hash_int(h, text.len);
	for (i = 0; i < text.len; i++)
		hash_int(h, (unsigned char)text.p[i]);
	buf_release(&text);
	jv_free(model);
}

/* FNV-1a, 64 bits: numbers as they stand in the files, before anything is
 * computed. */
static uint64_t
hash(const struct search *s)
{
	uint64_t h = FNV_OFFSET;

	hash_int(&h, s->seed);
	hash_int(&h, (uint64_t)s->trial_id);
	hash_observed(&h, s);
	hash_pending(&h, s);
	hash_memory(&h, s);
	return h;
}

void
trace_write(const struct search *s, struct jw *w)
{
	char *hex = xasprintf("%016llx", (unsigned long long)hash(s));

	JW_KEY(w, "taught", text, hex);
	free(hex);
}

void
trace_write_gp(const struct gp_model *m, const struct search *s,
    double sign, struct jw *w)
{
	jv memory;

	JW_KEY(w, "search_phase", text, m->descent ? "descent" : m->local ?
	    "local" : s->branch != NULL ? "branch" : "global");
	if (s->branch != NULL)
		JW_KEY(w, "branch_best_trial_id", int, s->branch->id);
	if (m->descent)
		JW_KEY(w, "trust_radius", real, s->radius);
	if (m->several == NULL) {
		JW_KEY(w, "threshold", real, sign * warp_inverse(&m->warp,
		    m->threshold));
		JW_KEY(w, "constant_mean", real, gp_mean(m->gp));
		JW_KEY(w, "jitter", real, gp_jitter(m->gp));
		JW_KEY(w, "log_posterior", real, gp_log_posterior(m->gp));
	}
	JW_KEY(w, "pending_conditioned", int, (int64_t)m->conditioned);
	JW_KEY(w, "rows_used", int, (int64_t)m->rows);
	JW_KEY(w, "rows_known", int, (int64_t)m->known);
	if (m->local)
		return;		/* the state keeps the model it has */
	memory = gp_model_memory(m, s);
	JW_KEY(w, "model", jv, memory);
	jv_free(memory);
}

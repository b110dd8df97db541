/* propose_recommend: see propose_recommend.h. */
#include "ops/propose_gp.h"
#include "ops/propose_model.h"
#include "ops/propose_recommend.h"

static bool
ask_model(const struct search *s, const struct teach *t,
    struct recommendation *out)
{
	struct gp_model m;
	bool known = gp_model_recall(&m, s, t) == 0;

	if (known) {
		gp_model_foretell(&m, s, m.top);
		out->trial_id = m.best_id;
		out->mean = t->sign * m.mean;
		out->sd = m.sd;
	}
	gp_model_release(&m);
	return known;
}

bool
recommend(const struct campaign *c, struct recommendation *out)
{
	struct search s;
	struct teach t;
	bool known = false;

	if (c->c.config->surrogate != SURROGATE_GP || c->c.config->noise == 0)
		return false;
	search_init(&s, c, c->state->next_trial_id);
	teach_init(&t, &s);
	if (t.data.n > 0)
		known = ask_model(&s, &t, out);
	teach_release(&t);
	search_release(&s);
	return known;
}

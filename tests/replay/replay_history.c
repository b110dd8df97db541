/* replay_history: the state as it was.  See replay.h. */
#include "contract/point.h"
#include "store/json.h"

#include "compare.h"
#include "replay.h"

const double *
history_point(const struct replay *r, int64_t id)
{
	const struct observation *o = state_observation(r->last, id);
	const struct pending *p = state_pending(r->last, id);

	if (o != NULL && o->usable)
		return o->point;
	if (p != NULL && p->usable)
		return p->point;
	replay_die("state", "a trial of the event log is missing or does not "
	    "fit the search space");
}

static void
write_pending(const struct replay *r, int64_t id, struct buf *text)
{
	struct jw w;

	jw_init(&w, text, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, id);
	JW_KEY(&w, "suggested_at", real, 1);
	jw_key(&w, "params");
	point_write(r->now->c.space, history_point(r, id), &w);
	jw_end(&w);
	jw_release(&w);
}

void
history_pending(struct replay *r, int64_t id)
{
	struct buf text = BUF_INIT;
	struct err err;

	write_pending(r, id, &text);
	if (state_add_pending(r->now->state, json_parse(text.p, text.len,
	    "pending", &err), &err) != 0)
		replay_die("state", err.text);
	buf_release(&text);
}

/* What a retired trial was before its result came after all. */
static void
write_killed(const struct replay *r, int64_t id, struct buf *text)
{
	struct jw w;

	write_pending(r, id, text);
	buf_cut(text, text->len - 1);
	buf_adds(text, ",\"status\":\"killed\",\"completed_at\":1,"
	    "\"terminal_reason\":\"retired\",\"objectives\":");
	jw_init(&w, text, JW_COMPACT);
	objectives_write(r->now->c.objectives, NULL, &w);
	jw_release(&w);
	buf_addc(text, '}');
}

void
history_observed(struct replay *r, int64_t id, bool killed)
{
	const struct observation *o = state_observation(r->last, id);
	struct pending *p = state_pending(r->now->state, id);
	struct buf text = BUF_INIT;
	struct err err;

	if (o == NULL)
		replay_die("state", "an observation of the event log is "
		    "missing");
	if (killed)
		write_killed(r, id, &text);
	else
		buf_add(&text, o->raw.p, o->raw.len);
	if (p != NULL)
		state_drop_pending(r->now->state, p);
	if (state_put_observation(r->now->state, &text, &err) != 0)
		replay_die("state", err.text);
}

void
history_imported(struct replay *r, jv event)
{
	jv count = member_of(event, "accepted_count");
	double n = jv_get_kind(count) == JV_KIND_NUMBER ?
	    jv_number_value(count) : 0;

	for (; n > 0; n--)
		history_observed(r, r->now->state->next_trial_id, false);
	jv_free(count);
}

void
history_remember(struct replay *r, const char *key, jv value)
{
	struct state *s = r->now->state;

	if (jv_is_valid(value))
		s->meta = jv_object_set(s->meta, jv_string(key), value);
	else
		jv_free(value);
}

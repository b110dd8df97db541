/*
 * replay: every suggestion of a campaign made again.
 *
 *	replay [-t TOLERANCE] CAMPAIGN
 *	replay -m
 *
 * Reads the user's files, the state and both logs, and goes through the
 * event log: what was observed and pending is brought to where it was just
 * before each suggestion_created, meta.model is what the decision before
 * told, and propose() is asked again.  Whatever differs of the parameters
 * and the decision is printed (compare.h), then a summary.  Decisions that
 * led to no trial, the user's own points, replicates and retries are passed
 * over.
 *
 * Exits with 0 if all is the same to the bit or, with -t, if no parameter
 * is off by more than that share of its range; with 1 if not, with 2 if
 * the campaign cannot be replayed.
 *
 * -m prints a mark of this machine's arithmetic: two machines of the same
 * mark compute the same digits where ours do, see CONTRIBUTING.md.
 */
#include <stdlib.h>
#include <unistd.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/campaign.h"
#include "contract/point.h"
#include "model/rng.h"
#include "ops/propose.h"
#include "ops/propose_rows.h"
#include "store/file.h"

#include "compare.h"

struct replay {
	struct campaign *now;	/* as it is; its state is the one rebuilt */
	struct state *last;	/* what the state file holds */
	struct buf decisions, events;
	double tolerance;	/* < 0: to the bit */
	size_t replayed, same, passed_over, beyond;
	double largest;		/* parameter's deviation */
};

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "replay: %s: %s\n", what, why);
	exit(2);
}

/* ------------------------------------------------------------ documents */

/* The next line of a log, parsed; invalid at its end. */
static jv
next_line(struct span *rest)
{
	const char *end;
	struct span line = *rest;
	struct err err;
	jv v;

	if (rest->len == 0)
		return jv_invalid();
	end = memchr(rest->p, '\n', rest->len);
	line.len = end != NULL ? (size_t)(end - rest->p) : rest->len;
	rest->p += line.len;
	rest->len -= line.len;
	if (end != NULL) {
		rest->p++;
		rest->len--;
	}
	v = json_parse(line.p, line.len, "log", &err);
	if (!jv_is_valid(v))
		die("log", err.text);
	return v;
}

static int64_t
id_of(jv doc)
{
	jv id = member_of(doc, "trial_id");
	double v = jv_get_kind(id) == JV_KIND_NUMBER ? jv_number_value(id) :
	    0;

	jv_free(id);
	return (int64_t)v;
}

static bool
says(jv doc, const char *key, const char *text)
{
	jv v = member_of(doc, key);
	bool is = jv_get_kind(v) == JV_KIND_STRING &&
	    strcmp(jv_string_value(v), text) == 0;

	jv_free(v);
	return is;
}

/* The decision that made this trial, or invalid. */
static jv
decision_of(const struct replay *r, int64_t id)
{
	struct span rest = { buf_str(&r->decisions), r->decisions.len };
	jv line, found = jv_invalid(), d, reason;

	while (jv_is_valid(line = next_line(&rest))) {
		d = member_of(line, "decision");
		reason = jv_is_valid(d) ? member_of(d,
		    "constraint_error_reason") : jv_null();
		if (id_of(line) == id && !jv_is_valid(reason)) {
			jv_free(found);
			found = jv_copy(d);
		}
		jv_free(reason);
		jv_free(d);
		jv_free(line);
	}
	return found;
}

/* Is there a result that replaced a retired trial's? */
static bool
came_late(const struct replay *r, int64_t id)
{
	struct span rest = { buf_str(&r->events), r->events.len };
	bool late = false;
	jv line;

	while (!late && jv_is_valid(line = next_line(&rest))) {
		late = says(line, "event", "ingest_late_applied") &&
		    id_of(line) == id;
		jv_free(line);
	}
	return late;
}

/* -------------------------------------------------------------- history */

/* A trial as the state file has it. */
static const double *
point_of(const struct replay *r, int64_t id)
{
	const struct observation *o = state_observation(r->last, id);
	const struct pending *p = state_pending(r->last, id);

	if (o != NULL && o->usable)
		return o->point;
	if (p != NULL && p->usable)
		return p->point;
	die("state", "a trial of the event log is missing or does not fit "
	    "the search space");
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
	point_write(r->now->c.space, point_of(r, id), &w);
	jw_end(&w);
	jw_release(&w);
}

static void
now_pending(struct replay *r, int64_t id)
{
	struct buf text = BUF_INIT;
	struct err err;

	write_pending(r, id, &text);
	if (state_add_pending(r->now->state, json_parse(text.p, text.len,
	    "pending", &err), &err) != 0)
		die("state", err.text);
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

static void
now_observed(struct replay *r, int64_t id, bool killed)
{
	const struct observation *o = state_observation(r->last, id);
	struct pending *p = state_pending(r->now->state, id);
	struct buf text = BUF_INIT;
	struct err err;

	if (o == NULL)
		die("state", "an observation of the event log is missing");
	if (killed)
		write_killed(r, id, &text);
	else
		buf_add(&text, o->raw.p, o->raw.len);
	if (p != NULL)
		state_drop_pending(r->now->state, p);
	if (state_put_observation(r->now->state, &text, &err) != 0)
		die("state", err.text);
}

static void
now_imported(struct replay *r, jv event)
{
	jv count = member_of(event, "accepted_count");
	double n = jv_get_kind(count) == JV_KIND_NUMBER ?
	    jv_number_value(count) : 0;

	for (; n > 0; n--)
		now_observed(r, r->now->state->next_trial_id, false);
	jv_free(count);
}

static void
remember(struct replay *r, const char *key, jv value)
{
	struct state *s = r->now->state;

	if (jv_is_valid(value))
		s->meta = jv_object_set(s->meta, jv_string(key), value);
	else
		jv_free(value);
}

/* ----------------------------------------------------------- comparison */

/* What was asked for, if not what the configuration has. */
static enum surrogate_type
type_of(const struct replay *r, jv decision)
{
	jv reason = member_of(decision, "fallback_reason");
	jv status = member_of(decision, "constraint_status");
	bool plain = jv_get_kind(reason) != JV_KIND_STRING;
	bool gp = !plain && strstr(jv_string_value(reason), "gp") != NULL;
	bool fallback = says(status, "phase", "fallback-random");

	jv_free(reason);
	jv_free(status);
	if (gp || says(decision, "surrogate_backend", "gp"))
		return SURROGATE_GP;
	if (says(decision, "surrogate_backend", "rbf_proxy"))
		return SURROGATE_RBF_PROXY;
	return plain && fallback ? SURROGATE_RANDOM :
	    r->now->c.config->surrogate;
}

static jv
params_of(const struct space *space, const double *point)
{
	struct buf text = BUF_INIT;
	struct jw w;
	struct err err;
	jv v;

	if (point == NULL)
		return jv_invalid();
	jw_init(&w, &text, JW_COMPACT);
	point_write(space, point, &w);
	jw_release(&w);
	v = json_parse(text.p, text.len, "params", &err);
	buf_release(&text);
	return v;
}

/* The largest share of its range by which a parameter is off. */
static double
deviation(const struct space *s, const double *a, const double *b)
{
	double largest = 0, u, v, off;
	size_t i;

	for (i = 0; i < s->n; i++) {
		u = rows_coordinate(&s->param[i], a[i]);
		v = b != NULL ? rows_coordinate(&s->param[i], b[i]) : NAN;
		off = isnan(u) && isnan(v) && b != NULL ? 0 : fabs(u - v);
		if (!(off <= largest))
			largest = isnan(off) ? INFINITY : off;
	}
	return largest;
}

static void
compare_proposal(struct replay *r, int64_t id, jv expected,
    const struct proposal *p)
{
	const struct space *space = r->now->c.space;
	struct compare c = { .trial = id, .path = BUF_INIT };
	struct err err;
	double off = deviation(space, point_of(r, id), p->point);
	jv got = p->decision.len > 0 ? json_parse(p->decision.p,
	    p->decision.len, "decision", &err) : jv_object();

	compare_below(&c, "params", params_of(space, point_of(r, id)),
	    params_of(space, p->point));
	/* another release may well do the same */
	got = jv_object_delete(got, jv_string("version"));
	compare_values(&c, jv_object_delete(jv_copy(expected),
	    jv_string("version")), got);
	r->replayed++;
	r->same += c.differences == 0;
	r->beyond += c.differences > 0 && !(off <= r->tolerance);
	if (off > r->largest)
		r->largest = off;
	buf_release(&c.path);
}

static void
suggest_again(struct replay *r, int64_t id)
{
	jv decision = decision_of(r, id), model;
	struct proposal p;
	struct err err;

	if (!jv_is_valid(decision) || says(decision, "strategy", "user") ||
	    says(decision, "strategy", "replicate") ||
	    says(decision, "strategy", "retry")) {
		r->passed_over++;
		jv_free(decision);
		return;
	}
	if (propose(r->now, id, type_of(r, decision), &p, &err) != 0)
		die("propose", err.text);
	compare_proposal(r, id, decision, &p);
	model = member_of(decision, "model");
	if (!jv_is_valid(model) && says(decision, "surrogate_backend", "gp"))
		model = jv_copy(p.model);	/* none was told then */
	if (says(decision, "search_phase", "local"))
		jv_free(model);		/* the state keeps its own */
	else
		remember(r, "model", model);
	proposal_release(&p);
	jv_free(decision);
}

static void
relive(struct replay *r, jv event)
{
	int64_t id = id_of(event);

	if (says(event, "event", "suggestion_created")) {
		suggest_again(r, id);
		now_pending(r, id);
	} else if (says(event, "event", "ingest_applied") ||
	    says(event, "event", "ingest_late_applied")) {
		now_observed(r, id, false);
	} else if (says(event, "event", "trial_retired") ||
	    says(event, "event", "trial_canceled")) {
		now_observed(r, id, came_late(r, id));
	} else if (says(event, "event", "observations_imported")) {
		now_imported(r, event);
	}
}

/* ----------------------------------------------------------------- main */

static void
read_log(struct replay *r, enum path_id which, struct buf *text)
{
	struct err err;

	if (campaign_read_file(r->now, r->now->paths.real[which], text, &err)
	    <= 0)
		die(r->now->paths.shown[which], "cannot be read");
}

static void
replay_init(struct replay *r, const char *dir)
{
	struct err err;
	char *root = campaign_find(dir, &err);

	r->now = root != NULL ? campaign_open_read(root, &err) : NULL;
	if (r->now == NULL)
		die(dir, err.text);
	free(root);
	read_log(r, PATH_ACQUISITION, &r->decisions);
	read_log(r, PATH_EVENTS, &r->events);
	r->last = r->now->state;
	r->now->state = state_new(r->now->c.space, r->now->c.objectives, 1);
	remember(r, "seed", member_of(r->last->meta, "seed"));
}

static int
replay_campaign(struct replay *r, const char *dir)
{
	struct span rest;
	jv event;

	replay_init(r, dir);
	rest.p = buf_str(&r->events);
	rest.len = r->events.len;
	while (jv_is_valid(event = next_line(&rest))) {
		relive(r, event);
		jv_free(event);
	}
	printf("%zu decisions replayed, %zu the same to the bit, %zu passed "
	    "over; parameters off by %.1e of their range at most\n",
	    r->replayed, r->same, r->passed_over, r->largest);
	state_free(r->last);
	campaign_close(r->now);
	buf_release(&r->decisions);
	buf_release(&r->events);
	return r->beyond > 0 || r->replayed == 0;
}

/* The functions that the optimizer calls, at arguments of all sizes. */
static void
print_mark(void)
{
	uint32_t mark = 0;
	struct rng rng;
	double v[10], x, u;
	int i;

	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < 20000; i++) {
		u = rng_uniform(&rng);
		x = 40 * rng_uniform(&rng) - 20;
		v[0] = mark;
		v[1] = exp(x);
		v[2] = log(u + 1e-300);
		v[3] = log1p(u);
		v[4] = pow(10, x);
		v[5] = pow(u, x / 10);
		v[6] = gsl_cdf_ugaussian_Pinv(u > 0 ? u : 0.5);
		v[7] = gsl_sf_hazard(x);
		v[8] = erfc(x / 4);
		v[9] = expm1(u);
		mark = file_crc(v, sizeof(v));
	}
	printf("%08lx\n", (unsigned long)mark);
}

int
main(int argc, char **argv)
{
	struct replay r = { .decisions = BUF_INIT, .events = BUF_INIT,
	    .tolerance = -1 };
	int c;

	while ((c = getopt(argc, argv, "mt:")) != -1) {
		if (c == 'm') {
			print_mark();
			return 0;
		}
		if (c != 't' || !num_read(optarg,
		    strlen(optarg), &r.tolerance))
			break;
	}
	if (c != -1 || argc - optind != 1) {
		fputs("usage: replay [-t TOLERANCE] CAMPAIGN\n"
		    "       replay -m\n", stderr);
		return 2;
	}
	return replay_campaign(&r, argv[optind]);
}

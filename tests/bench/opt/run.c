/* run: our optimizer on a task, in this process.  See run.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/campaign.h"
#include "contract/point.h"
#include "ops/propose.h"
#include "store/json.h"

#include "opt_bench.h"
#include "run.h"
#include "score.h"

#define CHECKPOINTS 20

struct run {
	struct task *task;
	uint64_t seed;
	const char *optimizer;
	struct campaign c;
	struct score score;
	struct rng order;	/* of completions in a batch */
	double *ms;		/* of each suggestion */
	double *curve;		/* score after each evaluation */
	size_t asked, done;
};

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void
die(const struct run *r, const char *text)
{
	fprintf(stderr, "opt-bench: %s seed %d: %s\n", r->task->name,
	    (int)r->seed, text);
	exit(1);
}

/* --------------------------------------------------------- the campaign */

/* What lo-init writes, with this seed and budget. */
void
bench_config(const struct task *t, uint64_t seed, char *text, size_t size)
{
	snprintf(text, size, "{\"seed\":%llu,\"max_trials\":%zu,"
	    "\"initial_random_trials\":6,\"candidate_pool_size\":600,"
	    "\"surrogate\":{\"type\":\"auto\"},\"acquisition\":{\"type\":"
	    "\"%s\"},\"paths\":{}}", (unsigned long long)seed, t->budget,
	    t->nobjective > 1 ? "ehvi" : "auto");
}

/* more is a JSON object whose members win. */
static struct config *
make_config(const struct run *r, const char *more)
{
	char text[512];
	struct err err;
	struct config *config;
	jv doc;

	bench_config(r->task, r->seed, text, sizeof(text));
	doc = jv_parse(text);
	if (more != NULL)
		doc = jv_object_merge(doc, jv_parse(more));
	config = config_from_json(doc, "config", &err);
	if (config == NULL)
		die(r, err.text);
	jv_free(doc);
	return config;
}

static void
write_trial(const struct run *r, int64_t id, const double *point,
    struct buf *out)
{
	struct jw w;

	buf_adds(out, "{\"params\":");
	jw_init(&w, out, JW_COMPACT);
	point_write(r->c.c.space, point, &w);
	jw_release(&w);
	buf_addf(out, ",\"trial_id\":%lld,\"suggested_at\":%lld",
	    (long long)id, (long long)(1000 + id));
}

static void
reserve(struct run *r, int64_t id, const double *point)
{
	struct buf text = BUF_INIT;
	struct err err;
	jv doc;

	write_trial(r, id, point, &text);
	buf_addc(&text, '}');
	doc = json_parse(text.p, text.len, "pending", &err);
	if (state_add_pending(r->c.state, doc, &err) != 0)
		die(r, err.text);
	buf_release(&text);
}

static void
observe(struct run *r, const struct pending *p, const struct result *y)
{
	struct buf text = BUF_INIT;
	char number[NUM_TEXT];
	struct err err;
	size_t i;

	write_trial(r, p->id, p->point, &text);
	buf_adds(&text, ",\"objectives\":{");
	for (i = 0; i < r->task->nobjective; i++)
		buf_addf(&text, "%s\"y%zu\":%s", i > 0 ? "," : "", i,
		    y->failed ? "null" : num_real(number, y->y[i]));
	buf_addf(&text, "},\"status\":\"%s\",\"completed_at\":2000}",
	    y->failed ? "failed" : "ok");
	if (state_put_observation(r->c.state, &text, &err) != 0)
		die(r, err.text);
}

/* ------------------------------------------------------------ the loop */

static enum surrogate_type
surrogate_of(const struct run *r)
{
	enum surrogate_type type;

	return surrogate_from(r->optimizer, &type) ? type :
	    r->c.c.config->surrogate;
}

/* False when the space is exhausted or nothing feasible was found. */
static bool
suggest(struct run *r)
{
	int64_t id = (int64_t)r->asked + 1;
	double start = cpu_ms();
	struct proposal p;
	struct err err;
	bool found;

	if (propose(&r->c, id, surrogate_of(r), &p, &err) != 0)
		die(r, err.text);
	r->ms[r->asked] = cpu_ms() - start;
	if (p.infeasible != NULL)	/* as lo-suggest, for good */
		fprintf(stderr, "opt-bench: %s seed %d: %s\n",
		    r->task->name, (int)r->seed, p.infeasible);
	found = p.point != NULL;
	if (found) {
		reserve(r, id, p.point);
		r->asked++;
		if (jv_is_valid(p.model))
			r->c.state->meta = jv_object_set(r->c.state->meta,
			    jv_string("model"), jv_copy(p.model));
	}
	proposal_release(&p);
	return found;
}

static void
complete_one(struct run *r)
{
	struct state *s = r->c.state;
	struct pending *p = &s->pend[rng_below(&r->order,
	    (uint32_t)s->npend)];
	struct result y;

	r->task->evaluate(r->task, p->point, r->done, &y);
	r->curve[r->done++] = score_add(&r->score, &y);
	observe(r, p, &y);
	state_drop_pending(s, p);
}

static void
loop(struct run *r)
{
	const struct task *t = r->task;
	bool more = true;

	while (r->done < t->budget) {
		while (more && r->asked < t->budget &&
		    r->asked - r->done < t->batch)
			more = suggest(r);
		if (r->asked == r->done)
			break;
		complete_one(r);
	}
	for (; r->done < t->budget; r->done++)
		r->curve[r->done] = r->done > 0 ? r->curve[r->done - 1] : NAN;
}

static void
print_row(struct run *r)
{
	const struct task *t = r->task;
	struct buf row = BUF_INIT;
	size_t n = r->asked, k, at;
	bool known = !isnan(t->optimum);

	if (n == 0)
		n = 1;	/* nothing was feasible */
	task_sort(r->ms, n);
	buf_addf(&row, "%s,%s,%s,%s,%llu,%zu,%s,%.3f,%.3f,", r->optimizer,
	    LO_VERSION, t->block, t->name, (unsigned long long)r->seed,
	    t->budget, known ? "regret" : "value", r->ms[n / 2],
	    r->ms[(n * 99) / 100]);
	for (k = 1; k <= CHECKPOINTS; k++) {
		at = (k * t->budget + CHECKPOINTS - 1) / CHECKPOINTS - 1;
		buf_addf(&row, known ? "%s%.4f" : "%s%.17g", k > 1 ? " " : "",
		    r->curve[at]);
	}
	buf_addc(&row, '\n');
	if (write(STDOUT_FILENO, row.p, row.len) != (ssize_t)row.len)
		die(r, "standard output failed");
	buf_release(&row);
}

static void
run_init(struct run *r, const char *config)
{
	struct task *t = r->task;

	task_ready(t);
	r->c.c.space = t->space;
	r->c.c.objectives = t->objectives;
	r->c.c.constraints = t->constraints;
	r->c.c.config = make_config(r, config);
	r->c.state = state_new(t->space, t->objectives, 1000);
	r->ms = xcalloc(t->budget, sizeof(*r->ms));
	r->curve = xcalloc(t->budget, sizeof(*r->curve));
	score_init(&r->score, t);
	task_rng(&r->order, t->name, r->seed, 5);
}

static void
run_release(struct run *r)
{
	score_release(&r->score);
	free(r->ms);
	free(r->curve);
	state_free(r->c.state);
	config_free(r->c.c.config);
}

void
run_task(struct task *t, const char *optimizer, const char *config)
{
	struct run r = { .task = t, .seed = t->instance,
	    .optimizer = optimizer };

	run_init(&r, config);
	loop(&r);
	print_row(&r);
	run_release(&r);
}

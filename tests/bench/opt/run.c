/* run: our optimizer on the tasks, in this process.  See opt_bench.h. */
#define _DEFAULT_SOURCE
#include <sys/wait.h>

#include <regex.h>
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

static int
ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
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
	qsort(r->ms, n, sizeof(*r->ms), ascending);
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
run_task(struct run *r, const char *config)
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
	loop(r);
	print_row(r);
	score_release(&r->score);
	free(r->ms);
	free(r->curve);
	state_free(r->c.state);
	config_free(r->c.c.config);
}

/* ------------------------------------------------------------- the call */

struct request {
	const char *optimizer, *config, *only;
	uint64_t *seed;
	size_t nseed;
	int jobs;
	char **name;		/* of the tasks chosen */
	size_t n;
};

/* Names from a file: is this one of them? */
static bool
listed(const char *file, const char *name)
{
	FILE *f = fopen(file, "r");
	char line[256];
	bool found = false;

	if (f == NULL) {
		perror(file);
		exit(1);
	}
	while (!found && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, " \n")] = '\0';
		found = strcmp(line, name) == 0;
	}
	fclose(f);
	return found;
}

static bool
wanted(const struct request *q, const char *name)
{
	regex_t re;
	bool match;

	if (q->only == NULL)
		return true;
	if (q->only[0] == '@')
		return listed(q->only + 1, name);
	if (regcomp(&re, q->only, REG_EXTENDED | REG_NOSUB) != 0) {
		fprintf(stderr, "opt-bench: bad expression %s\n", q->only);
		exit(2);
	}
	match = regexec(&re, name, 0, NULL, 0) == 0;
	regfree(&re);
	return match;
}

static void
choose(struct request *q)
{
	size_t i, n = task_count();
	struct task *t;

	q->name = xcalloc(n, sizeof(*q->name));
	for (i = 0; i < n; i++) {
		t = task_open(i, 0);
		if (wanted(q, t->name))
			q->name[q->n++] = xstrdup(t->name);
		task_free(t);
	}
}

/* "1-5" or "17,29,41". */
static int
read_seeds(struct request *q, const char *text)
{
	char *end = NULL;
	unsigned long long a, b;

	for (; end == NULL || *end == ','; text = end + 1) {
		a = b = strtoull(text, &end, 10);
		if (end == text)
			return -1;
		if (*end == '-')
			b = strtoull(end + 1, &end, 10);
		for (; a <= b; a++) {
			q->seed = xrealloc(q->seed, q->nseed + 1,
			    sizeof(*q->seed));
			q->seed[q->nseed++] = a;
		}
	}
	return *end == '\0' ? 0 : -1;
}

/* Every jobs-th run: long and short ones mixed. */
static void
work(const struct request *q, int job)
{
	size_t i, j, k = 0;

	for (j = 0; j < q->nseed; j++)
		for (i = 0; i < q->n; i++, k++) {
			struct run r = { .seed = q->seed[j],
			    .optimizer = q->optimizer };

			if (k % (size_t)q->jobs != (size_t)job)
				continue;
			r.task = task_find(q->name[i], r.seed);
			run_task(&r, q->config);
			task_free(r.task);
		}
}

static int
spread(const struct request *q)
{
	int job, status, bad = 0;

	if (q->jobs <= 1) {
		work(q, 0);
		return 0;
	}
	for (job = 0; job < q->jobs; job++)
		if (fork() == 0) {
			work(q, job);
			_exit(0);
		}
	while (wait(&status) > 0)
		bad |= status;
	return bad != 0;
}

static int
read_options(struct request *q, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "c:j:o:s:t:")) != -1)
		switch (c) {
		case 'c':
			q->config = optarg;
			break;
		case 'j':
			q->jobs = atoi(optarg);
			break;
		case 'o':
			q->optimizer = optarg;
			break;
		case 's':
			if (read_seeds(q, optarg) != 0)
				return -1;
			break;
		case 't':
			q->only = optarg;
			break;
		default:
			return -1;
		}
	return optind == argc ? 0 : -1;
}

int
bench_run(int argc, char **argv)
{
	struct request q = { .optimizer = "looptimum", .jobs = 1 };
	size_t i;
	int status;

	if (read_options(&q, argc, argv) != 0) {
		fprintf(stderr, "usage: opt-bench run [-o OPTIMIZER] [-t "
		    "REGEX|@FILE] [-s SEEDS] [-j JOBS] [-c CONFIG]\n");
		return 2;
	}
	if (q.nseed == 0)
		read_seeds(&q, "1");
	choose(&q);
	status = spread(&q);
	for (i = 0; i < q.n; i++)
		free(q.name[i]);
	free(q.name);
	free(q.seed);
	return status;
}

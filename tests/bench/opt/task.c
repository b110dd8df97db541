/* task: what all families share.  See task.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/encode.h"
#include "contract/point.h"
#include "store/json.h"

#include "task.h"

#define TYPICAL_DRAWS 500
#define DRAWS 1000000

const struct family *const families[] = {
	&bbob_family, &mixed_family, &discrete_family, &conditional_family,
	&constrained_family, &failing_family, &noisy_family, &batch_family,
	&front_family, &knob_family, &tiny_family
};
const size_t nfamilies = sizeof(families) / sizeof(families[0]);

size_t
task_count(void)
{
	size_t i, n = 0;

	for (i = 0; i < nfamilies; i++)
		n += families[i]->count();
	return n;
}

struct task *
task_open(size_t number, uint64_t instance)
{
	struct task *t = xcalloc(1, sizeof(*t));
	size_t i;

	for (i = 0; number >= families[i]->count(); i++)
		number -= families[i]->count();
	t->block = families[i]->block;
	t->instance = instance;
	t->nobjective = 1;
	t->batch = 1;
	t->optimum = t->typical = NAN;
	families[i]->open(t, number, instance);
	return t;
}

struct task *
task_find(const char *name, uint64_t instance)
{
	struct task *t;
	size_t i, n = task_count();

	for (i = 0; i < n; i++) {
		t = task_open(i, instance);
		if (strcmp(t->name, name) == 0)
			return t;
		task_free(t);
	}
	return NULL;
}

void
task_free(struct task *t)
{
	if (t == NULL)
		return;
	if (t->free_data != NULL)
		t->free_data(t->data);
	free(t->name);
	free(t->best_point);
	buf_release(&t->space_text);
	buf_release(&t->constraints_text);
	buf_release(&t->objectives_text);
	space_free(t->space);
	constraints_free(t->constraints);
	objectives_free(t->objectives);
	free(t);
}

/* ------------------------------------------------------- making a space */

static void
begin(struct task *t, const char *name, const char *type)
{
	buf_adds(&t->space_text, t->space_text.len == 0 ?
	    "{\"parameters\":[" : ",");
	buf_addf(&t->space_text, "{\"name\":\"%s\",\"type\":\"%s\"", name,
	    type);
}

void
task_float(struct task *t, const char *name, double lo, double hi,
    const char *more)
{
	char a[NUM_TEXT], b[NUM_TEXT];

	begin(t, name, "float");
	buf_addf(&t->space_text, ",\"bounds\":[%s,%s]%s}", num_real(a, lo),
	    num_real(b, hi), more);
}

void
task_int(struct task *t, const char *name, int lo, int hi, const char *more)
{
	begin(t, name, "int");
	buf_addf(&t->space_text, ",\"bounds\":[%d,%d]%s}", lo, hi, more);
}

void
task_bool(struct task *t, const char *name, const char *more)
{
	begin(t, name, "bool");
	buf_addf(&t->space_text, "%s}", more);
}

void
task_categorical(struct task *t, const char *name, int levels,
    const char *more)
{
	int i;

	begin(t, name, "categorical");
	buf_adds(&t->space_text, ",\"choices\":[");
	for (i = 0; i < levels; i++)
		buf_addf(&t->space_text, "%s\"c%d\"", i > 0 ? "," : "", i);
	buf_addf(&t->space_text, "]%s}", more);
}

void
task_end_space(struct task *t)
{
	buf_adds(&t->space_text, "]}");
}

void
task_box(struct task *t, size_t n, double lo, double hi)
{
	char name[32];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "x%zu", i);
		task_float(t, name, lo, hi, "");
	}
	task_end_space(t);
}

/* ------------------------------------------------------ for families */

void *
task_data(struct task *t, size_t size)
{
	t->data = xcalloc(1, size);
	t->free_data = free;
	return t->data;
}

void
result_set(struct result *r, double y)
{
	r->failed = false;
	r->y[0] = r->truth[0] = y;
}

/* ---------------------------------------------------------- documents */

static jv
parse(const struct task *t, const struct buf *text)
{
	struct err err;
	jv v = json_parse(text->p, text->len, t->name, &err);

	if (!jv_is_valid(v)) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	return v;
}

static void
need(const void *what, const struct err *err)
{
	if (what != NULL)
		return;
	fprintf(stderr, "%s\n", err->text);
	exit(1);
}

static void
write_objectives(struct task *t)
{
	size_t i;

	buf_adds(&t->objectives_text, "{\"primary_objective\":"
	    "{\"name\":\"y0\",\"direction\":\"minimize\"}");
	if (t->nobjective > 1)
		buf_adds(&t->objectives_text, ",\"secondary_objectives\":[");
	for (i = 1; i < t->nobjective; i++)
		buf_addf(&t->objectives_text, "%s{\"name\":\"y%zu\","
		    "\"direction\":\"minimize\"}", i > 1 ? "," : "", i);
	buf_adds(&t->objectives_text, t->nobjective > 1 ? "]}" : "}");
}

static int
ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void
task_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), ascending);
}

static double
find_typical(const struct task *t)
{
	double *point = xcalloc(t->space->n, sizeof(*point));
	double value[TYPICAL_DRAWS];
	struct result r;
	struct rng rng;
	size_t n = 0, i;

	task_rng(&rng, t->name, t->instance, 99);
	for (i = 0; i < TYPICAL_DRAWS; i++) {
		task_random_point(t, &rng, point);
		t->evaluate(t, point, i, &r);
		if (!r.failed)
			value[n++] = r.truth[0];
	}
	free(point);
	task_sort(value, n);
	return value[n / 2];
}

void
task_ready(struct task *t)
{
	struct err err;
	jv v = parse(t, &t->space_text);

	t->space = space_from_json(v, t->space_text.p, t->space_text.len,
	    t->name, &err);
	need(t->space, &err);
	jv_free(v);
	if (t->constraints_text.len > 0) {
		v = parse(t, &t->constraints_text);
		t->constraints = constraints_from_json(v, t->space, t->name,
		    &err);
		need(t->constraints, &err);
		jv_free(v);
	}
	write_objectives(t);
	v = parse(t, &t->objectives_text);
	t->objectives = objectives_from_json(v, t->name, &err);
	need(t->objectives, &err);
	jv_free(v);
	if (isnan(t->typical) && t->nobjective == 1)
		t->typical = find_typical(t);
}

/* ------------------------------------------------------------- random */

void
task_random_point(const struct task *t, struct rng *rng, double *point)
{
	const struct space *s = t->space;
	double *u = xcalloc(s->n, sizeof(*u));
	struct range *box = xcalloc(s->n, sizeof(*box));
	size_t i, k;

	constraints_box(t->constraints, s, box);
	for (k = 0; k < DRAWS; k++) {
		for (i = 0; i < s->n; i++)
			u[i] = rng_uniform(rng);
		encode_sample(s, box, u, point);
		if (t->constraints == NULL ||
		    constraints_broken(t->constraints, point) < 0)
			break;
	}
	free(u);
	free(box);
}

uint64_t
task_hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

void
task_rng(struct rng *rng, const char *name, uint64_t instance,
    uint32_t stream)
{
	rng_init(rng, task_hash(name) + instance, stream, RNG_RANDOM);
}

double
task_normal(struct rng *rng)
{
	return gsl_cdf_ugaussian_Pinv((double)rng_u32(rng) / 4294967296.0 +
	    1.0 / 8589934592.0);
}

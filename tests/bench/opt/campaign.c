/* campaign: a task for the tools themselves.  See opt_bench.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state.h"
#include "contract/point.h"
#include "store/json.h"

#include "opt_bench.h"

static struct task *
find(const char *name, const char *seed)
{
	struct task *t = task_find(name, strtoull(seed, NULL, 10));

	if (t == NULL)
		fprintf(stderr, "opt-bench: no task %s\n", name);
	else
		task_ready(t);
	return t;
}

static int
write_file(const char *dir, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	int status = f != NULL && fputs(text, f) >= 0 ? 0 : -1;

	if (f != NULL && fclose(f) != 0)
		status = -1;
	if (status != 0)
		perror(path);
	free(path);
	return status;
}

int
bench_campaign(int argc, char **argv)
{
	struct task *t = find(argv[1], argv[2]);
	char config[512];
	int status;

	(void)argc;
	if (t == NULL)
		return 1;
	bench_config(t, t->instance, config, sizeof(config));
	status = write_file(argv[3], "bo_config.json", config) |
	    write_file(argv[3], "parameter_space.json", t->space_text.p) |
	    write_file(argv[3], "objective_schema.json",
	    t->objectives_text.p);
	if (t->constraints_text.len > 0)
		status |= write_file(argv[3], "constraints.json",
		    t->constraints_text.p);
	task_free(t);
	return status == 0 ? 0 : 1;
}

/* All of standard input. */
static void
slurp(struct buf *text)
{
	char piece[4096];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
		buf_add(text, piece, n);
}

static void
print_result(const struct task *t, const struct result *r)
{
	char number[NUM_TEXT];
	size_t i;

	if (r->failed) {
		printf("{\"status\":\"failed\"}\n");
		return;
	}
	printf("{\"objectives\":");
	for (i = 0; i < t->nobjective; i++)
		printf("%s\"y%zu\":%s", i > 0 ? "," : "{", i,
		    num_real(number, r->y[i]));
	printf("}}\n");
}

int
bench_eval(int argc, char **argv)
{
	struct task *t = find(argv[1], argv[2]);
	struct buf text = BUF_INIT;
	struct json root, params;
	struct result r;
	struct err err;
	double *point;
	jv doc;
	int status = 1;

	(void)argc;
	if (t == NULL)
		return 1;
	slurp(&text);
	doc = json_parse(buf_str(&text), text.len, "suggestion", &err);
	point = xcalloc(t->space->n, sizeof(*point));
	root = json_root(doc, "suggestion");
	if (jv_is_valid(doc))
		params = json_member(&root, "params");
	if (jv_is_valid(doc) && point_from_json(t->space, &params,
	    POINT_STRICT, point, &err) == 0) {
		t->evaluate(t, point, (uint64_t)trial_real(&root,
		    "trial_id") - 1, &r);
		print_result(t, &r);
		status = 0;
	} else {
		fprintf(stderr, "opt-bench: %s\n", err.text);
	}
	free(point);
	jv_free(doc);
	buf_release(&text);
	task_free(t);
	return status;
}

/*
 * serve: evaluations for programs in other languages.
 *
 * A request a line, an answer a line.  {"open":TASK,"seed":N} begins a run
 * and answers {"task","block","space","constraints","objectives","budget",
 * "batch","noisy","known"}; {"params":{...}} evaluates and answers
 * {"failed","y":[...]|null,"score"}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state.h"
#include "contract/point.h"
#include "store/json.h"

#include "opt_bench.h"
#include "score.h"

struct server {
	struct task *task;
	struct score score;
	uint64_t count;
};

static void
server_close(struct server *s)
{
	if (s->task == NULL)
		return;
	score_release(&s->score);
	task_free(s->task);
	s->task = NULL;
}

static int
open_task(struct server *s, const char *name, uint64_t seed)
{
	struct task *t = task_find(name, seed);

	server_close(s);
	if (t == NULL) {
		fprintf(stderr, "opt-bench: no task %s\n", name);
		return -1;
	}
	task_ready(t);
	s->task = t;
	s->count = 0;
	score_init(&s->score, t);
	printf("{\"task\":\"%s\",\"block\":\"%s\",\"space\":%s,"
	    "\"constraints\":%s,\"objectives\":%zu,\"budget\":%zu,"
	    "\"batch\":%zu,\"noisy\":%s,\"known\":%s}\n", t->name, t->block,
	    t->space_text.p, t->constraints_text.len > 0 ?
	    t->constraints_text.p : "null", t->nobjective, t->budget,
	    t->batch, t->noisy ? "true" : "false", isnan(t->optimum) ?
	    "false" : "true");
	return 0;
}

static void
answer(const struct task *t, const struct result *r, double score)
{
	char text[NUM_TEXT];
	size_t i;

	printf("{\"failed\":%s,\"y\":", r->failed ? "true" : "false");
	for (i = 0; !r->failed && i < t->nobjective; i++)
		printf("%s%s", i > 0 ? "," : "[", num_real(text, r->y[i]));
	printf("%s,\"score\":%s}\n", r->failed ? "null" : "]",
	    isnan(score) ? "null" : num_real(text, score));
}

static int
evaluate(struct server *s, const struct json *params)
{
	double *point;
	struct result r;
	struct err err;
	int status;

	if (s->task == NULL) {
		fprintf(stderr, "opt-bench: params before open\n");
		return -1;
	}
	point = xcalloc(s->task->space->n, sizeof(*point));
	status = point_from_json(s->task->space, params, POINT_STRICT, point,
	    &err);
	if (status == 0) {
		s->task->evaluate(s->task, point, s->count++, &r);
		answer(s->task, &r, score_add(&s->score, &r));
	} else {
		fprintf(stderr, "opt-bench: %s\n", err.text);
	}
	free(point);
	return status;
}

static int
handle(struct server *s, const char *line, size_t len)
{
	struct err err;
	jv doc = json_parse(line, len, "request", &err);
	struct json root, params, name;
	const char *text;
	int status;

	if (!jv_is_valid(doc)) {
		fprintf(stderr, "opt-bench: %s\n", err.text);
		return -1;
	}
	root = json_root(doc, "request");
	params = json_member(&root, "params");
	name = json_member(&root, "open");
	if (jv_get_kind(params.v) == JV_KIND_OBJECT)
		status = evaluate(s, &params);
	else if (json_text(&name, &text, &err) == 0)
		status = open_task(s, text,
		    (uint64_t)trial_real(&root, "seed"));
	else
		status = -1;
	jv_free(doc);
	return status;
}

int
bench_serve(void)
{
	struct server s = { .task = NULL };
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int status = 0;

	while (status == 0 && (len = getline(&line, &cap, stdin)) > 0) {
		status = handle(&s, line, (size_t)len);
		if (fflush(stdout) != 0)
			status = -1;
	}
	free(line);
	server_close(&s);
	return status == 0 ? 0 : 1;
}

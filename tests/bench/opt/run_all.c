/* run_all: opt-bench run, the tasks and seeds asked for.  See opt_bench.h. */
#include <sys/wait.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"

#include "opt_bench.h"
#include "run.h"

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
	struct task *t;
	size_t i, j, k = 0;

	for (j = 0; j < q->nseed; j++)
		for (i = 0; i < q->n; i++, k++) {
			if (k % (size_t)q->jobs != (size_t)job)
				continue;
			t = task_find(q->name[i], q->seed[j]);
			run_task(t, q->optimizer, q->config);
			task_free(t);
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

/*
 * phases: where the time of a suggest goes.
 *
 *	phases CAMPAIGN RUNS
 *
 * Calls, one after the other, what lo-suggest calls, and prints the median
 * CPU milliseconds of each: the contract files, reading the state, checking
 * its text, parsing it, proposing (fit and score), printing the state, and
 * the commit (temporary file, fsync, rename) of that text in a scratch
 * directory beside the campaign, with its wall time, most of which is
 * waiting.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/campaign.h"
#include "campaign/state.h"
#include "ops/propose.h"
#include "store/file.h"
#include "store/journal.h"
#include "store/json.h"

enum phase {
	CONTRACTS, READ, CHECK, PARSE, PROPOSE, PRINT, COMMIT, COMMIT_WALL,
	PHASES
};
static const char *const phase_name[PHASES] = {
	"contracts", "read", "check", "parse", "propose", "print", "commit",
	"(wall)"
};

struct bench {
	const char *root;
	char *state_path;
	int scratch;		/* directory */
	double mark;
	struct campaign *campaign;
};

static _Noreturn void
die(const struct err *err)
{
	fprintf(stderr, "phases: %s\n", err->text);
	exit(1);
}

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* CPU milliseconds since the last lap. */
static double
lap(struct bench *b)
{
	double now = cpu(), used = now - b->mark;

	b->mark = now;
	return used;
}

static void
bench_contracts(struct bench *b, double *ms)
{
	struct contracts c;
	struct err err;

	lap(b);
	if (contracts_load(&c, b->root, &err) != 0)
		die(&err);
	ms[CONTRACTS] = lap(b);
	contracts_release(&c);
}

/* Returns the state, empty if there is no file. */
static struct state *
bench_load(struct bench *b, double *ms)
{
	const struct contracts *c = &b->campaign->c;
	struct buf text = BUF_INIT;
	struct state *s;
	struct err err;
	int got;

	ms[READ] = ms[CHECK] = ms[PARSE] = 0;
	lap(b);
	got = file_slurp_path(b->state_path, &text, &err);
	if (got < 0)
		die(&err);
	if (got == 0)
		return state_new(c->space, c->objectives, clock_now());
	ms[READ] = lap(b);
	if (json_scan(text.p, text.len, b->state_path, 1, &err) != 0)
		die(&err);
	ms[CHECK] = lap(b);
	s = state_parse(&text, c->space, c->objectives, b->state_path, &err);
	if (s == NULL)
		die(&err);
	ms[PARSE] = lap(b) - ms[CHECK];	/* it checks the text itself */
	return s;
}

static void
bench_propose(struct bench *b, double *ms)
{
	const struct campaign *c = b->campaign;
	struct proposal p;
	struct err err;

	lap(b);
	if (propose(c, c->state->next_trial_id, c->c.config->surrogate, &p,
	    &err) != 0)
		die(&err);
	ms[PROPOSE] = lap(b);
	proposal_release(&p);
}

static void
bench_commit(struct bench *b, struct buf *text, double *ms)
{
	struct journal_place place = { .dir = b->scratch,
		.base = JOURNAL_NAME, .sync = true };
	struct journal_old old;
	struct journal j;
	struct err err;
	double start = clock_steady();
	bool committed;

	lap(b);
	journal_init(&j);
	if (journal_look(b->scratch, "state.json", &old, &err) != 0)
		die(&err);
	journal_replace(&j, "state.json", old, text);
	if (journal_commit(&j, &place, &committed, &err) != 0)
		die(&err);
	journal_release(&j);
	ms[COMMIT] = lap(b);
	ms[COMMIT_WALL] = (clock_steady() - start) * 1e3;
}

static void
bench_once(struct bench *b, double *ms)
{
	struct buf text = BUF_INIT;
	struct state *s;

	bench_contracts(b, ms);
	s = bench_load(b, ms);
	bench_propose(b, ms);
	lap(b);
	state_write(s, &text);
	ms[PRINT] = lap(b);
	state_free(s);
	bench_commit(b, &text, ms);
	buf_release(&text);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *x, size_t n)
{
	qsort(x, n, sizeof(*x), by_size);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static void
print(double (*ms)[PHASES], size_t runs)
{
	double *column = xcalloc(runs, sizeof(*column));
	size_t i;
	int p;

	for (p = 0; p < PHASES; p++)
		printf("%10s", phase_name[p]);
	putchar('\n');
	for (p = 0; p < PHASES; p++) {
		for (i = 0; i < runs; i++)
			column[i] = ms[i][p];
		printf("%10.2f", median(column, runs));
	}
	putchar('\n');
	free(column);
}

/* A directory on the campaign's own file system. */
static void
open_scratch(struct bench *b, char *path)
{
	if (mkdtemp(path) == NULL ||
	    (b->scratch = open(path, O_RDONLY | O_DIRECTORY)) < 0) {
		perror(path);
		exit(1);
	}
}

static void
close_scratch(struct bench *b, const char *path)
{
	unlinkat(b->scratch, "state.json", 0);
	close(b->scratch);
	rmdir(path);
}

int
main(int argc, char **argv)
{
	struct bench b = { .scratch = -1 };
	double (*ms)[PHASES];
	struct err err;
	char *scratch;
	size_t i, runs;

	if (argc != 3 || (runs = strtoul(argv[2], NULL, 10)) == 0) {
		fprintf(stderr, "usage: phases CAMPAIGN RUNS\n");
		return 2;
	}
	b.root = argv[1];
	b.state_path = xasprintf("%s/state/bo_state.json", b.root);
	b.campaign = campaign_open_read(b.root, &err);
	if (b.campaign == NULL)
		die(&err);
	scratch = xasprintf("%s.XXXXXX", b.root);
	open_scratch(&b, scratch);
	ms = xcalloc(runs, sizeof(*ms));
	for (i = 0; i < runs; i++)
		bench_once(&b, ms[i]);
	print(ms, runs);
	free(ms);
	close_scratch(&b, scratch);
	campaign_close(b.campaign);
	free(b.state_path);
	free(scratch);
	return 0;
}

/*
 * knobs: options of real programs.  What is best depends on their version,
 * so no optimum is known, and typical is about that of gcc 12 and zstd 1.5.
 */
#include <stdlib.h>

#include "base/xmem.h"

#include "knob.h"
#include "task.h"

static const struct knob_tool gcc = { "gcc", "gcc-sample.c", 60,
	knob_code_size };
static const struct knob_tool zstd = { "zstd", "zstd-sample.c", 1200,
	knob_file_size };

struct problem {
	const char *name;
	const struct knob_tool *tool;
	size_t budget;
	double typical;
	void (*space)(struct task *);
	double (*cost)(const double *point);	/* or -1 */
};

/* ---------------------------------------- gcc: bytes of machine code */

static const char *const levels[] = { "-O1", "-O2", "-O3", "-Os" };
static const char *const flags[] = { "align-loops", "align-jumps",
	"caller-saves", "crossjumping", "gcse", "if-conversion",
	"inline-functions", "inline-functions-called-once",
	"inline-small-functions", "ipa-cp-clone", "ipa-icf", "ivopts",
	"jump-tables", "omit-frame-pointer", "peel-loops",
	"rename-registers", "reorder-blocks", "schedule-insns2",
	"tree-loop-distribute-patterns", "tree-pre", "tree-tail-merge",
	"tree-vectorize", "unroll-loops" };
static const struct {
	const char *name;
	int lo, hi;
} limits[] = {
	{ "max-inline-insns-auto", 1, 100 }, { "max-unroll-times", 1, 16 },
	{ "min-crossjump-insns", 1, 20 }, { "case-values-threshold", 1, 20 },
	{ "max-completely-peel-times", 1, 20 }
};
#define FLAGS (sizeof(flags) / sizeof(flags[0]))
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* Names in JSON may be anything; underscores suit all optimizers. */
static void
add_named(struct task *t, const char *name, int lo, int hi)
{
	char *copy = xstrdup(name), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
	if (lo < hi)
		task_int(t, copy, lo, hi, "");
	else
		task_bool(t, copy, "");
	free(copy);
}

static void
gcc_space(struct task *t)
{
	size_t i;

	task_categorical(t, "level", 4, "");
	task_int(t, "align_functions_log", 0, 5, "");
	for (i = 0; i < LIMITS; i++)
		add_named(t, limits[i].name, limits[i].lo, limits[i].hi);
	for (i = 0; i < FLAGS; i++)
		add_named(t, flags[i], 0, 0);
	task_end_space(t);
}

static double
gcc_cost(const double *point)
{
	struct buf text = BUF_INIT;
	double size;
	size_t i;

	buf_addf(&text, "-w -c %s -falign-functions=%d",
	    levels[(int)point[0]], 1 << (int)point[1]);
	point += 2;
	for (i = 0; i < LIMITS; i++)
		buf_addf(&text, " --param=%s=%d", limits[i].name,
		    (int)point[i]);
	point += LIMITS;
	for (i = 0; i < FLAGS; i++)
		buf_addf(&text, " -f%s%s", point[i] > 0.5 ? "" : "no-",
		    flags[i]);
	size = knob_measure(&gcc, buf_str(&text));
	buf_release(&text);
	return size;
}

/* ------------------------------------------------- zstd: bytes and effort */

enum zstd_param { STRATEGY, WINDOW, HASH, CHAIN, SEARCH, MATCH, TARGET, LDM,
	LDM_HASH, LDM_MATCH, LDM_RATE };

static void
zstd_space(struct task *t)
{
	static const char when[] = ",\"when\":{\"ldm\":true}";

	task_categorical(t, "strategy", 9, "");
	task_int(t, "window_log", 10, 22, "");
	task_int(t, "hash_log", 6, 22, "");
	task_int(t, "chain_log", 6, 22, "");
	task_int(t, "search_log", 1, 10, "");
	task_int(t, "min_match", 3, 7, "");
	task_int(t, "target_length", 1, 512, ",\"scale\":\"log\"");
	task_bool(t, "ldm", "");
	task_int(t, "ldm_hash_log", 6, 20, when);
	task_int(t, "ldm_min_match", 4, 256, ",\"scale\":\"log\","
	    "\"when\":{\"ldm\":true}");
	task_int(t, "ldm_hash_rate_log", 0, 10, when);
	task_end_space(t);
}

/*
 * Counting instructions of each run is not affordable where perf has no
 * counter, so effort is a formula: the logarithm of the memory of window
 * and tables, and of the attempts at each position, heavier for the
 * strategies that build trees and parse optimally.
 */
static double
effort(const double *x)
{
	static const double weight[9] = { 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35,
		0.4, 0.5 };
	double memory = exp2(x[WINDOW]) + 4 * exp2(x[HASH]);

	if (x[STRATEGY] > 0)
		memory += 4 * exp2(x[CHAIN]);
	if (x[LDM] > 0.5)
		memory += 8 * exp2(x[LDM_HASH]);
	return 0.3 * log2(1 + memory / 65536) +
	    weight[(int)x[STRATEGY]] * (1 + x[SEARCH]);
}

/* Percent of the sample's size, and effort. */
static double
zstd_cost(const double *x)
{
	struct buf text = BUF_INIT, sample = BUF_INIT;
	double size;

	buf_addf(&text, "-q -f --single-thread%s --zstd=strat=%d,wlog=%d,"
	    "hlog=%d,clog=%d,slog=%d,mml=%d,tlen=%d",
	    x[LDM] > 0.5 ? " --long" : "", (int)x[STRATEGY] + 1,
	    (int)x[WINDOW], (int)x[HASH], (int)x[CHAIN], (int)x[SEARCH],
	    (int)x[MATCH], (int)x[TARGET]);
	if (x[LDM] > 0.5)
		buf_addf(&text, ",lhlog=%d,lmml=%d,lhrlog=%d",
		    (int)x[LDM_HASH], (int)x[LDM_MATCH], (int)x[LDM_RATE]);
	size = knob_measure(&zstd, buf_str(&text));
	buf_release(&text);
	if (size < 0)
		return -1;
	knob_sample(&sample, zstd.functions);
	size = 100 * size / (double)sample.len + effort(x);
	buf_release(&sample);
	return size;
}

/* -------------------------------------------------------------- family */

static const struct problem problems[] = {
	{ "knob-gcc-size", &gcc, 60, 12500, gcc_space, gcc_cost },
	{ "knob-zstd", &zstd, 60, 13.1, zstd_space, zstd_cost }
};
#define PROBLEMS (sizeof(problems) / sizeof(problems[0]))

/* Those of which the tool is there. */
static size_t
count(void)
{
	size_t i, n = 0;

	for (i = 0; i < PROBLEMS; i++)
		n += knob_exists(problems[i].tool);
	return n;
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	const struct problem *const *p = t->data;
	double cost = (*p)->cost(point);

	(void)n;
	result_set(r, cost);
	r->failed = cost < 0;
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	const struct problem *p = problems;
	const struct problem **data = task_data(t, sizeof(*data));

	(void)instance;
	while (!knob_exists(p->tool) || i-- > 0)
		p++;
	*data = p;
	t->name = xstrdup(p->name);
	t->budget = p->budget;
	t->typical = p->typical;
	t->evaluate = evaluate;
	p->space(t);
}

const struct family knob_family = { "knobs", count, open_problem };

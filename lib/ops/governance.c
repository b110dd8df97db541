#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/governance.h"

#define ARCHIVES_POLICY "retention.archives."
#define LOGS_POLICY "retention.logs."

/* A finding being written: its details are one object. */
struct draft {
	struct governance_finding *f;
	struct jw w;
};

static struct governance_finding *
add(struct governance_finding **list, size_t *n, size_t *cap,
    const char *policy)
{
	struct governance_finding *f;

	*list = xgrow(*list, *n, cap, sizeof(*f));
	f = &(*list)[(*n)++];
	memset(f, 0, sizeof(*f));
	f->policy_id = policy;
	return f;
}

/* message is taken over. */
static void
begin(struct draft *d, struct governance_finding *f, char *message)
{
	d->f = f;
	f->message = message;
	jw_init(&d->w, &f->details, JW_COMPACT);
	jw_object(&d->w);
}

static void
begin_violation(struct draft *d, struct governance *g, const char *policy,
    char *message)
{
	begin(d, add(&g->violation, &g->nviolation, &g->violation_cap,
	    policy), message);
}

static void
end(struct draft *d)
{
	jw_end(&d->w);
	jw_release(&d->w);
}

/* ------------------------------------------------------------ statuses */

/* In the order of their names. */
static const enum trial_status sorted_status[TRIAL_STATUS_COUNT] = {
	TRIAL_FAILED, TRIAL_KILLED, TRIAL_OK, TRIAL_TIMEOUT
};

static void
write_statuses(unsigned set, struct jw *w)
{
	size_t i;

	jw_array(w);
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		if ((set & 1u << sorted_status[i]) != 0)
			jw_text(w, trial_status_name[sorted_status[i]]);
	jw_end(w);
}

void
governance_write_statuses(const struct config *config, struct jw *w)
{
	write_statuses(config->allowed_statuses, w);
}

static void
judge_statuses(struct governance *g, const struct campaign *c)
{
	unsigned bad = 0;
	struct draft d;
	struct buf names = BUF_INIT;
	size_t i, n = 0;

	for (i = 0; i < c->state->nobs; i++) {
		unsigned bit = 1u << c->state->obs[i].status;

		if ((c->c.config->allowed_statuses & bit) == 0) {
			bad |= bit;
			n++;
		}
	}
	if (bad == 0)
		return;
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		if ((bad & 1u << sorted_status[i]) != 0)
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : "",
			    trial_status_name[sorted_status[i]]);
	begin_violation(&d, g, "governance.allowed_statuses",
	    xasprintf("%zu trial%s ended with a status that "
	    "allowed_statuses does not list: %s", n, n > 1 ? "s" : "",
	    buf_str(&names)));
	jw_key(&d.w, "allowed_statuses");
	governance_write_statuses(c->c.config, &d.w);
	jw_key(&d.w, "observed_statuses");
	write_statuses(bad, &d.w);
	end(&d);
	buf_release(&names);
}

/* ------------------------------------------------------------ archives */

static int64_t
total_size(const struct governance *g)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < g->narchive; i++)
		sum += g->archive[i].size;
	return sum;
}

static void
judge_count(struct governance *g, int64_t limit)
{
	struct draft d;

	if (limit == 0 || (int64_t)g->narchive <= limit)
		return;
	begin_violation(&d, g, ARCHIVES_POLICY "max_count",
	    xasprintf("%zu archives are more than max_count = %lld",
	    g->narchive, (long long)limit));
	JW_KEY(&d.w, "archive_count", int, (int64_t)g->narchive);
	JW_KEY(&d.w, "max_count", int, limit);
	end(&d);
}

static void
judge_bytes(struct governance *g, int64_t limit)
{
	int64_t size = total_size(g);
	struct draft d;

	if (limit == 0 || size <= limit)
		return;
	begin_violation(&d, g, ARCHIVES_POLICY "max_total_bytes",
	    xasprintf("archives of %lld bytes are more than "
	    "max_total_bytes = %lld", (long long)size, (long long)limit));
	JW_KEY(&d.w, "total_size_bytes", int, size);
	JW_KEY(&d.w, "max_total_bytes", int, limit);
	end(&d);
}

static void
judge_age(struct governance *g, double limit)
{
	char text[NUM_TEXT];
	struct draft d;
	size_t i, n = 0;

	for (i = 0; i < g->narchive; i++)
		if (g->archive[i].age > limit)
			n++;
	if (n == 0)
		return;
	begin_violation(&d, g, ARCHIVES_POLICY "max_age_seconds",
	    xasprintf("%zu archive%s older than max_age_seconds = %s", n,
	    n > 1 ? "s are" : " is", num_plain(text, limit)));
	JW_KEY(&d.w, "max_age_seconds", real, limit);
	jw_key(&d.w, "archives");
	jw_array(&d.w);
	for (i = 0; i < g->narchive; i++) {
		if (!(g->archive[i].age > limit))
			continue;
		jw_object(&d.w);
		JW_KEY(&d.w, "archive_id", text, g->archive[i].id);
		JW_KEY(&d.w, "age_seconds", real, g->archive[i].age);
		jw_end(&d.w);
	}
	jw_end(&d.w);
	end(&d);
}

static void
warn_unknown_age(struct governance *g, double limit)
{
	struct draft d;
	size_t i, n = 0;

	for (i = 0; i < g->narchive; i++)
		if (isnan(g->archive[i].age))
			n++;
	if (n == 0)
		return;
	begin(&d, add(&g->warning, &g->nwarning, &g->warning_cap,
	    ARCHIVES_POLICY "max_age_seconds.unknown_age_archives"),
	    xasprintf("%zu archive%s of unknown age, so max_age_seconds "
	    "cannot be judged", n, n > 1 ? "s are" : " is"));
	JW_KEY(&d.w, "max_age_seconds", real, limit);
	jw_key(&d.w, "archive_ids");
	jw_array(&d.w);
	for (i = 0; i < g->narchive; i++)
		if (isnan(g->archive[i].age))
			jw_text(&d.w, g->archive[i].id);
	jw_end(&d.w);
	end(&d);
}

/* ---------------------------------------------------------------- logs */

static void
judge_log(struct governance *g, const struct governance_log *l,
    const char *policy, int64_t limit)
{
	struct draft d;

	if (limit == 0 || l->size <= limit)
		return;
	begin_violation(&d, g, policy, xasprintf("%s: %lld bytes are more "
	    "than %s = %lld", l->path, (long long)l->size, policy +
	    sizeof(LOGS_POLICY) - 1, (long long)limit));
	JW_KEY(&d.w, "label", text, l->label);
	JW_KEY(&d.w, "path", text, l->path);
	JW_KEY(&d.w, "size_bytes", int, l->size);
	JW_KEY(&d.w, "max_bytes", int, limit);
	end(&d);
}

/* ------------------------------------------------------------- judging */

static void
forget(struct governance_finding *f, size_t *n)
{
	for (; *n > 0; --*n) {
		free(f[*n - 1].message);
		buf_release(&f[*n - 1].details);
	}
}

void
governance_judge(struct governance *g, const struct campaign *c)
{
	const struct config *config = c->c.config;

	forget(g->warning, &g->nwarning);
	forget(g->violation, &g->nviolation);
	if (c->state != NULL)
		judge_statuses(g, c);
	judge_count(g, config->archives_max_count);
	judge_bytes(g, config->archives_max_bytes);
	if (config->archives_max_age > 0) {
		judge_age(g, config->archives_max_age);
		warn_unknown_age(g, config->archives_max_age);
	}
	judge_log(g, &g->log[1], LOGS_POLICY "event_log_max_bytes",
	    config->event_log_max_bytes);
	judge_log(g, &g->log[0], LOGS_POLICY "acquisition_log_max_bytes",
	    config->acquisition_log_max_bytes);
}

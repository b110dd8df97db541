#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/common.h"
#include "ops/run_loop.h"

/* So many evaluations that all fail at first are enough. */
#define FIRST 3

void
run_keep(struct run *l, const struct job *j, const struct answer *a)
{
	struct buf payload = BUF_INIT;

	job_payload(j, a, &payload);
	l->record = xgrow(l->record, l->nrecord, &l->record_cap,
	    sizeof(*l->record));
	l->record[l->nrecord++] = (struct record){ j->s->id,
	    buf_detach(&payload) };
	l->ended++;
	if (a->status == TRIAL_OK || j->fate == FATE_STOPPED)
		return;
	l->bad++;
	buf_cut(&l->by_hand, 0);
	job_by_hand(j, &l->by_hand);
}

/* ------------------------------------------------------------- limits */

/* The first of the campaign, or of this call while none ever was ok. */
static bool
all_failed_at_first(const struct run *l)
{
	return !l->now.any_ok && l->bad > 0 && l->now.observed >= FIRST &&
	    (l->first.observed < FIRST || l->bad >= FIRST);
}

static void
judge(struct run *l)
{
	struct err why;

	if (l->ending)
		return;
	if (all_failed_at_first(l)) {
		err_set(&why, LO_REFUSED, "all %lld evaluations so far "
		    "failed, so the others would, too: see above what the "
		    "evaluator said, try it by hand (%s), and then run this "
		    "again",
		    (long long)l->now.observed, buf_str(&l->by_hand));
		run_fail(l, &why);
	} else if (l->r->max_failures > 0 && l->bad >= l->r->max_failures) {
		err_set(&why, LO_REFUSED, "%lld evaluations were not ok, "
		    "which is --max-failures", (long long)l->bad);
		run_fail(l, &why);
	}
}

/* ---------------------------------------------------------- recording */

/* R3: it is lost to the campaign, but not to the person. */
static void
show(const struct run *l, const struct record *record)
{
	evaluation_note(&l->e, record->id, "not recorded, still pending; "
	    "'lo-ingest' takes it: %s", record->payload);
}

/* 0 if that is settled, 1 if the lock is busy: again. */
static int
ingest(struct run *l, const struct record *record)
{
	char *where = xasprintf("trial %lld", (long long)record->id);
	struct ingest_request r = { .text = record->payload,
	    .len = strlen(record->payload), .file = where };
	struct buf line = BUF_INIT;
	struct err why;
	int status = op_ingest(&l->op, &r, &line, &why);

	if (status == 0 || why.status != LO_AGAIN)
		run_lock_taken(l);
	if (status != 0 && why.status == LO_AGAIN) {
		run_lock_busy(l, &why);
		status = 1;
	} else if (status != 0 && why.text[0] == '\0') {
		l->refused = true;	/* op_ingest said why */
	} else if (status != 0) {
		show(l, record);
		run_fail(l, &why);
	}
	buf_release(&line);
	free(where);
	return status == 1;
}

void
run_record(struct run *l)
{
	size_t n = 0, i;
	struct err ignored;

	while (n < l->nrecord && ingest(l, &l->record[n]) == 0)
		free(l->record[n++].payload);
	if (n == 0)
		return;
	for (i = n; i < l->nrecord; i++)
		l->record[i - n] = l->record[i];
	l->nrecord -= n;
	/* a slot is free, and what was spent may no longer be */
	l->spent = false;
	l->again_at = 0;
	if (run_figures(&l->op, &l->now, &ignored) == 0)
		judge(l);
}

void
run_show_kept(struct run *l)
{
	size_t i;

	for (i = 0; i < l->nrecord; i++) {
		show(l, &l->record[i]);
		free(l->record[i].payload);
	}
	free(l->record);
	l->record = NULL;
	l->nrecord = 0;
}

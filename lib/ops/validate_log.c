#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/validate.h"

/* A log, line by line. */
struct log {
	struct vcheck *v;
	const char *file;
	void (*line)(struct log *, struct span object);
	size_t number;		/* of the line */
	size_t nobject;
	struct buf strangers;	/* ids that the state does not know */
	size_t nstranger;
};

static void
complain(struct log *l, enum finding_kind kind, const char *text)
{
	char path[32];

	snprintf(path, sizeof(path), "line %zu", l->number);
	find_text(l->v, kind, l->file, path, "%s", text);
}

static void
check_line(struct log *l, struct span s)
{
	struct err e;

	if (s.len == 0 || strspn(s.p, " \t\r") >= s.len) {
		complain(l, FINDING_WARNING, "empty line");
		return;
	}
	if (json_scan(s.p, s.len, l->file, l->number, &e) != 0) {
		char *why = xstrdup(e.text);

		err_set(&e, LO_REFUSED, "%s; mend this line or take it out, "
		    "and keep a copy of the file as it was", why);
		free(why);
		find_err(l->v, FINDING_ERROR, l->file, &e);
		return;
	}
	if (s.p[strspn(s.p, " \t\r")] != '{') {
		complain(l, FINDING_ERROR, "expected a JSON object");
		return;
	}
	l->nobject++;
	l->line(l, s);
}

static void
check_lines(struct log *l, const struct buf *text)
{
	const char *p = text->p, *end = text->p + text->len, *nl;
	struct span s;

	for (l->number = 1; p < end; l->number++, p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL) {
			complain(l, FINDING_WARNING, "torn: the file ends "
			    "within this line; the next command that writes "
			    "sets it aside");
			return;
		}
		s.p = p;
		s.len = (size_t)(nl - p);
		check_line(l, s);
	}
}

/* The trial of a line, if the state has it. */
static struct vtrial *
trial_of(struct log *l, struct span id_text)
{
	int64_t id = span_id(id_text);
	struct vtrial *t;

	if (id < 0) {
		complain(l, FINDING_WARNING, "trial_id is no trial's");
		return NULL;
	}
	t = vtrial_find(l->v, id);
	if (t == NULL && l->v->state_whole && l->nstranger++ < 10)
		buf_addf(&l->strangers, "%s%lld",
		    l->nstranger > 1 ? ", " : "", (long long)id);
	return t;
}

static bool
is_number(struct span s)
{
	double x;

	return s.p != NULL && num_read(s.p, s.len, &x);
}

static bool
is_null(struct span s)
{
	return s.p == NULL || *s.p == 'n';
}

/* --------------------------------------------------- acquisition log */

static void
note_latency(struct vlatency *latency, struct span telemetry)
{
	struct span s = { NULL, 0 };
	double x;

	if (telemetry.p != NULL)
		s = json_find(telemetry, "suggest_latency_seconds");
	if (s.p == NULL || !num_read(s.p, s.len, &x))
		return;
	latency->latest = x;
	if (latency->count == 0 || x < latency->min)
		latency->min = x;
	if (latency->count == 0 || x > latency->max)
		latency->max = x;
	latency->total += x;
	latency->count++;
}

static void
decision_line(struct log *l, struct span object)
{
	static const char *const keys[] = {
		"trial_id", "timestamp", "decision", "telemetry", NULL
	};
	struct span part[4];
	struct vtrial *t;

	spans_of(object, keys, part);
	note_latency(&l->v->latency, part[3]);
	if (!is_number(part[1]))
		complain(l, FINDING_WARNING, "no numeric timestamp");
	if (part[2].p == NULL || *part[2].p != '{') {
		complain(l, FINDING_WARNING, "no decision object");
		return;
	}
	/* one that failed has no trial, whatever id it would have got */
	if (!is_null(json_find(part[2], "constraint_error_reason")))
		return;
	t = trial_of(l, part[0]);
	if (t == NULL)
		return;
	if ((t->seen & SEEN_DECISION) != 0)
		complain(l, FINDING_WARNING, "a second decision of the same "
		    "trial");
	t->seen |= SEEN_DECISION;
}

static bool
lacks_decision(const struct vtrial *t)
{
	return !t->imported && (t->seen & SEEN_DECISION) == 0;
}

/* --------------------------------------------------------- event log */

static bool
text_is(struct span s, const char *word)
{
	size_t len = strlen(word);

	return s.len == len + 2 && memcmp(s.p + 1, word, len) == 0;
}

static unsigned
event_marks(struct span event)
{
	static const struct {
		const char *name;
		unsigned seen;
	} marks[] = {
		{ "suggestion_created", SEEN_CREATED },
		{ "ingest_applied", SEEN_ENDED },
		{ "ingest_late_applied", SEEN_ENDED },
		{ "trial_canceled", SEEN_ENDED },
		{ "trial_retired", SEEN_ENDED },
	};
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_is(event, marks[i].name))
			return marks[i].seen;
	return 0;
}

static void
event_line(struct log *l, struct span object)
{
	static const char *const keys[] = {
		"trial_id", "timestamp", "event", NULL
	};
	struct span part[3];
	struct vtrial *t;

	spans_of(object, keys, part);
	if (!is_number(part[1]))
		complain(l, FINDING_WARNING, "no numeric timestamp");
	if (part[2].p == NULL || *part[2].p != '"') {
		complain(l, FINDING_WARNING, "no event name");
		return;
	}
	if (is_null(part[0]))
		return;
	t = trial_of(l, part[0]);
	if (t != NULL)
		t->seen |= event_marks(part[2]);
}

static bool
lacks_creation(const struct vtrial *t)
{
	return !t->imported && (t->seen & SEEN_CREATED) == 0;
}

static bool
lacks_end(const struct vtrial *t)
{
	return !t->imported && t->status != VTRIAL_PENDING &&
	    (t->seen & SEEN_ENDED) == 0;
}

/* ------------------------------------------------------------ reading */

bool
vcheck_any_own(const struct vcheck *v)
{
	size_t i;

	for (i = 0; i < v->ntrial; i++)
		if (!v->trial[i].imported)
			return true;
	return false;
}

/* Returns how many objects it holds, or -1 if it is not there. */
static int64_t
read_log(struct vcheck *v, enum path_id which,
    void (*line)(struct log *, struct span))
{
	struct log l = { .v = v, .line = line };
	struct buf text = BUF_INIT;
	int found;

	l.file = v->c.paths.shown[which];
	found = vcheck_read(v, v->c.paths.real[which], l.file, &text);
	if (found > 0)
		check_lines(&l, &text);
	else if (found == 0 && !v->brief && vcheck_any_own(v))
		find_text(v, FINDING_WARNING, l.file, NULL,
		    "missing, though there are trials");
	if (l.nstranger > 0)
		find_text(v, FINDING_WARNING, l.file, NULL, "names trials "
		    "that the state does not have: %s%s",
		    buf_str(&l.strangers), l.nstranger > 10 ? ", ..." : "");
	buf_release(&l.strangers);
	buf_release(&text);
	return found > 0 ? (int64_t)l.nobject : -1;
}

void
validate_logs(struct vcheck *v)
{
	int64_t n = read_log(v, PATH_ACQUISITION, decision_line);
	const char *file = v->c.paths.shown[PATH_ACQUISITION];

	if (n >= 0) {
		v->ndecision = (size_t)n;
		find_trials(v, file, "no decision", lacks_decision);
	}
	file = v->c.paths.shown[PATH_EVENTS];
	if (read_log(v, PATH_EVENTS, event_line) >= 0) {
		find_trials(v, file, "no suggestion_created", lacks_creation);
		find_trials(v, file, "no event for the end", lacks_end);
	}
}

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/lines.h"
#include "ops/audit.h"
#include "ops/rebuild.h"
#include "store/table.h"

/* Something that a file says of a trial, in the order of reading. */
enum fact_kind {
	FACT_DIRECTORY, FACT_CREATED, FACT_DECIDED, FACT_RESULT,
	FACT_GIVEN_UP, FACT_VOIDED, FACT_UNDONE, FACT_ROW, FACT_OTHER
};

struct fact {
	int64_t id;
	size_t order;
	enum fact_kind kind;
	double at;		/* NaN: not known */
};

struct facts {
	struct rebuild *r;
	struct fact *fact;
	size_t n, cap;
	size_t column;		/* of trial_id in the CSV; SIZE_MAX: none */
};

static void
note(struct facts *f, double id, enum fact_kind kind, double at)
{
	struct fact *new;

	if (!(id >= 1 && id <= (double)TRIAL_ID_MAX && id == floor(id)))
		return;
	f->fact = xgrow(f->fact, f->n, &f->cap, sizeof(*f->fact));
	new = &f->fact[f->n];
	new->id = (int64_t)id;
	new->order = f->n++;
	new->kind = kind;
	new->at = at;
	if (kind != FACT_OTHER && new->id > f->r->last_id)
		f->r->last_id = new->id;
}

/* ---------------------------------------------------------- directories */

/* The id of trial_<id>, as the tools write it; NaN for another name. */
static double
id_of_name(const char *name)
{
	int64_t id;

	if (strncmp(name, "trial_", 6) != 0 || name[6] == '0' ||
	    strspn(name + 6, "0123456789") != strlen(name + 6) ||
	    !num_read_int(name + 6, strlen(name + 6), &id))
		return NAN;
	return (double)id;
}

static int
read_directories(struct facts *f, struct err *err)
{
	const struct campaign *c = f->r->c;
	const char *shown = c->paths.shown[PATH_TRIALS];
	int fd = campaign_open_dir(c, c->paths.real[PATH_TRIALS]);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (d == NULL && errno == ENOENT) {
		rebuild_say(f->r, "%s: missing: of no trial is there more "
		    "than the logs say", shown);
		return 0;
	}
	if (d == NULL) {
		err_sys(err, "%s: cannot open", shown);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((e = readdir(d)) != NULL)
		note(f, id_of_name(e->d_name), FACT_DIRECTORY, NAN);
	closedir(d);
	return 0;
}

/* ------------------------------------------------------------- the logs */

static void
note_time(struct rebuild *r, double at)
{
	if (!isnan(at) && !(at >= r->begun))
		r->begun = at;
}

static enum fact_kind
kind_of_event(struct span line)
{
	static const struct {
		const char *name;
		enum fact_kind kind;
	} known[] = {
		{ "suggestion_created", FACT_CREATED },
		{ "ingest_applied", FACT_RESULT },
		{ "ingest_late_applied", FACT_RESULT },
		{ "trial_canceled", FACT_GIVEN_UP },
		{ "trial_retired", FACT_GIVEN_UP },
		{ "trial_voided", FACT_VOIDED },
		{ "trial_void_undone", FACT_UNDONE },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (audit_is(line, "event", known[i].name))
			return known[i].kind;
	return FACT_OTHER;
}

static void
event_line(struct facts *f, struct span line)
{
	double at = audit_number(line, "timestamp");

	note_time(f->r, at);
	note(f, audit_number(line, "trial_id"), kind_of_event(line), at);
}

/* The id of a failed decision is that of the next trial, too. */
static void
decision_line(struct facts *f, struct span line)
{
	struct span decision = json_find(line, "decision");
	double seed = audit_number(decision, "seed");
	bool failed = json_find(decision, "constraint_error_reason").len > 4;

	note_time(f->r, audit_number(line, "timestamp"));
	if (!isnan(seed) && fabs(seed) <= (double)NUM_INT_MAX &&
	    seed == floor(seed)) {
		f->r->seed_known = true;
		f->r->seed = (int64_t)seed;
	}
	note(f, audit_number(line, "trial_id"), failed ? FACT_OTHER :
	    FACT_DECIDED, NAN);
}

static void
read_lines(struct facts *f, const struct buf *text, const char *shown,
    void (*use)(struct facts *, struct span))
{
	struct lines l;
	struct err bad;

	for (l = lines_of(text); lines_next(&l); )
		if (lines_object(&l, shown, &bad) == 0)
			use(f, l.line);
		else
			rebuild_say(f->r, "%s: what the line said is not "
			    "known", bad.text);
	if (text->len > 0 && text->p[text->len - 1] != '\n')
		rebuild_say(f->r, "%s: its last line is torn; what it said "
		    "is not known", shown);
}

static void
read_log(struct facts *f, enum path_id which,
    void (*use)(struct facts *, struct span))
{
	const struct paths *p = &f->r->c->paths;
	struct buf text = BUF_INIT;
	struct err err;
	int there = campaign_read_file(f->r->c, p->real[which], &text, &err);

	if (there < 0)
		rebuild_unread(f->r, p->real[which], &err);
	if (there > 0)
		read_lines(f, &text, p->shown[which], use);
	else
		rebuild_say(f->r, "%s: %s; what it said is not known",
		    p->shown[which], there == 0 ? "missing" : err.text);
	buf_release(&text);
}

/* -------------------------------------------- the order of observations */

static int
csv_record(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct facts *f = arg;
	int64_t id;

	if (number == 1) {
		while (n-- > 0)
			if (strcmp(field[n], "trial_id") == 0)
				f->column = n;
		return f->column == SIZE_MAX;
	}
	if (f->column < n && num_read_int(field[f->column], len[f->column],
	    &id))
		note(f, (double)id, FACT_ROW, (double)number);
	return 0;
}

/* It is not worth a word if it is not there: time orders them as well. */
static void
read_csv(struct facts *f)
{
	const struct paths *p = &f->r->c->paths;
	struct buf text = BUF_INIT;
	struct err ignored;

	f->column = SIZE_MAX;
	if (campaign_read_file(f->r->c, p->real[PATH_CSV], &text,
	    &ignored) > 0)
		table_read(buf_str(&text), text.len, p->shown[PATH_CSV],
		    csv_record, f, &ignored);
	buf_release(&text);
}

/* ------------------------------------------------------------- together */

static int
by_id(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Later facts overrule earlier ones. */
static void
apply(struct rebuild_trial *t, const struct fact *f)
{
	if (f->kind == FACT_CREATED)
		t->created = f->at;
	if (f->kind == FACT_CREATED || f->kind == FACT_DECIDED)
		t->suggested = true;
	if (f->kind == FACT_RESULT || f->kind == FACT_GIVEN_UP) {
		t->ended = f->at;
		t->end = f->kind == FACT_RESULT ? END_RESULT : END_GIVEN_UP;
	}
	if (f->kind == FACT_VOIDED || f->kind == FACT_UNDONE)
		t->voided = f->kind == FACT_VOIDED;
	if (f->kind == FACT_ROW)
		t->rank = (size_t)f->at;
}

static void
join(struct facts *f)
{
	struct rebuild *r = f->r;
	struct rebuild_trial *t = NULL;
	size_t i;

	if (f->n == 0)
		return;
	qsort(f->fact, f->n, sizeof(*f->fact), by_id);
	r->trial = xcalloc(f->n, sizeof(*r->trial));
	for (i = 0; i < f->n; i++) {
		if (f->fact[i].kind == FACT_OTHER)
			continue;
		if (t == NULL || t->id != f->fact[i].id) {
			t = &r->trial[r->n++];
			t->id = f->fact[i].id;
			t->created = t->ended = NAN;
			t->rank = SIZE_MAX;
		}
		apply(t, &f->fact[i]);
	}
}

int
rebuild_gather(struct rebuild *r, struct err *err)
{
	struct facts f = { .r = r };
	int status;

	r->begun = NAN;
	status = read_directories(&f, err);
	if (status == 0) {
		read_log(&f, PATH_ACQUISITION, decision_line);
		read_log(&f, PATH_EVENTS, event_line);
		read_csv(&f);
		join(&f);
	}
	free(f.fact);
	return status;
}

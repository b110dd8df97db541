#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/xmem.h"
#include "campaign/manifest.h"
#include "campaign/recover.h"
#include "campaign/runtime.h"
#include "store/file.h"
#include "store/json.h"

static int
guard(void *arg, struct err *err)
{
	const struct campaign *c = arg;

	return lock_check(c->lock, err);
}

void
recover_place(struct campaign *c, struct journal_place *at)
{
	memset(at, 0, sizeof(*at));
	at->dir = c->dir;
	at->base = JOURNAL_NAME;
	at->sync = !c->c.config->relaxed;
	at->guard = guard;
	at->guard_arg = c;
}

/* Has the trial that time?  A void's stands in what it keeps; null marks what
 * an undone one took away. */
static bool
is_marked(const struct json *row, const char *key, const struct json *at)
{
	struct json field = json_member(row, key), voided;

	if (jv_get_kind(at->v) == JV_KIND_NULL)
		return !json_present(&field);
	if (!json_present(&field)) {
		voided = json_member(row, "voided");
		field = json_member(&voided, key);
	}
	return jv_equal(jv_copy(field.v), jv_copy(at->v));
}

/* Does the state hold a trial of that id with that time? */
static bool
holds(const struct json *state, const struct json *mark)
{
	static const char *const list[] = { "observations", "pending" };
	struct json id = json_member(mark, "id"), at = json_member(mark, "at");
	struct json key = json_member(mark, "key"), rows, row, field;
	size_t k;
	int i, n;
	struct err ignored;

	if (jv_get_kind(key.v) != JV_KIND_STRING)
		return false;
	for (k = 0; k < 2; k++) {
		rows = json_member(state, list[k]);
		if (json_array(&rows, &n, &ignored) != 0)
			continue;
		for (i = 0; i < n; i++) {
			row = json_element(&rows, i);
			field = json_member(&row, "trial_id");
			if (!jv_identical(jv_copy(field.v), jv_copy(id.v)) &&
			    !jv_equal(jv_copy(field.v), jv_copy(id.v)))
				continue;
			if (is_marked(&row, jv_string_value(key.v), &at))
				return true;
		}
	}
	return false;
}

static bool
holds_ours(const struct buf *text, const char *note)
{
	struct err ignored;
	jv state = json_parse(buf_str(text), text->len, "state", &ignored);
	jv doc = json_parse(note, strlen(note), "note", &ignored);
	struct json s = json_root(state, "state"), d = json_root(doc, "note");
	struct json marks = json_member(&d, "marks"), mark;
	int i, n = 0;
	bool all;

	all = json_array(&marks, &n, &ignored) == 0 && n > 0;
	for (i = 0; i < n && all; i++) {
		mark = json_element(&marks, i);
		all = holds(&s, &mark);
	}
	jv_free(state);
	jv_free(doc);
	return all;
}

static int
move_aside(struct campaign *c, struct err *err)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.lost-%.6f", JOURNAL_NAME,
	    clock_now());
	if (renameat(c->dir, JOURNAL_NAME, c->dir, name) != 0)
		return err_sys(err, "%s: cannot rename", JOURNAL_NAME);
	free(c->warning);
	c->warning = xasprintf("an interrupted change does not fit the state "
	    "that another program wrote since; nothing of it was "
	    "acknowledged; kept as %s/%s", c->paths.state_dir, name);
	return 0;
}

static bool
ends_in(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n >= m && strcmp(path + n - m, end) == 0;
}

/* A file that somebody else wrote since the change was committed. */
static enum journal_verdict
judge(void *arg, struct journal_entry *e, const struct buf *found)
{
	const struct campaign *c = arg;
	struct buf merged = BUF_INIT;
	struct err ignored;

	if (strcmp(e->path, c->paths.real[PATH_STATE]) == 0 ||
	    strcmp(e->path, c->paths.real[PATH_CSV]) == 0)
		return JOURNAL_SKIP;	/* a CSV that differs is made anew */
	/* a log that we began and others went on with */
	if (strcmp(e->path, c->paths.real[PATH_EVENTS]) == 0 &&
	    e->op == JOURNAL_REPLACE && found->len >= e->data.len &&
	    memcmp(found->p, e->data.p, e->data.len) == 0)
		return JOURNAL_SKIP;
	if (!ends_in(e->path, "/manifest.json"))
		return JOURNAL_APPLY;
	if (manifest_merge(found, &e->data, &merged, &ignored) == 0) {
		buf_release(&e->data);
		e->data = merged;
	}
	return JOURNAL_APPLY;
}

static bool
stands_beside_state(const char *rest)
{
	static const char damaged[] = STATE_DAMAGED;
	size_t n = sizeof(damaged) - 1;

	return strcmp(rest, STATE_REBUILT) == 0 ||
	    (strncmp(rest, damaged, n) == 0 &&
	    strspn(rest + n, "0123456789.") == strlen(rest + n));
}

/* whole: the trials directory itself, too. */
static bool
is_path_of(const struct paths *p, const char *path, bool whole)
{
	const char *rest;
	size_t n;
	int i;

	for (i = 0; i < PATH_COUNT; i++) {
		n = strlen(p->real[i]);
		if (strncmp(path, p->real[i], n) != 0)
			continue;
		rest = path + n;
		if (i == PATH_TRIALS || i == PATH_IMPORTS ? *rest == '/' :
		    *rest == '\0' || strcmp(rest, ".torn") == 0)
			return true;
		if (i == PATH_STATE && stands_beside_state(rest))
			return true;
		if (i == PATH_TRIALS && whole && *rest == '\0')
			return true;
	}
	return runtime_owns(p, path);
}

/* A campaign may have been copied with its journal, or its paths changed
 * since: nothing is written where this campaign has no file. */
static int
check_paths(const struct campaign *c, const struct journal *j,
    struct err *err)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (!is_path_of(&c->paths, j->entry[i].path,
		    j->entry[i].aside != NULL))
			return err_set(err, LO_REFUSED, "%s: the journal of "
			    "an interrupted change names %s, which is no file "
			    "of this campaign; nothing was changed: put the "
			    "paths of bo_config.json back, or move the "
			    "journal out of the way and run lo-validate",
			    JOURNAL_NAME, j->entry[i].path);
	return 0;
}

/* May the journal be applied to the state that is there? */
static int
fits(const struct campaign *c, const struct journal *j, struct err *err)
{
	const struct journal_entry *e;
	struct buf found = BUF_INIT;
	int there, yes;

	e = journal_find(j, c->paths.real[PATH_STATE]);
	if (e == NULL)
		return 1;
	there = file_slurp(c->dir, e->path, c->paths.shown[PATH_STATE],
	    &found, err);
	if (there < 0)
		return -1;
	yes = journal_is_old(e, there, &found) ||
	    journal_is_new(e, there, &found) || holds_ours(&found, j->note);
	buf_release(&found);
	return yes;
}

int
recover(struct campaign *c, struct err *err)
{
	struct journal_judge by = { judge, c };
	struct journal_place at;
	struct journal j;
	int status;

	recover_place(c, &at);
	journal_init(&j);
	status = journal_load(&j, &at, err);
	if (status > 0 && check_paths(c, &j, err) != 0) {
		journal_release(&j);
		status = -1;
	}
	if (status < 0)
		return err_prefix(err, "%s/", c->paths.state_dir);
	if (status > 0) {
		status = fits(c, &j, err);
		if (status > 0)
			status = journal_replay(&j, &at, &by, err);
		else if (status == 0)
			status = move_aside(c, err);
	}
	journal_release(&j);
	return status;
}

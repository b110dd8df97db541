#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/archive.h"
#include "store/file.h"
#include "store/json.h"

/* Where a file goes in the archive: to its path in the campaign, or under
 * its label if that leads out of it. */
static char *
place_of(const struct runtime_file *f)
{
	struct span rest = { f->shown, 0 };
	bool inside = *f->shown != '/';

	for (; *rest.p != '\0'; rest.p += rest.len, rest.p += *rest.p == '/') {
		rest.len = strcspn(rest.p, "/");
		if (rest.len == 2 && memcmp(rest.p, "..", 2) == 0)
			inside = false;
	}
	return inside ? xstrdup(f->shown) : xasprintf("outside/%s",
	    f->label);
}

static void
put_entry(struct jw *w, const struct runtime_file *f, const char *place)
{
	jw_object(w);
	JW_KEY(w, "label", text, f->label);
	JW_KEY(w, "source_rel", text, f->shown);
	JW_KEY(w, "archive_rel", text, place);
	JW_KEY(w, "path_type", text, f->directory ? "directory" : "file");
	jw_end(w);
}

/* The files that an archive is made of. */
static bool
goes_in(const struct runtime_file *f)
{
	return f->label != NULL && f->there != TREE_NONE;
}

static void
write_manifest(const struct archive_made *m, const struct campaign *c,
    const struct runtime *r, int64_t now, struct buf *out)
{
	struct jw w;
	char *place;
	int i;

	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	JW_KEY(&w, "manifest_version", int, 1);
	JW_KEY(&w, "archive_type", text, "reset");
	JW_KEY(&w, "archive_id", text, m->id);
	JW_KEY(&w, "created_at", real, clock_of_ns(now));
	JW_KEY(&w, "source_root", text, c->paths.root);
	jw_key(&w, "entries");
	jw_array(&w);
	for (i = 0; i < RUNTIME_COUNT; i++) {
		if (!goes_in(&r->file[i]))
			continue;
		place = place_of(&r->file[i]);
		put_entry(&w, &r->file[i], place);
		free(place);
	}
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static int
fill(const struct archive_made *m, const struct campaign *c,
    const struct runtime *r, struct err *err)
{
	char *place, *to;
	int i, status = 0;

	for (i = 0; i < RUNTIME_COUNT && status == 0; i++) {
		if (!goes_in(&r->file[i]))
			continue;
		place = place_of(&r->file[i]);
		to = xasprintf("%s/%s", m->aside, place);
		/* the lock file stays in use; the others lose their names */
		status = tree_copy(c->dir, r->file[i].real, to,
		    i == RUNTIME_LOCK ? 0 : TREE_LINK, err);
		free(to);
		free(place);
	}
	return status;
}

static int
put_manifest(const struct archive_made *m, const struct campaign *c,
    const struct runtime *r, int64_t now, struct err *err)
{
	char *path = xasprintf("%s/" ARCHIVE_MANIFEST, m->aside);
	struct buf text = BUF_INIT;
	int status;

	write_manifest(m, c, r, now, &text);
	status = file_put(c->dir, path, &text, !c->c.config->relaxed, err);
	buf_release(&text);
	free(path);
	return status;
}

static int
choose_id(struct archive_made *m, const struct campaign *c, int64_t *now,
    struct err *err)
{
	enum tree_kind kind = TREE_NONE;
	char stamp[32];
	struct tm tm;
	time_t t;
	int status;

	*now = clock_now_ns();
	do {
		free(m->id);
		free(m->real);
		t = (time_t)(*now / 1000000000);
		localtime_r(&t, &tm);
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
		m->id = xasprintf("reset-%s-%lld", stamp, (long long)*now);
		m->real = xasprintf(ARCHIVES_NAME "/%s", m->id);
		status = tree_kind(c->dir, m->real, &kind, err);
		*now += kind != TREE_NONE;
	} while (status == 0 && kind != TREE_NONE);
	return status;
}

int
archive_make(struct archive_made *m, const struct campaign *c,
    const struct runtime *r, struct err *err)
{
	struct err ignored;
	int64_t now;

	memset(m, 0, sizeof(*m));
	if (choose_id(m, c, &now, err) != 0) {
		archive_made_release(m);
		return -1;
	}
	m->aside = tree_stage_name(m->real);
	/* the manifest makes the directories, fsynced up to the campaign's */
	if (put_manifest(m, c, r, now, err) == 0 &&
	    fill(m, c, r, err) == 0 && (c->c.config->relaxed ||
	    tree_sync(c->dir, m->aside, err) == 0))
		return 0;
	tree_remove(c->dir, m->aside, &ignored);
	archive_made_release(m);
	return -1;
}

void
archive_made_release(struct archive_made *m)
{
	free(m->id);
	free(m->real);
	free(m->aside);
	memset(m, 0, sizeof(*m));
}

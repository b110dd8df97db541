#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/doctor.h"
#include "store/probe.h"

/* Clocks that differ by more are said to be wrong, seconds. */
#define CLOCK_TOLERANCE 60

/* ---------------------------------------------------------------- trials */

static void
put_result(struct doctor *d, struct jw *w, const char *key, const char *what,
    enum probe_result r)
{
	jw_key(w, key);
	if (r == PROBE_UNTRIED)
		jw_null(w);
	else
		jw_bool(w, r == PROBE_WORKS);
	if (r == PROBE_FAILS)
		doctor_say(d, "%s: %s here; keep campaigns on another file "
		    "system", d->s.c->paths.state_dir, what);
}

static void
put_trials(struct doctor *d, struct jw *w, const struct probe *p)
{
	put_result(d, w, "flock", "flock(2) keeps nobody out", p->flock);
	put_result(d, w, "ofd_lock", "open-file-description locks do not "
	    "work", p->ofd);
	put_result(d, w, "rename", "rename(2) does not replace a file",
	    p->rename);
	put_result(d, w, "exclusive_create", "two files get the same name",
	    p->exclusive);
	/* missed only when a lock was lost: not worth another place */
	jw_key(w, "hard_link");
	if (p->link == PROBE_UNTRIED)
		jw_null(w);
	else
		jw_bool(w, p->link == PROBE_WORKS);
	put_result(d, w, "fsync", "fsync(2) fails", p->fsync);
	JW_KEY(w, "fsync_seconds", real, p->fsync_seconds);
	JW_KEY(w, "directory_fsync_seconds", real, p->sync_dir_seconds);
}

/* ----------------------------------------------------------------- space */

static void
put_space(struct doctor *d, struct jw *w, int fd, const struct probe *p)
{
	struct statvfs st;

	jw_key(w, "space");
	if (fd < 0 || fstatvfs(fd, &st) != 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "free_bytes", real, (double)st.f_bavail *
	    (double)st.f_frsize);
	/* some count no files */
	JW_KEY(w, "free_files", real, st.f_files > 0 ? (double)st.f_favail :
	    NAN);
	jw_end(w);
	if (p->room == PROBE_FAILS)
		doctor_say(d, "%s: there is no room for 64 kB (full, or a "
		    "quota or ulimit -f): make room before going on",
		    d->s.c->paths.state_dir);
}

/* ----------------------------------------------------------------- clock */

/* The last thing that the campaign says happened. */
static double
latest(const struct state *s)
{
	double t = NAN;
	size_t i;

	for (i = 0; s != NULL && i < s->nobs; i++)
		t = fmax(t, s->obs[i].completed_at);
	for (i = 0; s != NULL && i < s->npend; i++)
		t = fmax(t, pending_since(&s->pend[i]));
	return t;
}

static void
put_clock(struct doctor *d, struct jw *w, double difference)
{
	double ahead = latest(d->s.c->state) - d->s.now;
	char text[NUM_TEXT];

	jw_key(w, "clock");
	jw_object(w);
	JW_KEY(w, "file_system_ahead_seconds", real, difference);
	JW_KEY(w, "campaign_ahead_seconds", real, ahead > 0 ? ahead :
	    isnan(ahead) ? NAN : 0);
	jw_end(w);
	if (fabs(difference) > CLOCK_TOLERANCE)
		doctor_say(d, "%s: the clock of the file system differs from "
		    "this machine's by %s seconds", d->s.c->paths.state_dir,
		    num_plain(text, round(difference)));
	if (ahead > CLOCK_TOLERANCE)
		doctor_say(d, "%s: the latest trial is %s seconds in the "
		    "future: set the clock of this machine, or of the one "
		    "that wrote it", d->s.c->paths.shown[PATH_STATE],
		    num_plain(text, round(ahead)));
}

/* ----------------------------------------------------------- permissions */

static void
put_permission(struct doctor *d, struct jw *w, const char *key,
    const char *path)
{
	bool there = faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0;
	bool reads = faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0;
	bool writes = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;

	jw_key(w, key);
	if (!there) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "readable", bool, reads);
	JW_KEY(w, "writable", bool, writes);
	jw_end(w);
	if (!reads || !writes)
		doctor_say(d, "%s: cannot be %s by this user", path,
		    reads ? "written" : writes ? "read" : "read or written");
}

static void
put_permissions(struct doctor *d, struct jw *w)
{
	const struct paths *p = &d->s.c->paths;
	char *path;
	int i;

	jw_key(w, "permissions");
	jw_object(w);
	put_permission(d, w, "project_root", p->root);
	put_permission(d, w, "state_dir", p->state_dir);
	for (i = 0; i < PATH_COUNT; i++) {
		path = *p->real[i] == '/' ? xstrdup(p->real[i]) :
		    xasprintf("%s/%s", p->state_dir, p->real[i]);
		put_permission(d, w, path_key[i], path);
		free(path);
	}
	jw_end(w);
}

/* ------------------------------------------------------------------ all */

/* Where the state is, or will be. */
static int
open_place(const struct doctor *d, const char **name)
{
	const struct campaign *c = d->s.c;

	*name = c->dir >= 0 ? c->paths.state_dir : c->paths.root;
	return open(*name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void
doctor_filesystem(struct doctor *d, struct jw *w)
{
	char type[PROBE_TYPE] = "unknown";
	const char *name;
	struct probe p;
	struct err e;
	int fd = open_place(d, &name);

	memset(&p, 0, sizeof(p));
	p.clock_difference = p.fsync_seconds = p.sync_dir_seconds = NAN;
	if (fd < 0)
		doctor_say(d, "%s: cannot open: %s", name, strerror(errno));
	else {
		probe_type(fd, type);
		if (probe_directory(fd, name, &p, &e) != 0)
			doctor_say(d, "%s; locks were not tried", e.text);
	}
	jw_key(w, "filesystem");
	jw_object(w);
	JW_KEY(w, "path", text, name);
	JW_KEY(w, "type", text, type);
	JW_KEY(w, "advice", text, probe_advice(type));
	put_trials(d, w, &p);
	put_space(d, w, fd, &p);
	put_clock(d, w, p.clock_difference);
	put_permissions(d, w);
	jw_end(w);
	if (fd >= 0)
		close(fd);
}

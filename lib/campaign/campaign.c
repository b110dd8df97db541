#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/campaign.h"
#include "campaign/recover.h"
#include "campaign/runtime.h"
#include "store/file.h"
#include "store/json.h"
#include "store/tree.h"

/* A reader that finds the campaign being changed looks again. */
#define READ_TRIES 200
#define READ_PAUSE 0.005

static struct campaign *
campaign_new(const char *root, bool create, bool bare, struct err *err)
{
	struct campaign *c = xcalloc(1, sizeof(*c));

	c->dir = -1;
	journal_init(&c->journal);
	if ((bare ? contracts_load_config(&c->c, root, err) :
	    contracts_load(&c->c, root, err)) == 0 &&
	    paths_init(&c->paths, root, c->c.config, create, err) == 0)
		return c;
	campaign_close(c);
	return NULL;
}

void
campaign_unlock(struct campaign *c)
{
	lock_release(c->lock);
	c->lock = NULL;
}

void
campaign_close(struct campaign *c)
{
	if (c == NULL)
		return;
	state_free(c->state);
	journal_release(&c->journal);
	paths_release(&c->paths);
	contracts_release(&c->c);
	if (c->dir >= 0)
		close(c->dir);
	campaign_unlock(c);
	free(c->warning);
	free(c);
}

static int
open_dir(struct campaign *c)
{
	if (c->dir >= 0)
		close(c->dir);
	c->dir = open(c->paths.state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return c->dir >= 0 ? 0 : -1;
}

static void
look(const struct campaign *c, struct campaign_seen *seen)
{
	const char *base[2] = { c->paths.real[PATH_STATE], JOURNAL_NAME };
	struct stat st;
	int i;

	memset(seen, 0, 2 * sizeof(*seen));
	for (i = 0; i < 2 && c->dir >= 0; i++) {
		if (fstatat(c->dir, base[i], &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		seen[i].inode = st.st_ino;
		seen[i].size = st.st_size;
		seen[i].seconds = st.st_mtim.tv_sec;
		seen[i].nanoseconds = st.st_mtim.tv_nsec;
	}
}

static bool
same_look(const struct campaign_seen *a, const struct campaign_seen *b)
{
	int i;

	for (i = 0; i < 2; i++)
		if (a[i].inode != b[i].inode || a[i].size != b[i].size ||
		    a[i].seconds != b[i].seconds ||
		    a[i].nanoseconds != b[i].nanoseconds)
			return false;
	return true;
}

bool
campaign_changed(const struct campaign *c)
{
	struct campaign_seen now[2];

	look(c, now);
	return !same_look(now, c->seen);
}

static bool
any_trial(const struct campaign *c)
{
	int fd = campaign_open_dir(c, c->paths.real[PATH_TRIALS]);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;
	bool found = false;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!found && (e = readdir(d)) != NULL)
		found = strncmp(e->d_name, "trial_", 6) == 0;
	closedir(d);
	return found;
}

static bool
any_decision(const struct campaign *c)
{
	const char *real = c->paths.real[PATH_ACQUISITION];
	char *at = c->dir < 0 ? NULL :
	    journal_where(&c->journal, c->dir, real);
	struct stat st;
	bool any = at != NULL && fstatat(c->dir, at, &st,
	    AT_SYMLINK_NOFOLLOW) == 0 && st.st_size > 0;

	free(at);
	return any;
}

/* A state that is gone beside what only a used campaign has is damage. */
static int
lost_state(const struct campaign *c, struct err *err)
{
	bool trials = any_trial(c);

	if (!trials && !any_decision(c))
		return 0;
	return err_set(err, LO_REFUSED, "%s: missing, though %s is there: the "
	    "campaign is damaged; put the state file back from a copy, rebuild "
	    "it with lo-validate --rebuild, restore an archive with "
	    "lo-archive, or begin anew with lo-reset",
	    c->paths.shown[PATH_STATE],
	    c->paths.shown[trials ? PATH_TRIALS : PATH_ACQUISITION]);
}

/* A reader sees an empty campaign, and a warning where that is damage. */
static void
missing_state(struct campaign *c, struct err *err)
{
	if (lost_state(c, err) != 0) {
		if (c->lock != NULL)
			return;
		c->damaged = true;
		free(c->warning);
		c->warning = xstrdup(err->text);
	}
	c->state = state_new(c->c.space, c->c.objectives, clock_now());
}

/* One that is empty or torn is no better than none. */
static struct state *
parse_state(const struct campaign *c, struct buf *text, struct err *err)
{
	const char *shown = c->paths.shown[PATH_STATE];
	struct err why;

	if (json_scan(text->p, text->len, shown, 1, &why) == 0)
		return state_parse_scanned(text, c->c.space, c->c.objectives,
		    shown, err);
	err_set(err, why.status, "%s; put the state file back from a copy, "
	    "rebuild it with lo-validate --rebuild, or restore an archive "
	    "with lo-archive", why.text);
	return NULL;
}

static int
load_state(struct campaign *c, struct err *err)
{
	struct buf text = BUF_INIT;
	int there;

	if (c->c.space == NULL)		/* opened bare */
		return 0;
	there = campaign_read_file(c, c->paths.real[PATH_STATE], &text,
	    err);

	if (there > 0)
		c->state = parse_state(c, &text, err);
	else if (there == 0)
		missing_state(c, err);
	buf_release(&text);
	if (c->state == NULL)
		return -1;
	if (c->state->legacy && c->warning == NULL)
		c->warning = xasprintf("%s: written by version 0.2; the next "
		    "command that changes the campaign upgrades it to %s",
		    c->paths.shown[PATH_STATE], STATE_VERSION);
	return 0;
}

/* The journal that is there at this moment, for a reader. */
static void
read_journal(struct campaign *c, struct err *err)
{
	struct journal_place at;
	const struct journal_entry *e;
	struct buf found = BUF_INIT;
	int there;

	journal_release(&c->journal);
	recover_place(c, &at);
	if (c->dir >= 0 && journal_load(&c->journal, &at, err) < 0) {
		free(c->warning);
		c->warning = xasprintf("%s/%s", c->paths.state_dir, err->text);
	}
	e = journal_find(&c->journal, c->paths.real[PATH_STATE]);
	if (e != NULL) {
		/* written over by others: the journal is history */
		there = file_slurp(c->dir, e->path, e->path, &found, err);
		if (there >= 0 && !journal_is_old(e, there, &found) &&
		    !journal_is_new(e, there, &found))
			journal_release(&c->journal);
		buf_release(&found);
	}
}

static int
read_once(struct campaign *c, struct err *err)
{
	state_free(c->state);
	c->state = NULL;
	if (c->damaged) {	/* at the look before */
		c->damaged = false;
		free(c->warning);
		c->warning = NULL;
	}
	read_journal(c, err);
	return load_state(c, err);
}

void
campaign_look_again(struct campaign *c, struct err *err)
{
	open_dir(c);
	read_journal(c, err);
}

static struct campaign *
open_read(const char *root, bool bare, struct err *err)
{
	struct campaign *c = campaign_new(root, false, bare, err);
	int share, tries, status = -1;

	if (c == NULL)
		return NULL;
	open_dir(c);
	share = c->dir >= 0 ? lock_share(c->dir, c->paths.real[PATH_LOCK]) :
	    -1;
	for (tries = 0; tries < READ_TRIES; tries++) {
		look(c, c->seen);
		status = read_once(c, err);
		if (share >= 0 || !campaign_changed(c))
			break;
		clock_sleep(READ_PAUSE);
		open_dir(c);
	}
	if (share >= 0)
		close(share);
	if (status == 0)
		return c;
	campaign_close(c);
	return NULL;
}

struct campaign *
campaign_open_read(const char *root, struct err *err)
{
	return open_read(root, false, err);
}

struct campaign *
campaign_open_read_bare(const char *root, struct err *err)
{
	return open_read(root, true, err);
}

static int
take_lock(struct campaign *c, const struct campaign_open *how,
    struct err *err)
{
	double seconds = how->lock_timeout < 0 ? c->c.config->lock_timeout :
	    how->lock_timeout;

	c->lock = lock_take(c->paths.state_dir, c->paths.real[PATH_LOCK],
	    seconds, how->command, err);
	return c->lock != NULL ? 0 : -1;
}

/* Nothing is acknowledged below directories whose names are not on disk. */
static int
settle(struct campaign *c, struct err *err)
{
	if (c->c.config->relaxed || (c->state != NULL && c->state->exists))
		return 0;
	return paths_sync(&c->paths, err);
}

/* Not before the journal is dealt with: what it names is not litter.  Beside
 * the user's files only the making of the campaign leaves any. */
static void
sweep(const struct campaign *c)
{
	struct stat st;

	file_sweep_temps(c->dir);
	runtime_sweep(c);
	if (fstatat(c->dir, c->paths.real[PATH_STATE], &st,
	    AT_SYMLINK_NOFOLLOW) != 0)
		tree_sweep_unheld(c->paths.root);
}

/* Under the lock: finish what was interrupted, then read. */
static int
begin(struct campaign *c, bool stateless, struct err *err)
{
	if (open_dir(c) != 0)
		return err_sys(err, "%s: cannot open", c->paths.state_dir);
	if (recover(c, err) != 0)
		return -1;
	sweep(c);
	if (!stateless && load_state(c, err) != 0)
		return -1;
	return settle(c, err);
}

struct campaign *
campaign_open_write(const struct campaign_open *how, struct err *err)
{
	struct campaign *c = campaign_new(how->root, true, how->bare,
	    err);

	if (c == NULL)
		return NULL;
	c->command = how->command;
	if (take_lock(c, how, err) == 0 &&
	    begin(c, how->stateless, err) == 0)
		return c;
	campaign_close(c);
	return NULL;
}

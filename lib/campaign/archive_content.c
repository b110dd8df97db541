#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/archive.h"
#include "campaign/lines.h"
#include "store/file.h"
#include "store/json.h"
#include "store/table.h"

/* 0, also where there is no such file; -1 and why. */
typedef int check(const struct buf *, const char *path, struct err *);

static int
check_object(const struct buf *text, const char *path, struct err *err)
{
	const char *p = text->len > 0 ? text->p : "";

	if (json_scan(p, text->len, path, 1, err) != 0)
		return -1;
	return p[strspn(p, " \t\r\n")] == '{' ? 0 : err_set(err, LO_REFUSED,
	    "%s: expected a JSON object", path);
}

/* A torn last line is for the next commit. */
static int
check_log(const struct buf *text, const char *path, struct err *err)
{
	struct lines l = lines_of(text);

	while (lines_next(&l))
		if (lines_object(&l, path, err) != 0)
			return -1;
	return 0;
}

static int
on_row(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	size_t *width = arg;

	(void)field;
	(void)len;
	if (number == 1)
		*width = n;
	if (n != *width)
		*width = SIZE_MAX;
	return *width == SIZE_MAX;
}

static int
check_table(const struct buf *text, const char *path, struct err *err)
{
	size_t width = 0;

	if (table_read(text->len > 0 ? text->p : "", text->len, path, on_row,
	    &width, err) != 0)
		return -1;
	return width != SIZE_MAX ? 0 : err_set(err, LO_REFUSED,
	    "%s: expected rows as long as the header", path);
}

static int
check_file(const struct campaign *c, const char *path, check *is_sound,
    struct err *err)
{
	struct buf text = BUF_INIT;
	int status = file_slurp(c->dir, path, path, &text, err);

	if (status > 0)
		status = is_sound(&text, path, err);
	buf_release(&text);
	return status;
}

static int
check_trial(const struct campaign *c, const char *trials, const char *name,
    struct err *err)
{
	static const char *const file[] = { "manifest.json",
	    "ingest_payload.json" };
	char *path;
	size_t i;
	int status = 0;

	for (i = 0; i < 2 && status == 0; i++) {
		path = xasprintf("%s/%s/%s", trials, name, file[i]);
		status = check_file(c, path, check_object, err);
		free(path);
	}
	return status;
}

static int
check_trials(const struct campaign *c, const char *path, struct err *err)
{
	int fd = campaign_open_dir(c, path), status = 0;
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return err_sys(err, "%s: cannot open", path);
	}
	while (status == 0 && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, "trial_", 6) == 0)
			status = check_trial(c, path, e->d_name, err);
	closedir(d);
	return status;
}

static int
check_entry(const struct campaign *c, const char *label, const char *path,
    struct err *err)
{
	static const struct {
		const char *label;
		check *is_sound;
	} kind[] = {
		{ "state_file", check_object },
		{ "observations_csv", check_table },
		{ "acquisition_log_file", check_log },
		{ "event_log_file", check_log },
		{ "report_json_file", check_object },
	};
	size_t i;

	if (strcmp(label, "trials_dir") == 0)
		return check_trials(c, path, err);
	for (i = 0; i < sizeof(kind) / sizeof(kind[0]); i++)
		if (strcmp(label, kind[i].label) == 0)
			return check_file(c, path, kind[i].is_sound, err);
	return 0;
}

bool
archive_content(struct archive *a, const struct campaign *c)
{
	const char *text;
	struct err err;
	char *path;
	size_t i, n = strlen(a->real);

	for (i = 0; i < a->n && a->problem == NULL; i++) {
		path = xasprintf("%s/%s", a->real, a->entry[i].archive_rel);
		if (check_entry(c, a->entry[i].label, path, &err) != 0) {
			text = err.text;
			if (strncmp(text, a->real, n) == 0 && text[n] == '/')
				text += n + 1;
			a->problem = xasprintf("damaged: %s", text);
		}
		free(path);
	}
	return a->problem == NULL && a->n > 0 &&
	    (a->integrity == ARCHIVE_OK || a->integrity == ARCHIVE_LEGACY);
}

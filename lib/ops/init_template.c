#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/init.h"
#include "store/file.h"

void
init_files_release(struct init_files *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->file[i].name);
		buf_release(&f->file[i].text);
	}
	free(f->file);
	memset(f, 0, sizeof(*f));
}

struct init_file *
init_files_find(const struct init_files *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	return NULL;
}

struct init_file *
init_files_put(struct init_files *f, const char *name)
{
	struct init_file *file = init_files_find(f, name);

	if (file != NULL) {
		buf_cut(&file->text, 0);
		return file;
	}
	f->file = xgrow(f->file, f->n, &f->cap, sizeof(*f->file));
	file = &f->file[f->n++];
	memset(file, 0, sizeof(*file));
	file->name = xstrdup(name);
	return file;
}

void
init_files_drop(struct init_files *f, const char *name)
{
	struct init_file *file = init_files_find(f, name);
	size_t after;

	if (file == NULL)
		return;
	free(file->name);
	buf_release(&file->text);
	after = f->n - (size_t)(file - f->file) - 1;
	memmove(file, file + 1, after * sizeof(*file));
	f->n--;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct init_file *)a)->name,
	    ((const struct init_file *)b)->name);
}

/* Names in a directory, hidden ones left out, as files without text: 1, 0 if
 * there is no such directory, -1. */
static int
list(const char *path, struct init_files *f, struct err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (dir == NULL && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (dir == NULL)
		return err_sys(err, "%s: cannot list it", path);
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			init_files_put(f, entry->d_name);
	if (errno != 0) {
		err_sys(err, "%s: cannot list it", path);
		closedir(dir);
		return -1;
	}
	closedir(dir);
	if (f->n > 0)
		qsort(f->file, f->n, sizeof(*f->file), by_name);
	return 1;
}

static int
no_template(const char *templates, const char *name, struct err *err)
{
	struct init_files there = { NULL, 0, 0 };
	struct buf names = BUF_INIT;
	int listed = list(templates, &there, err);
	size_t i;

	if (listed == 0)
		err_set(err, LO_IO, "%s: no templates here, set LO_SHARE to "
		    "the directory that holds templates/", templates);
	if (listed <= 0)
		return -1;
	for (i = 0; i < there.n; i++)
		buf_addf(&names, "%s%s", i > 0 ? ", " : "",
		    there.file[i].name);
	err_set(err, LO_USAGE, "no template \"%s\", there are: %s", name,
	    buf_str(&names));
	buf_release(&names);
	init_files_release(&there);
	return -1;
}

static int
read_one(const char *dir, struct init_file *file, struct err *err)
{
	char *path = xasprintf("%s/%s", dir, file->name);
	int found = file_slurp_path(path, &file->text, err);

	if (found == 0)
		err_set(err, LO_IO, "%s: it vanished", path);
	file->executable = file->text.len > 2 &&
	    memcmp(file->text.p, "#!", 2) == 0;
	free(path);
	return found > 0 ? 0 : -1;
}

int
init_template(const char *share, const char *name, struct init_files *f,
    struct err *err)
{
	char *templates = xasprintf("%s/templates", share);
	char *dir = xasprintf("%s/%s", templates, name);
	bool odd = name[0] == '\0' || name[0] == '.' ||
	    strchr(name, '/') != NULL;
	int listed = odd ? 0 : list(dir, f, err), status;
	size_t i;

	if (listed == 0)
		status = no_template(templates, name, err);
	else
		status = listed > 0 ? 0 : -1;
	for (i = 0; i < f->n && status == 0; i++)
		status = read_one(dir, &f->file[i], err);
	free(dir);
	free(templates);
	return status;
}

/* scratch: a directory of its own for each test, and files in it. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "unit.h"

struct scratch {
	char path[64];
	int dir;
};

static inline int
scratch_make(void **state)
{
	struct scratch *s = calloc(1, sizeof(*s));

	strcpy(s->path, "/tmp/lo-unit-XXXXXX");
	if (mkdtemp(s->path) == NULL)
		return -1;
	s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = s;
	return s->dir < 0 ? -1 : 0;
}

static inline int
scratch_remove_one(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int
scratch_remove(void **state)
{
	struct scratch *s = *state;

	close(s->dir);
	nftw(s->path, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(s);
	return 0;
}

static inline void
scratch_write(const struct scratch *s, const char *name, const char *text)
{
	int fd = openat(s->dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static inline void
scratch_has(const struct scratch *s, const char *name, const char *text)
{
	struct buf found = BUF_INIT;
	struct err err;

	if (file_slurp(s->dir, name, name, &found, &err) != 1)
		fail_msg("%s is not there", name);
	assert_string_equal(buf_str(&found), text);
	buf_release(&found);
}

static inline int
scratch_absent(const struct scratch *s, const char *name)
{
	struct stat st;

	return fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0;
}

#endif

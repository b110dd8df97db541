#define _GNU_SOURCE	/* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "store/file.h"

void
fuzz_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

void
fuzz_text(const uint8_t *data, size_t len, struct buf *out)
{
	buf_reserve(out, len + 1);
	buf_add(out, data, len);
}

static const char space_text[] =
    "{\"parameters\": ["
    "{\"name\": \"x\", \"type\": \"float\", \"bounds\": [0.0, 1.0]},"
    "{\"name\": \"lr\", \"type\": \"float\", \"bounds\": [1e-6, 1.0],"
    " \"scale\": \"log\"},"
    "{\"name\": \"n\", \"type\": \"int\", \"bounds\": [1, 8]},"
    "{\"name\": \"b\", \"type\": \"bool\"},"
    "{\"name\": \"c\", \"type\": \"categorical\","
    " \"choices\": [\"u\", \"v w\", 1, 2.0]},"
    "{\"name\": \"m\", \"type\": \"int\", \"bounds\": [1, 3],"
    " \"when\": {\"b\": true, \"c\": [\"u\", 1]}}]}";
static const char objectives_text[] =
    "{\"primary_objective\": {\"name\": \"loss\","
    " \"direction\": \"minimize\"},"
    " \"secondary_objectives\": [{\"name\": \"acc\","
    " \"direction\": \"maximize\"}],"
    " \"scalarization\": {\"policy\": \"weighted_sum\","
    " \"weights\": {\"loss\": 0.75, \"acc\": 0.25}}}";

const struct fuzz_contracts *
fuzz_contracts(void)
{
	static struct fuzz_contracts made;
	struct err err = { 0, "" };
	jv v;

	if (made.space != NULL)
		return &made;
	v = json_parse(space_text, strlen(space_text), "space", &err);
	made.space = space_from_json(v, space_text, strlen(space_text),
	    "space", &err);
	jv_free(v);
	v = json_parse(objectives_text, strlen(objectives_text), "objectives",
	    &err);
	made.objectives = objectives_from_json(v, "objectives", &err);
	jv_free(v);
	if (made.space == NULL || made.objectives == NULL)
		fuzz_failed(err.text, __FILE__, __LINE__);
	return &made;
}

int
fuzz_file(const uint8_t *data, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	fuzz_check(fd >= 0 && file_pwrite_all(fd, data, len, 0) == 0);
	return fd;
}

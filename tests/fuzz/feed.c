/* feed: suggestions on their way to an evaluator. */
#include <unistd.h>

#include "base/fuzz.h"
#include "ops/feed.h"

static bool
next(struct feed *f)
{
	struct suggestion *s = NULL;
	struct err err;

	switch (feed_next(f, &s, &err)) {
	case FEED_ONE:
		fuzz_check(s->id > 0 && s->params.len > 0);
		suggestion_free(s);
		return true;
	case FEED_BAD:
		return true;
	case FEED_WAIT:
		return feed_fill(f, &err) == 0;
	case FEED_END:
		break;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = fuzz_file(data, len);
	struct err err;
	struct feed *f;

	lseek(fd, 0, SEEK_SET);
	f = feed_new(fd, "feed", &err);
	fuzz_check(f != NULL);
	while (next(f))
		;
	feed_free(f);
	close(fd);
	return 0;
}

/*
 * replay: feed files to a target, where there is no libFuzzer.
 *
 *	replay FILE...		each of them
 *	replay -p FILE...	and each beginning of it, up to 2 kB
 *	replay -l		what would be too large to keep: made here
 *
 * The last line says how many inputs there were.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "fuzz.h"
#include "store/file.h"

#define PREFIXES ((size_t)2048)
#define LARGE ((size_t)1 << 18)
#define STRING ((size_t)1 << 20)

/* In memory of its own, so that a sanitizer or valgrind sees its end. */
static void
one(const char *p, size_t len)
{
	uint8_t *own = malloc(len > 0 ? len : 1);

	fuzz_check(own != NULL);
	if (len > 0)
		memcpy(own, p, len);
	LLVMFuzzerTestOneInput(own, len);
	free(own);
}

static size_t
replay(const char *path, bool prefixes)
{
	struct buf b = BUF_INIT;
	struct err err = { 0, "" };
	size_t i, n = 1;

	if (file_slurp_path(path, &b, &err) != 1) {
		fprintf(stderr, "replay: %s: %s\n", path, err.text);
		exit(1);
	}
	one(b.p, b.len);
	for (i = 0; prefixes && i < b.len && i < PREFIXES; i++, n++)
		one(b.p, i);
	buf_release(&b);
	return n;
}

static void
repeat(struct buf *b, const char *what, size_t size)
{
	size_t len = strlen(what);

	while (b->len + len <= size)
		buf_add(b, what, len);
}

/* BEGIN, then the middle again and again, then END. */
static void
large(const char *begin, const char *middle, const char *end, size_t size)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, begin);
	repeat(&b, middle, size);
	buf_adds(&b, end);
	one(b.p, b.len);
	/* CSV, for the one target that is told which it is */
	b.p[0] = 'c';
	one(b.p, b.len);
	buf_release(&b);
}

static size_t
all_large(void)
{
	static const char *const form[][3] = {
		{ "", "[", "" }, { "", "{\"a\":", "" }, { " ", "]", "" },
		{ " ", "[\n", "" }, { "", "{\n", "" }, { "j", "[1,\n", "" },
		{ "J", "{\n", "" }, { "J", "[1,\n", "" }, { "J", "\"\n", "" },
		{ "\"", "x", "\"" }, { "\"", "\\u0000", "\"" },
		{ "\"", "\\", "\"" }, { "\"", "\xff", "\"" },
		{ "", "9", "" }, { "1e", "9", "" }, { "0.", "0", "1" },
		{ "[", "1,", "1]" }, { "{\"a\":1", ",\"a\":1", "}" },
		{ "{\"params\":{\"x\":1", ",\"x\":1", "}}" },
		{ "", "\n", "" }, { "", "{}\n", "" }, { "", ",", "" },
		{ "", "\"\"", "" }, { "\"", "a\nb,", "\"" },
		{ "c\"", "a\nb,", "\"" }, { "c", "x,x\n", "" },
		{ "{\"parameters\":[", "{\"name\":\"x\",\"type\":\"bool\"},",
		    "{}]}" },
		{ "x=", "{", "" }, { "x=", "a|", "a" }, { "x=a when y=", "b|",
		    "b" },
	};
	size_t i, n = sizeof(form) / sizeof(form[0]);

	one(NULL, 0);
	one("", 1);
	for (i = 0; i < n; i++)
		large(form[i][0], form[i][1], form[i][2], LARGE);
	large("{\"trial_id\":1,\"params\":{\"c\":\"", "x", "\"}}", STRING);
	return 2 * (n + 1) + 2;
}

int
main(int argc, char **argv)
{
	bool prefixes = argc > 1 && strcmp(argv[1], "-p") == 0;
	size_t n = 0;
	int i;

	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		n = all_large();
	else
		for (i = prefixes ? 2 : 1; i < argc; i++)
			n += replay(argv[i], prefixes);
	printf("%zu inputs\n", n);
	return n == 0;
}

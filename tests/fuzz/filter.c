/*
 * filter: a jq program of the user's is compiled, or refused with words.
 *
 * libjq 1.6 leaks where it finds a syntax error.
 */
#include <string.h>

#include "base/fuzz.h"
#include "store/filter.h"

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct filter *f;
	struct err err = { 0, "" };

	fuzz_text(data, len, &text);
	f = filter_new(text.p, jv_object_set(jv_object(), jv_string("a"),
	    jv_string("b")), &err);
	fuzz_check((f == NULL) == (*err.text != '\0'));
	filter_free(f);
	buf_release(&text);
	return 0;
}

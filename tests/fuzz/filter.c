/* filter: a jq program of the user's is compiled, or refused with words. */
#include <string.h>

#include "base/fuzz.h"
#include "store/filter.h"

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

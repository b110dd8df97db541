/* config: bo_config.json. */
#include <string.h>

#include "base/fuzz.h"
#include "contract/config.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct config *c;
	struct err err;
	size_t i;
	jv v;

	fuzz_text(data, len, &text);
	v = json_parse(text.p, text.len, "config", &err);
	if (jv_is_valid(v) &&
	    (c = config_from_json(v, "config", &err)) != NULL) {
		fuzz_check(c->max_trials >= 0 && c->batch_size > 0);
		fuzz_check(c->lock_timeout >= 0);
		for (i = 0; i < PATH_COUNT; i++)
			fuzz_check(c->path[i] != NULL && *c->path[i] != '\0');
		config_free(c);
	}
	jv_free(v);
	buf_release(&text);
	return 0;
}

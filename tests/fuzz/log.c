/* log: lines of the two logs, and the events made of them. */
#include "base/fuzz.h"
#include "campaign/lines.h"
#include "ops/events.h"

#define CHECKED 50	/* each time the checksum of 4 kB */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct position at;
	struct lines l;
	struct err err;

	fuzz_text(data, len, &text);
	for (l = lines_of(&text); lines_next(&l); ) {
		fuzz_check(l.next <= text.len);
		if (l.number % CHECKED == 1) {
			position_after(&at, &l);
			fuzz_check(position_fits(&at, &text));
		}
		if (lines_object(&l, "log", &err) != 0)
			continue;
		buf_cut(&out, 0);
		if (events_line(&l, ~0U, &out))
			fuzz_check(json_scan(out.p, out.len, "event", 1,
			    &err) == 0);
	}
	buf_release(&out);
	buf_release(&text);
	return 0;
}

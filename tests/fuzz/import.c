/* import: rows of lo-import; the first byte says CSV (c) or JSONL, and
 * whether bad rows are passed over (C and the like). */
#include <stdio.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "ops/import.h"

static int
use(void *arg, const struct import_row *row)
{
	const struct fuzz_contracts *c = fuzz_contracts();
	struct buf out = BUF_INIT;
	struct record r;
	struct err err;
	struct jw w;

	(void)arg;
	jw_init(&w, &out, JW_COMPACT);
	import_row_write(row, &w);
	jw_release(&w);
	fuzz_check(json_scan(buf_str(&out), out.len, "row", 1, &err) == 0);
	buf_cut(&out, 0);
	if (row->bad == NULL) {
		if (record_read(&r, row->text, "row", c->space,
		    c->objectives, &err) == 0) {
			jw_init(&w, &out, JW_PRETTY);
			record_write(&r, c->space, c->objectives, 7, &w);
			jw_release(&w);
			fuzz_check(json_scan(out.p, out.len, "record", 1,
			    &err) == 0);
		}
		record_release(&r);
	}
	buf_release(&out);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct fuzz_contracts *c = fuzz_contracts();
	struct import_request request = { 0 };
	struct import_source source;
	char path[40];
	struct err err;
	int fd;

	if (len == 0)
		return 0;
	fd = fuzz_file(data + 1, len - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	request.file = path;
	request.format = (*data | 0x20) == 'c' ? FORMAT_CSV : FORMAT_JSONL;
	request.permissive = (*data & 0x20) == 0;
	if (import_load(&source, &request, &err) == 0)
		import_each(&source, c->space, c->objectives, use, NULL,
		    &err);
	import_release(&source);
	close(fd);
	return 0;
}

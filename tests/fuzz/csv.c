/* csv: what is read of a table is written as what is read again. */
#include <string.h>

#include "base/fuzz.h"
#include "campaign/csv.h"
#include "store/table.h"

/* Records as one text: length, nothing or something, bytes. */
struct copy {
	struct buf plain, table;
};

static int
take(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct copy *c = arg;
	size_t i;

	buf_addf(&c->plain, "%zu %zu\n", number, n);
	for (i = 0; i < n; i++) {
		buf_addf(&c->plain, "%zu%c", len[i],
		    field[i] == field[n] ? '-' : '=');
		buf_add(&c->plain, field[i], len[i]);
		if (field[i] == field[n])
			table_field(&c->table, "", 0, i == 0);
		else
			table_text(&c->table, field[i], len[i], i == 0);
	}
	table_end(&c->table);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct copy once = { BUF_INIT, BUF_INIT }, twice = once;
	struct csv_columns columns = { NULL, 0, 0 };
	struct err err;

	csv_columns_read(&columns, (const char *)data, len);
	csv_columns_release(&columns);
	if (table_read((const char *)data, len, "table", take, &once,
	    &err) == 0) {
		fuzz_check(table_read(buf_str(&once.table), once.table.len,
		    "again", take, &twice, &err) == 0);
		fuzz_check(once.plain.len == twice.plain.len &&
		    (once.plain.len == 0 || memcmp(once.plain.p,
		    twice.plain.p, once.plain.len) == 0));
	}
	buf_release(&once.plain);
	buf_release(&once.table);
	buf_release(&twice.plain);
	buf_release(&twice.table);
	return 0;
}

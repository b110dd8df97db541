/* journal: what is read of one is written as what is read again.  The input
 * is the body; the head with its length and checksum is made here, for no
 * fuzzer guesses a checksum. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fuzz.h"
#include "store/file.h"
#include "store/journal_text.h"

static void
overlay(const struct journal *j)
{
	struct buf found = BUF_INIT;
	char *where;
	size_t i;

	for (i = 0; i < j->n; i++) {
		buf_adds(&found, "abc\ndef\n");
		journal_is_old(&j->entry[i], true, &found);
		journal_is_new(&j->entry[i], true, &found);
		/* an offset of terabytes is an overlay of as many zeros */
		if (j->entry[i].offset < 1 << 16)
			journal_overlay(&j->entry[i], &found);
		buf_cut(&found, 0);
		where = journal_where(j, -1, j->entry[i].path);
		free(where);
	}
	buf_release(&found);
}

static void
again(const struct journal *j)
{
	struct buf out = BUF_INIT, more = BUF_INIT;
	struct journal k;
	struct err err = { 0, "" };

	journal_init(&k);
	journal_text(j, &out);
	if (journal_from_text(&k, &out, &err) != 0)
		fuzz_failed(err.text, out.p, 0);
	journal_text(&k, &more);
	fuzz_check(more.len == out.len &&
	    memcmp(more.p, out.p, out.len) == 0);
	journal_release(&k);
	buf_release(&out);
	buf_release(&more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct journal j;
	struct err err;

	journal_init(&j);
	buf_addf(&text, "looptimum-journal 1 %016llx %08lx\n",
	    (unsigned long long)len, (unsigned long)file_crc(data, len));
	buf_add(&text, data, len);
	if (journal_from_text(&j, &text, &err) == 0) {
		overlay(&j);
		again(&j);
	}
	journal_release(&j);
	journal_init(&j);
	buf_cut(&text, 0);
	fuzz_text(data, len, &text);
	fuzz_check(journal_from_text(&j, &text, &err) != 0 || j.n > 0);
	journal_release(&j);
	buf_release(&text);
	return 0;
}

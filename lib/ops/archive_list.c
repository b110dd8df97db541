#include <stdlib.h>

#include "base/clock.h"
#include "ops/archived.h"

static void
put_labels(const struct archive *a, struct jw *w)
{
	size_t i;

	jw_array(w);
	for (i = 0; i < a->n; i++)
		jw_text(w, a->entry[i].label);
	jw_end(w);
}

static void
put_line(const struct archive *a, const struct campaign *c, double now,
    struct buf *out)
{
	char *shown = archive_shown(&c->paths, a->id);
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	archived_head(a, &w);
	JW_KEY(&w, "archive_path", text, shown);
	jw_key(&w, "created_at");
	if (a->dated)
		jw_real(&w, a->created_at);
	else
		jw_null(&w);
	archived_age(a, now, &w);
	JW_KEY(&w, "size_bytes", int, (int64_t)a->bytes);
	JW_KEY(&w, "integrity", text, archive_integrity_name[a->integrity]);
	jw_key(&w, "entries");
	put_labels(a, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	free(shown);
}

int
op_archive_list(const struct op *op, struct buf *out, struct err *err)
{
	struct archives all;
	struct campaign *c = archived_open(op, &all, err);
	double now = clock_now();
	size_t i;

	if (c == NULL)
		return -1;
	for (i = 0; i < all.n; i++)
		put_line(&all.item[i], c, now, out);
	archives_release(&all);
	campaign_close(c);
	return 0;
}

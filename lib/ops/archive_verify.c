#include "ops/archived.h"

static void
put_entries(const struct archive *a, struct jw *w)
{
	const struct archive_entry *e;
	size_t i;

	jw_array(w);
	for (i = 0; i < a->n; i++) {
		e = &a->entry[i];
		jw_object(w);
		JW_KEY(w, "label", text, e->label);
		JW_KEY(w, "source_rel", text, e->source_rel);
		JW_KEY(w, "archive_rel", text, e->archive_rel);
		JW_KEY(w, "path_type", text, e->directory ? "directory" :
		    "file");
		JW_KEY(w, "present", bool, e->present);
		jw_end(w);
	}
	jw_end(w);
}

/* Returns whether it could be restored. */
static bool
verify(struct archive *a, const struct campaign *c, struct runtime *r,
    struct buf *out)
{
	struct err why;
	bool restorable;
	struct jw w;

	archive_content(a, c);
	restorable = archived_refuse(a, r, &why) == 0;
	jw_init(&w, out, JW_COMPACT);
	archived_head(a, &w);
	JW_KEY(&w, "integrity", text, archive_integrity_name[a->integrity]);
	JW_KEY(&w, "restorable", bool, restorable);
	JW_KEY(&w, "problem", text, restorable ? NULL : why.text);
	jw_key(&w, "entries");
	put_entries(a, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	return restorable;
}

static int
verify_all(const struct archives *all, const struct campaign *c,
    struct runtime *r, struct buf *out, struct err *err)
{
	bool good = true;
	size_t i;

	for (i = 0; i < all->n; i++)
		good &= verify(&all->item[i], c, r, out);
	return good ? 0 : err_set(err, LO_REFUSED, "%s", "");
}

static int
verify_one(const struct campaign *c, const char *id, struct runtime *r,
    struct buf *out, struct err *err)
{
	struct archive a;
	bool good;

	if (archive_read(&a, c, id, err) != 0)
		return -1;
	good = verify(&a, c, r, out);
	archive_release(&a);
	return good ? 0 : err_set(err, LO_REFUSED, "%s", "");
}

int
op_archive_verify(const struct op *op, const char *id, struct buf *out,
    struct err *err)
{
	struct archives all;
	struct runtime r;
	struct campaign *c = archived_open(op, &all, err);
	int status;

	if (c == NULL)
		return -1;
	runtime_init(&r, &c->paths);
	status = id != NULL ? verify_one(c, id, &r, out, err) :
	    verify_all(&all, c, &r, out, err);
	runtime_release(&r);
	archives_release(&all);
	campaign_close(c);
	return status;
}

#include <string.h>

#include "base/clock.h"
#include "ops/archived.h"

/* An archive that comes or goes while it is looked at is looked at again. */
#define READ_TRIES 50
#define READ_PAUSE 0.01

struct campaign *
archived_open(const struct op *op, struct archives *all, struct err *err)
{
	struct campaign *c;
	int tries;

	for (tries = 0; ; tries++) {
		c = op_open_read_bare(op, err);
		if (c == NULL)
			return NULL;
		if (archives_read(all, c, err) != 0) {
			campaign_close(c);
			return NULL;
		}
		if (!campaign_changed(c) || tries == READ_TRIES)
			return c;
		archives_release(all);
		campaign_close(c);
		clock_sleep(READ_PAUSE);
	}
}

int
archived_refuse(const struct archive *a, struct runtime *r, struct err *err)
{
	const struct runtime_file *f;
	size_t i;

	if (a->problem != NULL)
		return err_set(err, LO_REFUSED, "archive %s: %s", a->id,
		    a->problem);
	if (a->integrity == ARCHIVE_LEGACY && a->n == 0)
		return err_set(err, LO_REFUSED, "archive %s: holds nothing "
		    "at a path that this campaign uses", a->id);
	for (i = 0; i < a->n; i++) {
		f = runtime_find(r, a->entry[i].label);
		if (strcmp(a->entry[i].source_rel, f->shown) != 0)
			return err_set(err, LO_REFUSED, "archive %s: %s was "
			    "%s, which is %s in this campaign; put .paths of "
			    "bo_config.json back to restore it", a->id,
			    f->label, a->entry[i].source_rel, f->shown);
	}
	return 0;
}

void
archived_head(const struct archive *a, struct jw *w)
{
	jw_object(w);
	JW_KEY(w, "archive_id", text, a->id);
}

void
archived_age(const struct archive *a, double now, struct jw *w)
{
	jw_key(w, "age_seconds");
	if (!a->dated)
		jw_null(w);
	else
		jw_real(w, now > a->created_at ? now - a->created_at : 0);
}

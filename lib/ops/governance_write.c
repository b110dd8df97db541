#include <math.h>

#include "ops/governance.h"

void
governance_write_findings(const struct governance_finding *f, size_t n,
    struct jw *w)
{
	struct span details;
	size_t i;

	jw_array(w);
	for (i = 0; i < n; i++) {
		details.p = f[i].details.p;
		details.len = f[i].details.len;
		jw_object(w);
		JW_KEY(w, "policy_id", text, f[i].policy_id);
		JW_KEY(w, "message", text, f[i].message);
		JW_KEY(w, "details", raw, details);
		jw_end(w);
	}
	jw_end(w);
}

static void
write_limit(struct jw *w, const char *key, int64_t limit)
{
	jw_key(w, key);
	if (limit > 0)
		jw_int(w, limit);
	else
		jw_null(w);
}

void
governance_write_retention(const struct config *config, struct jw *w)
{
	jw_object(w);
	jw_key(w, "archives");
	jw_object(w);
	write_limit(w, "max_count", config->archives_max_count);
	JW_KEY(w, "max_age_seconds", real, config->archives_max_age > 0 ?
	    config->archives_max_age : NAN);
	write_limit(w, "max_total_bytes", config->archives_max_bytes);
	jw_end(w);
	jw_key(w, "logs");
	jw_object(w);
	write_limit(w, "event_log_max_bytes", config->event_log_max_bytes);
	write_limit(w, "acquisition_log_max_bytes",
	    config->acquisition_log_max_bytes);
	jw_end(w);
	jw_end(w);
}

static void
write_archive(const struct governance_archive *a, struct jw *w)
{
	jw_object(w);
	JW_KEY(w, "archive_id", text, a->id);
	JW_KEY(w, "path", text, a->path);
	JW_KEY(w, "size_bytes", int, a->size);
	JW_KEY(w, "age_seconds", real, a->age);
	JW_KEY(w, "manifest_present", bool, !isnan(a->age));
	jw_end(w);
}

static void
write_archives(const struct governance *g, struct jw *w)
{
	int64_t known = 0, size = 0;
	double oldest = NAN;
	size_t i;

	for (i = 0; i < g->narchive; i++) {
		if (!isnan(g->archive[i].age))
			known++;
		size += g->archive[i].size;
		oldest = fmax(oldest, g->archive[i].age);
	}
	jw_object(w);
	JW_KEY(w, "root", text, g->archives_root);
	JW_KEY(w, "exists", bool, g->archives_exist);
	JW_KEY(w, "archive_count", int, (int64_t)g->narchive);
	JW_KEY(w, "known_age_count", int, known);
	JW_KEY(w, "total_size_bytes", int, size);
	JW_KEY(w, "max_known_age_seconds", real, oldest);
	jw_key(w, "archives");
	jw_array(w);
	for (i = 0; i < g->narchive; i++)
		write_archive(&g->archive[i], w);
	jw_end(w);
	jw_end(w);
}

static void
write_logs(const struct governance *g, struct jw *w)
{
	const struct governance_log *l;
	int64_t size = 0;

	jw_object(w);
	JW_KEY(w, "root", text, g->logs_root);
	jw_key(w, "files");
	jw_array(w);
	for (l = g->log; l < g->log + 2; l++) {
		jw_object(w);
		JW_KEY(w, "label", text, l->label);
		JW_KEY(w, "path", text, l->path);
		JW_KEY(w, "exists", bool, l->exists);
		JW_KEY(w, "size_bytes", int, l->size);
		jw_end(w);
		size += l->size;
	}
	jw_end(w);
	JW_KEY(w, "total_size_bytes", int, size);
	jw_end(w);
}

void
governance_write_footprints(const struct governance *g, struct jw *w)
{
	jw_object(w);
	jw_key(w, "archives");
	write_archives(g, w);
	jw_key(w, "logs");
	write_logs(g, w);
	jw_end(w);
}

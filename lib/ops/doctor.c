#include <sys/utsname.h>

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "base/xmem.h"
#include "ops/common.h"
#include "ops/doctor.h"
#include "store/file.h"
#include "store/version.h"

void
doctor_say(struct doctor *d, const char *fmt, ...)
{
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, LO_REFUSED, fmt, ap);
	va_end(ap);
	d->ill = true;
	op_say(d->op, "%s", e.text);
}

static void
put_platform(struct jw *w)
{
	struct utsname u;
	char *text;

	if (uname(&u) < 0) {
		JW_KEY(w, "platform", text, NULL);
		return;
	}
	text = xasprintf("%s-%s-%s", u.sysname, u.release, u.machine);
	JW_KEY(w, "platform", text, text);
	free(text);
}

static const char *
version_libc(void)
{
#ifdef __GLIBC__
	return gnu_get_libc_version();
#else
	return NULL;
#endif
}

static void
put_libraries(struct jw *w)
{
	jw_key(w, "libraries");
	jw_object(w);
	JW_KEY(w, "jq", text, version_jq());
	JW_KEY(w, "gsl", text, propose_version_gsl());
	JW_KEY(w, "libcsv", text, version_csv());
	JW_KEY(w, "zlib", text, version_zlib());
	JW_KEY(w, "libc", text, version_libc());
	jw_end(w);
}

/* surrogate.type in the words of the file; without it the default. */
static void
put_configured(const struct doctor *d, struct jw *w)
{
	char *path = xasprintf("%s/bo_config.json", d->op->root);
	struct buf text = BUF_INIT;
	struct json root, surrogate, type;
	struct err ignored;
	jv doc = jv_invalid();

	if (file_slurp_path(path, &text, &ignored) > 0) {
		jv_free(doc);
		doc = json_parse(text.p, text.len, path, &ignored);
	}
	root = json_root(doc, path);
	surrogate = json_member(&root, "surrogate");
	type = json_member(&surrogate, "type");
	JW_KEY(w, "configured", text,
	    jv_get_kind(type.v) == JV_KIND_STRING ?
	    jv_string_value(type.v) : surrogate_name(SURROGATE_RBF_PROXY));
	jv_free(doc);
	buf_release(&text);
	free(path);
}

static void
put_backend(const struct doctor *d, struct jw *w)
{
	const struct config *config = d->s.c->c.config;

	jw_key(w, "backend");
	if (!d->s.v.config_ok) {
		jw_null(w);
		return;
	}
	jw_object(w);
	put_configured(d, w);
	JW_KEY(w, "effective", text, surrogate_name(config->surrogate));
	JW_KEY(w, "acquisition", text, acquisition_name(config->acquisition));
	JW_KEY(w, "fallback_to_proxy", bool, config->fallback_to_proxy);
	if (config->has_botorch_flag)
		JW_KEY(w, "botorch_enabled", bool, config->botorch_flag);
	jw_end(w);
}

static void
put_objective(const struct objectives *o, struct jw *w)
{
	jw_key(w, "objective");
	if (o == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "name", text, o->objective[0].name);
	JW_KEY(w, "direction", text, o->objective[0].maximize ? "maximize" :
	    "minimize");
	JW_KEY(w, "best_objective_name", text, objectives_scalar_name(o));
	JW_KEY(w, "scalarization_policy", text, policy_name(o->policy));
	jw_end(w);
}

static void
write_document(struct doctor *d, struct jw *w)
{
	const struct campaign *c = d->s.c;

	jw_object(w);
	JW_KEY(w, "schema_version", text, c->state != NULL ?
	    c->state->schema_version : STATE_VERSION);
	JW_KEY(w, "generated_at", real, d->s.now);
	JW_KEY(w, "version", text, LO_VERSION);
	put_platform(w);
	JW_KEY(w, "project_root", text, c->paths.root);
	JW_KEY(w, "pid", int, (int64_t)getpid());
	put_backend(d, w);
	put_libraries(w);
	doctor_filesystem(d, w);
	put_objective(c->c.objectives, w);
	jw_key(w, "status");
	snapshot_write_status(&d->s, w);
	jw_end(w);
}

int
op_doctor(const struct op *op, struct buf *out, struct err *err)
{
	struct doctor d = { .op = op };
	struct jw w;
	size_t i;

	snapshot_take(&d.s, op, SNAPSHOT_NO_LOCK);
	for (i = 0; i < d.s.error.n; i++)
		doctor_say(&d, "%s", d.s.error.text[i]);
	jw_init(&w, out, JW_COMPACT);
	write_document(&d, &w);
	jw_release(&w);
	buf_addc(out, '\n');
	snapshot_release(&d.s);
	return d.ill ? err_set(err, LO_REFUSED, "%s", "") : 0;
}

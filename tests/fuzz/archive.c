/* archive: manifests of archives, and of trials. */
#include <string.h>

#include "base/fuzz.h"
#include "base/xmem.h"
#include "campaign/archive_manifest.h"
#include "campaign/manifest.h"
#include "campaign/runtime.h"

/* Paths as the default config has them. */
static void
make_paths(struct paths *p)
{
	struct err err;
	jv v = jv_object();
	struct config *c = config_from_json(v, "config", &err);
	int i;

	memset(p, 0, sizeof(*p));
	fuzz_check(c != NULL);
	p->root = xstrdup("/nowhere");
	p->state_dir = xstrdup("/nowhere/state");
	for (i = 0; i < PATH_COUNT; i++) {
		p->shown[i] = xstrdup(c->path[i]);
		p->real[i] = xstrdup(c->path[i]);
	}
	config_free(c);
	jv_free(v);
}

static void
merge(const struct buf *text)
{
	static const char other[] = "{\"trial_id\": 1, \"updated_at\": 5.0}";
	struct buf b = BUF_INIT, out = BUF_INIT;
	struct err err;

	buf_adds(&b, other);
	if (manifest_merge(text, &b, &out, &err) == 0)
		fuzz_check(json_scan(buf_str(&out), out.len, "merged", 1,
		    &err) == 0);
	buf_release(&b);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct archive a;
	struct runtime r;
	struct paths p;
	struct err err;
	size_t i;

	memset(&a, 0, sizeof(a));
	make_paths(&p);
	runtime_init(&r, &p);
	fuzz_text(data, len, &text);
	a.id = xstrdup("reset-1");
	a.real = xstrdup("reset_archives/reset-1");
	if (archive_parse(&a, &text, &r, &err) == 0)
		for (i = 0; i < a.n; i++)
			fuzz_check(archive_is_inside(a.entry[i].archive_rel));
	archive_release(&a);
	merge(&text);
	runtime_release(&r);
	paths_release(&p);
	buf_release(&text);
	return 0;
}

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/space.h"
#include "ops/init.h"
#include "ops/init_spec.h"
#include "store/json.h"

static void
write_bounds(struct jw *w, const struct init_spec *s)
{
	jw_key(w, "bounds");
	jw_array(w);
	if (s->type == PARAM_INT) {
		jw_int(w, (int64_t)s->lo);
		jw_int(w, (int64_t)s->hi);
	} else {
		jw_real(w, s->lo);
		jw_real(w, s->hi);
	}
	jw_end(w);
	if (s->log)
		JW_KEY(w, "scale", text, "log");
}

/* Values of a bool controller are true and false, not text. */
static void
write_word(struct jw *w, const struct init_word *word, bool of_bool)
{
	struct span json = { word->json, strlen(word->json) };

	if (of_bool && strcmp(word->text, "true") == 0)
		jw_bool(w, true);
	else if (of_bool && strcmp(word->text, "false") == 0)
		jw_bool(w, false);
	else
		jw_raw(w, json);
}

static void
write_words(struct jw *w, const struct init_words *list, bool of_bool)
{
	size_t i;

	jw_array(w);
	for (i = 0; i < list->n; i++)
		write_word(w, &list->word[i], of_bool);
	jw_end(w);
}

static bool
is_bool(const struct init_spec *all, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].type == PARAM_BOOL;
	return false;
}

static void
write_when(struct jw *w, const struct init_spec *s, const struct init_spec *all,
    size_t n)
{
	const struct init_when *when;
	size_t i;
	bool of_bool;

	jw_key(w, "when");
	jw_object(w);
	for (i = 0; i < s->nwhen; i++) {
		when = &s->when[i];
		of_bool = is_bool(all, n, when->controller);
		jw_key(w, when->controller);
		if (when->values.n == 1)
			write_word(w, &when->values.word[0], of_bool);
		else
			write_words(w, &when->values, of_bool);
	}
	jw_end(w);
}

static void
write_space(const struct init_spec *all, size_t n, struct buf *out)
{
	struct jw w;
	size_t i;

	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	jw_key(&w, "parameters");
	jw_array(&w);
	for (i = 0; i < n; i++) {
		jw_object(&w);
		JW_KEY(&w, "name", text, all[i].name);
		JW_KEY(&w, "type", text, param_type_name(all[i].type));
		if (all[i].type <= PARAM_INT)
			write_bounds(&w, &all[i]);
		if (all[i].type == PARAM_CATEGORICAL) {
			jw_key(&w, "choices");
			write_words(&w, &all[i].choices, false);
		}
		if (all[i].nwhen > 0)
			write_when(&w, &all[i], all, n);
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

int
init_space(const char *const *param, size_t n, struct buf *out,
    struct err *err)
{
	struct init_spec *all = xcalloc(n, sizeof(*all));
	int status = 0;
	size_t i;

	for (i = 0; i < n && status == 0; i++)
		status = init_spec_read(&all[i], param[i], err);
	if (status == 0)
		write_space(all, n, out);
	for (i = 0; i < n; i++)
		init_spec_release(&all[i]);
	free(all);
	return status;
}

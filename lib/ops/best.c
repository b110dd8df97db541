#include <math.h>
#include <string.h>

#include "contract/point.h"
#include "ops/common.h"
#include "ops/template.h"
#include "store/json.h"

/* The best trial; NULL and why there is none. */
static const struct observation *
find(const struct campaign *c, struct err *err)
{
	const struct observation *o = state_find_best(c->state);

	if (o == NULL)
		err_set(err, LO_REFUSED, "no best trial yet: %zu observed, "
		    "none of them ok", c->state->nobs);
	return o;
}

static void
write_best(const struct campaign *c, const struct observation *o,
    struct jw *w)
{
	const struct objectives *objectives = c->c.objectives;

	jw_object(w);
	JW_KEY(w, "trial_id", int, o->id);
	JW_KEY(w, "objective_name", text,
	    objectives_scalar_name(objectives));
	JW_KEY(w, "objective_value", real,
	    objectives_scalar(objectives, o->y));
	jw_key(w, "objectives");
	objectives_write(objectives, o->y, w);
	jw_key(w, "params");
	if (o->usable)
		point_write(c->c.space, o->point, w);
	else
		jw_raw(w, json_find(o->raw, "params"));
	JW_KEY(w, "suggested_at", real, o->suggested_at);
	JW_KEY(w, "completed_at", real, o->completed_at);
	jw_end(w);
}

int
op_best(const struct op *op, struct buf *out, struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	const struct observation *o;
	struct jw w;

	if (c == NULL)
		return -1;
	o = find(c, err);
	if (o != NULL) {
		jw_init(&w, out, JW_COMPACT);
		write_best(c, o, &w);
		jw_release(&w);
		buf_addc(out, '\n');
	}
	campaign_close(c);
	return o != NULL ? 0 : -1;
}

/* Does a shell take the word as it stands? */
static bool
is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
	const char *p;

	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x80 && strchr(plain, *p) == NULL)
			return false;
	return p > text;
}

/* A word that a shell reads back as it is. */
static void
shell_word(const char *text, struct buf *out)
{
	if (is_plain(text)) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *text);
	buf_addc(out, '\'');
}

static void
put_param(const struct param *p, double value, enum best_form form,
    struct buf *out)
{
	struct buf text = BUF_INIT;

	if (form == BEST_ARGS) {
		if (out->len > 0)
			buf_addc(out, ' ');
		buf_addf(&text, "--%s=", p->name);
		point_value_text(p, value, false, &text);
		shell_word(buf_str(&text), out);
	} else {
		template_variable(p->name, out);
		buf_addc(out, '=');
		point_value_text(p, value, false, &text);
		shell_word(buf_str(&text), out);
		buf_addc(out, '\n');
	}
	buf_release(&text);
}

/* Names and forms of values are the space's: it must still have them. */
static const struct observation *
find_fitting(const struct campaign *c, struct err *err)
{
	const struct observation *o = find(c, err);

	if (o == NULL || o->usable)
		return o;
	err_set(err, LO_REFUSED, "the params of trial %lld, the best, do not "
	    "fit parameter_space.json; lo-best without an option prints them",
	    (long long)o->id);
	return NULL;
}

int
op_best_text(const struct op *op, enum best_form form, struct buf *out,
    struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	const struct observation *o;
	size_t i;

	if (c == NULL)
		return -1;
	o = find_fitting(c, err);
	for (i = 0; o != NULL && i < c->c.space->n; i++)
		if (!isnan(o->point[i]))
			put_param(&c->c.space->param[i], o->point[i], form,
			    out);
	if (o != NULL && form == BEST_ARGS)
		buf_addc(out, '\n');
	campaign_close(c);
	return o != NULL ? 0 : -1;
}

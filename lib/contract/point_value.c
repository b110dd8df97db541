#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point_value.h"

/* So many choices are spelt out in a message. */
#define CHOICES_SHOWN 12

static void
add_choices(const struct param *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->nchoice && i < CHOICES_SHOWN; i++) {
		buf_adds(out, i == 0 ? "one of " : ", ");
		point_value_text(p, (double)i, true, out);
	}
	if (i < p->nchoice)
		buf_addf(out, ", ... (%zu choices)", p->nchoice);
}

/* What the parameter takes, in words. */
static void
describe(const struct param *p, bool bounded, struct buf *out)
{
	char lo[NUM_TEXT], hi[NUM_TEXT];

	switch (p->type) {
	case PARAM_FLOAT:
		buf_adds(out, "a number");
		break;
	case PARAM_INT:
		buf_adds(out, "an integer");
		break;
	case PARAM_BOOL:
		buf_adds(out, "true or false");
		return;
	case PARAM_CATEGORICAL:
		add_choices(p, out);
		return;
	}
	if (bounded)
		buf_addf(out, " from %s to %s", num_plain(lo, p->lo),
		    num_plain(hi, p->hi));
}

static bool
number_fits(const struct param *p, double x, bool bounded)
{
	if (!isfinite(x))
		return false;
	if (p->type == PARAM_INT &&
	    (x != floor(x) || fabs(x) > (double)NUM_INT_MAX))
		return false;
	return !bounded || (x >= p->lo && x <= p->hi);
}

static bool
find_string(const struct param *p, const char *text, size_t len, double *out)
{
	size_t i;

	for (i = 0; i < p->nchoice; i++)
		if (!p->choice[i].is_number &&
		    strncmp(p->choice[i].text, text, len) == 0 &&
		    p->choice[i].text[len] == '\0') {
			*out = (double)i;
			return true;
		}
	return false;
}

static bool
find_number(const struct param *p, double x, double *out)
{
	size_t i;

	for (i = 0; i < p->nchoice; i++)
		if (p->choice[i].is_number && p->choice[i].number == x) {
			*out = (double)i;
			return true;
		}
	return false;
}

static bool
find_choice(const struct param *p, jv v, double *out)
{
	const char *text;
	size_t len;

	if (jv_get_kind(v) == JV_KIND_NUMBER)
		return find_number(p, jv_number_value(v), out);
	if (jv_get_kind(v) != JV_KIND_STRING)
		return false;
	text = jv_string_value(v);
	len = (size_t)jv_string_length_bytes(jv_copy(v));
	return memchr(text, '\0', len) == NULL &&
	    find_string(p, text, len, out);
}

int
point_value_from_json(const struct param *p, const struct json *j, bool bounded,
    double *out, struct err *err)
{
	struct buf wanted = BUF_INIT;
	jv_kind kind = jv_get_kind(j->v);

	switch (p->type) {
	case PARAM_FLOAT:
	case PARAM_INT:
		if (kind != JV_KIND_NUMBER ||
		    !number_fits(p, jv_number_value(j->v), bounded))
			break;
		*out = jv_number_value(j->v);
		return 0;
	case PARAM_BOOL:
		if (kind != JV_KIND_TRUE && kind != JV_KIND_FALSE)
			break;
		*out = kind == JV_KIND_TRUE;
		return 0;
	case PARAM_CATEGORICAL:
		if (find_choice(p, j->v, out))
			return 0;
		break;
	}
	describe(p, bounded, &wanted);
	json_expected(j, buf_str(&wanted), err);
	buf_release(&wanted);
	return -1;
}

static int
read_element(const struct param *p, const struct json *array, bool distinct,
    double *list, int i, struct err *err)
{
	struct json element = json_element(array, i);
	int k;

	if (point_value_from_json(p, &element, true, &list[i], err) != 0)
		return -1;
	for (k = 0; distinct && k < i; k++)
		if (list[k] == list[i])
			return json_expected(&element,
			    "a value that is not in the list yet", err);
	return 0;
}

int
point_value_list(const struct param *p, const struct json *j,
    bool distinct, double **list, size_t *n, struct err *err)
{
	int i, length = 1;

	*list = NULL;
	*n = 0;
	if (jv_get_kind(j->v) == JV_KIND_ARRAY) {
		length = jv_array_length(jv_copy(j->v));
		if (length == 0)
			return json_expected(j, "a value or a non-empty list "
			    "of values", err);
	}
	*list = xcalloc((size_t)length, sizeof(**list));
	*n = (size_t)length;
	if (jv_get_kind(j->v) != JV_KIND_ARRAY) {
		if (point_value_from_json(p, j, true, *list, err) == 0)
			return 0;
		goto out;
	}
	for (i = 0; i < length; i++)
		if (read_element(p, j, distinct, *list, i, err) != 0)
			goto out;
	return 0;
out:
	free(*list);
	*list = NULL;
	*n = 0;
	return -1;
}

static bool
read_bool(const char *text, double *out)
{
	static const char *const word[] = {
		"false", "true", "0", "1", "no", "yes"
	};
	size_t i;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (strcasecmp(text, word[i]) == 0) {
			*out = (double)(i % 2);
			return true;
		}
	return false;
}

/* The quoted form goes first: 1 is the number, "1" the string, if there are
 * both. */
static bool
read_choice(const struct param *p, const char *text, double *out)
{
	struct buf quoted = BUF_INIT;
	bool same = false;
	double x;
	size_t i;

	for (i = 0; i < p->nchoice && !same; i++) {
		buf_cut(&quoted, 0);
		point_value_text(p, (double)i, true, &quoted);
		same = strcmp(buf_str(&quoted), text) == 0;
		*out = (double)i;
	}
	buf_release(&quoted);
	if (same || find_string(p, text, strlen(text), out))
		return true;
	return num_read(text, strlen(text), &x) && find_number(p, x, out);
}

static int
read_text(const struct param *p, const char *text, bool bounded, double *out,
    struct err *err)
{
	struct buf wanted = BUF_INIT;
	double x;

	switch (p->type) {
	case PARAM_FLOAT:
	case PARAM_INT:
		if (!num_read(text, strlen(text), &x) ||
		    !number_fits(p, x, bounded))
			break;
		*out = x;
		return 0;
	case PARAM_BOOL:
		if (read_bool(text, out))
			return 0;
		break;
	case PARAM_CATEGORICAL:
		if (read_choice(p, text, out))
			return 0;
		break;
	}
	describe(p, bounded, &wanted);
	err_set(err, LO_REFUSED, "%s: expected %s, got %s", p->name,
	    buf_str(&wanted), *text != '\0' ? text : "nothing");
	buf_release(&wanted);
	return -1;
}

int
point_value_read(const struct param *p, const char *text, double *out,
    struct err *err)
{
	return read_text(p, text, true, out, err);
}

int
point_value_read_any(const struct param *p, const char *text, double *out,
    struct err *err)
{
	return read_text(p, text, false, out, err);
}

void
point_value_write(const struct param *p, double x, struct jw *w)
{
	const struct choice *c;
	struct span number;

	if (isnan(x)) {
		jw_null(w);
		return;
	}
	switch (p->type) {
	case PARAM_FLOAT:
		jw_real(w, x);
		break;
	case PARAM_INT:
		jw_int(w, (int64_t)x);
		break;
	case PARAM_BOOL:
		jw_bool(w, x != 0);
		break;
	case PARAM_CATEGORICAL:
		c = &p->choice[(size_t)x];
		number.p = c->text;
		number.len = strlen(c->text);
		if (c->is_number)
			jw_raw(w, number);
		else
			jw_text(w, c->text);
		break;
	}
}

void
point_value_text(const struct param *p, double x, bool quoted, struct buf *out)
{
	struct jw w;

	if (!quoted && isnan(x))
		return;
	if (!quoted && p->type == PARAM_CATEGORICAL) {
		buf_adds(out, p->choice[(size_t)x].text);
		return;
	}
	jw_init(&w, out, JW_COMPACT);
	point_value_write(p, x, &w);
	jw_release(&w);
}

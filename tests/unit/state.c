/* state: what is refused, so that no command writes what the next cannot
 * read. */
#include <math.h>

#include "campaign/state.h"
#include "unit.h"

static const char space_text[] = "{\"parameters\": [{\"name\": \"x\", "
    "\"type\": \"float\", \"bounds\": [0, 1]}]}";
static const char objectives_text[] = "{\"primary_objective\": {\"name\": "
    "\"y\", \"direction\": \"minimize\"}}";

struct parsed {
	struct space *space;
	struct objectives *objectives;
	struct state *state;
	struct err err;
};

static void
parse(struct parsed *p, const char *text)
{
	struct buf copy = BUF_INIT;
	jv doc;

	doc = json_parse(space_text, strlen(space_text), "s", &p->err);
	p->space = space_from_json(doc, space_text, strlen(space_text), "s",
	    &p->err);
	jv_free(doc);
	doc = json_parse(objectives_text, strlen(objectives_text), "o",
	    &p->err);
	p->objectives = objectives_from_json(doc, "o", &p->err);
	jv_free(doc);
	buf_adds(&copy, text);
	p->state = state_parse(&copy, p->space, p->objectives, "f", &p->err);
}

static void
release(struct parsed *p)
{
	state_free(p->state);
	space_free(p->space);
	objectives_free(p->objectives);
}

static void
refused(const char *text, const char *part)
{
	struct parsed p;

	parse(&p, text);
	assert_null(p.state);
	assert_has(p.err.text, part);
	assert_int_equal(p.err.status, LO_REFUSED);
	release(&p);
}

#define STATE(meta, obs, pend, next) "{\"schema_version\": \"0.3.0\", " \
	"\"meta\": {" meta "}, \"observations\": [" obs "], \"pending\": [" \
	pend "], \"next_trial_id\": " next ", \"best\": null}"
#define ID(id) "{\"trial_id\": " id ", \"params\": {\"x\": 0.5}, " \
	"\"suggested_at\": 2.5}"
#define OK(id) "{\"trial_id\": " id ", \"params\": {\"x\": 0.5}, " \
	"\"objectives\": {\"y\": 1.0}, \"status\": \"ok\"}"

/* 2^53 is the last integer that is read: the next id must not pass it. */
static void
test_ids_end(void **state)
{
	struct buf out = BUF_INIT;
	struct parsed p, again;

	(void)state;
	refused(STATE("", "", ID("9007199254740992"), "1"),
	    "f: .pending[0].trial_id: expected an integer");
	refused(STATE("", OK("9007199254740992"), "", "1"),
	    "f: .observations[0].trial_id: expected an integer");
	parse(&p, STATE("", OK("9007199254740991"), "", "1"));
	assert_non_null(p.state);
	assert_true(p.state->next_trial_id == NUM_INT_MAX);
	state_write(p.state, &out);
	parse(&again, out.p);
	assert_non_null(again.state);
	buf_release(&out);
	release(&again);
	release(&p);
}

/* What is taken in stands two levels deeper in the state. */
static void
test_depth_of_a_row(void **state)
{
	struct buf row = BUF_INIT, out = BUF_INIT;
	struct parsed p, again;
	int depth;

	(void)state;
	parse(&p, STATE("", "", "", "1"));
	for (depth = 255; depth >= 254; depth--) {
		buf_cut(&row, 0);
		buf_adds(&row, OK("1"));
		buf_cut(&row, row.len - 1);
		buf_adds(&row, ", \"m\": ");
		buf_addf(&row, "%0*d", depth - 1, 0);
		memset(row.p + row.len - (depth - 1), '[',
		    (size_t)depth - 1);
		buf_addf(&row, "%0*d}", depth - 1, 0);
		memset(row.p + row.len - depth, ']', (size_t)depth - 1);
		assert_int_equal(state_put_observation(p.state, &row, &p.err),
		    depth > 254 ? -1 : 0);
	}
	assert_has(p.err.text, "nested too deep");
	state_write(p.state, &out);
	parse(&again, out.p);
	assert_non_null(again.state);
	buf_release(&row);
	buf_release(&out);
	release(&again);
	release(&p);
}

static void
test_age_begins_at_what_is_known(void **state)
{
	struct pending p = { .suggested_at = 5, .last_heartbeat_at = NAN };

	(void)state;
	assert_true(pending_since(&p) == 5);
	p.last_heartbeat_at = 7;
	assert_true(pending_since(&p) == 7);
	p.suggested_at = 9;
	assert_true(pending_since(&p) == 9);
	p.suggested_at = NAN;
	assert_true(pending_since(&p) == 7);
	p.last_heartbeat_at = NAN;
	assert_true(isnan(pending_since(&p)));
}

static void
test_seed_is_an_integer(void **state)
{
	struct config config = { .seed = 5 };
	struct parsed p;

	(void)state;
	refused(STATE("\"seed\": 1e300", "", "", "1"),
	    "f: .meta.seed: expected an integer, got 1e+300");
	refused(STATE("\"seed\": \"a\"", "", "", "1"), "f: .meta.seed: ");
	parse(&p, STATE("\"seed\": -3.0", "", "", "1"));
	assert_int_equal(state_seed(p.state, &config), -3);
	release(&p);
	parse(&p, STATE("\"seed\": null", "", "", "1"));
	assert_int_equal(state_seed(p.state, &config), 5);
	release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_end),
		cmocka_unit_test(test_depth_of_a_row),
		cmocka_unit_test(test_age_begins_at_what_is_known),
		cmocka_unit_test(test_seed_is_an_integer),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}

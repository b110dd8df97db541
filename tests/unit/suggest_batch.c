/*
 * suggest_batch: a batch is reserved as a whole or not at all.
 *
 * Real proposals hardly ever end in the middle of a batch: where one point
 * is feasible, the next search finds it again and says that the space is
 * exhausted.  So propose() is this file's own here (the linker takes it
 * before the library's), and says what it is told to say.
 */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp */

#include <math.h>

#include "base/xmem.h"
#include "campaign/campaign.h"
#include "ops/ops.h"
#include "ops/propose.h"
#include "scratch.h"

#define STATE "{\"schema_version\": \"0.3.0\", \"meta\": {\"created_at\": " \
	"1.5, \"seed\": 17, \"model\": {\"n\": 5}}, \"observations\": [], " \
	"\"pending\": [{\"trial_id\": 4, \"params\": {\"x\": 0.75}, " \
	"\"suggested_at\": 2.5}], \"next_trial_id\": 7, \"best\": null}\n"

/* What becomes of a proposal.  The first GOOD of a batch go well. */
enum ending { ALL_WELL, INFEASIBLE, EXHAUSTED, ERROR };
#define GOOD 2

int
propose(const struct campaign *c, int64_t trial_id,
    enum surrogate_type type, struct proposal *out, struct err *err)
{
	enum ending ending = (enum ending)mock();

	(void)type;
	memset(out, 0, sizeof(*out));
	if (ending == ERROR)
		return err_set(err, LO_REFUSED, "no more");
	buf_addf(&out->decision, "{\"strategy\":\"mocked_%lld\"}",
	    (long long)trial_id);
	out->model = jv_invalid();
	if (ending == INFEASIBLE) {
		out->infeasible = xstrdup("nothing feasible");
	} else if (ending == EXHAUSTED) {
		out->exhausted = true;
	} else {
		/* those reserved before are there to be seen */
		assert_int_equal(c->state->npend, trial_id - 7 + 1);
		out->point = xcalloc(1, sizeof(*out->point));
		out->point[0] = 1 / (double)trial_id;
		out->model = jv_object_set(jv_object(), jv_string("n"),
		    jv_number((double)trial_id));
	}
	return 0;
}

void
proposal_release(struct proposal *p)
{
	free(p->point);
	buf_release(&p->decision);
	free(p->infeasible);
	jv_free(p->model);
}

static int
make_campaign(void **state)
{
	const struct scratch *s;

	if (scratch_make(state) != 0)
		return -1;
	s = *state;
	scratch_write(s, "bo_config.json", "{\"durability\": \"relaxed\", "
	    "\"max_pending_age_seconds\": null}");
	scratch_write(s, "parameter_space.json", "{\"parameters\": [{\"name\":"
	    " \"x\", \"type\": \"float\", \"bounds\": [0, 1]}]}");
	scratch_write(s, "objective_schema.json", "{\"primary_objective\": "
	    "{\"name\": \"y\", \"direction\": \"minimize\"}}");
	mkdirat(s->dir, "state", 0777);
	scratch_write(s, "state/bo_state.json", STATE);
	return 0;
}

/* Ask for three, of which the third ends like that: what op_suggest says,
 * and how many lines. */
static int
ask_three(const struct scratch *s, enum ending ending, size_t *lines,
    struct err *err)
{
	struct op op = { .root = (char *)s->path };
	struct suggest_request r = { .count = GOOD + 1 };
	struct buf out = BUF_INIT;
	int status;
	size_t i;

	will_return_count(propose, ALL_WELL, GOOD);
	will_return(propose, ending);
	status = op_suggest(&op, &r, &out, err);
	for (*lines = i = 0; i < out.len; i++)
		*lines += out.p[i] == '\n';
	buf_release(&out);
	return status;
}

static struct campaign *
look(const struct scratch *s)
{
	struct err err;
	struct campaign *c = campaign_open_read(s->path, &err);

	if (c == NULL)
		fail_msg("%s", err.text);
	return c;
}

static double
model_of(const struct campaign *c)
{
	jv n = jv_object_get(jv_object_get(jv_copy(c->state->meta),
	    jv_string("model")), jv_string("n"));
	double v = jv_number_value(n);

	jv_free(n);
	return v;
}

/* How many times the text stands in the file; 0 without it. */
static size_t
count(const struct scratch *s, const char *name, const char *text)
{
	struct buf found = BUF_INIT;
	const char *p;
	struct err err;
	size_t n = 0;

	if (file_slurp(s->dir, name, name, &found, &err) == 1)
		for (p = buf_str(&found); (p = strstr(p, text)) != NULL; p++)
			n++;
	buf_release(&found);
	return n;
}

static void
has_reserved(const struct scratch *s, size_t n)
{
	struct campaign *c = look(s);
	int64_t id;

	assert_int_equal(c->state->npend, 1 + n);
	assert_int_equal(c->state->pend[0].id, 4);
	assert_int_equal(c->state->next_trial_id, 7 + n);
	assert_true(model_of(c) == (n > 0 ? 6 + (double)n : 5));
	for (id = 7; id < 7 + GOOD + 1; id++)
		assert_int_equal(state_pending(c->state, id) != NULL,
		    id < 7 + (int64_t)n);
	campaign_close(c);
	assert_int_equal(count(s, "state/event_log.jsonl",
	    "suggestion_created"), n);
	assert_int_equal(!scratch_absent(s, "state/trials/trial_7"), n > 0);
}

static void
all_of_a_batch(void **state)
{
	struct err err;
	size_t lines;

	assert_int_equal(ask_three(*state, ALL_WELL, &lines, &err), 0);
	assert_int_equal(lines, GOOD + 1);
	has_reserved(*state, GOOD + 1);
	assert_int_equal(count(*state, "state/acquisition_log.jsonl",
	    "mocked_"), GOOD + 1);
}

/* The decision that failed stays, and nothing else: ids, model and logs are
 * as if only it had been asked for. */
static void
none_where_a_later_one_is_infeasible(void **state)
{
	struct err err;
	size_t lines;

	assert_int_equal(ask_three(*state, INFEASIBLE, &lines, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	assert_non_null(strstr(err.text, "trial 7: nothing feasible"));
	assert_int_equal(lines, 0);
	has_reserved(*state, 0);
	assert_int_equal(count(*state, "state/acquisition_log.jsonl",
	    "mocked_"), 1);
	/* and the next request is none the worse */
	assert_int_equal(ask_three(*state, ALL_WELL, &lines, &err), 0);
	has_reserved(*state, GOOD + 1);
}

static void
none_where_a_later_one_fails(void **state)
{
	struct err err;
	size_t lines;

	assert_int_equal(ask_three(*state, ERROR, &lines, &err), -1);
	assert_string_equal(err.text, "no more");
	assert_int_equal(lines, 0);
	has_reserved(*state, 0);
	assert_int_equal(count(*state, "state/acquisition_log.jsonl",
	    "mocked_"), 0);
}

/* Nothing more to find is no failure: those found are what there is. */
static void
as_many_as_there_are(void **state)
{
	struct err err;
	size_t lines;

	assert_int_equal(ask_three(*state, EXHAUSTED, &lines, &err), 0);
	assert_int_equal(lines, GOOD);
	has_reserved(*state, GOOD);
}

int
main(void)
{
#define with(test) cmocka_unit_test_setup_teardown(test, make_campaign, \
	    scratch_remove)
	const struct CMUnitTest tests[] = {
		with(all_of_a_batch),
		with(none_where_a_later_one_is_infeasible),
		with(none_where_a_later_one_fails),
		with(as_many_as_there_are),
	};

	return cmocka_run_group_tests_name("suggest_batch", tests, NULL,
	    NULL);
}

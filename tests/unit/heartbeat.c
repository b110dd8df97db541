/* heartbeat: nothing is taken in that the state could not hold. */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp */

#include "campaign/campaign.h"
#include "ops/ops.h"
#include "scratch.h"

static int
make_campaign(void **state)
{
	const struct scratch *s;

	if (scratch_make(state) != 0)
		return -1;
	s = *state;
	scratch_write(s, "bo_config.json", "{\"durability\": \"relaxed\"}");
	scratch_write(s, "parameter_space.json", "{\"parameters\": [{\"name\":"
	    " \"x\", \"type\": \"float\", \"bounds\": [0, 1]}]}");
	scratch_write(s, "objective_schema.json", "{\"primary_objective\": "
	    "{\"name\": \"y\", \"direction\": \"minimize\"}}");
	mkdirat(s->dir, "state", 0777);
	scratch_write(s, "state/bo_state.json", "{\"schema_version\": "
	    "\"0.3.0\", \"meta\": {\"created_at\": 1.5, \"seed\": 17}, "
	    "\"observations\": [], \"pending\": [{\"trial_id\": 1, "
	    "\"params\": {\"x\": 0.5}, \"suggested_at\": 2.5}], "
	    "\"next_trial_id\": 2, \"best\": null}");
	return 0;
}

/* An object of so many levels, of objects or of arrays. */
static void
nest(struct buf *out, int depth, const char *open, const char *close)
{
	int i;

	buf_cut(out, 0);
	buf_adds(out, "{\"a\":");
	for (i = 1; i < depth; i++)
		buf_adds(out, open);
	buf_adds(out, "1");
	for (i = 1; i < depth; i++)
		buf_adds(out, close);
	buf_adds(out, "}");
}

/* Beat with it; the campaign can be read whether it is taken or not. */
static int
beat(const struct scratch *s, const char *meta)
{
	struct op op = { .root = (char *)s->path, .lock_timeout = 5 };
	struct heartbeat_request r = { .trial = 1, .meta = meta };
	struct buf out = BUF_INIT;
	struct campaign *c;
	struct err err;
	int status = op_heartbeat(&op, &r, &out, &err);

	if (status != 0)
		assert_int_equal(err.status, LO_REFUSED);
	c = campaign_open_read(s->path, &err);
	if (c == NULL)
		fail_msg("%s", err.text);
	campaign_close(c);
	buf_release(&out);
	return status;
}

static void
test_meta_is_not_nested_too_deep(void **state)
{
	const struct scratch *s = *state;
	struct buf meta = BUF_INIT;
	int depth;

	for (depth = 120; depth < 132; depth++) {
		nest(&meta, depth, "{\"a\":", "}");
		beat(s, meta.p);
	}
	for (depth = 246; depth < 260; depth++) {
		nest(&meta, depth, "[", "]");
		beat(s, meta.p);
	}
	nest(&meta, 100, "[", "]");
	assert_int_equal(beat(s, meta.p), 0);
	nest(&meta, 256, "[", "]");
	assert_int_equal(beat(s, meta.p), -1);
	buf_release(&meta);
}

static void
test_meta_is_an_object(void **state)
{
	const struct scratch *s = *state;

	assert_int_equal(beat(s, "[1]"), -1);
	assert_int_equal(beat(s, "{\"a\":1}]}]]"), -1);
	assert_int_equal(beat(s, "{"), -1);
	assert_int_equal(beat(s, "{}"), 0);
}

#define IN_CAMPAIGN(f) \
	cmocka_unit_test_setup_teardown(f, make_campaign, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CAMPAIGN(test_meta_is_not_nested_too_deep),
		IN_CAMPAIGN(test_meta_is_an_object),
	};

	return cmocka_run_group_tests_name("heartbeat", tests, NULL, NULL);
}

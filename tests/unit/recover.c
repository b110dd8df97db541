/* recover: claims R1..R4 of campaign/recover.h, and what readers see. */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp, realpath */

#include "campaign/campaign.h"
#include "campaign/recover.h"
#include "scratch.h"
#include "store/journal_text.h"
#include "store/tree.h"

#define STATE(obs, pending, next, extra) \
	"{\"schema_version\": \"0.3.0\", \"meta\": {\"created_at\": 1.5, " \
	"\"seed\": 17}, \"observations\": [" obs "], \"pending\": [" pending \
	"], \"next_trial_id\": " next ", \"best\": null" extra "}\n"
#define TRIAL_1 "{\"trial_id\": 1, \"params\": {\"x\": 0.5}, " \
	"\"suggested_at\": 2.5}"
#define TRIAL_2 "{\"trial_id\": 2, \"params\": {\"x\": 0.25}, " \
	"\"suggested_at\": 3.5}"
#define OLD_STATE STATE("", "", "1", "")
#define NEW_STATE STATE("", TRIAL_1, "2", "")
#define EVENT "{\"event\": \"suggestion_created\", \"trial_id\": 1}\n"
#define MANIFEST "{\"trial_id\": 1, \"status\": \"pending\", " \
	"\"updated_at\": 2.5, \"ours\": 1}"

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
	scratch_write(s, "state/bo_state.json", OLD_STATE);
	return 0;
}

static void
put(struct journal *j, enum journal_op op, const char *path,
    const char *old, const char *text)
{
	struct journal_old was = { old != NULL, 0, 0 };
	struct buf data = BUF_INIT;

	if (old != NULL) {
		was.size = strlen(old);
		was.crc = file_crc(old, strlen(old));
	}
	buf_adds(&data, text);
	if (op == JOURNAL_APPEND)
		journal_append(j, path, was, was.size, &data);
	else
		journal_replace(j, path, was, &data);
}

/* The journal of a suggest that reserved trial 1, committed, not applied. */
static void
leave_journal(const struct scratch *s)
{
	struct buf text = BUF_INIT;
	struct journal j;

	journal_init(&j);
	put(&j, JOURNAL_REPLACE, "bo_state.json", OLD_STATE, NEW_STATE);
	put(&j, JOURNAL_REPLACE, "trials/trial_1/manifest.json", NULL,
	    MANIFEST);
	put(&j, JOURNAL_APPEND, "event_log.jsonl", NULL, EVENT);
	j.note = strdup("{\"marks\":[{\"id\":1,\"key\":\"suggested_at\","
	    "\"at\":2.5}]}");
	journal_text(&j, &text);
	scratch_write(s, "state/" JOURNAL_NAME, text.p);
	buf_release(&text);
	journal_release(&j);
}

static struct campaign *
open_write(const struct scratch *s)
{
	struct campaign_open how = { s->path, "suggest", 0, false, false };
	struct err err;
	struct campaign *c = campaign_open_write(&how, &err);

	if (c == NULL)
		fail_msg("%s", err.text);
	return c;
}

static void
check_finished(const struct scratch *s)
{
	scratch_has(s, "state/trials/trial_1/manifest.json", MANIFEST);
	scratch_has(s, "state/event_log.jsonl", EVENT);
	assert_true(scratch_absent(s, "state/" JOURNAL_NAME));
}

static void
test_r1_finishes_from_the_old_state(void **state)
{
	const struct scratch *s = *state;
	struct campaign *c;

	leave_journal(s);
	c = open_write(s);
	assert_int_equal(c->state->npend, 1);
	assert_int_equal(c->state->next_trial_id, 2);
	scratch_has(s, "state/bo_state.json", NEW_STATE);
	check_finished(s);
	campaign_close(c);
}

static void
test_r1_finishes_from_the_new_state(void **state)
{
	const struct scratch *s = *state;
	struct campaign *c;

	leave_journal(s);
	scratch_write(s, "state/bo_state.json", NEW_STATE);
	c = open_write(s);
	assert_int_equal(c->state->npend, 1);
	check_finished(s);
	campaign_close(c);
}

/* Looptimum suggested trial 2 on top of our trial 1. */
static void
test_r2_state_on_top_of_ours_stays(void **state)
{
	static const char theirs[] = STATE("", TRIAL_1 ", " TRIAL_2, "3",
	    ", \"x\": 1");
	const struct scratch *s = *state;
	struct campaign *c;

	leave_journal(s);
	scratch_write(s, "state/bo_state.json", theirs);
	c = open_write(s);
	assert_int_equal(c->state->npend, 2);
	assert_null(c->warning);
	scratch_has(s, "state/bo_state.json", theirs);
	check_finished(s);
	campaign_close(c);
}

/* ... and wrote the manifest of trial 1 since, which is younger. */
static void
test_r2_manifests_merge_by_key(void **state)
{
	const struct scratch *s = *state;

	leave_journal(s);
	scratch_write(s, "state/bo_state.json", STATE("", TRIAL_1 ", "
	    TRIAL_2, "3", ""));
	mkdirat(s->dir, "state/trials", 0777);
	mkdirat(s->dir, "state/trials/trial_1", 0777);
	scratch_write(s, "state/trials/trial_1/manifest.json", "{\"trial_id\":"
	    " 1, \"status\": \"ok\", \"updated_at\": 9.5, \"theirs\": 2.0}");
	campaign_close(open_write(s));
	scratch_has(s, "state/trials/trial_1/manifest.json", "{\n"
	    "  \"trial_id\": 1,\n  \"status\": \"ok\",\n"
	    "  \"updated_at\": 9.5,\n  \"theirs\": 2.0,\n  \"ours\": 1\n}\n");
}

static void
test_r3_state_without_ours(void **state)
{
	static const char theirs[] = STATE("", TRIAL_2, "3", "");
	const struct scratch *s = *state;
	struct campaign *c;
	char lost[200], *at;

	leave_journal(s);
	scratch_write(s, "state/bo_state.json", theirs);
	c = open_write(s);
	scratch_has(s, "state/bo_state.json", theirs);
	assert_true(scratch_absent(s, "state/trials"));
	assert_true(scratch_absent(s, "state/event_log.jsonl"));
	assert_true(scratch_absent(s, "state/" JOURNAL_NAME));
	assert_non_null(c->warning);
	at = strstr(c->warning, JOURNAL_NAME ".lost-");
	assert_non_null(at);
	snprintf(lost, sizeof(lost), "state/%s", at);
	assert_false(scratch_absent(s, lost));
	campaign_close(c);
}

static void
test_r4_damage_stops_writers_not_readers(void **state)
{
	const struct scratch *s = *state;
	struct campaign_open how = { s->path, "suggest", 0, false, false };
	struct campaign *c;
	struct err err;

	scratch_write(s, "state/" JOURNAL_NAME, "looptimum-journal 1 garbage");
	assert_null(campaign_open_write(&how, &err));
	assert_int_equal(err.status, LO_REFUSED);
	assert_has(err.text, "damaged");
	scratch_has(s, "state/" JOURNAL_NAME, "looptimum-journal 1 garbage");
	c = campaign_open_read(s->path, &err);
	assert_non_null(c);
	assert_has(c->warning, "damaged");
	assert_int_equal(c->state->npend, 0);
	campaign_close(c);
}

/* A journal whose entry lies elsewhere, under the name of path. */
static void
leave_strange_journal(const struct scratch *s, const char *path)
{
	struct buf text = BUF_INIT;
	struct journal j;

	journal_init(&j);
	put(&j, JOURNAL_REPLACE, "bo_state.json", OLD_STATE, NEW_STATE);
	put(&j, JOURNAL_REPLACE, path, NULL, "x");
	journal_text(&j, &text);
	scratch_write(s, "state/" JOURNAL_NAME, text.p);
	buf_release(&text);
	journal_release(&j);
}

static void
test_r4_files_of_others_are_not_written(void **state)
{
	static const char *const strange[] = { "other.json", "trials",
	    "trials/../../bo_config.json", "observations.csvx", NULL,
	    "reset_archives", "reset_archives/", "reset_archives/..",
	    "reset_archives/a/../../../x", "reset_archives/.a" };
	const struct scratch *s = *state;
	struct campaign_open how = { s->path, "suggest", 0, false, false };
	struct err err;
	char outside[100];
	size_t i;

	for (i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		snprintf(outside, sizeof(outside), "%s/outside", s->path);
		leave_strange_journal(s, strange[i] != NULL ? strange[i] :
		    outside);
		assert_null(campaign_open_write(&how, &err));
		assert_false(scratch_absent(s, "state/" JOURNAL_NAME));
		assert_true(scratch_absent(s, "outside"));
		assert_true(scratch_absent(s, "state/other.json"));
	}
}

/* Looptimum wrote the CSV since, with our row in its own words. */
static void
test_r2_a_csv_of_others_gets_no_second_row(void **state)
{
	static const char theirs[] = "a,trial_id\r\n1,1\r\n";
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct journal j;

	scratch_write(s, "state/observations.csv", theirs);
	journal_init(&j);
	put(&j, JOURNAL_REPLACE, "bo_state.json", OLD_STATE, NEW_STATE);
	put(&j, JOURNAL_APPEND, "observations.csv", "trial_id\r\n",
	    "1\r\n");
	j.note = strdup("{\"marks\":[]}");
	journal_text(&j, &text);
	scratch_write(s, "state/" JOURNAL_NAME, text.p);
	campaign_close(open_write(s));
	scratch_has(s, "state/observations.csv", theirs);
	buf_release(&text);
	journal_release(&j);
}

/* The journal of a reset with an archive and one trial, not applied. */
static void
leave_reset(const struct scratch *s)
{
	const struct journal_old dir = { true, 0, 0 };
	struct journal_old state = { true, strlen(OLD_STATE), 0 };
	struct buf text = BUF_INIT;
	struct journal j;

	state.crc = file_crc(OLD_STATE, strlen(OLD_STATE));
	mkdirat(s->dir, "state/trials", 0777);
	mkdirat(s->dir, "state/trials/trial_1", 0777);
	mkdirat(s->dir, "state/reset_archives", 0777);
	mkdirat(s->dir, "state/reset_archives/" TREE_STAGE "1", 0777);
	journal_init(&j);
	journal_place_tree(&j, "reset_archives/r", dir,
	    "reset_archives/" TREE_STAGE "1", dir);
	journal_remove(&j, "bo_state.json", state);
	journal_clear(&j, "trials", TREE_STAGE "2");
	put(&j, JOURNAL_REPLACE, "event_log.jsonl", NULL, EVENT);
	j.note = strdup("{\"marks\":[]}");
	journal_text(&j, &text);
	scratch_write(s, "state/" JOURNAL_NAME, text.p);
	buf_release(&text);
	journal_release(&j);
}

static void
check_reset(const struct scratch *s)
{
	assert_true(scratch_absent(s, "state/bo_state.json"));
	assert_true(scratch_absent(s, "state/trials"));
	assert_false(scratch_absent(s, "state/reset_archives/r"));
	scratch_has(s, "state/event_log.jsonl", EVENT);
	assert_true(scratch_absent(s, "state/" JOURNAL_NAME));
}

static void
test_r1_finishes_a_reset(void **state)
{
	const struct scratch *s = *state;

	leave_reset(s);
	campaign_close(open_write(s));
	check_reset(s);
	scratch_write(s, "state/bo_state.json", OLD_STATE);
	unlinkat(s->dir, "state/reset_archives/r", AT_REMOVEDIR);
	leave_reset(s);		/* with the state gone already */
	unlinkat(s->dir, "state/bo_state.json", 0);
	campaign_close(open_write(s));
	check_reset(s);
}

/* Looptimum went on with the state before it was taken away. */
static void
test_r3_a_reset_under_a_new_state(void **state)
{
	static const char theirs[] = STATE("", TRIAL_2, "3", "");
	const struct scratch *s = *state;
	struct campaign *c;

	leave_reset(s);
	scratch_write(s, "state/bo_state.json", theirs);
	c = open_write(s);
	assert_non_null(strstr(c->warning, JOURNAL_NAME ".lost-"));
	scratch_has(s, "state/bo_state.json", theirs);
	assert_false(scratch_absent(s, "state/trials/trial_1"));
	assert_true(scratch_absent(s, "state/reset_archives/r"));
	assert_true(scratch_absent(s, "state/reset_archives/" TREE_STAGE
	    "1"));
	campaign_close(c);
}

/* ... or wrote into the log that began with ours. */
static void
test_r1_a_new_log_that_others_went_on_with_stays(void **state)
{
	const struct scratch *s = *state;

	leave_reset(s);
	scratch_write(s, "state/event_log.jsonl", EVENT "{\"theirs\": 1}\n");
	campaign_close(open_write(s));
	scratch_has(s, "state/event_log.jsonl", EVENT "{\"theirs\": 1}\n");
	assert_true(scratch_absent(s, "state/bo_state.json"));
}

static void
test_readers_look_through_a_reset(void **state)
{
	const struct scratch *s = *state;
	struct campaign *c;
	struct err err;

	leave_reset(s);
	c = campaign_open_read(s->path, &err);
	assert_non_null(c);
	assert_null(c->warning);
	assert_int_equal(c->state->next_trial_id, 1);
	assert_false(c->state->exists);
	assert_int_equal(campaign_open_dir(c, "trials"), -1);
	campaign_close(c);
	assert_false(scratch_absent(s, "state/bo_state.json"));
}

static void
test_bare_is_opened_whatever_the_files_are(void **state)
{
	const struct scratch *s = *state;
	struct campaign_open how = { s->path, "reset", 0, true, false };
	struct campaign *c;
	struct err err;

	scratch_write(s, "state/bo_state.json", "{");
	scratch_write(s, "parameter_space.json", "{");
	assert_null(campaign_open_read(s->path, &err));
	c = campaign_open_read_bare(s->path, &err);
	assert_non_null(c);
	assert_null(c->state);
	campaign_close(c);
	c = campaign_open_write(&how, &err);
	assert_non_null(c);
	campaign_close(c);
	scratch_write(s, "bo_config.json", "{");
	assert_null(campaign_open_read_bare(s->path, &err));
}

static void
test_readers_look_through_the_journal(void **state)
{
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct campaign *c;
	struct err err;

	leave_journal(s);
	c = campaign_open_read(s->path, &err);
	assert_non_null(c);
	assert_int_equal(c->state->npend, 1);
	assert_int_equal(campaign_read_file(c, "event_log.jsonl", &text,
	    &err), 1);
	assert_text(&text, EVENT);
	/* and change nothing */
	scratch_has(s, "state/bo_state.json", OLD_STATE);
	assert_true(scratch_absent(s, "state/event_log.jsonl"));
	assert_true(scratch_absent(s, "state/.looptimum.lock"));
	assert_false(campaign_changed(c));
	scratch_write(s, "state/bo_state.json", NEW_STATE);
	assert_true(campaign_changed(c));
	buf_release(&text);
	campaign_close(c);
}

static void
test_readers_see_a_half_written_log_whole(void **state)
{
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct campaign *c;
	struct err err;
	char part[100];
	size_t n;

	for (n = 0; n <= strlen(EVENT); n++) {
		leave_journal(s);
		snprintf(part, sizeof(part), "%.*s", (int)n, EVENT);
		scratch_write(s, "state/event_log.jsonl", part);
		c = campaign_open_read(s->path, &err);
		buf_cut(&text, 0);
		assert_int_equal(campaign_read_file(c, "event_log.jsonl",
		    &text, &err), 1);
		assert_text(&text, EVENT);
		campaign_close(c);
	}
	buf_release(&text);
}

static void
test_missing_state_beside_trials_is_damage(void **state)
{
	const struct scratch *s = *state;
	struct campaign_open how = { s->path, "suggest", 0, false, false };
	struct campaign *c;
	struct err err;

	unlinkat(s->dir, "state/bo_state.json", 0);
	mkdirat(s->dir, "state/trials", 0777);
	c = open_write(s);	/* an empty trials directory says nothing */
	campaign_close(c);
	mkdirat(s->dir, "state/trials/trial_1", 0777);
	assert_null(campaign_open_write(&how, &err));
	assert_int_equal(err.status, LO_REFUSED);
	assert_has(err.text, "bo_state.json: missing");
	unlinkat(s->dir, "state/trials/trial_1", AT_REMOVEDIR);
	scratch_write(s, "state/acquisition_log.jsonl", "{}\n");
	assert_null(campaign_open_write(&how, &err));
	c = campaign_open_read(s->path, &err);	/* readers see it empty */
	assert_non_null(c);
	assert_has(c->warning, "bo_state.json: missing, though "
	    "state/acquisition_log.jsonl is there");
	campaign_close(c);
}

static void
test_left_temporary_files_go(void **state)
{
	const struct scratch *s = *state;

	scratch_write(s, "state/" FILE_TEMP "0123", "half");
	campaign_close(open_write(s));
	assert_true(scratch_absent(s, "state/" FILE_TEMP "0123"));
}

#define IN_CAMPAIGN(f) \
	cmocka_unit_test_setup_teardown(f, make_campaign, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CAMPAIGN(test_r1_finishes_from_the_old_state),
		IN_CAMPAIGN(test_r1_finishes_from_the_new_state),
		IN_CAMPAIGN(test_r2_state_on_top_of_ours_stays),
		IN_CAMPAIGN(test_r2_manifests_merge_by_key),
		IN_CAMPAIGN(test_r3_state_without_ours),
		IN_CAMPAIGN(test_r4_damage_stops_writers_not_readers),
		IN_CAMPAIGN(test_r4_files_of_others_are_not_written),
		IN_CAMPAIGN(test_r2_a_csv_of_others_gets_no_second_row),
		IN_CAMPAIGN(test_r1_finishes_a_reset),
		IN_CAMPAIGN(test_r3_a_reset_under_a_new_state),
		IN_CAMPAIGN(test_r1_a_new_log_that_others_went_on_with_stays),
		IN_CAMPAIGN(test_readers_look_through_a_reset),
		IN_CAMPAIGN(test_bare_is_opened_whatever_the_files_are),
		IN_CAMPAIGN(test_readers_look_through_the_journal),
		IN_CAMPAIGN(test_readers_see_a_half_written_log_whole),
		IN_CAMPAIGN(test_missing_state_beside_trials_is_damage),
		IN_CAMPAIGN(test_left_temporary_files_go),
	};

	return cmocka_run_group_tests_name("recover", tests, NULL, NULL);
}

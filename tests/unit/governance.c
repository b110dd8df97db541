/* governance: what readers get: warnings, footprints, limits. */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp */

#include <math.h>

#include "campaign/campaign.h"
#include "ops/governance.h"
#include "scratch.h"

#define CONFIG "{\"durability\":\"relaxed\",\"retention\":{\"archives\":" \
	"{\"max_count\":2,\"max_age_seconds\":50.5},\"logs\":" \
	"{\"event_log_max_bytes\":4}},\"governance\":{\"allowed_statuses\":" \
	"[\"timeout\",\"ok\",\"failed\"]}}"

static int
make_campaign(void **state)
{
	const struct scratch *s;

	if (scratch_make(state) != 0)
		return -1;
	s = *state;
	scratch_write(s, "bo_config.json", CONFIG);
	scratch_write(s, "parameter_space.json", "{\"parameters\": [{\"name\":"
	    " \"x\", \"type\": \"float\", \"bounds\": [0, 1]}]}");
	scratch_write(s, "objective_schema.json", "{\"primary_objective\": "
	    "{\"name\": \"y\", \"direction\": \"minimize\"}}");
	return 0;
}

static void
make_archives(const struct scratch *s)
{
	mkdirat(s->dir, "state", 0777);
	mkdirat(s->dir, "state/reset_archives", 0777);
	mkdirat(s->dir, "state/reset_archives/b", 0777);
	mkdirat(s->dir, "state/reset_archives/b/state", 0777);
	mkdirat(s->dir, "state/reset_archives/a", 0777);
	mkdirat(s->dir, "state/reset_archives/.hidden", 0777);
	scratch_write(s, "state/reset_archives/no_directory", "12");
	scratch_write(s, "state/reset_archives/b/archive_manifest.json",
	    "{\"created_at\":900}");	/* 18 bytes */
	scratch_write(s, "state/reset_archives/b/state/x", "12345");
	scratch_write(s, "state/event_log.jsonl", "{}\n{}\n");
}

static struct campaign *
look(const struct scratch *s, struct governance *g)
{
	struct err err;
	struct campaign *c = campaign_open_read(s->path, &err);

	assert_non_null(c);
	assert_int_equal(governance_look(g, c, 1000, &err), 0);
	governance_judge(g, c);
	return c;
}

#define writes(expected, call) do { \
	struct buf out_ = BUF_INIT; \
	struct jw w; \
	jw_init(&w, &out_, JW_COMPACT); \
	call; \
	jw_release(&w); \
	assert_string_equal(buf_str(&out_), expected); \
	buf_release(&out_); \
} while (0)

static void
test_footprints(void **state)
{
	struct governance g;
	struct campaign *c;

	make_archives(*state);
	c = look(*state, &g);
	writes("{\"archives\":{\"root\":\"state/reset_archives\","
	    "\"exists\":true,\"archive_count\":2,\"known_age_count\":1,"
	    "\"total_size_bytes\":23,\"max_known_age_seconds\":100.0,"
	    "\"archives\":[{\"archive_id\":\"a\",\"path\":"
	    "\"state/reset_archives/a\",\"size_bytes\":0,"
	    "\"age_seconds\":null,\"manifest_present\":false},"
	    "{\"archive_id\":\"b\",\"path\":\"state/reset_archives/b\","
	    "\"size_bytes\":23,\"age_seconds\":100.0,"
	    "\"manifest_present\":true}]},\"logs\":{\"root\":\"state\","
	    "\"files\":[{\"label\":\"acquisition_log_file\",\"path\":"
	    "\"state/acquisition_log.jsonl\",\"exists\":false,"
	    "\"size_bytes\":0},{\"label\":\"event_log_file\",\"path\":"
	    "\"state/event_log.jsonl\",\"exists\":true,\"size_bytes\":6}],"
	    "\"total_size_bytes\":6}}", governance_write_footprints(&g, &w));
	governance_release(&g);
	campaign_close(c);
}

static void
test_nothing_there(void **state)
{
	struct governance g;
	struct campaign *c = look(*state, &g);

	assert_false(g.archives_exist);
	assert_int_equal(g.narchive + g.nwarning + g.nviolation, 0);
	assert_false(g.log[0].exists || g.log[1].exists);
	/* a reader makes no directory */
	assert_true(scratch_absent(*state, "state"));
	governance_release(&g);
	campaign_close(c);
}

static void
test_limits(void **state)
{
	struct governance g;
	struct campaign *c = look(*state, &g);

	writes("[\"failed\",\"ok\",\"timeout\"]",
	    governance_write_statuses(c->c.config, &w));
	writes("{\"archives\":{\"max_count\":2,\"max_age_seconds\":50.5,"
	    "\"max_total_bytes\":null},\"logs\":{\"event_log_max_bytes\":4,"
	    "\"acquisition_log_max_bytes\":null}}",
	    governance_write_retention(c->c.config, &w));
	governance_release(&g);
	campaign_close(c);
}

static void
test_findings(void **state)
{
	struct governance g;
	struct campaign *c;

	make_archives(*state);
	c = look(*state, &g);
	assert_int_equal(g.nwarning, 1);
	assert_string_equal(g.warning[0].policy_id,
	    "retention.archives.max_age_seconds.unknown_age_archives");
	assert_string_equal(g.warning[0].details.p,
	    "{\"max_age_seconds\":50.5,\"archive_ids\":[\"a\"]}");
	assert_int_equal(g.nviolation, 2);
	assert_string_equal(g.violation[0].policy_id,
	    "retention.archives.max_age_seconds");
	assert_string_equal(g.violation[0].details.p,
	    "{\"max_age_seconds\":50.5,\"archives\":[{\"archive_id\":\"b\","
	    "\"age_seconds\":100.0}]}");
	assert_string_equal(g.violation[1].policy_id,
	    "retention.logs.event_log_max_bytes");
	assert_string_equal(g.violation[1].details.p,
	    "{\"label\":\"event_log_file\",\"path\":"
	    "\"state/event_log.jsonl\",\"size_bytes\":6,\"max_bytes\":4}");
	governance_release(&g);
	campaign_close(c);
}

/* What a command is about to do can be put in. */
static void
test_corrections(void **state)
{
	struct governance g;
	struct campaign *c;
	struct buf line = BUF_INIT;

	make_archives(*state);
	c = look(*state, &g);
	governance_drop_archive(&g, "b");
	governance_drop_archive(&g, "no such");
	governance_add_archive(&g, "0", 7, 0);
	governance_add_archive(&g, "c", 8, NAN);
	g.log[1].size = 4;
	governance_judge(&g, c);
	assert_int_equal(g.nviolation, 1);
	assert_string_equal(g.violation[0].details.p,
	    "{\"archive_count\":3,\"max_count\":2}");
	assert_string_equal(g.warning[0].details.p,
	    "{\"max_age_seconds\":50.5,\"archive_ids\":[\"a\",\"c\"]}");
	assert_string_equal(g.archive[0].path, "state/reset_archives/0");
	governance_event(&g, "reset", 5, &line);
	assert_non_null(strstr(buf_str(&line), "\"command\": \"reset\""));
	governance_drop_archive(&g, "0");
	governance_judge(&g, c);
	buf_cut(&line, 0);
	governance_event(&g, "reset", 5, &line);
	assert_int_equal(line.len, 0);
	buf_release(&line);
	governance_release(&g);
	campaign_close(c);
}

#define IN_CAMPAIGN(f) \
	cmocka_unit_test_setup_teardown(f, make_campaign, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CAMPAIGN(test_footprints),
		IN_CAMPAIGN(test_nothing_there),
		IN_CAMPAIGN(test_limits),
		IN_CAMPAIGN(test_findings),
		IN_CAMPAIGN(test_corrections),
	};

	return cmocka_run_group_tests_name("governance", tests, NULL, NULL);
}

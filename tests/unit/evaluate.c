/* evaluate, claim, heartbeat: what they do to a campaign. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/process.h"
#include "base/xmem.h"
#include "ops/claim.h"
#include "ops/evaluate.h"
#include "ops/ops.h"
#include "store/file.h"
#include "store/json.h"

/* --------------------------------------------------------- a campaign */

struct place {
	char dir[64];
	struct op op;
	struct buf notices;
	struct buf payloads;
};

static void
put(const struct place *p, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", p->dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, text, strlen(text)), 0);
	close(fd);
	free(path);
}

static jv
get(const struct place *p, const char *name)
{
	char *path = xasprintf("%s/%s", p->dir, name);
	struct buf text = BUF_INIT;
	struct err err;
	jv v;

	if (file_slurp_path(path, &text, &err) != 1)
		fail_msg("%s", err.text);
	v = json_parse(text.p, text.len, name, &err);
	assert_true(jv_is_valid(v));
	buf_release(&text);
	free(path);
	return v;
}

static void
note(void *arg, const char *text)
{
	buf_addf(arg, "%s\n", text);
}

/* Trial 1 is pending, trial 2 is leased, trial 3 has a result. */
static void
make_place(struct place *p)
{
	char *state;

	memset(p, 0, sizeof(*p));
	strcpy(p->dir, "/tmp/lo-evaluate-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	put(p, "bo_config.json", "{\"durability\":\"relaxed\",\"paths\":{}}");
	put(p, "parameter_space.json", "{\"parameters\":[{\"name\":\"x\","
	    "\"type\":\"float\",\"bounds\":[0,1]}]}");
	put(p, "objective_schema.json", "{\"primary_objective\":{\"name\":"
	    "\"loss\",\"direction\":\"minimize\"}}");
	state = xasprintf("%s/state", p->dir);
	assert_int_equal(mkdir(state, 0777), 0);
	free(state);
	put(p, "state/bo_state.json", "{\"schema_version\":\"0.3.0\","
	    "\"meta\":{\"created_at\":1.5,\"seed\":1},\"observations\":["
	    "{\"trial_id\":3,\"params\":{\"x\":0.5},\"objectives\":{\"loss\":"
	    "1.0},\"status\":\"ok\",\"artifact_path\":null,"
	    "\"suggested_at\":1.5,\"completed_at\":2.5}],\"pending\":["
	    "{\"trial_id\":1,\"params\":{\"x\":0.5},\"suggested_at\":1.5,"
	    "\"mine\":{\"k\":1}},{\"trial_id\":2,\"params\":{\"x\":0.25},"
	    "\"suggested_at\":1.5,\"lease_token\":\"abc\"}],"
	    "\"next_trial_id\":4,\"best\":{\"trial_id\":3,"
	    "\"objective_name\":\"loss\",\"objective_value\":1.0,"
	    "\"updated_at\":2.5}}");
	p->op.root = p->dir;
	p->op.lock_timeout = -1;
	p->op.notice = note;
	p->op.notice_arg = &p->notices;
}

static void
remove_place(struct place *p)
{
	char *command = xasprintf("rm -rf %s", p->dir);

	assert_int_equal(system(command), 0);
	free(command);
	buf_release(&p->notices);
	buf_release(&p->payloads);
}

/* The pending entry of a trial, compact, or "" (valid until the next). */
static const char *
pending(const struct place *p, int64_t id)
{
	static char text[2048];
	jv state = get(p, "state/bo_state.json");
	struct json root = json_root(state, "state");
	struct json list = json_member(&root, "pending"), one, number;
	struct err err;
	int i, n;

	text[0] = '\0';
	assert_int_equal(json_array(&list, &n, &err), 0);
	for (i = 0; i < n; i++) {
		one = json_element(&list, i);
		number = json_member(&one, "trial_id");
		if (jv_number_value(number.v) == (double)id) {
			jv dump = jv_dump_string(jv_copy(one.v), 0);

			snprintf(text, sizeof(text), "%s",
			    jv_string_value(dump));
			jv_free(dump);
		}
	}
	jv_free(state);
	return text;
}

static void
has(const char *text, const char *piece)
{
	if (strstr(text, piece) == NULL)
		fail_msg("no %s in %s", piece, text);
}

/* -------------------------------------------------- claim, heartbeat */

static int
claim(struct place *p, int64_t id, const char *token, struct err *err)
{
	struct claim_request r = { id, token };

	return op_claim(&p->op, &r, err);
}

static void
a_claim_names_this_process(void **state)
{
	struct place p;
	struct process_id who;
	struct err err;
	jv entry;

	(void)state;
	make_place(&p);
	assert_int_equal(claim(&p, 1, NULL, &err), 0);
	entry = jv_parse(pending(&p, 1));
	assert_true(claim_read(entry, &who));
	assert_int_equal(who.pid, getpid());
	assert_int_equal(process_alive(&who), 1);
	has(pending(&p, 1), "\"mine\":{\"k\":1}");
	jv_free(entry);
	assert_int_equal(claim(&p, 1, NULL, &err), 0);
	assert_int_equal(p.notices.len, 0);
	remove_place(&p);
}

static void
a_claim_replaces_one_of_another(void **state)
{
	struct place p;
	struct process_id who;
	struct err err;
	char *text;
	jv doc;

	(void)state;
	make_place(&p);
	process_self(&who);
	who.pid = (long)getppid();
	doc = get(&p, "state/bo_state.json");
	text = xasprintf("{\"host\":\"%s\",\"boot_id\":\"%s\",\"pid\":%ld,"
	    "\"start_time\":0}", who.host, who.boot_id, who.pid);
	doc = jv_set(doc, jv_string("pending"), jv_set(jv_get(jv_copy(doc),
	    jv_string("pending")), jv_number(0), jv_set(jv_get(jv_get(
	    jv_copy(doc), jv_string("pending")), jv_number(0)),
	    jv_string("claim"), jv_parse(text))));
	doc = jv_dump_string(doc, 0);
	put(&p, "state/bo_state.json", jv_string_value(doc));
	jv_free(doc);
	free(text);
	assert_int_equal(claim(&p, 1, NULL, &err), 0);
	has(buf_str(&p.notices), "trial 1: process ");
	has(buf_str(&p.notices), "claimed it and still runs");
	remove_place(&p);
}

static void
the_lease_is_asked_for(void **state)
{
	struct place p;
	struct heartbeat_request r = { .trial = 2 };
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	make_place(&p);
	assert_int_equal(claim(&p, 2, NULL, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	has(err.text, "trial 2: ");
	assert_int_equal(claim(&p, 2, "abd", &err), -1);
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), -1);
	r.lease_token = "abc";
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), 0);
	assert_int_equal(claim(&p, 2, "abc", &err), 0);
	/* one without a lease does not mind a token */
	assert_int_equal(claim(&p, 1, "abc", &err), 0);
	buf_release(&out);
	remove_place(&p);
}

static void
only_pending_trials(void **state)
{
	struct place p;
	struct err err;
	jv before, after;

	(void)state;
	make_place(&p);
	before = get(&p, "state/bo_state.json");
	assert_int_equal(claim(&p, 3, NULL, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	has(err.text, "trial 3: ");
	has(err.text, "ok");
	assert_int_equal(claim(&p, 4, NULL, &err), -1);
	has(err.text, "trial 4: ");
	after = get(&p, "state/bo_state.json");
	assert_true(jv_equal(before, after));
	remove_place(&p);
}

static void
heartbeats_are_counted_and_logged(void **state)
{
	struct place p;
	struct heartbeat_request r = { .trial = 1, .note = "half",
	    .meta = "{\"step\":5}", .at = 1700000000.25 };
	struct buf out = BUF_INIT, log = BUF_INIT;
	struct err err;
	char *path;

	(void)state;
	make_place(&p);
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), 0);
	assert_string_equal(out.p, "{\"trial_id\":1,\"result\":\"heartbeat\","
	    "\"heartbeat_at\":1700000000.25,\"heartbeat_count\":1}\n");
	r = (struct heartbeat_request){ .trial = 1, .at = 1700000060.5 };
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), 0);
	has(pending(&p, 1), "\"heartbeat_count\":2");
	has(pending(&p, 1), "\"last_heartbeat_at\":1700000060.5");
	has(pending(&p, 1), "\"heartbeat_note\":\"half\"");
	has(pending(&p, 1), "\"heartbeat_meta\":{\"step\":5}");
	has(pending(&p, 1), "\"mine\":{\"k\":1}");
	path = xasprintf("%s/state/event_log.jsonl", p.dir);
	assert_int_equal(file_slurp_path(path, &log, &err), 1);
	has(log.p, "{\"event\": \"heartbeat\", \"heartbeat_at\": "
	    "1700000060.5, \"timestamp\": ");
	has(log.p, ", \"trial_id\": 1}\n");
	free(path);
	buf_release(&log);
	buf_release(&out);
	remove_place(&p);
}

static void
heartbeats_reach_the_manifest(void **state)
{
	struct place p;
	struct heartbeat_request r = { .trial = 1, .note = "half" };
	struct buf out = BUF_INIT;
	struct err err;
	jv manifest;
	char *dir;

	(void)state;
	make_place(&p);
	dir = xasprintf("%s/state/trials", p.dir);
	assert_int_equal(mkdir(dir, 0777), 0);
	free(dir);
	dir = xasprintf("%s/state/trials/trial_1", p.dir);
	assert_int_equal(mkdir(dir, 0777), 0);
	free(dir);
	put(&p, "state/trials/trial_1/manifest.json",
	    "{\"created_at\":1.5,\"trial_id\":1,\"status\":\"pending\","
	    "\"unknown\":[1]}");
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), 0);
	manifest = get(&p, "state/trials/trial_1/manifest.json");
	manifest = jv_dump_string(manifest, 0);
	has(jv_string_value(manifest), "\"created_at\":1.5");
	has(jv_string_value(manifest), "\"heartbeat_count\":1");
	has(jv_string_value(manifest), "\"heartbeat_note\":\"half\"");
	has(jv_string_value(manifest), "\"unknown\":[1]");
	jv_free(manifest);
	buf_release(&out);
	remove_place(&p);
}

static void
bad_heartbeats(void **state)
{
	struct place p;
	struct heartbeat_request r = { .trial = 1, .meta = "[1]" };
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	make_place(&p);
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	r.meta = "{";
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), -1);
	r.meta = NULL;
	r.at = -1;
	assert_int_equal(op_heartbeat(&p.op, &r, &out, &err), -1);
	assert_int_equal(out.len, 0);
	assert_null(strstr(pending(&p, 1), "heartbeat"));
	remove_place(&p);
}

/* ---------------------------------------------------------- evaluate */

static int
emit(void *arg, const char *payload, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s\n", payload);
	return 0;
}

/* Evaluate this one suggestion with a shell script. */
static void
run(struct place *p, const char *suggestion, const char *script,
    double heartbeat)
{
	char *const command[] = { (char *)"sh", (char *)"-c",
	    (char *)script, (char *)"-", p->dir, NULL };
	struct evaluate_request r = { .root = p->dir, .command = command,
	    .jobs = 1, .kill_after = 1, .heartbeat = heartbeat,
	    .penalty = NAN, .input_name = "in", .emit = emit,
	    .emit_arg = &p->payloads, .notice = note,
	    .notice_arg = &p->notices };
	struct err err;
	int in[2], by_signal;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(file_write_all(in[1], suggestion,
	    strlen(suggestion)), 0);
	close(in[1]);
	r.input = in[0];
	if (evaluate(&r, &by_signal, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(by_signal, 0);
	close(in[0]);
}

/* The script ends when it has seen two signs of life in the state. */
#define UNTIL_TWO_BEATS "i=0; until grep -q 'heartbeat_count\": 2' " \
	"$1/state/bo_state.json; do i=$((i + 1)); " \
	"[ $i -lt 400 ] || exit 1; sleep 0.05; done; echo 7"

static void
long_evaluations_have_heartbeats(void **state)
{
	struct place p;

	(void)state;
	make_place(&p);
	run(&p, "{\"trial_id\":1,\"params\":{\"x\":0.5}}", UNTIL_TWO_BEATS,
	    0.1);
	has(p.payloads.p, "\"status\":\"ok\"");
	assert_int_equal(p.notices.len, 0);
	remove_place(&p);
}

static void
leased_evaluations_have_one_at_once(void **state)
{
	struct place p;

	(void)state;
	make_place(&p);
	run(&p, "{\"trial_id\":2,\"params\":{\"x\":0.25},"
	    "\"lease_token\":\"abc\"}", "i=0; "
	    "until grep -q 'heartbeat_count\": 1' $1/state/bo_state.json; "
	    "do i=$((i + 1)); [ $i -lt 400 ] || exit 1; sleep 0.05; done; "
	    "echo 7", 1e6);
	has(p.payloads.p, "\"status\":\"ok\"");
	has(p.payloads.p, "\"lease_token\":\"abc\"");
	remove_place(&p);
}

static void
a_trial_that_is_taken_away_has_no_more_heartbeats(void **state)
{
	struct place p;

	(void)state;
	make_place(&p);
	run(&p, "{\"trial_id\":1,\"params\":{\"x\":0.5}}",
	    "i=0; until grep -q heartbeat_count $1/state/bo_state.json; do "
	    "i=$((i + 1)); [ $i -lt 400 ] || exit 1; sleep 0.05; done; "
	    "sed 's/\"trial_id\": 1,/\"trial_id\": 9,/' "
	    "$1/state/bo_state.json >$1/new && "
	    "mv $1/new $1/state/bo_state.json; sleep 0.5; echo 7", 0.1);
	has(p.payloads.p, "\"status\":\"ok\"");
	has(buf_str(&p.notices), "trial 1: no heartbeat: no such trial");
	assert_null(strchr(strchr(p.notices.p, '\n') + 1, '\n'));
	remove_place(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_claim_names_this_process),
		cmocka_unit_test(a_claim_replaces_one_of_another),
		cmocka_unit_test(the_lease_is_asked_for),
		cmocka_unit_test(only_pending_trials),
		cmocka_unit_test(heartbeats_are_counted_and_logged),
		cmocka_unit_test(heartbeats_reach_the_manifest),
		cmocka_unit_test(bad_heartbeats),
		cmocka_unit_test(long_evaluations_have_heartbeats),
		cmocka_unit_test(leased_evaluations_have_one_at_once),
		cmocka_unit_test(
		    a_trial_that_is_taken_away_has_no_more_heartbeats)
	};

	file_process_init();	/* SIGPIPE, as in every tool */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

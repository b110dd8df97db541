/*
 * journal: the numbered claims of store/journal.h.
 *
 * J1..J3 and J7 are tried by leaving every prefix of the work done behind,
 * torn in every place, and replaying.
 */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp */

#include "scratch.h"
#include "store/journal.h"
#include "store/journal_text.h"
#include "store/tree.h"

#define NAME ".journal"

static struct journal_place
place(const struct scratch *s)
{
	struct journal_place at = { .dir = s->dir, .base = NAME };

	return at;
}

static void
replace(struct journal *j, const struct scratch *s, const char *path,
    const char *text)
{
	struct journal_old old;
	struct buf data = BUF_INIT;
	struct err err;

	assert_int_equal(journal_look(s->dir, path, &old, &err), 0);
	buf_adds(&data, text);
	journal_replace(j, path, old, &data);
}

static void
append(struct journal *j, const struct scratch *s, const char *path,
    const char *text)
{
	struct journal_old old;
	struct buf data = BUF_INIT;
	struct err err;
	uint64_t offset;

	assert_true(journal_look_tail(s->dir, path, &old, &offset, NULL,
	    &err) >= 0);
	buf_adds(&data, text);
	journal_append(j, path, old, offset, &data);
}

/* state old -> new, a manifest in a directory to be made, two log lines */
static void
sample(struct journal *j, const struct scratch *s)
{
	journal_init(j);
	scratch_write(s, "state", "old state");
	scratch_write(s, "log", "{\"n\": 1}\n");
	replace(j, s, "state", "new state");
	replace(j, s, "trials/trial_1/manifest.json", "{\"a\": 1}");
	append(j, s, "log", "{\"n\": 2}\n{\"n\": 3}\n");
	j->note = strdup("{\"marks\":[]}");
}

static void
check_new(const struct scratch *s)
{
	scratch_has(s, "state", "new state");
	scratch_has(s, "trials/trial_1/manifest.json", "{\"a\": 1}");
	scratch_has(s, "log", "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n");
	assert_true(scratch_absent(s, NAME));
}

/* Leave only the committed journal behind, nothing of it applied. */
static void
commit_only(struct journal *j, const struct scratch *s)
{
	struct journal_place at = place(s);
	struct err err;
	bool committed;

	sample(j, s);
	/* a log that cannot be opened stops the work right after J1 */
	assert_int_equal(unlinkat(s->dir, "state", 0), 0);
	assert_int_equal(mkdirat(s->dir, "state", 0777), 0);
	assert_int_equal(journal_commit(j, &at, &committed, &err), -1);
	assert_true(committed);
	assert_false(scratch_absent(s, NAME));
	assert_int_equal(unlinkat(s->dir, "state", AT_REMOVEDIR), 0);
	scratch_write(s, "state", "old state");
	journal_release(j);
}

static int
replay_with(const struct scratch *s, const struct journal_judge *judge,
    struct err *err)
{
	struct journal_place at = place(s);
	struct journal j;
	int status;

	journal_init(&j);
	status = journal_load(&j, &at, err);
	if (status > 0)
		status = journal_replay(&j, &at, judge, err);
	journal_release(&j);
	return status;
}

static void
replay(const struct scratch *s)
{
	struct err err;

	if (replay_with(s, NULL, &err) != 0)
		fail_msg("%s", err.text);
}

static void
test_commit_applies_all(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;

	sample(&j, s);
	at.sync = true;
	assert_int_equal(journal_commit(&j, &at, &committed, &err), 0);
	assert_true(committed);
	check_new(s);
	journal_release(&j);
}

static void
test_j1_replay_after_commit(void **state)
{
	struct journal j;

	commit_only(&j, *state);
	replay(*state);
	check_new(*state);
}

/* J2, J3: the log torn at every byte, with and without the new state. */
static void
test_j2_replay_over_every_torn_append(void **state)
{
	static const char ours[] = "{\"n\": 2}\n{\"n\": 3}\n";
	const struct scratch *s = *state;
	struct journal j;
	char text[64];
	size_t n;

	for (n = 0; n < sizeof(ours); n++) {
		commit_only(&j, s);
		if (n % 2 == 0)
			scratch_write(s, "state", "new state");
		snprintf(text, sizeof(text), "{\"n\": 1}\n%.*s", (int)n, ours);
		scratch_write(s, "log", text);
		replay(s);
		check_new(s);
	}
}

/* J2: a crash of the machine kept the length and lost bytes. */
static void
test_j2_replay_over_lost_bytes(void **state)
{
	static const char before[] = "{\"n\": 1}\n";
	static const char ours[] = "{\"n\": 2}\n{\"n\": 3}\n";
	const struct scratch *s = *state;
	struct journal j;
	char text[64];
	size_t n, zeros, start = strlen(before);

	for (n = 0; n < strlen(ours); n++)
		for (zeros = 1; zeros <= strlen(ours) - n; zeros += 5) {
			commit_only(&j, s);
			memset(text, 0, sizeof(text));
			memcpy(text, before, start);
			memcpy(text + start, ours, n);
			file_replace(s->dir, "log", text, start + n + zeros,
			    false, NULL);
			replay(s);
			check_new(s);
		}
}

static void
test_j2_replay_twice(void **state)
{
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct journal j;
	struct err err;

	commit_only(&j, s);
	assert_int_equal(file_slurp(s->dir, NAME, NAME, &text, &err), 1);
	replay(s);
	scratch_write(s, NAME, "x");
	assert_int_equal(file_replace(s->dir, NAME, text.p, text.len, false,
	    &err), 0);
	replay(s);
	check_new(s);
	buf_release(&text);
}

/* J5: every single byte of the journal spoilt, and every truncation. */
static void
test_j5_damage_is_reported(void **state)
{
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct journal j;
	struct err err;
	size_t i;

	commit_only(&j, s);
	assert_int_equal(file_slurp(s->dir, NAME, NAME, &text, &err), 1);
	for (i = 0; i < text.len; i++) {
		text.p[i] ^= 1;
		file_replace(s->dir, NAME, text.p, text.len, false, &err);
		text.p[i] ^= 1;
		assert_int_equal(replay_with(s, NULL, &err), -1);
		assert_has(err.text, "damaged");
		file_replace(s->dir, NAME, text.p, i, false, &err);
		assert_int_equal(replay_with(s, NULL, &err), -1);
	}
	scratch_has(s, "state", "old state");
	assert_false(scratch_absent(s, NAME));
	buf_release(&text);
}

/* J6: others wrote into the log since; ours come once, whole. */
static void
test_j6_grown_log(void **state)
{
	const struct scratch *s = *state;
	struct journal j;

	commit_only(&j, s);
	scratch_write(s, "log", "{\"n\": 1}\n{\"o\": 9}\n");
	replay(s);
	scratch_has(s, "log", "{\"n\": 1}\n{\"o\": 9}\n{\"n\": 2}\n"
	    "{\"n\": 3}\n");

	commit_only(&j, s);
	scratch_write(s, "log", "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n"
	    "{\"o\": 9}\n");
	replay(s);
	scratch_has(s, "log", "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n"
	    "{\"o\": 9}\n");
}

/* J6: torn lines of ours with others' behind them are made whole. */
static void
test_j6_torn_then_grown(void **state)
{
	static const char ours[] = "{\"n\": 2}\n{\"n\": 3}\n";
	const struct scratch *s = *state;
	struct journal j;
	char text[80];
	size_t n;

	for (n = 1; n < sizeof(ours) - 1; n++) {
		commit_only(&j, s);
		snprintf(text, sizeof(text), "{\"n\": 1}\n%.*s{\"o\": 9}\n",
		    (int)n, ours);
		scratch_write(s, "log", text);
		replay(s);
		scratch_has(s, "log", "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n"
		    "{\"o\": 9}\n");
	}
}

static void
test_j6_log_was_replaced(void **state)
{
	const struct scratch *s = *state;
	struct journal j;

	commit_only(&j, s);
	scratch_write(s, "log", "");
	replay(s);
	scratch_has(s, "log", "{\"n\": 2}\n{\"n\": 3}\n");

	commit_only(&j, s);
	scratch_write(s, "log", "{\"z\": 1}\n");	/* same length */
	replay(s);
	scratch_has(s, "log", "{\"z\": 1}\n{\"n\": 2}\n{\"n\": 3}\n");
}

/* J2 where J6 holds: the replay into another log is cut off, too. */
static void
test_j6_replay_into_a_replaced_log_is_torn(void **state)
{
	static const char ours[] = "{\"n\": 2}\n{\"n\": 3}\n";
	const struct scratch *s = *state;
	struct journal j;
	char text[80];
	size_t n;

	for (n = 0; n < sizeof(ours); n++) {
		commit_only(&j, s);
		snprintf(text, sizeof(text), "{\"z\": 1}\n%.*s", (int)n,
		    ours);
		scratch_write(s, "log", text);
		replay(s);
		scratch_has(s, "log", "{\"z\": 1}\n{\"n\": 2}\n"
		    "{\"n\": 3}\n");
	}
}

static void
test_j6_others_torn_line_stays_a_line_of_its_own(void **state)
{
	const struct scratch *s = *state;
	struct journal j;

	commit_only(&j, s);
	scratch_write(s, "log", "{\"n\": 1}\n{\"o\": 9}\n{\"torn");
	replay(s);
	scratch_has(s, "log", "{\"n\": 1}\n{\"o\": 9}\n{\"torn\n"
	    "{\"n\": 2}\n{\"n\": 3}\n");
}

/* J6 before the first application: nothing of others is cut off. */
static void
test_j6_log_grew_before_the_commit(void **state)
{
	static const char *const now[][2] = {
		{ "{\"n\": 1}\n{\"o\": 9}\n",
		    "{\"n\": 1}\n{\"o\": 9}\n{\"n\": 2}\n{\"n\": 3}\n" },
		{ "", "{\"n\": 2}\n{\"n\": 3}\n" },
	};
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;
	size_t i;

	for (i = 0; i < 2; i++) {
		sample(&j, s);
		scratch_write(s, "log", now[i][0]);
		assert_int_equal(journal_commit(&j, &at, &committed, &err),
		    0);
		scratch_has(s, "log", now[i][1]);
		journal_release(&j);
	}
}

/* What a reader sees of a log, whatever state it is in. */
static void
test_overlay(void **state)
{
	static const char *const sight[][2] = {
		{ "{\"n\": 1}\n", "{\"n\": 1}\n{\"n\": 2}\n" },
		{ "{\"n\": 1}\n{\"n", "{\"n\": 1}\n{\"n\": 2}\n" },
		{ "{\"n\": 1}\n{\"n\": 2}\n{\"o\": 9}\n",
		    "{\"n\": 1}\n{\"n\": 2}\n{\"o\": 9}\n" },
		{ "{\"n\": 1}\n{\"o\": 9}\n",
		    "{\"n\": 1}\n{\"o\": 9}\n{\"n\": 2}\n" },
		{ "", "{\"n\": 2}\n" },
	};
	struct journal_old old = { true, 9, 0 };
	struct buf line = BUF_INIT, text = BUF_INIT;
	struct journal j;
	size_t i;

	(void)state;
	journal_init(&j);
	buf_adds(&line, "{\"n\": 2}\n");
	journal_append(&j, "log", old, 9, &line);
	for (i = 0; i < sizeof(sight) / sizeof(sight[0]); i++) {
		buf_cut(&text, 0);
		buf_adds(&text, sight[i][0]);
		assert_int_equal(journal_overlay(j.entry, &text), 1);
		assert_text(&text, sight[i][1]);
	}
	buf_release(&text);
	journal_release(&j);
}

static enum journal_verdict
keep_theirs(void *asked, struct journal_entry *e, const struct buf *found)
{
	(void)found;
	strcat(asked, e->path);
	return JOURNAL_SKIP;
}

static void
test_j6_judge_is_asked_about_strange_files(void **state)
{
	char asked[100] = "";
	struct journal_judge judge = { keep_theirs, asked };
	const struct scratch *s = *state;
	struct journal j;
	struct err err;

	commit_only(&j, s);
	scratch_write(s, "state", "theirs");
	scratch_write(s, "log", "{\"z\": 1}\n{\"z\": 2}\n");
	assert_int_equal(replay_with(s, &judge, &err), 0);
	scratch_has(s, "state", "theirs");
	scratch_has(s, "log", "{\"z\": 1}\n{\"z\": 2}\n");
	assert_string_equal(asked, "statelog");
}

static void
test_torn_tail_is_found_and_cut(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct buf torn = BUF_INIT, line = BUF_INIT;
	struct journal_old old;
	struct journal j;
	struct err err;
	uint64_t offset;
	bool committed;

	scratch_write(s, "log", "{\"n\": 1}\n{\"n\":");
	assert_int_equal(journal_look_tail(s->dir, "log", &old, &offset,
	    &torn, &err), 0);
	assert_text(&torn, "{\"n\":");
	assert_int_equal(offset, 9);
	journal_init(&j);
	buf_adds(&line, "{\"n\": 2}\n");
	journal_append(&j, "log", old, offset, &line);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), 0);
	scratch_has(s, "log", "{\"n\": 1}\n{\"n\": 2}\n");
	journal_release(&j);
	buf_release(&torn);
}

static int
refuse(void *arg, struct err *err)
{
	int *left = arg;

	if ((*left)-- > 0)
		return 0;
	return err_set(err, LO_IO, "guard says no");
}

/* J2: the same where a torn line stood, of which any part may still stand:
 * ours were written over it, and no cut came to the disk. */
static void
test_j2_replay_over_a_torn_line(void **state)
{
	static const char torn[] = "{\"m\": ", ours[] = "{\"n\": 2}\n";
	const size_t start = strlen("{\"n\": 1}\n"), len = strlen(ours);
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	int left;
	char text[64];
	size_t n, size;

	at.guard = refuse;
	at.guard_arg = &left;
	for (size = 0; size <= len; size++)
		for (n = 0; n <= size; n++) {
			struct buf line = BUF_INIT;
			struct journal_old old;
			struct journal j;
			struct err err;
			uint64_t offset;
			bool committed;

			scratch_write(s, "log", "{\"n\": 1}\n{\"m\": ");
			assert_int_equal(journal_look_tail(s->dir, "log",
			    &old, &offset, NULL, &err), 0);
			journal_init(&j);
			buf_adds(&line, ours);
			journal_append(&j, "log", old, offset, &line);
			left = 1;	/* committed, no more */
			assert_int_equal(journal_commit(&j, &at, &committed,
			    &err), -1);
			assert_true(committed);
			memset(text, 0, sizeof(text));
			memcpy(text, "{\"n\": 1}\n", start);
			memcpy(text + start, torn, strlen(torn));
			memcpy(text + start, ours, n);
			file_replace(s->dir, "log", text, start + size,
			    false, NULL);
			replay(s);
			scratch_has(s, "log", "{\"n\": 1}\n{\"n\": 2}\n");
			journal_release(&j);
		}
}

/* The guard stops at any step; a replay then finishes. */
static void
test_guard_is_asked_before_each_step(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;
	int steps, left;

	at.guard = refuse;
	at.guard_arg = &left;
	for (steps = 0; ; steps++) {
		sample(&j, s);
		left = steps;
		if (journal_commit(&j, &at, &committed, &err) == 0)
			break;
		assert_has(err.text, "guard says no");
		assert_int_equal(committed, steps > 0);
		journal_release(&j);
		if (committed) {
			replay(s);
			check_new(s);
		} else {
			scratch_has(s, "state", "old state");
		}
	}
	journal_release(&j);
	/* before the commit, each of three entries, and the removal */
	assert_int_equal(steps, 5);
	check_new(s);
}

static void
test_links_are_not_followed(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;

	scratch_write(s, "outside", "keep me\n");
	journal_init(&j);
	append(&j, s, "log", "x\n");
	replace(&j, s, "trials/trial_1/manifest.json", "y");
	assert_int_equal(symlinkat("outside", s->dir, "log"), 0);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), -1);
	scratch_has(s, "outside", "keep me\n");
	assert_int_equal(err.status, LO_IO);
	assert_int_equal(unlinkat(s->dir, "log", 0), 0);
	assert_int_equal(mkdirat(s->dir, "elsewhere", 0777), 0);
	assert_int_equal(symlinkat("elsewhere", s->dir, "trials"), 0);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), -1);
	assert_true(scratch_absent(s, "elsewhere/trial_1"));
	journal_release(&j);
}

#define MANY 50

/* As an import leaves it: many small files that are synced together. */
static void
many(struct journal *j, const struct scratch *s)
{
	char path[40];
	int i;

	journal_init(j);
	scratch_write(s, "state", "old state");
	replace(j, s, "state", "new state");
	for (i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "trials/trial_%d/m.json", i);
		replace(j, s, path, "{\"a\": 1}");
		journal_together(j);
	}
	j->note = strdup("{}");
}

static void
has_many(const struct scratch *s)
{
	char path[40];
	int i;

	scratch_has(s, "state", "new state");
	for (i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "trials/trial_%d/m.json", i);
		scratch_has(s, path, "{\"a\": 1}");
	}
	assert_true(scratch_absent(s, NAME));
}

static enum journal_verdict
always(void *arg, struct journal_entry *e, const struct buf *found)
{
	(void)arg;
	(void)e;
	(void)found;
	return JOURNAL_APPLY;
}

/* Their names may be on disk without their bytes. */
static void
test_j2_many_files_torn_before_they_were_synced(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal_judge judge = { always, NULL };
	struct journal j, again;
	struct buf text = BUF_INIT;
	bool committed;
	struct err err;

	at.sync = true;
	many(&j, s);
	journal_text(&j, &text);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), 0);
	has_many(s);
	/* the journal is there again, and what it wrote is half lost */
	scratch_write(s, NAME, text.p);
	scratch_write(s, "trials/trial_3/m.json", "");
	scratch_write(s, "trials/trial_49/m.json", "{\"a");
	journal_init(&again);
	assert_int_equal(journal_load(&again, &at, &err), 1);
	assert_true(again.entry[MANY].together);
	assert_false(again.entry[0].together);
	assert_int_equal(journal_replay(&again, &at, &judge, &err), 0);
	has_many(s);
	journal_release(&j);
	journal_release(&again);
	buf_release(&text);
}

/* ------------------------------------------------- J7: whole trees */

#define STAGE_1 TREE_STAGE "1"
#define STAGE_2 TREE_STAGE "2"
#define STAGE_3 "a/" TREE_STAGE "3"

static void
put_file(const struct scratch *s, const char *path, const char *text)
{
	struct buf data = BUF_INIT;
	struct err err;

	buf_adds(&data, text);
	assert_int_equal(file_put(s->dir, path, &data, false, &err), 0);
	buf_release(&data);
}

/* state replaced by a file, trials by a tree, an old tree cleared. */
static void
trees(struct journal *j, const struct scratch *s)
{
	const struct journal_old old = { true, 9, 0 };
	struct journal_old state, moved;
	struct err err;

	put_file(s, "state", "old state");
	put_file(s, STAGE_1, "new state");
	put_file(s, "trials/trial_1/a", "old");
	put_file(s, "trials/trial_2/a", "old");
	put_file(s, STAGE_2 "/trial_1/b", "new");
	put_file(s, "a/archive/deep/er/f", "old");
	journal_init(j);
	assert_int_equal(journal_look(s->dir, "state", &state, &err), 0);
	assert_int_equal(journal_look(s->dir, STAGE_1, &moved, &err), 0);
	journal_place_tree(j, "state", state, STAGE_1, moved);
	journal_place_tree(j, "trials", old, STAGE_2, old);
	journal_clear(j, "a/archive", STAGE_3);
}

static void
check_trees(const struct scratch *s)
{
	scratch_has(s, "state", "new state");
	scratch_has(s, "trials/trial_1/b", "new");
	assert_true(scratch_absent(s, "trials/trial_1/a"));
	assert_true(scratch_absent(s, "trials/trial_2"));
	assert_true(scratch_absent(s, "a/archive"));
	assert_true(scratch_absent(s, STAGE_1));
	assert_true(scratch_absent(s, STAGE_2));
	assert_true(scratch_absent(s, STAGE_2 "~"));
	assert_true(scratch_absent(s, STAGE_3));
	assert_true(scratch_absent(s, NAME));
}

static void
test_j7_trees_are_placed_and_cleared(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;

	trees(&j, s);
	at.sync = true;
	if (journal_commit(&j, &at, &committed, &err) != 0)
		fail_msg("%s", err.text);
	check_trees(s);
	journal_release(&j);
}

/* Stopped before each step, then replayed. */
static void
test_j7_replay_after_each_step(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;
	int steps, left;

	at.guard = refuse;
	at.guard_arg = &left;
	for (steps = 1; ; steps++) {
		trees(&j, s);
		left = steps;
		if (journal_commit(&j, &at, &committed, &err) == 0)
			break;
		journal_release(&j);
		replay(s);
		check_trees(s);
	}
	journal_release(&j);
	/* commit, four renames, twice another look, removal */
	assert_int_equal(steps, 8);
}

/* Between the renames of one move, and in the middle of a removal. */
static void
test_j7_replay_within_a_step(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;
	int left = 1;

	at.guard = refuse;
	at.guard_arg = &left;
	trees(&j, s);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), -1);
	assert_int_equal(renameat(s->dir, "trials", s->dir, STAGE_2 "~"), 0);
	assert_int_equal(unlinkat(s->dir, STAGE_2 "~/trial_1/a", 0), 0);
	assert_int_equal(renameat(s->dir, "a/archive", s->dir, STAGE_3), 0);
	replay(s);
	check_trees(s);
	journal_release(&j);
}

static void
test_j7_what_is_gone_altogether_is_an_error(void **state)
{
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;

	trees(&j, s);
	unlinkat(s->dir, "state", 0);
	unlinkat(s->dir, STAGE_1, 0);
	assert_int_equal(journal_commit(&j, &at, &committed, &err), -1);
	assert_has(err.text, "state: what the journal would put there is "
	    "gone");
	assert_false(scratch_absent(s, NAME));
	journal_release(&j);
}

static void
test_j7_aside_lies_beside(void **state)
{
	static const char *const bad[] = { "x", "../" TREE_STAGE "1",
		"trials/" TREE_STAGE "1", "/tmp/" TREE_STAGE "1" };
	const struct journal_old old = { true, 0, 0 };
	const struct scratch *s = *state;
	struct journal_place at = place(s);
	struct journal j;
	struct err err;
	bool committed;
	size_t i;

	put_file(s, "state", "keep");
	for (i = 0; i < 4; i++) {
		journal_init(&j);
		if (i % 2 == 0)
			journal_clear(&j, "state", bad[i]);
		else
			journal_place_tree(&j, "state", old, bad[i], old);
		assert_int_equal(journal_commit(&j, &at, &committed, &err),
		    -1);
		assert_has(err.text, "expected a name that begins with");
		scratch_has(s, "state", "keep");
		journal_release(&j);
	}
}

static void
check_where(const struct journal *j, const struct scratch *s,
    const char *path, const char *expected)
{
	char *at = journal_where(j, s->dir, path);

	if (expected == NULL)
		assert_null(at);
	else
		assert_string_equal(at, expected);
	free(at);
}

static void
test_j7_where_things_are(void **state)
{
	const struct scratch *s = *state;
	struct journal j;

	trees(&j, s);
	check_where(&j, s, "state", STAGE_1);
	check_where(&j, s, "trials", STAGE_2);
	check_where(&j, s, "trials/trial_2/a", STAGE_2 "/trial_2/a");
	check_where(&j, s, "trials2", "trials2");
	check_where(&j, s, "a", "a");
	check_where(&j, s, "a/archive", NULL);
	check_where(&j, s, "a/archive/deep", NULL);
	check_where(&j, s, "a/archives", "a/archives");
	assert_int_equal(renameat(s->dir, STAGE_1, s->dir, "state"), 0);
	check_where(&j, s, "state", "state");
	journal_release(&j);
}

static void
test_j7_old_and_new(void **state)
{
	const struct scratch *s = *state;
	struct buf old = BUF_INIT, new = BUF_INIT;
	struct journal j;

	buf_adds(&old, "old state");
	buf_adds(&new, "new state");
	trees(&j, s);
	assert_true(journal_is_old(&j.entry[0], true, &old));
	assert_false(journal_is_new(&j.entry[0], true, &old));
	assert_true(journal_is_new(&j.entry[0], true, &new));
	assert_false(journal_is_new(&j.entry[0], false, &new));
	assert_true(journal_is_new(&j.entry[2], false, &new));
	assert_false(journal_is_new(&j.entry[2], true, &new));
	journal_release(&j);
	buf_release(&old);
	buf_release(&new);
}

/* What cannot be removed stays under a name that is swept later. */
static void
test_j7_leftovers_are_swept(void **state)
{
	const struct scratch *s = *state;

	put_file(s, STAGE_1 "/x/y", "1");
	put_file(s, STAGE_2 "~", "1");
	put_file(s, "other", "keep");
	tree_sweep(s->dir, ".");
	assert_true(scratch_absent(s, STAGE_1));
	assert_true(scratch_absent(s, STAGE_2 "~"));
	assert_false(scratch_absent(s, "other"));
}

#define IN_SCRATCH(f) \
	cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_commit_applies_all),
		IN_SCRATCH(test_j1_replay_after_commit),
		IN_SCRATCH(test_j2_replay_over_every_torn_append),
		IN_SCRATCH(test_j2_replay_over_lost_bytes),
		IN_SCRATCH(test_j2_replay_twice),
		IN_SCRATCH(test_j2_replay_over_a_torn_line),
		IN_SCRATCH(test_j2_many_files_torn_before_they_were_synced),
		IN_SCRATCH(test_j5_damage_is_reported),
		IN_SCRATCH(test_j6_grown_log),
		IN_SCRATCH(test_j6_torn_then_grown),
		IN_SCRATCH(test_j6_log_was_replaced),
		IN_SCRATCH(test_j6_replay_into_a_replaced_log_is_torn),
		IN_SCRATCH(test_j6_others_torn_line_stays_a_line_of_its_own),
		IN_SCRATCH(test_j6_log_grew_before_the_commit),
		cmocka_unit_test(test_overlay),
		IN_SCRATCH(test_j6_judge_is_asked_about_strange_files),
		IN_SCRATCH(test_torn_tail_is_found_and_cut),
		IN_SCRATCH(test_guard_is_asked_before_each_step),
		IN_SCRATCH(test_links_are_not_followed),
		IN_SCRATCH(test_j7_trees_are_placed_and_cleared),
		IN_SCRATCH(test_j7_replay_after_each_step),
		IN_SCRATCH(test_j7_replay_within_a_step),
		IN_SCRATCH(test_j7_what_is_gone_altogether_is_an_error),
		IN_SCRATCH(test_j7_aside_lies_beside),
		IN_SCRATCH(test_j7_where_things_are),
		IN_SCRATCH(test_j7_old_and_new),
		IN_SCRATCH(test_j7_leftovers_are_swept),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}

/*
 * replay: every suggestion of a campaign made again.
 *
 *	replay [-t TOLERANCE] CAMPAIGN
 *	replay -m
 *
 * Reads the user's files, the state and both logs, and goes through the
 * event log: what was observed and pending is brought to where it was just
 * before each suggestion_created, meta.model is what the decision before
 * told, and propose() is asked again.  Whatever differs of the parameters
 * and the decision is printed (compare.h), then a summary.  Decisions that
 * led to no trial, the user's own points, replicates and retries are passed
 * over.
 *
 * Exits with 0 if all is the same to the bit or, with -t, if no parameter
 * is off by more than that share of its range; with 1 if not, with 2 if
 * the campaign cannot be replayed.
 *
 * -m prints a mark of this machine's arithmetic: two machines of the same
 * mark compute the same digits where ours do, see CONTRIBUTING.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"

#include "compare.h"
#include "replay.h"

_Noreturn void
replay_die(const char *what, const char *why)
{
	fprintf(stderr, "replay: %s: %s\n", what, why);
	exit(2);
}

static void
relive(struct replay *r, jv event)
{
	int64_t id = log_id(event);

	if (log_says(event, "event", "suggestion_created")) {
		suggest_again(r, id);
		history_pending(r, id);
	} else if (log_says(event, "event", "ingest_applied") ||
	    log_says(event, "event", "ingest_late_applied")) {
		history_observed(r, id, false);
	} else if (log_says(event, "event", "trial_retired") ||
	    log_says(event, "event", "trial_canceled")) {
		history_observed(r, id, log_came_late(r, id));
	} else if (log_says(event, "event", "observations_imported")) {
		history_imported(r, event);
	}
}

static void
read_log(struct replay *r, enum path_id which, struct buf *text)
{
	struct err err;

	if (campaign_read_file(r->now, r->now->paths.real[which], text, &err)
	    <= 0)
		replay_die(r->now->paths.shown[which], "cannot be read");
}

static void
replay_init(struct replay *r, const char *dir)
{
	struct err err;
	char *root = campaign_find(dir, &err);

	r->now = root != NULL ? campaign_open_read(root, &err) : NULL;
	if (r->now == NULL)
		replay_die(dir, err.text);
	free(root);
	read_log(r, PATH_ACQUISITION, &r->decisions);
	read_log(r, PATH_EVENTS, &r->events);
	r->last = r->now->state;
	r->now->state = state_new(r->now->c.space, r->now->c.objectives, 1);
	history_remember(r, "seed", member_of(r->last->meta, "seed"));
}

static int
replay_campaign(struct replay *r, const char *dir)
{
	struct span rest;
	jv event;

	replay_init(r, dir);
	rest.p = buf_str(&r->events);
	rest.len = r->events.len;
	while (jv_is_valid(event = log_next(&rest))) {
		relive(r, event);
		jv_free(event);
	}
	printf("%zu decisions replayed, %zu the same to the bit, %zu passed "
	    "over; parameters off by %.1e of their range at most\n",
	    r->replayed, r->same, r->passed_over, r->largest);
	state_free(r->last);
	campaign_close(r->now);
	buf_release(&r->decisions);
	buf_release(&r->events);
	return r->beyond > 0 || r->replayed == 0;
}

int
main(int argc, char **argv)
{
	struct replay r = { .decisions = BUF_INIT, .events = BUF_INIT,
	    .tolerance = -1 };
	int c;

	while ((c = getopt(argc, argv, "mt:")) != -1) {
		if (c == 'm') {
			print_mark();
			return 0;
		}
		if (c != 't' || !num_read(optarg,
		    strlen(optarg), &r.tolerance))
			break;
	}
	if (c != -1 || argc - optind != 1) {
		fputs("usage: replay [-t TOLERANCE] CAMPAIGN\n"
		    "       replay -m\n", stderr);
		return 2;
	}
	return replay_campaign(&r, argv[optind]);
}

/* events_line: which events belong to which topic.  See events.h. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "ops/events.h"
#include "ops/ops.h"

enum topic {
	SUGGESTED, INGESTED, FAILED, RESET, RESTORE, TOPIC_COUNT
};

static const char *const topic_name[TOPIC_COUNT] = {
	"suggested", "ingested", "failed", "reset", "restore"
};

/* What lo-events(1) shows as a table. */
static const struct {
	const char *event;
	enum topic topic;
	bool judged;		/* FAILED unless the line's status is ok */
} source[] = {
	{ "suggestion_created", SUGGESTED, false },
	{ "ingest_applied", INGESTED, true },
	{ "ingest_late_applied", INGESTED, true },
	{ "observations_imported", INGESTED, false },
	{ "trial_void_undone", INGESTED, false },
	{ "trial_canceled", FAILED, false },
	{ "trial_retired", FAILED, false },
	{ "trial_voided", FAILED, false },
	{ "campaign_reset", RESET, false },
	{ "campaign_restored", RESTORE, false },
	{ "campaign_restore_failed", RESTORE, false },
};

int
op_events_topic(const char *name, unsigned *topics, struct err *err)
{
	int i;

	for (i = 0; i < TOPIC_COUNT; i++)
		if (strcmp(name, topic_name[i]) == 0) {
			*topics |= 1U << i;
			return 0;
		}
	return err_set(err, LO_USAGE, "--topic: expected suggested, ingested, "
	    "failed, reset or restore, got '%s'", name);
}

static bool
text_is(struct span s, const char *word)
{
	size_t len = strlen(word);

	return s.len == len + 2 && *s.p == '"' &&
	    memcmp(s.p + 1, word, len) == 0;
}

/* The row of the table, or -1. */
static int
find_source(struct span object)
{
	struct span event = json_find(object, "event");
	size_t i;

	for (i = 0; i < sizeof(source) / sizeof(source[0]); i++)
		if (text_is(event, source[i].event))
			return (int)i;
	return -1;
}

static enum topic
topic_of(int row, struct span object)
{
	if (source[row].judged &&
	    !text_is(json_find(object, "status"), "ok"))
		return FAILED;
	return source[row].topic;
}

static void
write_payload(struct span object, struct jw *w)
{
	struct json_walk m = json_walk(object);

	jw_key(w, "payload");
	jw_object(w);
	while (json_next(&m)) {
		if ((m.key.len == 5 && memcmp(m.key.p, "event", 5) == 0) ||
		    (m.key.len == 9 && memcmp(m.key.p, "timestamp", 9) == 0))
			continue;
		jw_keyn(w, m.key.p, m.key.len);
		jw_raw(w, m.value);
	}
	jw_end(w);
}

static void
write_event(const struct lines *l, int row, enum topic topic, struct jw *w)
{
	struct span at = json_find(l->line, "timestamp");
	struct buf id = BUF_INIT;
	double seconds;

	if (at.len == 0 || !num_read(at.p, at.len, &seconds))
		seconds = NAN;
	buf_addf(&id, "%zu:%s:%.0f", l->number, source[row].event,
	    isnan(seconds) ? 0 : round(seconds * 1e6));
	jw_object(w);
	JW_KEY(w, "topic", text, topic_name[topic]);
	JW_KEY(w, "event_id", text, buf_str(&id));
	JW_KEY(w, "source_event", text, source[row].event);
	JW_KEY(w, "occurred_at", real, seconds);
	jw_key(w, "cursor");
	jw_object(w);
	JW_KEY(w, "line_number", int, (int64_t)l->number);
	JW_KEY(w, "byte_offset", int, (int64_t)l->next);
	jw_end(w);
	write_payload(l->line, w);
	jw_end(w);
	buf_release(&id);
}

bool
events_line(const struct lines *l, unsigned topics, struct buf *out)
{
	int row = find_source(l->line);
	enum topic topic;
	struct jw w;

	if (row < 0)
		return false;
	topic = topic_of(row, l->line);
	if (topics != 0 && (topics & 1U << topic) == 0)
		return false;
	jw_init(&w, out, JW_COMPACT);
	write_event(l, row, topic, &w);
	jw_release(&w);
	buf_addc(out, '\n');
	return true;
}

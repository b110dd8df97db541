#include "campaign/trail.h"

void
trail_event(struct jw *w, struct buf *line, const char *event, double now)
{
	jw_init(w, line, JW_LOG);
	jw_object(w);
	JW_KEY(w, "event", text, event);
	JW_KEY(w, "timestamp", real, now);
}

void
trail_end(struct jw *w)
{
	struct buf *line = w->out;

	jw_release(w);
	buf_addc(line, '\n');
}

void
trail_decision(struct buf *line, int64_t id, double now, double latency,
    const struct buf *decision)
{
	struct span text = { buf_str(decision), decision->len };
	struct jw w;

	jw_init(&w, line, JW_LOG);
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, id);
	JW_KEY(&w, "timestamp", real, now);
	jw_key(&w, "telemetry");
	jw_object(&w);
	JW_KEY(&w, "suggest_latency_seconds", real, latency);
	jw_end(&w);
	JW_KEY(&w, "decision", raw, text);
	trail_end(&w);
}

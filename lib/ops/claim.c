#include <string.h>

#include "base/clock.h"
#include "ops/claim.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/held.h"

jv
claim_set(jv entry)
{
	struct process_id self;
	jv v = jv_object();

	process_self(&self);
	v = jv_object_set(v, jv_string("host"), jv_string(self.host));
	v = jv_object_set(v, jv_string("boot_id"), jv_string(self.boot_id));
	v = jv_object_set(v, jv_string("pid"), jv_number((double)self.pid));
	v = jv_object_set(v, jv_string("start_time"),
	    jv_number(self.start_time));
	v = jv_object_set(v, jv_string("claimed_at"),
	    jv_number(clock_now()));
	return jv_object_set(entry, jv_string("claim"), v);
}

static void
copy_text(const struct json *claim, const char *key, char *out, size_t size)
{
	struct json member = json_member(claim, key);
	struct err ignored;
	const char *text;

	*out = '\0';
	if (json_text(&member, &text, &ignored) == 0 && strlen(text) < size)
		strcpy(out, text);
}

bool
claim_read(jv entry, struct process_id *who)
{
	struct json root = json_root(entry, "pending trial");
	struct json claim = json_member(&root, "claim");
	struct json pid = json_member(&claim, "pid");
	struct json start = json_member(&claim, "start_time");
	struct err ignored;
	int64_t number;

	if (json_int(&pid, 1, INT32_MAX, &number, &ignored) != 0 ||
	    json_real(&start, &who->start_time, &ignored) != 0)
		return false;
	who->pid = (long)number;
	copy_text(&claim, "host", who->host, sizeof(who->host));
	copy_text(&claim, "boot_id", who->boot_id, sizeof(who->boot_id));
	return true;
}

double
claim_time(jv entry)
{
	struct json root = json_root(entry, "pending trial");
	struct json claim = json_member(&root, "claim");

	return trial_real(&claim, "claimed_at");
}

static void
warn_rival(const struct op *op, const struct pending *p)
{
	struct process_id who, self;

	process_self(&self);
	if (!claim_read(p->doc, &who) ||
	    (who.pid == self.pid && strcmp(who.host, self.host) == 0) ||
	    process_alive(&who) != 1)
		return;
	op_say(op, "trial %lld: process %ld of this host claimed it and "
	    "still runs; evaluated all the same", (long long)p->id, who.pid);
}

int
op_claim(const struct op *op, const struct claim_request *r, struct err *err)
{
	struct held h;
	int status;

	if (held_open(&h, op, r->trial, r->lease_token, err) != 0)
		return -1;
	warn_rival(op, h.p);
	state_change_pending(h.c->state, h.p, claim_set(jv_copy(h.p->doc)));
	txn_mark(h.t, r->trial, "suggested_at", h.p->suggested_at);
	status = governance_commit(h.c, h.t, err);
	held_close(&h);
	return status;
}

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/job.h"

#define REASON_MAX 200	/* bytes of a stderr line in a reason */
#define TAIL_LINES 10
#define TAIL_MAX 500	/* bytes of a line in a report */

/* --------------------------------------------------------------- judge */

/* "exit=2: last line of stderr" */
static char *
exit_reason(const struct job *j, int code)
{
	struct span last = capture_last_line(buf_str(&j->err.text),
	    j->err.text.len);
	struct buf b = BUF_INIT;

	buf_addf(&b, "exit=%d", code);
	if (last.len > 0) {
		buf_adds(&b, ": ");
		capture_clean(last.p, last.len, REASON_MAX, &b);
	}
	return buf_detach(&b);
}

static char *
signal_reason(int signal, const char *more)
{
	char name[CHILD_SIGNAL_NAME];

	return xasprintf("signal=%s%s", child_signal_name(signal, name),
	    more);
}

static char *
timeout_reason(const struct job *j)
{
	char text[NUM_TEXT];

	return xasprintf("timeout after %s s",
	    num_plain(text, j->e->r->timeout));
}

void
job_judge(struct job *j, int status, struct answer *a)
{
	bool signaled = WIFSIGNALED(status);

	memset(a, 0, sizeof(*a));
	if (j->fate == FATE_STOPPED)
		answer_set(a, TRIAL_KILLED, signal_reason(signaled ?
		    WTERMSIG(status) : j->stop_signal, ": interrupted"));
	else if (j->fate == FATE_TIMEOUT)
		answer_set(a, TRIAL_TIMEOUT, timeout_reason(j));
	else if (signaled)
		answer_set(a, TRIAL_KILLED,
		    signal_reason(WTERMSIG(status), ""));
	else if (WEXITSTATUS(status) != 0)
		answer_set(a, TRIAL_FAILED,
		    exit_reason(j, WEXITSTATUS(status)));
	else
		answer_read(&j->e->question, buf_str(&j->out.text),
		    j->out.text.len, j->out.cut, a);
}

/* ------------------------------------------------------------- payload */

static void
put_objectives(struct jw *w, const struct answer_question *q,
    const struct answer *a)
{
	size_t i;

	jw_key(w, "objectives");
	jw_object(w);
	for (i = 0; i < q->n; i++)
		JW_KEY(w, q->name[i], real,
		    a->status == TRIAL_OK ? a->y[i] : NAN);
	jw_end(w);
}

static void
put_failure(struct jw *w, const struct evaluate_request *r,
    const struct answer *a)
{
	JW_KEY(w, "terminal_reason", text, a->reason);
	if (a->has_penalty)
		JW_KEY(w, "penalty_objective", real, a->penalty);
	else if (!isnan(r->penalty))
		JW_KEY(w, "penalty_objective", real, r->penalty);
}

void
job_payload(const struct job *j, const struct answer *a, struct buf *out)
{
	const struct suggestion *s = j->s;
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	if (s->schema_version.len > 0)
		JW_KEY(&w, "schema_version", raw, s->schema_version);
	JW_KEY(&w, "trial_id", int, s->id);
	JW_KEY(&w, "params", raw, s->params);
	put_objectives(&w, &j->e->question, a);
	JW_KEY(&w, "status", text, trial_status_name[a->status]);
	if (a->status != TRIAL_OK)
		put_failure(&w, j->e->r, a);
	JW_KEY(&w, "runtime_seconds", real, a->has_runtime ? a->runtime :
	    round(j->runtime * 1e6) / 1e6);
	if (s->lease_token.len > 0)
		JW_KEY(&w, "lease_token", raw, s->lease_token);
	jw_end(&w);
	jw_release(&w);
}

/* -------------------------------------------------------------- report */

/* As a person would type it. */
static void
quote(const char *arg, struct buf *out)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%^";

	if (*arg != '\0' && arg[strspn(arg, safe)] == '\0') {
		buf_adds(out, arg);
		return;
	}
	buf_addc(out, '\'');
	for (; *arg != '\0'; arg++)
		if (*arg == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *arg);
	buf_addc(out, '\'');
}

static void
put_command(const struct job *j, struct buf *out)
{
	size_t i;

	for (i = 0; j->argv[i] != NULL; i++) {
		if (i > 0)
			buf_addc(out, ' ');
		quote(j->argv[i], out);
	}
}

void
job_by_hand(const struct job *j, struct buf *out)
{
	const struct template_params *p = &j->s->values;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->value[i].text == NULL)
			continue;
		template_variable(p->value[i].name, out);
		buf_addc(out, '=');
		quote(p->value[i].text, out);
		buf_addc(out, ' ');
	}
	put_command(j, out);
}

static void
tell_command(const struct job *j)
{
	struct buf b = BUF_INIT, clean = BUF_INIT;
	char where[PATH_MAX];

	put_command(j, &b);
	capture_clean(b.p, b.len, 2000, &clean);
	evaluation_note(j->e, j->s->id, "command: %s", clean.p);
	evaluation_note(j->e, j->s->id, "directory: %s",
	    getcwd(where, sizeof(where)) != NULL ? where : "?");
	buf_release(&b);
	buf_release(&clean);
}

static void
tell_status(const struct job *j, int status)
{
	char name[CHILD_SIGNAL_NAME];

	if (WIFSIGNALED(status))
		evaluation_note(j->e, j->s->id, "exit status: none, ended by "
		    "%s", child_signal_name(WTERMSIG(status), name));
	else
		evaluation_note(j->e, j->s->id, "exit status: %d",
		    WEXITSTATUS(status));
}

static void
tell_tail(const struct job *j, const char *stream, const struct buf *text)
{
	size_t at = capture_tail(buf_str(text), text->len, TAIL_LINES);
	const char *p = buf_str(text) + at, *end = buf_str(text) + text->len;
	struct buf clean = BUF_INIT;
	size_t len;

	if (p == end)
		evaluation_note(j->e, j->s->id, "%s: (nothing)", stream);
	for (; p < end; p += len + 1) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		len = (size_t)((stop != NULL ? stop : end) - p);
		buf_cut(&clean, 0);
		capture_clean(p, len, TAIL_MAX, &clean);
		evaluation_note(j->e, j->s->id, "%s: %s", stream, clean.p);
	}
	buf_release(&clean);
}

static void
tell_logs(const struct job *j)
{
	char *out, *err;

	if (j->out.log < 0 || j->err.log < 0)
		return;
	out = paths_trial_shown(&j->e->paths, j->s->id, "stdout.log");
	err = paths_trial_shown(&j->e->paths, j->s->id, "stderr.log");
	evaluation_note(j->e, j->s->id, "all of it: %s and %s in %s", out,
	    err, j->e->op.root);
	free(out);
	free(err);
}

void
job_complain(const struct job *j, const struct answer *a, int status)
{
	const char *name = trial_status_name[a->status];

	if (a->status == TRIAL_OK)
		return;
	if (strncmp(a->reason, name, strlen(name)) == 0)
		evaluation_note(j->e, j->s->id, "%s", a->reason);
	else
		evaluation_note(j->e, j->s->id, "%s: %s", name, a->reason);
	if (j->fate == FATE_STOPPED)
		return;
	tell_command(j);
	tell_status(j, status);
	tell_tail(j, "stdout", &j->out.text);
	tell_tail(j, "stderr", &j->err.text);
	tell_logs(j);
}

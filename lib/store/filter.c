#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jq.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "store/filter.h"

struct filter {
	jq_state *jq;
	jq_util_input_state *input;
	struct buf words;	/* what libjq complained about */
};

/* libjq says "jq: error: WORDS\nPROGRAM" a time, then "jq: N compile
 * errors"; one line of it is enough for us. */
static void
hear(void *arg, jv message)
{
	struct filter *f = arg;
	const char *s, *error = "jq: error: ";
	bool gap = false;

	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	s = jv_string_value(message);
	if (strncmp(s, error, strlen(error)) == 0) {
		s += strlen(error);
		if (f->words.len > 0)
			buf_adds(&f->words, "; ");
		for (; *s != '\0'; s++) {
			if (*s == '\n' || *s == '\t') {
				gap = true;
				continue;
			}
			if (gap)
				buf_addc(&f->words, ' ');
			gap = false;
			buf_addc(&f->words, *s);
		}
	}
	jv_free(message);
}

/* As jq(1): every name is a variable, and all are in $ARGS.named. */
static jv
arguments(jv args)
{
	jv all;

	if (!jv_is_valid(args)) {
		jv_free(args);
		args = jv_object();
	}
	all = jv_object_set(jv_object(), jv_string("positional"), jv_array());
	all = jv_object_set(all, jv_string("named"), jv_copy(args));
	return jv_object_set(args, jv_string("ARGS"), all);
}

/* The builtin debug, which speaks on stderr as jq(1) has it. */
static void
debug(void *arg, jv message)
{
	(void)arg;
	jv_dumpf(JV_ARRAY(jv_string("DEBUG:"), message), stderr, 0);
	fputc('\n', stderr);
}

/* What libjq takes for granted: without a place to look for modules import
 * aborts the process, without an input state input_filename and its like
 * do, and without its callback debug calls whatever is in memory. */
static void
prepare(struct filter *f)
{
	jq_set_error_cb(f->jq, hear, f);
	jq_set_debug_cb(f->jq, debug, NULL);
	jq_set_attr(f->jq, jv_string("JQ_ORIGIN"), jv_string("."));
	jq_set_attr(f->jq, jv_string("PROGRAM_ORIGIN"), jv_string("."));
	jq_set_attr(f->jq, jv_string("JQ_LIBRARY_PATH"),
	    JV_ARRAY(jv_string("~/.jq")));
	f->input = jq_util_input_init(NULL, NULL);
	jq_util_input_set_parser(f->input, jv_parser_new(0), 0);
	jq_set_input_cb(f->jq, jq_util_input_next_input_cb, f->input);
}

struct filter *
filter_new(const char *program, jv args, struct err *err)
{
	struct filter *f = xcalloc(1, sizeof(*f));

	f->jq = jq_init();
	if (f->jq == NULL) {
		jv_free(args);
		err_set(err, LO_IO, "filter: libjq cannot be started");
		filter_free(f);
		return NULL;
	}
	prepare(f);
	if (!jq_compile_args(f->jq, program, arguments(args))) {
		err_set(err, LO_USAGE, "filter '%s': %s", program,
		    f->words.len > 0 ? f->words.p : "cannot be compiled");
		filter_free(f);
		return NULL;
	}
	return f;
}

/* Why a run ended: message is consumed. */
static int
complain(jv message, struct err *err)
{
	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	err_set(err, LO_REFUSED, "filter: %s", jv_string_value(message));
	jv_free(message);
	return -1;
}

static int
halted(struct filter *f, struct err *err)
{
	jv code = jq_get_exit_code(f->jq);
	bool failed = jv_is_valid(code);
	jv message = jq_get_error_message(f->jq);

	jv_free(code);
	if (failed)
		return complain(message, err);
	jv_free(message);
	return 0;
}

int
filter_run(struct filter *f, jv input, int (*each)(void *, jv), void *arg,
    struct err *err)
{
	jv v;

	jq_start(f->jq, input, 0);
	while (jv_is_valid(v = jq_next(f->jq)))
		if (each(arg, v) != 0)
			return 0;
	if (jq_halted(f->jq)) {
		jv_free(v);
		return halted(f, err);
	}
	if (jv_invalid_has_msg(jv_copy(v)))
		return complain(jv_invalid_get_msg(v), err);
	jv_free(v);
	return 0;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	if (f->jq != NULL)
		jq_teardown(&f->jq);
	if (f->input != NULL)
		jq_util_input_free(&f->input);
	buf_release(&f->words);
	free(f);
}

/* template: parameters become arguments and variables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ops/template.h"

#define PARAMS "{\"lr\":1.50e-3,\"depth\":4,\"amp\":true,\"opt\":\"a b\"," \
	"\"a-b\":\"\\u00e9\\n\",\"off\":null}"

static struct span
span(const char *text)
{
	struct span s = { text, strlen(text) };

	return s;
}

/* A space of these names; nothing but names is looked at. */
static void
make_space(struct space *s, struct param *p, const char *const *name,
    size_t n)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	memset(p, 0, n * sizeof(*p));
	for (i = 0; i < n; i++)
		p[i].name = (char *)name[i];
	s->param = p;
	s->n = n;
}

static const char *const known[] = {
	"lr", "depth", "amp", "opt", "a-b", "off", "inactive"
};
#define NKNOWN (sizeof(known) / sizeof(known[0]))

/* One argument expanded; NULL if it is left out.  The caller frees. */
static char *
expand(const char *arg, bool with_space, struct buf *guessed)
{
	char *const command[] = { (char *)"cmd", (char *)arg, NULL };
	struct template_params p;
	struct param params[NKNOWN];
	struct space space;
	struct err err;
	char **argv, *result;

	make_space(&space, params, known, NKNOWN);
	assert_int_equal(template_params(&p, span(PARAMS), &err), 0);
	argv = template_command(command, with_space ? &space : NULL, &p,
	    guessed);
	assert_string_equal(argv[0], "cmd");
	result = argv[1] != NULL ? strdup(argv[1]) : NULL;
	template_free(argv);
	template_release(&p);
	return result;
}

static void
check(const char *arg, bool with_space, const char *expected)
{
	struct buf guessed = BUF_INIT;
	char *got = expand(arg, with_space, &guessed);

	if (expected == NULL)
		assert_null(got);
	else
		assert_string_equal(got, expected);
	free(got);
	buf_release(&guessed);
}

static void
values_keep_their_text(void **state)
{
	int with;

	(void)state;
	for (with = 0; with < 2; with++) {
		check("{lr}", with, "1.50e-3");
		check("--lr={lr},{depth}", with, "--lr=1.50e-3,4");
		check("{amp}", with, "true");
		check("x{opt}y", with, "xa by");
		check("{a-b}", with, "\xc3\xa9\n");
		check("plain", with, "plain");
		check("", with, "");
	}
}

static void
an_inactive_parameter_removes_its_argument(void **state)
{
	(void)state;
	check("--d={inactive}", true, NULL);
	check("{lr}{inactive}", true, NULL);
	check("{off}", true, NULL);
	check("{off}", false, NULL);
}

static void
other_braces_are_text(void **state)
{
	static const char *const text[] = {
		"{}", "{", "}", "{}{}", "{lr", "lr}", "{ lr }", "{1}",
		"[0-9]{3}", "{1,2}", "{\"a\":{\"b\":1}}", "{print $1}",
		"${lr}", "${HOME}", "a{b c}d", "{{", "}}", "{{}}", "{{ lr }}"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		check(text[i], true, text[i]);
		check(text[i], false, text[i]);
	}
	check("{print}", true, "{print}");
	check("{{print}}", true, "{print}");
}

static void
doubled_braces_stand_for_single_ones(void **state)
{
	(void)state;
	check("{{lr}}", true, "{lr}");
	check("{{inactive}}", true, "{inactive}");
	check("{{lr}}={lr}", true, "{lr}=1.50e-3");
	check("{{print}}", false, "{print}");
}

static void
an_unknown_word_is_an_inactive_parameter_without_a_space(void **state)
{
	struct buf guessed = BUF_INIT;

	(void)state;
	assert_null(expand("--d={inactive}", false, &guessed));
	assert_string_equal(buf_str(&guessed), "inactive");
	buf_release(&guessed);
	assert_null(expand("{inactive}", true, &guessed));
	assert_int_equal(guessed.len, 0);
}

static void
unknown_words_are_listed(void **state)
{
	char *const command[] = { (char *)"{no}", (char *)"{lr}{typo}",
	    (char *)"{{x}} ${y} {1} {z.z} {inactive}", NULL };
	struct param params[NKNOWN];
	struct space space;
	struct buf names = BUF_INIT;

	(void)state;
	make_space(&space, params, known, NKNOWN);
	template_unknown(command, &space, &names);
	assert_string_equal(buf_str(&names), "{typo}, {z.z}");
	buf_release(&names);
}

static const char *
variable(char **env, const char *name)
{
	size_t i, len = strlen(name);
	const char *found = NULL;

	for (i = 0; env[i] != NULL; i++)
		if (strncmp(env[i], name, len) == 0 && env[i][len] == '=') {
			assert_null(found);	/* once only */
			found = env[i] + len + 1;
		}
	return found;
}

static void
the_environment_is_ours_and_the_trial(void **state)
{
	struct template_params p;
	struct err err;
	char **env;

	(void)state;
	setenv("LO_PARAM_inactive", "stale", 1);
	setenv("LO_TRIAL_ID", "99", 1);
	setenv("LOOPTIMUM_TRIAL_ID", "99", 1);
	setenv("SOMETHING_ELSE", "kept", 1);
	assert_int_equal(template_params(&p, span(PARAMS), &err), 0);
	env = template_environment(&p, 7);
	assert_string_equal(variable(env, "LO_TRIAL_ID"), "7");
	assert_string_equal(variable(env, "LOOPTIMUM_TRIAL_ID"), "7");
	assert_string_equal(variable(env, "LO_PARAM_lr"), "1.50e-3");
	assert_string_equal(variable(env, "LO_PARAM_a_b"), "\xc3\xa9\n");
	assert_string_equal(variable(env, "SOMETHING_ELSE"), "kept");
	assert_null(variable(env, "LO_PARAM_inactive"));
	assert_null(variable(env, "LO_PARAM_off"));
	template_free(env);
	template_release(&p);
}

static void
names_of_variables(void **state)
{
	static const char *const pair[][2] = {
		{ "a", "LO_PARAM_a" }, { "a.b-c d", "LO_PARAM_a_b_c_d" },
		{ "\xc3\xa9t\xe2\x82\xac", "LO_PARAM__t_" },
		{ "A_9", "LO_PARAM_A_9" }
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pair) / sizeof(pair[0]); i++) {
		template_variable(pair[i][0], &b);
		assert_string_equal(b.p, pair[i][1]);
		buf_release(&b);
	}
}

static void
collisions_are_refused(void **state)
{
	static const char *const clash[] = { "x", "a-b", "a.b" };
	struct template_params p;
	struct param params[3];
	struct space space;
	struct err err;

	(void)state;
	assert_int_equal(template_params(&p,
	    span("{\"x\":1,\"a-b\":2,\"a.b\":3}"), &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	assert_non_null(strstr(err.text, "\"a-b\" and \"a.b\""));
	assert_non_null(strstr(err.text, "LO_PARAM_a_b"));
	template_release(&p);
	make_space(&space, params, clash, 3);
	assert_int_equal(template_check_space(&space, &err), -1);
	make_space(&space, params, clash, 2);
	assert_int_equal(template_check_space(&space, &err), 0);
	make_space(&space, params, clash, 0);
	assert_int_equal(template_check_space(&space, &err), 0);
}

static void
nul_bytes_are_refused(void **state)
{
	struct template_params p;
	struct err err;

	(void)state;
	assert_int_equal(template_params(&p, span("{\"a\":\"x\\u0000\"}"),
	    &err), -1);
	assert_non_null(strstr(err.text, "params.a"));
	template_release(&p);
	assert_int_equal(template_params(&p, span("{\"a\\u0000\":1}"), &err),
	    -1);
	template_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_keep_their_text),
		cmocka_unit_test(an_inactive_parameter_removes_its_argument),
		cmocka_unit_test(other_braces_are_text),
		cmocka_unit_test(doubled_braces_stand_for_single_ones),
		cmocka_unit_test(
		    an_unknown_word_is_an_inactive_parameter_without_a_space),
		cmocka_unit_test(unknown_words_are_listed),
		cmocka_unit_test(the_environment_is_ours_and_the_trial),
		cmocka_unit_test(names_of_variables),
		cmocka_unit_test(collisions_are_refused),
		cmocka_unit_test(nul_bytes_are_refused)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

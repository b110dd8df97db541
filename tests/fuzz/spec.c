/* spec: --param of lo-init, and words in braces of an evaluator's command. */
#include "base/fuzz.h"
#include "ops/init_spec.h"
#include "ops/template.h"

static void
command(const char *text)
{
	static const char params[] = "{\"x\": 0.5, \"c\": \"v w\", "
	    "\"m\": null}";
	struct span span = { params, sizeof(params) - 1 };
	char *argv[] = { (char *)(uintptr_t)text, NULL };
	const struct space *s = fuzz_contracts()->space;
	struct template_params p;
	struct buf words = BUF_INIT;
	struct err err;

	fuzz_check(template_params(&p, span, &err) == 0);
	template_free(template_command(argv, s, &p, &words));
	template_free(template_command(argv, NULL, &p, &words));
	template_unknown(argv, s, &words);
	template_variable(text, &words);
	template_release(&p);
	buf_release(&words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct init_spec spec = { 0 };
	struct buf text = BUF_INIT;
	struct err err;
	size_t i;

	fuzz_text(data, len, &text);
	if (init_spec_read(&spec, text.p, &err) == 0)
		for (i = 0; i < spec.choices.n; i++) {
			const char *s = spec.choices.word[i].json;
			struct buf b = BUF_INIT;

			buf_adds(&b, s);
			json_scan(b.p, b.len, "choice", 1, &err);
			buf_release(&b);
		}
	init_spec_release(&spec);
	command(text.p);
	buf_release(&text);
	return 0;
}

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "store/file.h"

/* A line, or as much of it as fits; a longer one is no answer. */
static int
read_answer(char *answer, size_t size, struct err *err)
{
	size_t n = 0;
	ssize_t got;
	char c;

	for (;;) {
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, "standard input");
		if (got == 0 || c == '\n')
			break;
		if (n < size - 1)
			answer[n++] = c;
	}
	answer[n] = '\0';
	return 0;
}

int
tool_confirm(const struct tool *t, const char *question, const char *word,
    struct err *err)
{
	struct buf text = BUF_INIT;
	char answer[32];

	if (!isatty(STDIN_FILENO))
		return err_set(err, LO_REFUSED, "%s; nothing was done, since "
		    "there is no terminal to ask on: say -y", question);
	buf_addf(&text, "%s: %s\nType %s to go on: ", t->spec->name,
	    question, word);
	file_write_all(STDERR_FILENO, text.p, text.len);
	buf_release(&text);
	if (read_answer(answer, sizeof(answer), err) != 0)
		return -1;
	return strcmp(answer, word) == 0 ? 0 : err_set(err, LO_REFUSED,
	    "the answer was not %s, so nothing was done", word);
}

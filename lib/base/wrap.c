/* wrap: see wrap.h. */
#include <stdbool.h>
#include <string.h>

#include "base/wrap.h"

struct wrapped {
	struct buf *out;
	const char *indent;
	size_t width, column;	/* column 0: nothing on this line yet */
};

static size_t
characters(const char *p, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += ((unsigned char)p[i] & 0xc0) != 0x80;
	return n;
}

static void
end_line(struct wrapped *w)
{
	buf_addc(w->out, '\n');
	w->column = 0;
}

static void
put_word(struct wrapped *w, const char *p, size_t len)
{
	size_t n = characters(p, len), i;

	if (w->column > 0 && w->column + 1 + n > w->width)
		end_line(w);
	if (w->column > 0) {
		buf_addc(w->out, ' ');
		w->column++;
	} else {
		buf_adds(w->out, w->indent);
		w->column = characters(w->indent, strlen(w->indent));
	}
	for (i = 0; i < len; i++)
		buf_addc(w->out, (unsigned char)p[i] < ' ' ||
		    p[i] == '\177' ? '?' : p[i]);
	w->column += n;
}

void
wrap(const char *text, const char *indent, size_t width, struct buf *out)
{
	struct wrapped w = { out, indent, width, 0 };
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, " \n");
		if (len > 0)
			put_word(&w, text, len);
		else if (*text == '\n')
			end_line(&w);
		text += len;
		if (len == 0 || *text == ' ')
			text++;
	}
	if (w.column > 0)
		end_line(&w);
}

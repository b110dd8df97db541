/* canvas: characters to draw on.  See canvas.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plot/canvas.h"

void
canvas_init(struct canvas *c, size_t columns, size_t rows, bool utf8)
{
	c->columns = columns;
	c->rows = rows;
	c->utf8 = utf8;
	c->cell = xcalloc(rows, columns);
	c->dots = xcalloc(rows, columns);
}

void
canvas_release(struct canvas *c)
{
	free(c->cell);
	free(c->dots);
}

/* Number of the column or row, of n, at a place from 0 to 1. */
static size_t
index_at(double place, size_t n)
{
	double i = floor(place * (double)n);

	return i < 0 ? 0 : i >= (double)n ? n - 1 : (size_t)i;
}

void
canvas_sign(struct canvas *c, double x, double y, char sign)
{
	if (isnan(x) || isnan(y))
		return;
	c->cell[index_at(1 - y, c->rows) * c->columns +
	    index_at(x, c->columns)] = sign;
}

/* Bits of U+2800 and up: dots 1 to 3 and 7 on the left, 4 to 6 and 8. */
void
canvas_dot(struct canvas *c, double x, double y, char sign)
{
	static const unsigned char bit[4][2] = { { 0x01, 0x08 },
	    { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
	size_t column, row;

	if (isnan(x) || isnan(y))
		return;
	if (!c->utf8) {
		canvas_sign(c, x, y, sign);
		return;
	}
	column = index_at(x, c->columns * 2);
	row = index_at(1 - y, c->rows * 4);
	c->dots[row / 4 * c->columns + column / 2] |=
	    bit[row % 4][column % 2];
}

void
canvas_line(struct canvas *c, const double from[2], const double to[2],
    char sign)
{
	double dx = to[0] - from[0], dy = to[1] - from[1], t;
	double across = fabs(dx) * (double)c->columns * (c->utf8 ? 2 : 1);
	double up = fabs(dy) * (double)c->rows * (c->utf8 ? 4 : 1);
	size_t i, n;

	if (isnan(dx) || isnan(dy))
		return;
	n = (size_t)ceil(across > up ? across : up) + 1;
	for (i = 0; i <= n; i++) {
		t = (double)i / (double)n;
		canvas_dot(c, from[0] + t * dx, from[1] + t * dy, sign);
	}
}

void
canvas_bar(struct canvas *c, double from, double to, double y, char sign)
{
	size_t i, last;

	if (isnan(from) || isnan(to) || isnan(y))
		return;
	last = index_at(to - 0.5 / (double)c->columns, c->columns);
	for (i = index_at(from, c->columns); i <= last; i++)
		canvas_sign(c, ((double)i + 0.5) / (double)c->columns, y,
		    sign);
}

void
canvas_text(struct canvas *c, double x, double y, const char *text)
{
	size_t i;

	if (isnan(x) || isnan(y))
		return;
	i = index_at(x, c->columns) + 2;
	if (i + strlen(text) > c->columns)
		return;
	for (; *text != '\0'; text++, i++)
		c->cell[index_at(1 - y, c->rows) * c->columns + i] = *text;
}

void
canvas_show(char sign, bool utf8, struct buf *out)
{
	static const struct {
		char sign;
		const char *shown;
	} table[] = {
		{ 'x', "\xC3\x97" }, { '#', "\xE2\x96\x88" },
		{ '-', "\xE2\x96\x91" }, { '~', "\xE2\x96\x92" },
		{ '*', "\xE2\x97\x8F" }
	};
	size_t i;

	for (i = 0; utf8 && i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].sign == sign) {
			buf_adds(out, table[i].shown);
			return;
		}
	buf_addc(out, sign);
}

static void
add_dots(unsigned char dots, struct buf *out)
{
	buf_addc(out, (char)0xE2);
	buf_addc(out, (char)(0xA0 + (dots >> 6)));
	buf_addc(out, (char)(0x80 + (dots & 63)));
}

void
canvas_row(const struct canvas *c, size_t row, struct buf *out)
{
	const char *cell = c->cell + row * c->columns;
	const unsigned char *dots = c->dots + row * c->columns;
	size_t i, n = c->columns;

	while (n > 0 && cell[n - 1] == 0 && dots[n - 1] == 0)
		n--;
	for (i = 0; i < n; i++)
		if (cell[i] != 0)
			canvas_show(cell[i], c->utf8, out);
		else if (dots[i] != 0)
			add_dots(dots[i], out);
		else
			buf_addc(out, ' ');
}

/* screen: see screen.h. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/screen.h"

#define USUAL 80
#define WIDEST 1000

int
screen_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (columns != NULL && num_read_int(columns, strlen(columns), &n) &&
	    n > 0)
		return n < WIDEST ? (int)n : WIDEST;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col < WIDEST ? size.ws_col : WIDEST;
	return USUAL;
}

/* A locale of its own: the process stays in "C", whose numbers have
 * points. */
bool
screen_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *name;
	bool utf8;

	if (locale == (locale_t)0)
		return false;
	name = nl_langinfo_l(CODESET, locale);
	utf8 = strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "utf8")
	    == 0;
	freelocale(locale);
	return utf8;
}

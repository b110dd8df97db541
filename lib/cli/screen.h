/* screen: what the place that output goes to can show. */
#ifndef LO_CLI_SCREEN_H
#define LO_CLI_SCREEN_H

#include <stdbool.h>

/* Columns: $COLUMNS if it is a number, else those of the terminal that is
 * standard output, else 80. */
int	screen_width(void);
/* Is the locale's character set UTF-8? */
bool	screen_utf8(void);

#endif

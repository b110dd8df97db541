/* save: output that the user wants in a file of his own. */
#ifndef LO_CLI_SAVE_H
#define LO_CLI_SAVE_H

#include "base/buf.h"
#include "base/err.h"

/* Put the text into a file: a regular one (or none) is replaced in one
 * step, anything else, such as a device, is written to. */
int	save_file(const char *path, const struct buf *, struct err *);

#endif

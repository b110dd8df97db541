/*
 * init: the parts of op_init that know each other.
 *
 * A new campaign is a set of files in memory until all of them are made and
 * the contract parsers have accepted them; then it is put in place at once.
 */
#ifndef LO_OPS_INIT_H
#define LO_OPS_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "ops/ops.h"

struct init_file {
	char *name;
	struct buf text;
	bool executable;
	bool kept;		/* one of that name was there already */
};

struct init_files {
	struct init_file *file;
	size_t n, cap;
};

void	init_files_release(struct init_files *);
struct init_file *init_files_find(const struct init_files *,
	    const char *name);
/* The file of that name, made if there is none, emptied if there is. */
struct init_file *init_files_put(struct init_files *, const char *name);
void	init_files_drop(struct init_files *, const char *name);

/* Every file of share/templates/NAME, sorted by name.  LO_USAGE and the
 * names that there are if there is no such template. */
int	init_template(const char *share, const char *name,
	    struct init_files *, struct err *);

/*
 * parameter_space.json from specifications on the command line:
 *	NAME=float:LO..HI[:log]  NAME=int:LO..HI[:log]  NAME=bool
 *	NAME=cat:CHOICE,CHOICE...
 * each followed by any number of :when=NAME=VALUE[,VALUE...].  A choice or
 * value that JSON reads as a number is one; in double quotes (a JSON
 * string) anything is text.  LO_USAGE and the offending part on error.
 */
int	init_space(const char *const *param, size_t n, struct buf *out,
	    struct err *);

/* Put the files into dir, all or none, on disk when it returns.  Files
 * other than the contract's that are in the way stay as they are, are
 * marked as kept, and notice is told. */
int	init_place(const struct op *, struct init_files *, const char *dir,
	    struct err *);

#endif

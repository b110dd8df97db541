/*
 * answer_text: what an evaluator printed, looked at for JSON.
 */
#ifndef LO_OPS_ANSWER_TEXT_H
#define LO_OPS_ANSWER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "store/json.h"

/* The answer as JSON: whole stdout or its last line. */
struct answer_text {
	struct span all;	/* without blanks around it */
	struct span line;
	jv v;			/* invalid: no JSON in either */
	struct err why;
};

/* any: the whole may be JSON of any kind, not only an object.  cut: the
 * beginning of the text is missing.  The caller frees v. */
void	answer_text(struct answer_text *, const char *text, size_t len,
	    bool any, bool cut);
bool	answer_like_object(struct span);
/* nan, -inf, 1e400: what printf makes of such, or more than a double
 * holds. */
bool	answer_not_finite(struct span);

#endif

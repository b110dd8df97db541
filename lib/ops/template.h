/*
 * template: a trial's parameters as arguments and environment of a command.
 *
 * In every argument {name} is replaced by that parameter's value: strings
 * as they are, numbers in the very text that they have in the suggestion,
 * true or false.  An argument that names an inactive parameter is left out.
 * {{name}} stands for the text {name}; ${name} belongs to the shell and is
 * not touched, nor is anything else in braces that cannot be a name
 * (letters, digits, _ . -, no digit first) and is no parameter's.
 *
 * Which names are inactive parameters is known from the parameter space, and
 * template_unknown tells which words are mistakes.  Without a space, a word
 * in braces that the suggestion does not name is taken for an inactive one.
 */
#ifndef LO_OPS_TEMPLATE_H
#define LO_OPS_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/space.h"
#include "store/json.h"

/* One trial's parameters as text. */
struct template_params {
	struct template_value {
		char *name;
		char *text;	/* NULL: null, as an inactive one */
	} *value;
	size_t n, cap;
};

/* From a scanned params object.  Names or values with a NUL byte and two
 * names with one environment variable are refused.  Release it even after
 * an error. */
int	template_params(struct template_params *, struct span object,
	    struct err *);
void	template_release(struct template_params *);

/* The command for this trial: a NULL-terminated array that template_free
 * frees.  space may be NULL.  The first name that made an argument be left
 * out without being known to the space is appended to guessed. */
char	**template_command(char *const *command, const struct space *,
	    const struct template_params *, struct buf *guessed);
/* Words that name no parameter of the space, as "{a}, {b}". */
void	template_unknown(char *const *command, const struct space *,
	    struct buf *names);

/* The environment: ours, with LO_TRIAL_ID, LOOPTIMUM_TRIAL_ID and the
 * LO_PARAM_ variables of this trial and no other. */
char	**template_environment(const struct template_params *,
	    int64_t trial_id);
/* "LO_PARAM_" and the name with every character but ASCII letters, digits
 * and _ replaced by _; appended. */
void	template_variable(const char *name, struct buf *);
/* Refuses a space in which two parameters have one variable. */
int	template_check_space(const struct space *, struct err *);

void	template_free(char **strings);	/* accepts NULL */

#endif

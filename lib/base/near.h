/*
 * near: did you mean that?
 *
 * Feed candidates one by one; what is left is the nearest to the word, if it
 * is near enough to be meant: a third of its letters may be wrong, missing,
 * in excess or swapped with a neighbour.
 */
#ifndef LO_BASE_NEAR_H
#define LO_BASE_NEAR_H

struct near {
	const char *word;
	const char *best;	/* NULL: none is near */
	int distance;		/* of the best */
};
#define NEAR(word) { (word), NULL, 0 }

void	near_try(struct near *, const char *candidate);
/* How many letters to change, add, leave out or swap; words of more than
 * NEAR_LONGEST bytes are far from everything. */
#define NEAR_LONGEST 63
int	near_distance(const char *, const char *);

#endif

#include <string.h>

#include "base/near.h"

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* Rows of the usual table: of the letter before last, the last, this one. */
int
near_distance(const char *a, const char *b)
{
	int row[3][NEAR_LONGEST + 2], *before = row[0], *last = row[1];
	int *now = row[2], *spare;
	int n = (int)strnlen(a, NEAR_LONGEST + 1);
	int m = (int)strnlen(b, NEAR_LONGEST + 1);
	int i, j, cost;

	if (n > NEAR_LONGEST || m > NEAR_LONGEST)
		return NEAR_LONGEST + 1;
	for (j = 0; j <= m; j++)
		last[j] = before[j] = j;
	for (i = 1; i <= n; i++) {
		now[0] = i;
		for (j = 1; j <= m; j++) {
			cost = a[i - 1] != b[j - 1];
			now[j] = least(last[j - 1] + cost,
			    1 + least(last[j], now[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

void
near_try(struct near *n, const char *candidate)
{
	int distance = near_distance(n->word, candidate);
	int length = (int)strnlen(n->word, NEAR_LONGEST + 1);

	if (distance > (length + 2) / 3 || distance >= length ||
	    (n->best != NULL && distance >= n->distance))
		return;
	n->best = candidate;
	n->distance = distance;
}

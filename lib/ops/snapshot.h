/*
 * snapshot: a campaign looked at once, for those who watch over it.
 *
 *	snapshot_take(&s, op, SNAPSHOT_SHARED);
 *	... s.error, s.warning, snapshot_health(&s) ...
 *	snapshot_release(&s);
 *
 * Nothing is created, changed or waited for (the lock is shared if it is
 * free, or not touched at all), and whatever is wrong with the
 * campaign is part of the picture: taking it cannot fail.  The checks are
 * lo-validate's, but for what stands in CSV, manifests and payload copies.
 */
#ifndef LO_OPS_SNAPSHOT_H
#define LO_OPS_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "ops/governance.h"
#include "ops/ops.h"
#include "ops/validate.h"
#include "store/json.h"

struct snapshot_list {
	char **text;
	size_t n, cap;
};

struct snapshot {
	double now;
	struct vcheck v;
	const struct campaign *c;	/* v's; its state NULL if unreadable */
	struct snapshot_list error, warning;
	struct governance governance;
};

enum snapshot_health { HEALTH_OK, HEALTH_WARNING, HEALTH_ERROR };
extern const char *const snapshot_health_name[];

enum snapshot_how { SNAPSHOT_SHARED, SNAPSHOT_NO_LOCK };
void	snapshot_take(struct snapshot *, const struct op *,
	    enum snapshot_how);
void	snapshot_release(struct snapshot *);
enum snapshot_health snapshot_health(const struct snapshot *);
/* What a tool answers: 0, or -1 with LO_REFUSED and empty text. */
int	snapshot_verdict(const struct snapshot *, bool strict, struct err *);
/* Is that runtime path there, as the last commit left it? */
bool	snapshot_exists(const struct snapshot *, enum path_id);

/* Ages of the pending trials; bucket i holds those up to its edge, the last
 * one those beyond all edges. */
#define AGE_EDGES 5
extern const int snapshot_age_edge[AGE_EDGES];	/* seconds */
struct snapshot_ages {
	size_t bucket[AGE_EDGES + 1];
	size_t known, unknown;
	double oldest;		/* NaN: none is known */
};
void	snapshot_ages(const struct snapshot *, struct snapshot_ages *);

/* Parts of documents, each one value; null where the state is needed and
 * cannot be read. */
void	snapshot_write_list(const struct snapshot_list *, struct jw *);
void	snapshot_write_ages(const struct snapshot *, struct jw *);
void	snapshot_write_status(const struct snapshot *, struct jw *);
/* schema_version, generated_at, project_root, health_state: members. */
void	snapshot_write_head(const struct snapshot *, struct jw *);

#endif

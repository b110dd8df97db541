/*
 * txn: one change of a campaign, from first thought to disk.
 *
 *	t = txn_begin(campaign);
 *	... change campaign->state, txn_manifest, txn_payload, txn_event ...
 *	txn_commit(t, &err);	state, CSV, logs and the rest, all or nothing
 *	txn_free(t);
 *
 * txn_commit frames the events with lock_acquired and lock_released, writes
 * the state, brings the CSV in line and finishes before it returns.  Of a
 * campaign opened bare it writes neither: what shall become of them is said
 * by txn_remove and txn_place.
 */
#ifndef LO_CAMPAIGN_TXN_H
#define LO_CAMPAIGN_TXN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"

struct txn;

struct txn *txn_begin(struct campaign *);
void	txn_free(struct txn *);
double	txn_now(const struct txn *);	/* the time of this change */

/* Lines of the logs, made with trail_*; taken over and left empty. */
void	txn_event(struct txn *, struct buf *line);
void	txn_decision(struct txn *, struct buf *line);
/* Files of a trial; the text is taken over and left empty. */
int	txn_manifest(struct txn *, int64_t id, struct buf *, struct err *);
int	txn_payload(struct txn *, int64_t id, struct buf *, struct err *);
/* Another file, by its real path (paths.h), likewise. */
int	txn_file(struct txn *, const char *real, struct buf *, struct err *);
/* A file of import_reports_dir. */
int	txn_import_report(struct txn *, const char *base, struct buf *,
	    struct err *);
/* Whole files and trees, real as in paths.h, in this order.  There is none
 * any more; or there is what was prepared aside, under a name of
 * tree_stage_name(real). */
int	txn_remove(struct txn *, const char *real, struct err *);
int	txn_place(struct txn *, const char *real, const char *aside,
	    struct err *);
/* The event log is this text (taken over) and then this change's events;
 * what was in it before is not. */
void	txn_renew_events(struct txn *, struct buf *text);
/* Ids and times by which a recovery recognises this change in a state that
 * somebody wrote on top of it; not a number: that key went. */
void	txn_mark(struct txn *, int64_t id, const char *key, double at);
/* How long one of the logs (PATH_ACQUISITION or PATH_EVENTS) will be with
 * the lines that it got so far. */
int	txn_log_size(struct txn *, enum path_id, int64_t *size, struct err *);
int	txn_commit(struct txn *, struct err *);

#endif

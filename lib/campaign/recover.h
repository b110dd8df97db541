/*
 * recover: what a writer does with the journal that it finds.
 *
 *  R1  State as before the change, or as after it: the rest is applied.
 *  R2  State written by others on top of ours (it holds the ids and times
 *      that the journal's note names): logs and manifests are finished,
 *      the state is left alone.
 *  R3  State written by others without ours: the journal is moved aside
 *      (nothing in it was acknowledged), with a warning.
 *  R4  A damaged journal stops the writer, and so does one that names a
 *      file which is none of this campaign's.
 *
 * A reset or a restore is judged by the state like any other change.  What
 * it prepared aside is complete by then; what it takes away lies in an
 * archive before it loses its place, so that R3 loses nothing.
 *
 * A CSV that is not as it was is left alone: the next commit sees that it
 * is not what it should be and writes it anew.
 */
#ifndef LO_CAMPAIGN_RECOVER_H
#define LO_CAMPAIGN_RECOVER_H

#include "base/err.h"
#include "campaign/campaign.h"

/* Where the journal of a campaign is and how it is written. */
void	recover_place(struct campaign *, struct journal_place *);
/* Finish a journal if there is one.  Called under the lock. */
int	recover(struct campaign *, struct err *);

#endif

/*
 * recover: what a writer does with the journal that it finds.
 *
 *  R1  State as before the change, or as after it: the rest is applied.
 *  R2  State written by others on top of ours (it holds the ids and times
 *      that the journal's note names): logs and manifests are finished,
 *      the state is left alone.
 *  R3  State written by others without ours: the journal is moved aside
 *      (nothing in it was acknowledged), with a warning.
 *  R4  A damaged journal stops the writer.
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

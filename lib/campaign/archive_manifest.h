/* archive_manifest: what archive.c needs to know of manifests; private. */
#ifndef LO_CAMPAIGN_ARCHIVE_MANIFEST_H
#define LO_CAMPAIGN_ARCHIVE_MANIFEST_H

#include "campaign/archive.h"

/* Does the path, as a manifest has it, stay inside its directory? */
bool	archive_is_inside(const char *path);
/* The entry's texts are taken over. */
void	archive_add_entry(struct archive *, const struct archive_entry *);
/* Read a manifest's text; dated and created_at are set even if something
 * else in it is wrong. */
int	archive_parse(struct archive *, const struct buf *, struct runtime *,
	    struct err *);

#endif

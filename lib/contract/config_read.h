/* config_read: the keys of bo_config.json; private to contract/config. */
#ifndef LO_CONTRACT_CONFIG_READ_H
#define LO_CONTRACT_CONFIG_READ_H

#include "base/err.h"
#include "contract/config.h"
#include "store/json.h"

/* Names that the file may have, in the order of the enums; those behind
 * "random" mean gp. */
extern const char *const config_surrogates[];
extern const char *const config_acquisitions[];

/* Put what the document says over the defaults, and what it should not say
 * into unknown. */
int	config_read(struct config *, const struct json *root, struct err *);

#endif

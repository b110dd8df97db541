/* json_keys: the keys of objects, to find one that stands twice; private to
 * the scanner. */
#ifndef LO_STORE_JSON_KEYS_H
#define LO_STORE_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "store/json.h"

/* Zeroed: empty. */
struct json_keys {
	struct json_key *key;
	size_t n, cap;
};

/* text stands between the quotes; it is borrowed. */
void	json_keys_add(struct json_keys *, struct span text, bool escaped);
/* The keys from there on are those of an object that ends: forget them.
 * The second one of two that are the same, or NULL; valid until the next
 * call. */
const struct span *json_keys_close(struct json_keys *, size_t from);
void	json_keys_release(struct json_keys *);

#endif

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "store/json_keys.h"
#include "store/json_text.h"

/* Up to so many keys are compared pair by pair; more are sorted. */
#define FEW_KEYS 24

struct json_key {
	struct span text;	/* between the quotes */
	uint32_t hash;		/* of the text with its escapes resolved */
	bool escaped;
};

static uint32_t
hash_bytes(const char *p, size_t len)
{
	uint32_t h = 2166136261U;	/* FNV-1a */
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619U;
	return h;
}

void
json_keys_add(struct json_keys *keys, struct span text, bool escaped)
{
	struct json_key *k;
	struct buf plain = BUF_INIT;

	keys->key = xgrow(keys->key, keys->n, &keys->cap, sizeof(*k));
	k = &keys->key[keys->n++];
	k->text = text;
	k->escaped = escaped;
	if (!escaped) {
		k->hash = hash_bytes(text.p, text.len);
		return;
	}
	json_unescape(text, &plain);
	k->hash = hash_bytes(buf_str(&plain), plain.len);
	buf_release(&plain);
}

void
json_keys_release(struct json_keys *keys)
{
	free(keys->key);
	memset(keys, 0, sizeof(*keys));
}

static int
compare_bytes(const char *a, size_t alen, const char *b, size_t blen)
{
	if (alen != blen)
		return alen < blen ? -1 : 1;
	return memcmp(a, b, alen);
}

/* Any order, in which the same keys are neighbours: hashes can be made to
 * agree. */
static int
compare(const struct json_key *a, const struct json_key *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (!a->escaped && !b->escaped)
		return compare_bytes(a->text.p, a->text.len, b->text.p,
		    b->text.len);
	json_unescape(a->text, &x);
	json_unescape(b->text, &y);
	order = compare_bytes(buf_str(&x), x.len, buf_str(&y), y.len);
	buf_release(&x);
	buf_release(&y);
	return order;
}

static int
by_text(const void *a, const void *b)
{
	const struct json_key *x = a, *y = b;
	int order = compare(x, y);

	return order != 0 ? order : (x->text.p > y->text.p) -
	    (x->text.p < y->text.p);
}

static const struct span *
find_among_few(const struct json_key *k, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++)
		for (j = 0; j < i; j++)
			if (compare(&k[i], &k[j]) == 0)
				return &k[i].text;
	return NULL;
}

static const struct span *
find_among_many(struct json_key *k, size_t n)
{
	size_t i;

	qsort(k, n, sizeof(*k), by_text);
	for (i = 1; i < n; i++)
		if (compare(&k[i], &k[i - 1]) == 0)
			return &k[i].text;
	return NULL;
}

const struct span *
json_keys_close(struct json_keys *keys, size_t from)
{
	size_t n = keys->n - from;

	keys->n = from;
	if (n < 2)
		return NULL;
	return n <= FEW_KEYS ? find_among_few(keys->key + from, n) :
	    find_among_many(keys->key + from, n);
}

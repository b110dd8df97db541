/* version: of the libraries that this layer wraps, as they run. */
#ifndef LO_STORE_VERSION_H
#define LO_STORE_VERSION_H

/* libjq does not tell its own, so this is its minor version by what it
 * knows: "1.6", "1.7", "1.8" (or later).  NULL if it knows nothing. */
const char *version_jq(void);
/* That of its header: the library itself does not tell. */
const char *version_csv(void);
const char *version_zlib(void);

#endif

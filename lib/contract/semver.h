/* semver: the form of version numbers (semver.org, 2.0.0). */
#ifndef LO_CONTRACT_SEMVER_H
#define LO_CONTRACT_SEMVER_H

#include <stdbool.h>

/* "0.3.0", "1.2.3-rc.1+build.5" */
bool	semver_valid(const char *);

#endif

/* version: of GSL, as it runs. */
#ifndef LO_MODEL_VERSION_H
#define LO_MODEL_VERSION_H

const char *version_gsl(void);

#endif

#include <gsl/gsl_version.h>

#include "model/version.h"

const char *
version_gsl(void)
{
	return gsl_version;
}

#include "model/version.h"
#include "ops/doctor.h"

const char *
propose_version_gsl(void)
{
	return version_gsl();
}

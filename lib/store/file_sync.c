#define _GNU_SOURCE		/* syncfs */

#include <unistd.h>

#include "store/file.h"

int
file_sync_device(int dirfd, const char *name, struct err *err)
{
#ifdef __linux__
	if (syncfs(dirfd) != 0)
		return err_sys(err, "%s: cannot sync its file system", name);
	return 0;
#else
	return file_sync_dir(dirfd, name, err);
#endif
}

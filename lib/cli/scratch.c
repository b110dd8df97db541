/* A directory to play in: the part of tool.h that lo-demo needs. */
#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cli/tool.h"

static void
tools_first(void)
{
	const char *path = getenv("PATH");
	char *bin = tool_bin(), *all;

	if (bin != NULL) {
		all = xasprintf("%s:%s", bin, path != NULL ? path :
		    "/usr/bin:/bin");
		setenv("PATH", all, 1);
		free(all);
	}
	free(bin);
}

char *
tool_scratch(struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir;

	tools_first();
	unsetenv("LO_CAMPAIGN");
	dir = xasprintf("%s/lo-demo.XXXXXX", tmp != NULL && *tmp != '\0' ?
	    tmp : "/tmp");
	if (mkdtemp(dir) != NULL && chdir(dir) == 0)
		return dir;
	err_sys(err, "%s", dir);
	free(dir);
	return NULL;
}

void
tool_scratch_end(const struct tool *t, char *dir, bool keep)
{
	setenv("LO_SCRATCH", dir, 1);	/* no quoting to get wrong */
	if (!keep && (chdir("/") != 0 ||
	    system("rm -rf -- \"$LO_SCRATCH\"") != 0))
		tool_warn(t, "%s could not be removed", dir);
	free(dir);
}

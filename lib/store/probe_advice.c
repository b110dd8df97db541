#include <stddef.h>
#include <string.h>

#include "store/probe.h"

#define NFS "mount it with version 4 and hard, without nolock and " \
	"local_lock; clients of the same host name need each its own " \
	"nfs4_unique_id; see the durability page"
#define SMB "mount it with hard and cache=none or strict, and without " \
	"nobrl; let only one machine write, unless you have tried"
#define FUSE "what it keeps through a crash, and whether its locks hold " \
	"between machines, is up to the program behind it; let only one " \
	"machine write, unless you know"
#define CLUSTER "locks hold between machines only where it was mounted " \
	"with them (lustre: flock, not localflock)"

const char *
probe_advice(const char *type)
{
	static const struct {
		const char *type, *advice;
	} known[] = {
		{ "nfs", NFS }, { "cifs", SMB }, { "smb2", SMB },
		{ "smbfs", SMB }, { "fuseblk", FUSE }, { "fuse", FUSE },
		{ "lustre", CLUSTER }, { "ceph", CLUSTER },
		{ "gpfs", CLUSTER }, { "fhgfs", CLUSTER },
		{ "ocfs2", CLUSTER }, { "gfs/gfs2", CLUSTER },
		{ "v9fs", FUSE }, { "afs", FUSE }, { "coda", FUSE },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].type, type) == 0)
			return known[i].advice;
	return NULL;
}

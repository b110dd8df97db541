#include <stdio.h>
#include <string.h>

#if defined(__linux__)
#include <sys/vfs.h>
#elif defined(__NetBSD__)
#include <sys/statvfs.h>
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__)
#include <sys/param.h>
#include <sys/mount.h>
#endif

#include "store/probe.h"

#if defined(__linux__)
void
probe_type(int dirfd, char type[PROBE_TYPE])
{
	static const struct {
		unsigned long magic;
		const char *name;
	} known[] = {	/* statfs(2) */
		{ 0xef53, "ext2/ext3" }, { 0x01021994, "tmpfs" },
		{ 0x58465342, "xfs" }, { 0x9123683e, "btrfs" },
		{ 0x794c7630, "overlayfs" }, { 0x6969, "nfs" },
		{ 0xff534d42, "cifs" }, { 0xfe534d42, "smb2" },
		{ 0x65735546, "fuseblk" }, { 0x2fc12fc1, "zfs" },
		{ 0x0bd00bd0, "lustre" }, { 0x00c36400, "ceph" },
		{ 0x47504653, "gpfs" }, { 0x19830326, "fhgfs" },
		{ 0x01021997, "v9fs" }, { 0xf2f52010, "f2fs" },
		{ 0x858458f6, "ramfs" }, { 0x4d44, "msdos" },
		{ 0x5346414f, "afs" }, { 0x73757245, "coda" },
		{ 0x7461636f, "ocfs2" }, { 0x01161970, "gfs/gfs2" },
		{ 0xca451a4e, "bcachefs" },
	};
	struct statfs st;
	unsigned long magic;
	size_t i;

	snprintf(type, PROBE_TYPE, "unknown");
	if (fstatfs(dirfd, &st) != 0)
		return;
	magic = (unsigned long)st.f_type & 0xffffffff;
	snprintf(type, PROBE_TYPE, "0x%lx", magic);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].magic == magic)
			snprintf(type, PROBE_TYPE, "%s", known[i].name);
}
#elif defined(__NetBSD__)
void
probe_type(int dirfd, char type[PROBE_TYPE])
{
	struct statvfs st;

	snprintf(type, PROBE_TYPE, "%s",
	    fstatvfs(dirfd, &st) == 0 ? st.f_fstypename : "unknown");
}
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__)
void
probe_type(int dirfd, char type[PROBE_TYPE])
{
	struct statfs st;

	snprintf(type, PROBE_TYPE, "%s",
	    fstatfs(dirfd, &st) == 0 ? st.f_fstypename : "unknown");
}
#else
void
probe_type(int dirfd, char type[PROBE_TYPE])
{
	(void)dirfd;
	snprintf(type, PROBE_TYPE, "unknown");
}
#endif

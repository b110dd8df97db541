/* probe: what is told of file systems; what is tried, lo-doctor.bats has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/probe.h"

/* Those between machines have something to be known; local ones have not. */
static void
test_advice(void **state)
{
	static const char *const between[] = { "nfs", "cifs", "smb2",
		"fuseblk", "lustre", "ceph", "gpfs", "v9fs" };
	static const char *const local[] = { "ext2/ext3", "tmpfs", "xfs",
		"btrfs", "overlayfs", "zfs", "unknown", "0x1234" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(between) / sizeof(between[0]); i++)
		assert_non_null(probe_advice(between[i]));
	for (i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		assert_null(probe_advice(local[i]));
	assert_non_null(strstr(probe_advice("nfs"), "nfs4_unique_id"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

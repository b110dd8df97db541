/*
 * linalg_kernel: which kernels there are, and which the CPU can run.
 *
 * The choice is made here and not by the loader (target_clones): so it works
 * with every C library and under every sanitizer, tests can run each kernel,
 * and the registers' width is ours to say, not the optimizer's to find.
 */
#include "model/linalg_kernel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LA_NO_CLONES)
#define LA_CLONES 1
#else
#define LA_CLONES 0
#endif

#define UNROLL _Pragma("GCC unroll 8")

#if LA_CLONES
#define LANES 8
#define LANES_NAME avx512f
#define LANES_TARGET __attribute__((target("avx512f")))
#include "model/linalg_lanes.h"

#define LANES 4
#define LANES_NAME avx2
#define LANES_TARGET __attribute__((target("avx2")))
#include "model/linalg_lanes.h"
#endif

#define LANES 2
#define LANES_NAME plain
#define LANES_TARGET
#include "model/linalg_lanes.h"

const struct la_kernel *
la_kernel(size_t i)
{
	const struct la_kernel *all[4] = { NULL };
	size_t n = 0;

#if LA_CLONES
	if (__builtin_cpu_supports("avx512f"))
		all[n++] = &kernel_avx512f;
	if (__builtin_cpu_supports("avx2"))
		all[n++] = &kernel_avx2;
#endif
	all[n++] = &kernel_plain;
	return i < n ? all[i] : NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_limit.h"

#include "os.h"

#include <sys/resource.h>

/* "No limit" is a word in the second version of control groups, and a number near the largest in the first. */
static uint64_t parse(const char *text)
{
	uint64_t bytes = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		bytes = bytes * 10 + (uint64_t)(*text - '0');
	return bytes < UINT64_C(1) << 62 ? bytes : 0;
}

static uint64_t tighter(uint64_t a, uint64_t b)
{
	return !b || (a && a < b) ? a : b;
}

uint64_t gt_memory_limit_of_group(struct gt_cgroup *group)
{
	const char *file = group->is_second ? "memory.max" : "memory.limit_in_bytes";
	uint64_t tightest = 0;
	char text[32];

	do {
		if (gt_cgroup_read(group, file, text, sizeof(text)))
			tightest = tighter(tightest, parse(text));
	} while (gt_cgroup_up(group));
	return tightest;
}

static uint64_t own_limit(int resource)
{
	struct rlimit64 limit = {0};

	if (GT_SYSCALL(SYS_prlimit64, 0, resource, NULL, &limit) != 0 || limit.rlim_cur == RLIM64_INFINITY)
		return 0;
	return limit.rlim_cur;
}

uint64_t gt_memory_limit(void)
{
	static struct gt_cgroup group; /* the stack may be small */
	uint64_t limit = tighter(own_limit(RLIMIT_AS), own_limit(RLIMIT_DATA));

	return gt_cgroup_own(&group, "memory") ? tighter(limit, gt_memory_limit_of_group(&group)) : limit;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tightest limit of memory, of the process and of its control groups in both versions.
 */
#include "shim/memory_limit.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void put(const char *dir, const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s", gt_temp_path(dir));
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	gt_temp_file(path, text, strlen(text));
}

static uint64_t limit(const char *groups)
{
	static struct gt_cgroup group;

	return gt_cgroup_find(&group, groups, "memory", gt_temp_dir()) ? gt_memory_limit_of_group(&group) : 0;
}

Test(memory_limit, of_the_second_version, .fini = gt_temp_clean)
{
	put("a", "memory.max", "max\n");
	put("a/b", "memory.max", "50000\n");
	put("a/c", "memory.max", "max\n");
	cr_assert_eq(limit("0::/a/b\n"), 50000);
	cr_assert_eq(limit("0::/a/c\n"), 0);
	cr_assert_eq(limit("0::/\n"), 0);
	put("a", "memory.max", "40000\n");
	cr_assert_eq(limit("0::/a/b\n"), 40000, "that of the group around it is tighter");
	cr_assert_eq(limit("0::/not/here\n"), 0);
}

Test(memory_limit, of_the_first_version, .fini = gt_temp_clean)
{
	put("memory", "memory.limit_in_bytes", "9223372036854771712\n");
	put("memory/x", "memory.limit_in_bytes", "70000\n");
	cr_assert_eq(limit("5:cpu:/x\n4:memory:/x\n0::/\n"), 70000);
	cr_assert_eq(limit("5:cpu:/x\n"), 0);
	cr_assert_eq(limit("4:memory:/y\n"), 0, "not visible here");
}

Test(memory_limit, of_the_process)
{
	uint64_t before = gt_memory_limit();

	cr_assert_eq(setrlimit(RLIMIT_AS, &(struct rlimit){1 << 29, RLIM_INFINITY}), 0);
	cr_assert_eq(setrlimit(RLIMIT_DATA, &(struct rlimit){1 << 28, RLIM_INFINITY}), 0);
	cr_assert(before == 0 || before > 1 << 28);
	cr_assert_eq(gt_memory_limit(), 1 << 28);
}

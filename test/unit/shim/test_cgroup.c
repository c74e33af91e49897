/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which control group a process is in, and its quota, told by files like the kernel's.
 */
#include "shim/cgroup.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct gt_cgroup group;

/* The directory and all above it, below the mounts. */
static void make(const char *path)
{
	char dir[256];

	for (const char *end = path; *end; end++) {
		end = strchr(end + 1, '/') ? strchr(end + 1, '/') - 1 : path + strlen(path) - 1;
		snprintf(dir, sizeof(dir), "%.*s", (int)(end + 1 - path), path);
		mkdir(gt_temp_path(dir), 0700);
	}
}

static void put(const char *path, const char *text)
{
	gt_temp_file(path, text, strlen(text));
}

static bool find(const char *text)
{
	return gt_cgroup_find(&group, text, "cpu", gt_temp_dir());
}

Test(cgroup, the_second_version_has_one_hierarchy, .fini = gt_temp_clean)
{
	make("a/b");
	put("a/cpu.max", "150000 100000\n");
	put("a/b/cpu.max", "max 100000\n");
	cr_assert(find("0::/a/b\n"));
	cr_assert(group.is_second);
	cr_assert_str_eq(group.path, gt_temp_path("a/b"));
	cr_assert_eq(gt_cgroup_cpus(&group), 2);
}

Test(cgroup, the_tightest_quota_counts, .fini = gt_temp_clean)
{
	make("a/b");
	put("a/cpu.max", "300000 100000\n");
	put("a/b/cpu.max", "100000 100000\n");
	put("cpu.max", "800000 100000\n");
	cr_assert(find("0::/a/b\n"));
	cr_assert_eq(gt_cgroup_cpus(&group), 1);
	cr_assert(find("0::/a\n"));
	cr_assert_eq(gt_cgroup_cpus(&group), 3);
	cr_assert(find("0::/\n"));
	cr_assert_eq(gt_cgroup_cpus(&group), 8);
}

Test(cgroup, the_first_version_goes_before, .fini = gt_temp_clean)
{
	make("cpu/x");
	make("unified/x");
	put("cpu/x/cpu.cfs_quota_us", "50000\n");
	put("cpu/x/cpu.cfs_period_us", "100000\n");
	cr_assert(find("9:cpuset:/\n4:cpuacct,cpu:/x\n0::/x\n"));
	cr_assert_not(group.is_second);
	cr_assert_str_eq(group.path, gt_temp_path("cpu/x"));
	cr_assert_eq(gt_cgroup_cpus(&group), 1);
	cr_assert(find("9:cpuset:/\n4:cpuacct:/x\n0::/x\n"));
	cr_assert(group.is_second);
	cr_assert_str_eq(group.path, gt_temp_path("unified/x"));
}

Test(cgroup, no_quota_is_no_limit, .fini = gt_temp_clean)
{
	make("cpu/x");
	put("cpu/x/cpu.cfs_quota_us", "-1\n");
	put("cpu/x/cpu.cfs_period_us", "100000\n");
	cr_assert(find("4:cpu:/x\n"));
	cr_assert_eq(gt_cgroup_cpus(&group), 0);
}

/* In a container the names are those of outside, and what is mounted is its own group. */
Test(cgroup, a_group_that_is_not_mounted_is_looked_for_above, .fini = gt_temp_clean)
{
	make("cpu");
	put("cpu/cpu.cfs_quota_us", "200000\n");
	put("cpu/cpu.cfs_period_us", "100000\n");
	cr_assert(find("4:cpu:/docker/0123\n"));
	cr_assert_eq(gt_cgroup_cpus(&group), 2);
}

Test(cgroup, odd_texts_lead_nowhere, .fini = gt_temp_clean)
{
	static char longer[2 * GT_CGROUP_PATH];

	cr_assert_not(find(""));
	cr_assert_not(find("0:"));
	cr_assert_not(find("0::"));
	cr_assert_not(find("0::/x"), "the line has no end");
	cr_assert_not(find("4:memory:/x\n"));
	cr_assert_not(find("4:cpu:/x\n"), "it is mounted nowhere");
	memset(longer, 'x', sizeof(longer) - 2);
	memcpy(longer, "0::/", 4);
	longer[sizeof(longer) - 2] = '\n';
	cr_assert_not(find(longer));
}

Test(cgroup, the_own_group_is_found_or_there_is_none)
{
	if (gt_cgroup_own(&group, "cpu"))
		cr_assert_eq(strncmp(group.path, "/sys/fs/cgroup", 14), 0);
}

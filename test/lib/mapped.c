/* SPDX-License-Identifier: BSD-3-Clause */
/* The first page of this program serves as an ELF file without symbols. */
#include "mapped.h"

#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

__attribute__((noinline)) int gt_known_function(int x)
{
	__asm__ volatile("");
	return x + 1;
}

const char *gt_own_path(void)
{
	static char path[PATH_MAX];

	cr_assert_gt(readlink("/proc/self/exe", path, sizeof(path) - 1), 0);
	return path;
}

const char *gt_symbolless(const char *name)
{
	return gt_temp_file(name, __ehdr_start, GT_MAPPED);
}

void *gt_map_file(void *at, const char *path)
{
	int fd = open(path, O_RDONLY);
	void *p = mmap(at, GT_MAPPED, PROT_READ | PROT_EXEC, MAP_PRIVATE | (at ? MAP_FIXED : 0), fd, 0);

	cr_assert_neq(p, MAP_FAILED);
	close(fd);
	return p;
}

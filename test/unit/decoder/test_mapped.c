/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which live file a process has in its memory.
 */
#include "decoder/mapped.h"

#include "shim/format/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 4096 };

static struct gt_mapped mapped;

/* Maps a file that begins so. */
static void map(const char *name, const char *magic, int flags)
{
	static char bytes[SIZE];
	int fd;

	strcpy(bytes, magic);
	fd = open(gt_temp_file(name, bytes, SIZE), O_RDWR);
	cr_assert_neq(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0), MAP_FAILED);
	close(fd);
}

static int find(void)
{
	return gt_mapped_find(getpid(), &mapped);
}

Test(mapped, the_live_file_and_its_trace, .fini = gt_temp_clean)
{
	struct stat a, b;

	map("other", "something else", MAP_SHARED);
	map("x.trace.live", GT_LIVE_MAGIC, MAP_SHARED);
	cr_assert_eq(find(), 1);
	cr_assert_eq(stat(mapped.live, &a), 0);
	cr_assert_eq(stat(gt_temp_path("x.trace.live"), &b), 0);
	cr_assert_eq(a.st_ino, b.st_ino);
	gt_temp_touch(gt_temp_path("x.trace"), 0600);
	cr_assert_eq(access(mapped.trace, R_OK), 0);
	cr_assert_gt(strlen(mapped.program), 0);
}

Test(mapped, one_in_memory_has_another_name, .fini = gt_temp_clean)
{
	map("gtrace.1.2", GT_LIVE_MAGIC, MAP_SHARED);
	cr_assert_eq(find(), 1);
	cr_assert_str_eq(mapped.trace, mapped.live);
}

Test(mapped, what_is_none, .fini = gt_temp_clean)
{
	cr_assert_eq(find(), 0);
	map("private.live", GT_LIVE_MAGIC, MAP_PRIVATE);
	map("junk.live", "gtlive or not", MAP_SHARED);
	map("gone.live", GT_LIVE_MAGIC, MAP_SHARED);
	cr_assert_eq(unlink(gt_temp_path("gone.live")), 0);
	cr_assert_eq(find(), 0);
	cr_assert_eq(gt_mapped_find(0x7ffffffe, &mapped), -1);
	cr_assert_eq(errno, ENOENT);
}

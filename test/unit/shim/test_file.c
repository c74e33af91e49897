/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of ours is recognised by what it is: a stranger under its path is neither opened nor removed.
 */
#include "shim/file.h"
#include "shim/os.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct gt_file file;

static void create(void)
{
	int fd = gt_file_create(&file, gt_temp_path("ours"), O_WRONLY);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, "ours", 4), 4);
	close(fd);
}

/* Moves ours away and puts another file there. */
static void replace(void)
{
	cr_assert_eq(rename(gt_temp_path("ours"), gt_temp_path("away")), 0);
	gt_temp_file("ours", "stranger", 8);
}

Test(file, a_new_file_is_its_owners_only, .fini = gt_temp_clean)
{
	struct stat st;

	gt_temp_dir();
	umask(0777);
	create();
	cr_assert_eq(stat(file.path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	cr_assert((uint64_t)major(st.st_dev) << 32 == file.id.device - minor(st.st_dev) && st.st_ino == file.id.inode);
	cr_assert_str_eq(file.path, gt_temp_path("ours"));
}

Test(file, it_is_opened_again_to_be_read_written_or_extended, .fini = gt_temp_clean)
{
	char bytes[8] = "";
	int fd;

	create();
	fd = gt_file_open(&file, O_WRONLY | O_APPEND);
	cr_assert_eq(write(fd, "more", 4), 4);
	close(fd);
	fd = gt_file_open(&file, O_RDONLY);
	cr_assert_eq(read(fd, bytes, 8), 8);
	cr_assert_eq(memcmp(bytes, "oursmore", 8), 0);
	close(fd);
}

Test(file, what_exists_is_not_created, .fini = gt_temp_clean)
{
	gt_temp_file("ours", "stranger", 8);
	cr_assert_eq(gt_file_create(&file, gt_temp_path("ours"), O_WRONLY), -EEXIST);
	cr_assert_eq(file.id.inode, 0);
	gt_file_remove(&file);
	cr_assert_eq(gt_temp_size(gt_temp_path("ours")), 8);
}

Test(file, a_stranger_is_not_opened, .fini = gt_temp_clean)
{
	create();
	replace();
	cr_assert_eq(gt_file_open(&file, O_WRONLY | O_TRUNC), -ESTALE);
	cr_assert_eq(unlink(file.path), 0);
	cr_assert_eq(gt_file_open(&file, O_WRONLY), -ENOENT);
	cr_assert_eq(symlink(gt_temp_path("away"), file.path), 0);
	cr_assert_lt(gt_file_open(&file, O_WRONLY), 0, "a link is not followed, not even to ours");
}

Test(file, a_refused_stranger_leaves_no_descriptor, .fini = gt_temp_clean)
{
	int next = dup(0);

	close(next);
	create();
	replace();
	cr_assert_lt(gt_file_open(&file, O_WRONLY), 0);
	cr_assert_eq(dup(0), next);
}

Test(file, ours_is_removed_and_a_stranger_is_not, .fini = gt_temp_clean)
{
	create();
	gt_file_remove(&file);
	cr_assert_eq(gt_temp_count(), 0);
	create();
	replace();
	gt_file_remove(&file);
	cr_assert_eq(gt_temp_size(gt_temp_path("ours")), 8);
	cr_assert_eq(gt_temp_size(gt_temp_path("away")), 4);
}

/* The path may be somebody else's by then. */
Test(file, what_was_removed_is_not_ours_any_more, .fini = gt_temp_clean)
{
	create();
	cr_assert_eq(link(file.path, gt_temp_path("away")), 0);
	gt_file_remove(&file);
	cr_assert_eq(rename(gt_temp_path("away"), file.path), 0);
	gt_file_remove(&file);
	cr_assert(gt_temp_exists(file.path));
	cr_assert_eq(gt_file_open(&file, O_WRONLY), -ESTALE);
}

Test(file, a_path_that_is_too_long_is_refused)
{
	static char path[GT_PATH_MAX + 1];

	memset(path, 'x', GT_PATH_MAX);
	cr_assert_eq(gt_file_create(&file, path, O_WRONLY), -ENAMETOOLONG);
	cr_assert_eq(file.id.inode, 0);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files that are there as a whole or not at all.
 */
#include "decoder/save.h"

#include "test/lib/capture.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void tear_down(void)
{
	gt_temp_clean();
}

TestSuite(save, .fini = tear_down);

static void save_as(const char *path, const char *text)
{
	struct gt_save save;

	gt_save_open(&save, path);
	cr_assert_eq(write(save.fd, text, strlen(text)), (ssize_t)strlen(text));
	cr_expect(gt_save_commit(&save));
	gt_save_close(&save);
}

static void expect_file(const char *path, const char *text)
{
	size_t len;
	uint8_t *bytes = gt_temp_read(path, &len);

	cr_expect(len == strlen(text) && memcmp(bytes, text, len) == 0);
	free(bytes);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	cr_assert_eq(lstat(path, &st), 0);
	return st.st_mode;
}

Test(save, a_file_has_its_name_at_the_end_only)
{
	const char *path = gt_temp_path("out");
	struct gt_save save;

	umask(027);
	gt_save_open(&save, path);
	cr_assert_eq(write(save.fd, "text", 4), 4);
	cr_expect_not(gt_temp_exists(path));
	cr_expect(gt_save_commit(&save));
	gt_save_close(&save);
	expect_file(path, "text");
	cr_expect_eq(mode_of(path) & 0777, 0640);
	cr_expect_eq(gt_temp_count(), 1);
}

Test(save, what_is_given_up_leaves_nothing)
{
	const char *path = gt_temp_file("out", "before", 6);
	struct gt_save save;

	gt_save_open(&save, path);
	cr_assert_eq(write(save.fd, "text", 4), 4);
	gt_save_close(&save);
	expect_file(path, "before");
	cr_expect_eq(gt_temp_count(), 1);
}

Test(save, a_file_that_is_there_is_replaced_and_keeps_its_mode)
{
	const char *path = gt_temp_file("out", "a longer text", 13);

	chmod(path, 0604);
	save_as(path, "text");
	expect_file(path, "text");
	cr_expect_eq(mode_of(path) & 0777, 0604);
	cr_expect_eq(gt_temp_count(), 1);
}

Test(save, a_link_stays_a_link)
{
	const char *path = gt_temp_file("out", "before", 6);
	const char *alias = gt_temp_path("alias");

	cr_assert_eq(symlink(path, alias), 0);
	save_as(alias, "text");
	cr_expect(S_ISLNK(mode_of(alias)));
	expect_file(path, "text");
}

Test(save, a_device_gets_the_bytes)
{
	const char *path = gt_temp_path("pipe");
	char text[8] = "";
	int ends[2];
	char end[32];

	save_as("/dev/null", "text");
	cr_expect(S_ISCHR(mode_of("/dev/null")));
	cr_assert_eq(pipe(ends), 0);
	snprintf(end, sizeof(end), "/proc/self/fd/%d", ends[1]);
	cr_assert_eq(symlink(end, path), 0);
	save_as(path, "text");
	cr_expect_eq(read(ends[0], text, sizeof(text)), 4);
	cr_expect_str_eq(text, "text");
}

static int to_standard_output(void *dash)
{
	struct gt_save save;
	bool good;

	gt_save_open(&save, dash);
	good = write(save.fd, "text", 4) == 4 && gt_save_commit(&save);
	gt_save_close(&save);
	return good ? 0 : 50;
}

Test(save, standard_output)
{
	struct gt_captured said;

	gt_capture(to_standard_output, NULL, &said);
	cr_expect(said.status == 0 && strcmp(said.out, "text") == 0);
	gt_capture(to_standard_output, "-", &said);
	cr_expect(said.status == 0 && strcmp(said.out, "text") == 0);
	cr_expect_str_eq(said.err, "");
}

static int to_full(void *path)
{
	struct gt_save save;
	bool good;

	gt_save_open(&save, path);
	good = write(save.fd, "text", 4) == 4 && gt_save_commit(&save);
	gt_save_close(&save);
	return good ? 0 : 50;
}

Test(save, what_cannot_be_written_is_complained_about)
{
	struct gt_captured said;

	gt_capture(to_full, "/dev/full", &said);
	cr_expect_eq(said.status, 50);
	cr_expect_str_eq(said.err, "gtrace: /dev/full: No space left on device\n");
	gt_capture(to_full, "/nonexistent/out", &said);
	cr_expect_eq(said.status, 1);
	cr_expect_str_eq(said.err, "gtrace: /nonexistent/out: No such file or directory\n");
	gt_capture(to_full, (void *)gt_temp_dir(), &said);
	cr_expect_neq(said.status, 0);
}

Test(save, what_is_made_of_a_private_file_is_private)
{
	const char *path = gt_temp_path("out"), *source = gt_temp_file("private", "x", 1);
	struct gt_save save;
	int fd;

	umask(022);
	cr_assert_eq(chmod(source, 0600), 0);
	fd = open(source, O_RDONLY);
	gt_save_open(&save, path);
	gt_save_like(&save, fd);
	cr_assert(gt_save_commit(&save));
	gt_save_close(&save);
	close(fd);
	cr_assert_eq(mode_of(path) & 0777, 0600);
}

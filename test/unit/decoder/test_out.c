/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text on its way out: numbers, when it is written, and that a failure sticks.
 */
#include "decoder/out.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int file_in_memory(void)
{
	int fd = memfd_create("out", MFD_CLOEXEC);

	cr_assert(fd >= 0);
	return fd;
}

static off_t size_of(int fd)
{
	struct stat st;

	cr_assert_eq(fstat(fd, &st), 0);
	return st.st_size;
}

static void many(struct gt_out *out, size_t n)
{
	while (n-- > 0)
		gt_out_char(out, 'x');
}

Test(out, numbers)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_out_i64(&out, INT64_MIN);
	gt_out_char(&out, ' ');
	gt_out_i64(&out, -1);
	gt_out_char(&out, ' ');
	gt_out_i64(&out, INT64_MAX);
	gt_out_char(&out, ' ');
	gt_out_u64(&out, 0);
	gt_out_char(&out, ' ');
	gt_out_u64(&out, UINT64_MAX);
	gt_out_char(&out, ' ');
	gt_out_hex(&out, 0xdeadbeef);
	gt_out_char(&out, ' ');
	gt_out_hex(&out, 0);
	gt_expect_text(&out, "-9223372036854775808 -1 9223372036854775807 0 "
			     "18446744073709551615 deadbeef 0");
}

Test(out, bytes_and_strings)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_out_bytes(&out, "abcdef", 3);
	gt_out_str(&out, "");
	gt_out_str(&out, " and more");
	gt_out_bytes(&out, "", 0);
	gt_expect_text(&out, "abc and more");
}

Test(out, without_a_descriptor_everything_gathers)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	many(&out, 200000);
	gt_out_relax(&out);
	cr_expect(gt_out_flush(&out));
	cr_expect_eq(out.len, 200000);
	cr_expect_eq(out.buf[199999], 'x');
	cr_expect(gt_out_close(&out));
	cr_expect_null(out.buf);
}

Test(out, one_piece_that_is_larger_than_the_buffer)
{
	static char piece[300000];
	struct gt_out out;

	memset(piece, 'y', sizeof(piece));
	gt_out_open(&out, -1);
	gt_out_char(&out, 'x');
	gt_out_bytes(&out, piece, sizeof(piece));
	cr_expect_eq(out.len, 300001);
	cr_expect_eq(memcmp(out.buf + 1, piece, sizeof(piece)), 0);
	gt_out_close(&out);
}

Test(out, a_flush_writes_once)
{
	int fd = file_in_memory();
	char text[8] = "";
	struct gt_out out;

	gt_out_open(&out, fd);
	gt_out_str(&out, "abc");
	cr_expect_eq(size_of(fd), 0);
	cr_expect(gt_out_flush(&out));
	cr_expect(gt_out_flush(&out));
	gt_out_str(&out, "de");
	cr_expect(gt_out_close(&out));
	cr_expect_eq(pread(fd, text, sizeof(text), 0), 5);
	cr_expect_str_eq(text, "abcde");
	close(fd);
}

Test(out, little_may_wait_and_much_is_written)
{
	int fd = file_in_memory();
	struct gt_out out;

	gt_out_open(&out, fd);
	many(&out, 1000);
	gt_out_relax(&out);
	cr_expect_eq(size_of(fd), 0);
	many(&out, 99000);
	gt_out_relax(&out);
	cr_expect_eq(size_of(fd), 100000);
	cr_expect_eq(out.len, 0);
	cr_expect(gt_out_close(&out));
	close(fd);
}

Test(out, a_failure_sticks)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct gt_out out;

	cr_assert(fd >= 0);
	gt_out_open(&out, fd);
	cr_expect(gt_out_flush(&out), "nothing to write is no failure");
	gt_out_str(&out, "abc");
	cr_expect_not(gt_out_flush(&out));
	cr_expect(out.failed);
	cr_expect_eq(dup2(file_in_memory(), fd), fd);
	gt_out_str(&out, "abc");
	cr_expect_not(gt_out_flush(&out));
	cr_expect_not(gt_out_close(&out));
	cr_expect_eq(size_of(fd), 0);
}

Test(out, a_reader_that_went_away)
{
	struct gt_out out;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(pipe(ends), 0);
	close(ends[0]);
	gt_out_open(&out, ends[1]);
	gt_out_str(&out, "abc");
	cr_expect_not(gt_out_close(&out));
}

Test(out, a_write_that_is_cut_short_goes_on_until_it_fails)
{
	struct rlimit limit = {1000, RLIM_INFINITY};
	char path[] = "/tmp/gtrace-test-XXXXXX";
	int fd = mkstemp(path);
	struct gt_out out;

	cr_assert(fd >= 0);
	unlink(path);
	signal(SIGXFSZ, SIG_IGN);
	gt_out_open(&out, fd);
	many(&out, 1500);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_expect_not(gt_out_flush(&out));
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_expect_eq(size_of(fd), 1000);
	cr_expect_not(gt_out_close(&out));
}

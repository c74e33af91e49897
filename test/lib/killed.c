/* SPDX-License-Identifier: BSD-3-Clause */
#include "killed.h"

#include "decoder/reader.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>

struct gt_killed gt_killed;

static struct gt_builder words; /* of a buffer */

const char *gt_killed_path(void)
{
	return gt_temp_path("x.trace");
}

const char *gt_killed_live(void)
{
	return gt_temp_path("x.trace.live");
}

void gt_killed_start(void)
{
	cr_redirect_stderr(); /* each look at both is said */
	gt_left_start(&gt_killed.left);
}

void gt_killed_clean(void)
{
	gt_build_free(&gt_killed.file);
	gt_build_free(&words);
	gt_temp_clean();
}

void gt_killed_first(void)
{
	gt_build_start(&gt_killed.file);
	gt_add_GoStop(&gt_killed.file, 1, 0, 0);
	gt_add_GoStart(&gt_killed.file, 1, 1, 1);
	gt_build_end(&gt_killed.file);
	gt_killed.left.head->complete = gt_killed.file.len;
}

/* Two buffers of M 1 with the events of generation 2. */
static void half(int i)
{
	if (i == 0) {
		gt_add_ProcStatus(&words, 1, 0, GT_P_Running);
		gt_add_GoStatus(&words, 1, 1, 1, GT_G_Running);
	} else {
		gt_add_GoStop(&words, 1, GT_STRING_STOP, 0);
		gt_add_GoStart(&words, 1, 1, 1);
		gt_add_GoStop(&words, 1, GT_STRING_STOP, 0);
		gt_add_GoStart(&words, 1, 1, 2);
	}
}

static uint64_t half_time(int i)
{
	return 1000 + 100 * (uint64_t)i;
}

struct gt_buf *gt_killed_half_in_live(int i)
{
	half(i);
	return gt_left_buf(&gt_killed.left, 2, 1, half_time(i), &words, NULL);
}

void gt_killed_half_in_file(int i)
{
	half(i);
	gt_build_batch(&gt_killed.file, 2, 1, half_time(i));
	gt_build_bytes(&gt_killed.file, words.bytes, words.len);
	gt_build_end(&gt_killed.file);
	gt_build_free(&words);
}

int gt_killed_make(void)
{
	gt_temp_file("x.trace", gt_killed.file.bytes, gt_killed.file.len);
	gt_left_write(&gt_killed.left, gt_killed_live());
	return gt_tail_make(&gt_killed.tail, gt_killed_path(), gt_killed_live(), &gt_killed.err);
}

uint64_t gt_killed_events(void)
{
	gt_temp_file("x.trace", gt_killed.file.bytes, gt_killed.file.len);
	gt_left_write(&gt_killed.left, gt_killed_live());
	return gt_killed_read();
}

uint64_t gt_killed_read(void)
{
	uint64_t n = 0, generations;
	struct gt_reader *reader = gt_reader_open(gt_killed_path(), &gt_killed.err);

	cr_assert_not_null(reader, "%s", gt_killed.err.words);
	cr_assert_eq(gt_reader_check(reader, UINT64_MAX, &n, &generations), 0, "%s", gt_killed.err.words);
	gt_reader_close(reader);
	return n;
}

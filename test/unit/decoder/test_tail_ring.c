/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A flight recorder's last generations lie in its live file, and there is no other.
 */
#include "decoder/tail.h"

#include "decoder/live.h"
#include "shim/format/header.h"
#include "test/lib/killed.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(tail_ring, .init = gt_killed_start, .fini = gt_killed_clean);

/* The file, as far as it came, lies in the ring; there is none. */
static void fly(uint64_t from, size_t complete)
{
	gt_left_fly(&gt_killed.left, from, gt_killed.file.bytes + GT_HEADER_LEN, gt_killed.file.len - GT_HEADER_LEN,
		    complete - GT_HEADER_LEN);
	gt_left_write(&gt_killed.left, gt_killed_live());
}

Test(tail_ring, a_ring_has_all_there_is)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	fly(7, gt_killed.file.len);
	cr_assert_eq(gt_killed_read(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

Test(tail_ring, a_ring_goes_round_its_end_and_ends_in_a_generation)
{
	size_t complete;

	gt_killed_first();
	complete = gt_killed.file.len;
	gt_killed_half_in_file(0);
	gt_killed_half_in_live(1);
	fly(10 * GT_LEFT_RING - 30, complete);
	cr_assert_eq(gt_killed_read(), GT_KILLED_FIRST + GT_KILLED_SECOND);
}

Test(tail_ring, a_ring_is_found_behind_a_link)
{
	gt_killed_first();
	fly(0, gt_killed.file.len);
	cr_assert_eq(rename(gt_killed_live(), gt_temp_path("elsewhere")), 0);
	cr_assert_eq(symlink(gt_temp_path("elsewhere"), gt_killed_live()), 0);
	cr_assert_eq(gt_killed_read(), GT_KILLED_FIRST);
	cr_assert(gt_live_unlink(gt_killed_live()));
	cr_assert_not(gt_temp_exists(gt_temp_path("elsewhere")));
	cr_assert_eq(gt_temp_count(), 0);
}

Test(tail_ring, a_ring_that_cannot_be_is_refused)
{
	static const struct {
		uint64_t from, complete, end, bytes;
	} bad[] = {{5, 4, 9, 4096}, {0, 9, 8, 4096}, {0, 0, 5000, 4096}, {0, 0, 8, UINT64_MAX}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		gt_left_start(&gt_killed.left);
		gt_killed.left.head->ring_bytes = bad[i].bytes;
		gt_killed.left.head->ring_from = bad[i].from;
		gt_killed.left.head->complete = bad[i].complete;
		gt_killed.left.head->ring_end = bad[i].end;
		gt_left_write(&gt_killed.left, gt_killed_live());
		cr_expect_eq(gt_tail_make(&gt_killed.tail, gt_killed_path(), gt_killed_live(), &gt_killed.err), -1,
			     "%zu", i);
		gt_error_clear(&gt_killed.err);
	}
}

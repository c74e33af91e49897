/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a killed program could not record is counted in its live file, and said once.
 */
#include "decoder/tail.h"

#include "decoder/fact.h"
#include "test/lib/killed.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

TestSuite(tail_drops, .init = gt_killed_start, .fini = gt_killed_clean);

/* The last fact of the tail is a count of drops, and the only one of them. */
static void expect_drops(uint8_t cause, uint8_t n)
{
	const uint8_t fact[] = {GT_FACT_Dropped, 2, cause, n};
	uint8_t bytes[1000];
	ssize_t len = pread(gt_killed.tail.fd, bytes, sizeof(bytes), 0);

	cr_assert(len > (ssize_t)sizeof(fact) && len < (ssize_t)sizeof(bytes));
	cr_assert(memmem(bytes, (size_t)len, fact, sizeof(fact)) == bytes + len - sizeof(fact));
	close(gt_killed.tail.fd);
}

/* A thread was killed in a signal handler, on top of the only event of its generation. */
Test(tail_drops, drops_are_said_in_the_last_complete_generation)
{
	gt_killed_first();
	gt_killed.left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(gt_killed_make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST);
}

/* It was killed between the tables and the drops. */
Test(tail_drops, drops_are_said_behind_tables_of_the_file)
{
	gt_killed_first();
	gt_killed_half_in_file(0);
	gt_build_frequency(&gt_killed.file, 2, 1000000000);
	gt_killed.left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(gt_killed_make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
	cr_assert_eq(gt_killed_events(), GT_KILLED_FIRST + 2);
}

Test(tail_drops, drops_are_said_behind_tables_that_are_made)
{
	gt_killed_first();
	gt_killed_half_in_live(0);
	gt_killed_half_in_live(1);
	gt_killed.left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(gt_killed_make(), 1);
	expect_drops(GT_DROP_HANDLER, 40);
}

Test(tail_drops, where_nothing_was_recorded_there_is_nobody_to_say_drops_of)
{
	gt_build_header(&gt_killed.file, 23);
	gt_killed.left.head->dropped[GT_DROP_HANDLER] = 40;
	cr_assert_eq(gt_killed_make(), 0);
}

/* All that is left of the live file is its head; the gap is told of in the last complete generation. */
Test(tail_drops, a_gap_is_said_with_the_trace_before_it)
{
	struct gt_fact_record fact;
	uint8_t bytes[200];
	const uint8_t *p = bytes, *end;

	gt_killed_first();
	gt_killed_half_in_file(0);
	gt_killed.left.head->lost = 2;
	gt_killed.left.head->gap_after = 1;
	gt_killed.left.head->gap_from = 70;
	gt_killed.left.head->gap_error = 28;
	gt_killed.left.head->dropped[GT_DROP_GAP] = 5;
	gt_killed.left.len = 4096;
	cr_assert_eq(gt_killed_make(), 1);
	end = bytes + pread(gt_killed.tail.fd, bytes, sizeof(bytes), 0);
	while (p < end && memcmp(p, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN) != 0)
		p++;
	p += GT_FACTS_MAGIC_LEN;
	cr_assert(gt_fact_next(&p, end, &fact));
	cr_assert(fact.number == GT_FACT_Gap && fact.field[0].u == 70 && fact.field[3].u == 28);
	expect_drops(GT_DROP_GAP, 5);
}

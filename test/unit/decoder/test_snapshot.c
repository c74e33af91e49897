/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The records of a Sync batch, in any order, each at most once.
 */
#include "decoder/snapshot.h"

#include "shim/format/event.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_snapshot snapshot;
static struct gt_error err;

static int reads(const uint8_t *bytes, size_t len)
{
	gt_error_clear(&err);
	return gt_snapshot_read(&snapshot, 100, bytes, bytes + len, &err);
}

#define READS(...) reads((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

Test(snapshot, both_records)
{
	cr_assert_eq(READS(GT_FR_ClockSnapshot, 5, 6, 7, 8, GT_FR_Frequency, 0x80, 1), 0);
	cr_expect(snapshot.has_frequency && snapshot.frequency == 128);
	cr_expect(snapshot.known && snapshot.time == 105 && snapshot.mono == 6);
	cr_expect(snapshot.sec == 7 && snapshot.nsec == 8);
}

Test(snapshot, nothing_says_nothing)
{
	cr_assert_eq(reads(NULL, 0), 0);
	cr_expect(!snapshot.has_frequency && !snapshot.known);
}

Test(snapshot, a_record_comes_once)
{
	cr_assert_eq(READS(GT_FR_Frequency, 1), 0);
	cr_assert_eq(READS(GT_FR_Frequency, 1), -1);
	gt_expect_part(err.words, "two records Frequency");
	cr_assert_eq(READS(GT_FR_ClockSnapshot, 1, 1, 1, 1, GT_FR_ClockSnapshot, 1, 1, 1, 1), -1);
	gt_expect_part(err.words, "two records ClockSnapshot");
}

Test(snapshot, what_is_no_record_of_a_clock)
{
	cr_assert_eq(READS(GT_EV_ProcStart, 1), -1);
	gt_expect_part(err.words, "a record of type 10 in a sync batch");
	cr_assert_eq(READS(GT_FR_ClockSnapshot, 1, 1, 1), -1);
	gt_expect_part(err.words, "ClockSnapshot: a number is cut off");
	cr_assert_eq(READS(GT_FR_Frequency), -1);
	gt_expect_part(err.words, "Frequency: a number is cut off");
}

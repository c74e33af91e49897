/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers in decimal digits, against printf.
 */
#include "decoder/digits.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

static void prints(uint64_t v)
{
	char ours[GT_DIGITS_ROOM + 1], theirs[32];

	*gt_digits_u64(ours, v) = 0;
	snprintf(theirs, sizeof(theirs), "%" PRIu64, v);
	cr_assert_str_eq(ours, theirs);
	*gt_digits_many(ours, v) = 0;
	cr_assert_str_eq(ours, theirs);
	*gt_digits_i64(ours, (int64_t)v) = 0;
	snprintf(theirs, sizeof(theirs), "%" PRId64, (int64_t)v);
	cr_assert_str_eq(ours, theirs);
}

Test(digits, numbers_around_every_power_of_ten)
{
	for (uint64_t power = 1;; power *= 10) {
		for (uint64_t i = 0; i < 25; i++) {
			prints(power + i);
			prints(power - i);
			prints(power * (i % 9 + 1));
		}
		if (power > UINT64_MAX / 10)
			break;
	}
	prints(0);
	prints(UINT64_MAX);
	prints((uint64_t)INT64_MAX);
	prints((uint64_t)INT64_MIN);
}

Test(digits, numbers_of_every_length)
{
	uint64_t v = 88172645463325252;

	for (int i = 0; i < 100000; i++) {
		v ^= v << 13;
		v ^= v >> 7;
		v ^= v << 17;
		prints(v >> (i % 64));
	}
}

Test(digits, nothing_is_written_behind_the_room)
{
	char room[2 * GT_DIGITS_ROOM];

	for (uint64_t v = 1; v != 0; v *= 2) {
		memset(room, 'x', sizeof(room));
		gt_digits_u64(room, v);
		for (size_t i = GT_DIGITS_ROOM; i < sizeof(room); i++)
			cr_assert_eq(room[i], 'x');
	}
}

Test(digits, the_last_eight)
{
	char text[GT_DIGITS_ROOM];

	*gt_digits_eight(text, 7) = 0;
	cr_expect_str_eq(text, "00000007");
	*gt_digits_eight(text, UINT64_C(123400560789)) = 0;
	cr_expect_str_eq(text, "00560789");
	*gt_digits_eight(text, UINT64_MAX) = 0;
	cr_expect_str_eq(text, "09551615");
}

Test(digits, literals)
{
	char text[32];

	*gt_digits_str(gt_digits_str(text, "abc"), "") = 0;
	cr_expect_str_eq(text, "abc");
}

Test(digits, six_places_have_blanks_in_front)
{
	static const struct {
		uint32_t v;
		const char *text;
	} rows[] = {{0, "     0"},    {7, "     7"},      {10, "    10"},     {999, "   999"},
		    {1000, "  1000"}, {100000, "100000"}, {999999, "999999"}, {50005, " 50005"}};
	char text[GT_DIGITS_ROOM];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *end = gt_digits_six(text, rows[i].v);

		cr_expect_eq(end - text, 6);
		cr_expect_eq(memcmp(text, rows[i].text, 6), 0, "%s", rows[i].text);
	}
}

static void is_hex(uint64_t v)
{
	char text[GT_DIGITS_ROOM], expected[GT_DIGITS_ROOM];

	*gt_digits_hex(text, v) = 0;
	snprintf(expected, sizeof(expected), "%" PRIx64, v);
	cr_expect_str_eq(text, expected);
}

Test(digits, hexadecimal_numbers)
{
	for (int bits = 0; bits < 64; bits++) {
		is_hex(UINT64_C(1) << bits);
		is_hex((UINT64_C(1) << bits) - 1);
		is_hex(UINT64_C(0xfedcba9876543210) >> bits);
	}
	is_hex(UINT64_MAX);
	for (uint64_t v = 0; v < 0x200; v++)
		is_hex(v);
}

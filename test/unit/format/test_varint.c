/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers on the wire: what is written is read back, and what is no number is refused.
 */
#include "shim/format/varint.h"

#include <criterion/criterion.h>

Test(varint, edges_come_back_with_the_announced_length)
{
	static const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT64_MAX >> 1, UINT64_MAX};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint8_t bytes[GT_MAX_VARINT];
		uint8_t *end = gt_varint_put(bytes, values[i]);
		uint64_t back = ~values[i];

		cr_assert_eq(end - bytes, gt_varint_len(values[i]));
		cr_assert_eq(gt_varint_get(bytes, end, &back), end);
		cr_assert_eq(back, values[i]);
		cr_assert_null(gt_varint_get(bytes, end - 1, &back));
	}
}

Test(varint, padding_keeps_the_value)
{
	uint8_t bytes[5];
	uint64_t back = 0;

	cr_assert_eq(gt_varint_put_padded(bytes, 300, 5), bytes + 5);
	cr_assert_eq(gt_varint_get(bytes, bytes + 5, &back), bytes + 5);
	cr_assert_eq(back, 300);
}

Test(varint, more_than_64_bits_are_refused)
{
	uint8_t bytes[11] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
	uint64_t back;

	cr_assert_null(gt_varint_get(bytes, bytes + 10, &back));
	bytes[9] = 0x80;
	cr_assert_null(gt_varint_get(bytes, bytes + 11, &back));
}

Test(varint, numbers_are_passed_over)
{
	uint8_t bytes[] = {1, 0x80, 2, 3, 0x80};

	cr_assert_eq(gt_varint_skip(bytes, bytes + 4, 0), bytes);
	cr_assert_eq(gt_varint_skip(bytes, bytes + 4, 2), bytes + 3);
	cr_assert_eq(gt_varint_skip(bytes, bytes + 4, 3), bytes + 4);
	cr_assert_null(gt_varint_skip(bytes, bytes + 4, 4), "there are three");
	cr_assert_null(gt_varint_skip(bytes, bytes + 5, 4), "it is cut off");
	cr_assert_null(gt_varint_skip(NULL, bytes, 1));
}

Test(varint, zigzag_keeps_small_numbers_small)
{
	cr_assert_eq(gt_zigzag(0), 0);
	cr_assert_eq(gt_zigzag(-1), 1);
	cr_assert_eq(gt_zigzag(1), 2);
	cr_assert_eq(gt_unzigzag(gt_zigzag(INT64_MIN)), INT64_MIN);
	cr_assert_eq(gt_unzigzag(gt_zigzag(INT64_MAX)), INT64_MAX);
}

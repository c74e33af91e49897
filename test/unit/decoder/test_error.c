/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors: the first one stays, and a line names only the places that are known.
 */
#include "decoder/error.h"

#include <criterion/criterion.h>
#include <string.h>

static struct gt_error err;
static char line[512];

static void set_up(void)
{
	memset(&err, 0x55, sizeof(err));
	gt_error_clear(&err);
}

TestSuite(error, .init = set_up);

Test(error, nothing_is_known_at_first)
{
	cr_expect_eq(err.code, GT_ERR_NONE);
	cr_expect_eq(err.offset, 0);
	cr_expect_eq(err.gen, 0);
	cr_expect_eq(err.m, -1);
	cr_expect_eq(err.index, -1);
	cr_expect_str_eq(err.words, "");
	cr_expect_str_eq(gt_error_line(&err, line, sizeof(line)), "");
}

Test(error, the_first_error_stays)
{
	cr_expect_eq(gt_error_set(&err, GT_ERR_FORMAT, "%s %d", "word", 7), -1);
	cr_expect_eq(gt_error_set(&err, GT_ERR_IO, "later"), -1);
	cr_expect_eq(err.code, GT_ERR_FORMAT);
	cr_expect_str_eq(err.words, "word 7");
	gt_error_clear(&err);
	gt_error_set(&err, GT_ERR_IO, "later");
	cr_expect_eq(err.code, GT_ERR_IO);
	cr_expect_str_eq(err.words, "later");
}

Test(error, words_that_are_too_long_are_cut)
{
	char words[2 * GT_ERROR_WORDS];

	memset(words, 'x', sizeof(words));
	words[sizeof(words) - 1] = '\0';
	gt_error_set(&err, GT_ERR_IO, "%s", words);
	cr_expect_eq(strlen(err.words), GT_ERROR_WORDS - 1);
}

Test(error, a_line_without_places)
{
	gt_error_set(&err, GT_ERR_IO, "it broke");
	cr_expect_eq(gt_error_line(&err, line, sizeof(line)), line);
	cr_expect_str_eq(line, "it broke");
}

Test(error, a_line_with_all_places)
{
	gt_error_set(&err, GT_ERR_ORDER, "it broke");
	err.offset = UINT64_MAX;
	err.gen = UINT64_MAX;
	err.m = INT64_MIN;
	err.index = INT64_MAX;
	cr_expect_str_eq(gt_error_line(&err, line, sizeof(line)),
			 "it broke (byte 18446744073709551615, generation 18446744073709551615, "
			 "thread -9223372036854775808, event 9223372036854775807 of its batch)");
}

Test(error, a_line_with_one_place)
{
	gt_error_set(&err, GT_ERR_FORMAT, "it broke");
	err.gen = 3;
	cr_expect_str_eq(gt_error_line(&err, line, sizeof(line)), "it broke (generation 3)");
	err.gen = 0;
	err.m = 0;
	cr_expect_str_eq(gt_error_line(&err, line, sizeof(line)), "it broke (thread 0)");
	err.m = -1;
	err.index = 0;
	cr_expect_str_eq(gt_error_line(&err, line, sizeof(line)), "it broke (event 0 of its batch)");
}

Test(error, a_line_that_is_too_long_is_cut)
{
	char small[12];

	gt_error_set(&err, GT_ERR_IO, "it broke");
	err.gen = 3;
	cr_expect_str_eq(gt_error_line(&err, small, sizeof(small)), "it broke (g");
}

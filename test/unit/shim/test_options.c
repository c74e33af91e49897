/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GTRACE_*: units, limits, and that a bad value keeps the default and is remembered.
 */
#include "shim/options.h"

#include <criterion/criterion.h>

static bool parse(enum gt_option_type type, const char *text, uint64_t *v)
{
	return gt_option_parse(type, "one|two", text, v);
}

Test(options, values_by_type)
{
	uint64_t v = 0;

	cr_assert(parse(GT_TYPE_DURATION, "250us", &v) && v == 250000);
	cr_assert(parse(GT_TYPE_DURATION, "3", &v) && v == 3000000);
	cr_assert(parse(GT_TYPE_SIZE, "4M", &v) && v == 4 << 20);
	cr_assert(parse(GT_TYPE_FLAG, "yes", &v) && v == 1);
	cr_assert(parse(GT_TYPE_FLAG, "false", &v) && v == 0);
	cr_assert(parse(GT_TYPE_CHOICE, "two", &v) && v == 1);
}

Test(options, what_is_no_value)
{
	uint64_t v;

	cr_assert_not(parse(GT_TYPE_DURATION, "", &v));
	cr_assert_not(parse(GT_TYPE_DURATION, "5 s", &v));
	cr_assert_not(parse(GT_TYPE_DURATION, "-1s", &v));
	cr_assert_not(parse(GT_TYPE_DURATION, "1099511627776h", &v));
	cr_assert_not(parse(GT_TYPE_SIZE, "M", &v));
	cr_assert_not(parse(GT_TYPE_FLAG, "2", &v));
	cr_assert_not(parse(GT_TYPE_CHOICE, "tw", &v));
	cr_assert_not(parse(GT_TYPE_CHOICE, "", &v));
	cr_assert_not(parse(GT_TYPE_TEXT, "", &v));
}

Test(options, environment)
{
	char *plain[] = {"HOME=/", NULL};
	char *set[] = {"GTRACE_PERIOD=2s", "GTRACE_THREADS=1", "GTRACE_LIB=x", "GTRACE_NOSUCH=1", NULL};
	uint64_t threads;

	gt_options_read(plain);
	threads = gt_options.value[GT_OPT_THREADS];
	cr_assert_eq(gt_options.verdict[GT_OPT_PERIOD], GT_VERDICT_DEFAULT);
	gt_options_read(set);
	cr_assert_eq(gt_options.verdict[GT_OPT_PERIOD], GT_VERDICT_SET);
	cr_assert_eq(gt_options.value[GT_OPT_PERIOD], 2000000000);
	cr_assert_eq(gt_options.verdict[GT_OPT_THREADS], GT_VERDICT_BAD);
	cr_assert_eq(gt_options.value[GT_OPT_THREADS], threads);
	cr_assert_eq(gt_options.unknowns, 1);
	cr_assert_str_eq(gt_options.unknown[0], "NOSUCH=1");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open regions: which one an end belongs to, and what is forgotten, too deep or without a name.
 */
#include "shim/regions.h"
#include "shim/texts.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>

static struct gt_regions regions;
static uint32_t forgotten;

static void start(void)
{
	gt_test_live(1 << 20);
	cr_assert(gt_texts_start());
	gt_texts_attach();
}

static void begin(uint64_t task, const char *name)
{
	struct gt_region *region = gt_regions_push(&regions);

	cr_assert_not_null(region);
	region->asked = region->task = task;
	region->name = name ? gt_text_keep(name) : 0;
	region->is_written = true;
}

static bool end(uint64_t task, const char *name)
{
	return gt_regions_mark(&regions, task, name, &forgotten);
}

/* Takes the ended ones off and says their tasks as digits, in this order. */
static uint64_t taken(void)
{
	uint64_t digits = 0;

	for (struct gt_region *r; (r = gt_regions_ended(&regions)); gt_regions_pop(&regions))
		digits = digits * 10 + r->task;
	return digits;
}

Test(regions, the_innermost_ends, .init = start, .fini = gt_temp_clean)
{
	begin(1, "a");
	begin(2, "a");
	cr_assert_null(gt_regions_ended(&regions));
	cr_assert(end(2, "a"));
	cr_assert_eq(forgotten, 0);
	cr_assert_eq(taken(), 2);
	cr_assert(end(1, "a"));
	cr_assert_eq(taken(), 1);
	cr_assert_not(end(1, "a"));
	cr_assert_eq(regions.depth, 0);
}

Test(regions, task_and_name_must_be_those_of_the_begin, .init = start, .fini = gt_temp_clean)
{
	begin(1, "a");
	cr_assert_not(end(2, "a"));
	cr_assert_not(end(1, "b"));
	cr_assert_not(end(1, ""));
	cr_assert_eq(taken(), 0);
	cr_assert(end(1, "a"));
}

Test(regions, what_was_left_open_inside_ends_too, .init = start, .fini = gt_temp_clean)
{
	begin(1, "a");
	begin(2, "b");
	begin(3, "c");
	cr_assert(end(1, "a"));
	cr_assert_eq(forgotten, 2);
	cr_assert_not(end(3, "c"), "it has ended");
	cr_assert_eq(taken(), 321);
}

/* What could not be written yet is nobody's innermost region. */
Test(regions, an_end_that_is_due_is_not_asked_for_again, .init = start, .fini = gt_temp_clean)
{
	begin(1, "a");
	begin(2, "b");
	cr_assert(end(2, "b"));
	cr_assert(end(1, "a"));
	cr_assert_eq(forgotten, 0);
	cr_assert_eq(gt_regions_leave(&regions), 0);
}

Test(regions, too_deep_ones_are_only_counted, .init = start, .fini = gt_temp_clean)
{
	for (int i = 0; i < GT_REGIONS_DEEP; i++)
		begin(1, "a");
	cr_assert_null(gt_regions_push(&regions));
	cr_assert_null(gt_regions_push(&regions));
	cr_assert(end(9, "z"));
	cr_assert(end(8, "y"));
	cr_assert_null(gt_regions_ended(&regions));
	for (int i = 0; i < GT_REGIONS_DEEP; i++) {
		cr_assert(end(1, "a"));
		cr_assert_eq(taken(), 1);
	}
	cr_assert_eq(regions.depth, 0);
}

Test(regions, one_whose_name_is_lost_may_have_any, .init = start, .fini = gt_temp_clean)
{
	begin(1, NULL);
	cr_assert_not(end(2, "a"));
	cr_assert(end(1, "a"));
	cr_assert_eq(taken(), 1);
}

Test(regions, those_left_open_are_counted, .init = start, .fini = gt_temp_clean)
{
	begin(1, "a");
	begin(2, "b");
	begin(3, "c");
	cr_assert(end(3, "c"));
	cr_assert_eq(gt_regions_leave(&regions), 2);
	cr_assert_eq(gt_regions_leave(&regions), 0);
}

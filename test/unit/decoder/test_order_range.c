/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What lasts a while: it begins once, ends after that, and may be under way when the trace starts.
 */
#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>

Test(order_range, a_range_begins_once_and_ends_after)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_STWBegin(&b, 1, 0, 0);
	gt_add_STWEnd(&b, 1);
	gt_add_STWEnd(&b, 1);
	gt_expect_broken(&b, 4, "STWEnd: has not begun");
	gt_build_start(&b);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_expect_broken(&b, 3, "GCSweepBegin: already under way");
	gt_build_start(&b);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_expect_sound(&b, 6);
}

Test(order_range, an_end_belongs_to_the_beginning_of_its_own_sort)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_STWBegin(&b, 1, 0, 0);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_expect_broken(&b, 3, "GCMarkAssistEnd: has not begun");
	gt_build_start(&b);
	gt_add_STWBegin(&b, 1, 0, 0);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_STWEnd(&b, 1);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_expect_sound(&b, 8);
}

Test(order_range, ranges_of_threads_and_slots_stay_with_them)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GoCreate(&b, 1, 2, 0, 0);
	gt_add_GoStop(&b, 1, 0, 0);
	gt_add_GoStart(&b, 1, 2, 1);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_expect_broken(&b, 8, "GCMarkAssistEnd: has not begun");
}

Test(order_range, every_slot_has_its_own_sweep)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStatus(&b, 1, 3, GT_P_Running);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_expect_broken(&b, 6, "GCSweepEnd: has not begun");
}

Test(order_range, ranges_need_what_they_are_ranges_of)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_STWBegin(&b, 1, 0, 0);
	gt_expect_broken(&b, 3, "STWBegin: expected a goroutine");
	gt_build_start(&b);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_add_ProcStop(&b, 1);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_expect_broken(&b, 4, "GCMarkAssistEnd: expected a proc");
	gt_build_start(&b);
	gt_add_ProcStop(&b, 1);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_expect_broken(&b, 3, "GCSweepBegin: expected a proc");
	gt_build_start(&b);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_expect_sound(&b, 5);
}

static void look_at_kind(const struct gt_trace_event *ev)
{
	cr_expect_eq(ev->type, GT_EV_STWEnd);
	gt_expect_string(ev->text[0], "GOMAXPROCS");
}

Test(order_range, the_end_of_a_stopped_world_knows_why_it_was_stopped)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_build_end(&b);
	gt_build_string(&b, 1, 6, "GOMAXPROCS", 10);
	gt_build_batch(&b, 1, 1, 200);
	gt_add_STWBegin(&b, 1, 6, 0);
	gt_add_STWEnd(&b, 1);
	gt_decode_event(&b, 3, look_at_kind);
}

Test(order_range, the_first_generation_says_what_is_under_way)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCSweepActive(&b, 1, 0);
	gt_add_GCMarkAssistActive(&b, 1, 1);
	gt_add_GCMarkAssistEnd(&b, 1);
	gt_add_GCSweepEnd(&b, 1, 0, 0);
	gt_expect_sound(&b, 6);
	gt_build_start(&b);
	gt_add_GCSweepActive(&b, 1, 0);
	gt_add_GCSweepActive(&b, 1, 0);
	gt_expect_broken(&b, 3, "GCSweepActive: already under way");
	gt_build_start(&b);
	gt_add_GCMarkAssistActive(&b, 1, 1);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_expect_broken(&b, 3, "GCMarkAssistBegin: already under way");
}

Test(order_range, later_generations_repeat_what_is_under_way)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCSweepBegin(&b, 1, 0);
	gt_add_GCMarkAssistBegin(&b, 1, 0);
	gt_build_second(&b);
	gt_add_GCSweepActive(&b, 1, 0);
	gt_add_GCMarkAssistActive(&b, 1, 1);
	gt_expect_sound(&b, 7);
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GCSweepActive(&b, 1, 0);
	gt_expect_broken(&b, 3, "GCSweepActive: has not begun");
	gt_build_start(&b);
	gt_build_second(&b);
	gt_add_GCMarkAssistActive(&b, 1, 1);
	gt_expect_broken(&b, 3, "GCMarkAssistActive: has not begun");
}

Test(order_range, what_is_under_way_is_on_somebody_known)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCSweepActive(&b, 1, 8);
	gt_expect_broken(&b, 2, "GCSweepActive: proc 8 doesn't exist");
	gt_build_start(&b);
	gt_add_GCMarkAssistActive(&b, 1, 9);
	gt_expect_broken(&b, 2, "GCMarkAssistActive: goroutine 9 doesn't exist");
}

Test(order_range, a_collection_begins_with_any_number_and_counts_on)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_add_GCEnd(&b, 1, 4);
	gt_add_GCBegin(&b, 1, 5, 0);
	gt_add_GCEnd(&b, 1, 6);
	gt_expect_sound(&b, 6);
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_add_GCEnd(&b, 1, 5);
	gt_expect_stuck(&b, 3, "GCEnd");
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_add_GCEnd(&b, 1, 4);
	gt_add_GCBegin(&b, 1, 4, 0);
	gt_expect_stuck(&b, 4, "GCBegin");
}

Test(order_range, a_collection_waits_for_the_one_before)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GCEnd(&b, 900, 2);
	gt_build_other(&b, 2, 200);
	gt_add_ProcStatus(&b, 1, 1, GT_P_Running);
	gt_add_GoStatus(&b, 1, 2, 2, GT_G_Running);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_expect_story(&b, "1/0/1 GCBegin\n"
			    "2/-/- ProcStatus P1 Undetermined>Running\n"
			    "2/1/- GoStatus G2 Undetermined>Running\n"
			    "1/0/1 GCEnd\n"
			    "2/1/2 GCBegin\n");
}

Test(order_range, a_collection_does_not_begin_or_end_twice)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GCBegin(&b, 1, 2, 0);
	gt_expect_broken(&b, 3, "GCBegin: already under way");
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GCEnd(&b, 1, 2);
	gt_add_GCEnd(&b, 1, 3);
	gt_expect_broken(&b, 4, "GCEnd: no collection is under way");
	gt_build_start(&b);
	gt_add_GCEnd(&b, 1, 1);
	gt_expect_broken(&b, 2, "GCEnd: no collection is under way");
}

Test(order_range, the_first_generation_says_that_a_collection_is_under_way)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCActive(&b, 1, 7);
	gt_add_GCEnd(&b, 1, 8);
	gt_expect_sound(&b, 4);
	gt_build_start(&b);
	gt_add_GCActive(&b, 1, 7);
	gt_add_GCActive(&b, 1, 8);
	gt_expect_broken(&b, 3, "GCActive: not the first word about collections");
}

Test(order_range, later_generations_repeat_the_collection)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_build_second(&b);
	gt_add_GCActive(&b, 1, 2);
	gt_add_GCEnd(&b, 1, 3);
	gt_expect_sound(&b, 6);
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_build_second(&b);
	gt_add_GCActive(&b, 1, 3);
	gt_expect_stuck(&b, 4, "GCActive");
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GCEnd(&b, 1, 2);
	gt_build_second(&b);
	gt_add_GCActive(&b, 1, 3);
	gt_expect_broken(&b, 5, "GCActive: no collection is under way");
}

Test(order_range, a_known_collection_needs_a_running_thread)
{
	struct gt_builder b = {0};

	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GCEnd(&b, 1, 2);
	gt_expect_broken(&b, 4, "GCEnd: expected a goroutine");
	gt_build_start(&b);
	gt_add_GCBegin(&b, 1, 1, 0);
	gt_add_GCEnd(&b, 1, 2);
	gt_add_GoBlock(&b, 1, 0, 0);
	gt_add_GCBegin(&b, 1, 3, 0);
	gt_expect_broken(&b, 5, "GCBegin: expected a goroutine");
}

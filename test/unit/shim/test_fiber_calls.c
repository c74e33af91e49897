/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fibers that the program tells of: what fits is an event, what does not is counted.
 */
#include "shim/fiber_calls.h"
#include "shim/fiber_switch.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>

static struct gt_puppet one;
static uint64_t fiber, home;

static void switch_to(void *id)
{
	gt_fiber_switch(*(uint64_t *)id);
}

static size_t drops(void)
{
	return gt_drops[GT_DROP_MISUSE];
}

Test(fiber_calls, is_switched_to_and_back, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	home = gt_fiber_here();
	fiber = gt_fiber_create("first", GT_REC_PC);
	cr_assert(home && fiber && home != fiber);
	gt_fiber_switch(fiber);
	cr_assert_eq(gt_fiber_here(), fiber);
	gt_yield(GT_REC_PC);
	gt_fiber_switch(home);
	cr_assert_eq(gt_fiber_here(), home);
	gt_fiber_switch(fiber);
	gt_fiber_switch(home);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, 2), 2);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, 1), 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoCreateBlocked, 2)->g, 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoLabel, GT_REC_ANY), 1, "a reader keeps a label");
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoStop, 2)->g, 2);
	cr_assert_eq(drops(), 0);
}

Test(fiber_calls, ends_when_it_waits_or_with_its_next_switch, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	home = gt_fiber_here();
	fiber = gt_fiber_create(NULL, GT_REC_PC);
	gt_fiber_destroy(fiber);
	fiber = gt_fiber_create(NULL, GT_REC_PC);
	gt_fiber_switch(fiber);
	gt_fiber_destroy(fiber);
	gt_yield(GT_REC_PC);
	gt_fiber_switch(home);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoStop, 3)->g, 3, "not yet");
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitchDestroy, 1), 2);
	cr_assert_eq(drops(), 0);
}

Test(fiber_calls, may_be_named_at_any_time, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	home = gt_fiber_here();
	fiber = gt_fiber_create("first", GT_REC_PC);
	gt_fiber_set_name(home, "base");
	gt_fiber_set_name(fiber, "second");
	gt_fiber_switch(fiber);
	gt_fiber_set_name(fiber, "third");
	t = gt_rec_finish();
	ev = gt_rec_find(t, 0, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_eq(ev->g, 1);
	ev = gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_eq(ev->g, 2);
	ev = gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_eq(ev->g, 2);
	cr_assert_null(gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY));
	cr_assert_eq(drops(), 0);
}

Test(fiber_calls, what_can_not_be_meant_is_counted, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	size_t n = 0;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	home = gt_fiber_here();
	fiber = gt_fiber_create(NULL, GT_REC_PC);
	gt_fiber_switch(home);
	cr_assert_eq(drops(), ++n, "it runs");
	gt_fiber_switch(77);
	cr_assert_eq(drops(), ++n, "never given out");
	gt_fiber_destroy(home);
	cr_assert_eq(drops(), ++n, "ends with its thread");
	gt_puppet_do(&one, switch_to, &fiber);
	cr_assert_eq(drops(), n);
	gt_fiber_switch(fiber);
	cr_assert_eq(drops(), ++n, "another thread runs it");
	gt_fiber_destroy(fiber);
	cr_assert_eq(drops(), ++n);
	gt_fiber_set_name(fiber, "mine");
	cr_assert_eq(drops(), ++n);
	gt_fiber_set_name(home, NULL);
	cr_assert_eq(drops(), ++n);
	gt_puppet_end(&one);
	gt_fiber_switch(fiber);
	cr_assert_eq(drops(), ++n, "it is over");
	gt_fiber_switch(0);
	gt_fiber_destroy(0);
	gt_fiber_set_name(0, NULL);
	cr_assert_eq(drops(), n, "what is not recorded");
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), (int64_t)n);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, GT_REC_ANY), 1);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fibers as events: in one thread, from thread to thread, over generations, and up to the end of their threads. Nothing
 * here runs on another stack: that is the program's affair.
 */
#include "shim/fiber_switch.h"
#include "shim/advance.h"
#include "shim/fiber_stack.h"
#include "shim/notes.h"
#include "shim/ranges.h"
#include "shim/recording.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

static struct gt_puppet one, two;
static gt_fiber_ref fiber, home;
static bool did;

static gt_fiber_ref make(const char *name)
{
	return gt_fiber_make(gt_self, &(struct gt_fiber_made){.start = (const void *)0x5100, .name = name}, GT_REC_PC);
}

static void run(void *ref)
{
	did = gt_fiber_run(gt_self, *(gt_fiber_ref *)ref, false);
}

static void run_at_last(void *ref)
{
	did = gt_fiber_run(gt_self, *(gt_fiber_ref *)ref, true);
}

static void leave_home(void *unused)
{
	(void)unused;
	home = gt_fiber_ref_of(gt_fiber_current(gt_self));
	run(&fiber);
}

static void make_fiber(void *unused)
{
	(void)unused;
	fiber = make(NULL);
}

Test(fiber_switch, there_and_back_and_over, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	fiber = make("fetcher");
	leave_home(NULL);
	cr_assert(did && !gt_fiber_is_home(gt_self));
	cr_assert_eq(gt_self->goid, 2);
	gt_yield(GT_REC_PC);
	run_at_last(&home);
	cr_assert(did && gt_fiber_is_home(gt_self));
	cr_assert(!gt_fiber_run(gt_self, fiber, false), "it is over");
	t = gt_rec_finish();
	ev = gt_rec_find(t, 0, GT_EV_GoCreateBlocked, 2);
	cr_assert_eq(ev->g, 1);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitch, 2)->g, 1);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoLabel, GT_REC_ANY)->g, 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoStop, 2)->g, 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitchDestroy, 1)->g, 2);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_FIBERS), 0);
}

/* The reader must hear of it in each generation, whoever says that the fiber waits. */
Test(fiber_switch, an_assist_goes_on_while_its_fiber_is_parked, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	fiber = make(NULL);
	leave_home(NULL);
	gt_assist_begin(GT_REC_PC);
	run(&home);
	gt_advance_now();
	gt_yield(GT_REC_PC); /* 2: nobody mentions it */
	gt_advance_now();
	run(&fiber); /* 3: who runs it */
	gt_assist_end();
	run(&home);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 4; gen++)
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_GCMarkAssistActive, GT_REC_ANY), gen == 2 || gen == 3);
	cr_assert_eq(gt_rec_count(t, 3, GT_EV_GCMarkAssistEnd, GT_REC_ANY), 1);
}

Test(fiber_switch, one_that_does_not_run_ends_in_no_time, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	fiber = make(NULL);
	cr_assert(gt_fiber_end(gt_self, fiber));
	cr_assert(!gt_fiber_end(gt_self, fiber));
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitch, 2)->g, 1);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitchDestroy, 1)->g, 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoStop, 1)->g, 1);
}

Test(fiber_switch, nobody_runs_twice, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	fiber = make(NULL);
	gt_puppet_do(&one, run, &fiber);
	cr_assert(did);
	cr_assert(!gt_fiber_run(gt_self, fiber, false), "another thread runs it");
	cr_assert(!gt_fiber_end(gt_self, fiber));
	gt_puppet_do(&one, run, &fiber);
	cr_assert(!did, "it runs it itself");
	gt_puppet_end(&one);
	gt_rec_finish();
}

/* It waits in the trace as long as nobody runs it, in each generation. */
Test(fiber_switch, from_thread_to_thread_over_generations, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_do(&one, make_fiber, NULL);
	gt_puppet_do(&one, leave_home, NULL);
	gt_advance_now();
	gt_puppet_do(&one, run, &home);
	gt_advance_now();
	gt_advance_now();
	gt_puppet_do(&two, run, &fiber);
	gt_puppet_yields(&two);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 2, GT_EV_GoStatus, 4);
	cr_assert_eq(ev->args[2], GT_G_Running);
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_GoSwitch, 2)->m, one.tid);
	ev = gt_rec_find(t, 3, GT_EV_GoStatus, 4);
	cr_assert(ev && ev->args[2] == GT_G_Waiting, "the switcher says it");
	ev = gt_rec_find(t, 4, GT_EV_GoStatus, 4);
	cr_assert(ev && ev->args[2] == GT_G_Waiting && ev->m == two.tid, "who runs it says it");
	cr_assert_eq(gt_rec_find(t, 4, GT_EV_GoSwitch, 4)->m, two.tid);
	cr_assert_eq(gt_rec_find(t, 4, GT_EV_GoStop, 4)->m, two.tid);
}

Test(fiber_switch, both_end_with_their_thread, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	fiber = make(NULL);
	gt_puppet_do(&one, leave_home, NULL);
	gt_puppet_end(&one);
	cr_assert(!gt_fiber_end(gt_self, fiber) && !gt_fiber_end(gt_self, home));
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitchDestroy, 2)->g, 3);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroy, 2), 1);
}

/* Its stack is gone, but another thread is still there: that notices when it leaves it. */
Test(fiber_switch, a_home_that_another_thread_runs_is_over_when_it_is_left, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	gt_fiber_ref mine;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	fiber = make(NULL);
	gt_puppet_do(&one, leave_home, NULL);
	mine = gt_fiber_ref_of(gt_fiber_current(gt_self));
	run(&home);
	cr_assert(did && gt_self->goid == 2);
	gt_puppet_end(&one);
	run(&mine);
	cr_assert(did && gt_self->goid == 1);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroy, 3), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSwitch, 2), 1);
}

/* A thread that vanishes dies in the coroutine; what it began with waits for ever. */
Test(fiber_switch, a_thread_vanishes_in_a_coroutine, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	fiber = make(NULL);
	gt_puppet_do(&one, leave_home, NULL);
	gt_puppet_vanish(&one);
	gt_advance_now();
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroySyscall, 3), 1);
}

static void region(void *begin)
{
	if (begin)
		gt_region_begin(0, begin, GT_REC_PC);
	else
		gt_region_end(0, "outer", GT_REC_PC);
}

Test(fiber_switch, regions_are_the_fibers_own, .fini = gt_rec_clean)
{
	static char outer[] = "outer", inner[] = "inner";
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	fiber = make(NULL);
	region(outer);
	leave_home(NULL);
	region(inner);
	run(&home);
	region(NULL);
	run(&fiber);
	gt_region_end(0, "inner", GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY), 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_UserRegionEnd, GT_REC_ANY)->g, 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 0);
}

static gt_fiber_ref parked;

/* All of it happens before the trace, which only says who is where. */
Test(fiber_switch, while_nobody_records_switches_go_on, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	fiber = make("late");
	parked = make(NULL);
	cr_assert(gt_fiber_end(gt_self, make(NULL)));
	leave_home(NULL);
	cr_assert(did && gt_self->goid == 2);
	gt_recording_start();
	gt_yield(GT_REC_PC);
	run_at_last(&home);
	run(&parked);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 0, GT_EV_GoStatus, 2);
	ev = ev ? ev : gt_rec_find(t, 0, GT_EV_GoStatusStack, 2);
	cr_assert(ev && ev->args[2] == GT_G_Running);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoStop, 2)->g, 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitchDestroy, 1)->g, 2);
	cr_assert_eq(gt_rec_find(t, 0, GT_EV_GoSwitch, 3)->g, 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoCreateBlocked, GT_REC_ANY), 0);
	cr_assert_null(gt_rec_find(t, 0, GT_EV_GoStatus, 4), "it was over before");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The number of slots follows the processors that the program may use.
 */
#include "shim/usable.h"
#include "shim/advance.h"
#include "shim/proc.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <unistd.h>

static struct gt_puppet one;
static cpu_set_t all, single;

static void choose(const cpu_set_t *set)
{
	cr_assert_eq(sched_setaffinity(0, sizeof(*set), set), 0);
	gt_usable_changed(0, GT_REC_PC);
}

static void start(void)
{
	cr_assert_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	if (CPU_COUNT(&all) < 2)
		cr_skip_test("needs two processors");
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&single) == 0; i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &single);
	}
	gt_rec_start(NULL);
}

static size_t said(const struct gt_rec_trace *t, uint64_t number)
{
	const struct gt_rec_event *ev = NULL;
	size_t n = 0;

	for (size_t i = 0; i < t->events; i++) {
		ev = &t->event[i];
		n += ev->type == GT_EV_ProcsChange && ev->args[0] == number;
	}
	return n;
}

Test(usable, what_a_thread_chooses_is_said_at_once, .fini = gt_rec_clean)
{
	uint32_t before;
	const struct gt_rec_event *ev;
	const struct gt_rec_trace *t;

	start();
	before = gt_proc_limit();
	choose(&single);
	cr_assert_eq(gt_proc_limit(), 1);
	choose(&single);
	choose(&all);
	cr_assert_eq(gt_proc_limit(), before);
	t = gt_rec_finish();
	ev = gt_rec_after(t, gt_rec_find(t, 1, GT_EV_ProcsChange, GT_REC_ANY), GT_EV_ProcsChange, GT_REC_ANY);
	cr_assert(ev->args[0] == 1 && ev->pc == (uintptr_t)GT_REC_PC);
	cr_assert_eq(said(t, 1), 1);
	cr_assert_eq(said(t, before), 2);
}

static void choose_single(void *unused)
{
	(void)unused;
	choose(&single);
}

/* Pinned workers are no reason to think that the others may not run elsewhere. */
Test(usable, the_processors_of_all_threads_count, .fini = gt_rec_clean)
{
	uint32_t before;

	start();
	before = gt_proc_limit();
	gt_puppet_born(&one);
	gt_puppet_do(&one, choose_single, NULL);
	cr_assert_eq(gt_proc_limit(), before);
	gt_puppet_end(&one);
	gt_rec_finish();
}

/* Another process's processors are its own business. */
Test(usable, other_processes_do_not_count, .fini = gt_rec_clean)
{
	start();
	cr_assert_eq(sched_setaffinity(0, sizeof(single), &single), 0);
	gt_usable_changed((uint32_t)getppid(), GT_REC_PC);
	cr_assert_gt(gt_proc_limit(), 1);
	gt_rec_finish();
}

/* As when a cpuset or a quota was changed from outside. */
Test(usable, the_switcher_notices_within_a_second, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	start();
	cr_assert_eq(sched_setaffinity(0, sizeof(single), &single), 0);
	gt_usable_look();
	cr_assert_gt(gt_proc_limit(), 1, "it has just looked");
	usleep(1010000);
	gt_usable_look();
	cr_assert_eq(gt_proc_limit(), 1);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 2, GT_EV_ProcsChange, GT_REC_ANY)->args[0], 1);
}

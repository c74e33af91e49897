/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Open tasks: each is closed once, no id comes twice, and there is an end to how many there may be.
 */
#include "shim/tasks.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

static void start(void)
{
	cr_assert(gt_tasks_start());
}

Test(tasks, a_task_is_closed_once, .init = start)
{
	uint64_t one = gt_tasks_open(), two = gt_tasks_open();

	cr_assert_eq(one, 1);
	cr_assert_eq(two, 2);
	cr_assert(gt_tasks_is_open(one));
	cr_assert(gt_tasks_close(one));
	cr_assert_not(gt_tasks_is_open(one));
	cr_assert_not(gt_tasks_close(one));
	cr_assert(gt_tasks_is_known(one));
	cr_assert(gt_tasks_close(two));
	cr_assert_eq(gt_tasks_open(), 3);
}

Test(tasks, none_and_those_to_come_are_unknown, .init = start)
{
	cr_assert_not(gt_tasks_is_known(0));
	cr_assert_not(gt_tasks_close(0));
	cr_assert_not(gt_tasks_is_known(1));
	cr_assert_not(gt_tasks_close(1));
	cr_assert_not(gt_tasks_close(UINT64_MAX));
}

Test(tasks, those_of_another_trace_are_unknown, .init = start)
{
	uint64_t old = gt_tasks_open();

	start();
	cr_assert_not(gt_tasks_is_known(old));
	cr_assert_not(gt_tasks_close(old));
	cr_assert_eq(gt_tasks_open(), old + 1);
}

/* Old tasks stand in the way of new ones, and are all still there. Tasks of another trace are in nobody's way. */
Test(tasks, too_many_are_refused, .init = start)
{
	uint64_t refused = 0;

	for (int i = 0; i < 2 * GT_TASKS_MAX; i++)
		refused += gt_tasks_open() == 0;
	cr_assert_eq(refused, GT_TASKS_MAX);
	for (uint64_t task = 1; task <= GT_TASKS_MAX; task++)
		cr_assert(gt_tasks_close(task), "%lu", (unsigned long)task);
	for (int i = 0; i < GT_TASKS_MAX; i++)
		cr_assert_neq(gt_tasks_open(), 0);
	start();
	cr_assert_neq(gt_tasks_open(), 0);
}

static _Atomic uint64_t closed;

static void *open_and_close(void *arg)
{
	for (int i = 0; i < 100000; i++) {
		uint64_t task = gt_tasks_open();

		closed += gt_tasks_close(task);
		closed += gt_tasks_close(task - 1);
	}
	return arg;
}

/* Whoever comes first, each task is closed once. */
Test(tasks, two_threads_close_each_once, .init = start)
{
	pthread_t thread[2];
	uint64_t task = gt_tasks_open();

	for (int i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, open_and_close, NULL), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	closed += gt_tasks_close(task);
	cr_assert_eq(closed, 200001);
}

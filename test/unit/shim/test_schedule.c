/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The processors and the policy that a thread of ours goes back to. Each test has a process of its own.
 */
#include "shim/schedule.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One of the processors that we may use, alone. */
static cpu_set_t last_of(const cpu_set_t *set)
{
	cpu_set_t one;
	int last = 0;

	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (CPU_ISSET(i, set))
			last = i;
	}
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	return one;
}

Test(schedule, processors_are_counted)
{
	cpu_set_t all, one;

	sched_getaffinity(0, sizeof(all), &all);
	cr_assert_eq(gt_schedule_learn(), (uint32_t)CPU_COUNT(&all));
	one = last_of(&all);
	cr_assert_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	cr_assert_eq(gt_schedule_learn(), 1);
}

Test(schedule, a_thread_goes_back_to_the_processors_of_the_start)
{
	cpu_set_t all, one, now;

	sched_getaffinity(0, sizeof(all), &all);
	gt_schedule_learn();
	one = last_of(&all);
	sched_setaffinity(0, sizeof(one), &one);
	gt_schedule_learn();
	gt_schedule_own();
	sched_getaffinity(0, sizeof(now), &now);
	cr_assert(CPU_EQUAL(&now, &all));
}

Test(schedule, nothing_is_put_back_that_is_not_known)
{
	cpu_set_t all, one, now;

	sched_getaffinity(0, sizeof(all), &all);
	one = last_of(&all);
	sched_setaffinity(0, sizeof(one), &one);
	gt_schedule_own();
	sched_getaffinity(0, sizeof(now), &now);
	cr_assert(CPU_EQUAL(&now, &one));
}

Test(schedule, real_time_is_given_up_and_other_policies_are_kept)
{
	struct sched_param param = {.sched_priority = 1};

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) != 0)
		cr_skip_test("no right to real-time policies");
	gt_schedule_own();
	cr_assert_eq(sched_getscheduler(0), SCHED_OTHER);
	param.sched_priority = 0;
	cr_assert_eq(sched_setscheduler(0, SCHED_BATCH, &param), 0);
	gt_schedule_own();
	cr_assert_eq(sched_getscheduler(0), SCHED_BATCH);
}

/* The kernel's struct sched_attr, as it was at first. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static struct attributes attributes(void)
{
	struct attributes a = {0};

	cr_assert_eq(syscall(SYS_sched_getattr, 0, &a, sizeof(a), 0), 0);
	return a;
}

/* Kernels before 6.12 say 0 of a slice. */
Test(schedule, slices_are_short_and_priority_is_not_lost)
{
	struct attributes before, now;

	setpriority(PRIO_PROCESS, 0, 5);
	before = attributes();
	gt_schedule_own();
	now = attributes();
	cr_assert(now.runtime == before.runtime ? before.runtime == 0 : now.runtime == 100000);
	cr_assert(now.nice == before.nice || now.nice == before.nice - 20);
	cr_assert_eq(now.policy, before.policy);
}

Test(schedule, without_the_right_to_more_priority_slices_are_short_all_the_same)
{
	struct rlimit none = {0, 0};
	struct attributes now;

	setrlimit(RLIMIT_NICE, &none);
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
		cr_skip_test("cannot become nobody");
	gt_schedule_own();
	now = attributes();
	cr_assert_eq(now.nice, 0);
	cr_assert(now.runtime == 0 || now.runtime == 100000);
}

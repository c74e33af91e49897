/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process that is stopped from outside and goes on: a child of it does that, by system calls of its own.
 */
#include "shim/stopped.h"
#include "shim/advance.h"
#include "shim/clock.h"
#include "shim/gate.h"
#include "shim/os.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STOP_NS = 200000000, WAIT_NS = 100000000, BEFORE_NS = 50000000, OFF_NS = 100000000, WRITER = 1000001 };

static struct gt_puppet one, two;
static const _Atomic uint32_t word;

/* Waits, and is stopped in the middle of that. */
static void wait_and_be_stopped(void)
{
	int parent = getpid(), status;
	int pid = (int)GT_SYSCALL(SYS_fork, 0, 0, 0, 0);

	if (pid == 0) {
		gt_os_sleep(BEFORE_NS);
		GT_SYSCALL(SYS_kill, parent, SIGSTOP, 0, 0);
		gt_os_sleep(STOP_NS);
		GT_SYSCALL(SYS_kill, parent, SIGCONT, 0, 0);
		GT_SYSCALL(SYS_exit_group, 0, 0, 0, 0);
	}
	gt_stopped_wait(&word, 0, WAIT_NS);
	while (waitpid(pid, &status, 0) != pid)
		;
}

Test(stopped, a_gap_is_as_long_as_the_stop, .fini = gt_rec_clean)
{
	const struct gt_gap *gap;

	gt_rec_start(NULL);
	cr_assert_eq(gt_stopped_gaps(&gap), 0);
	wait_and_be_stopped();
	cr_assert_eq(gt_stopped_gaps(&gap), 1);
	cr_assert_gt(gap->to - gap->from, STOP_NS - OFF_NS);
	gt_stopped_done();
	cr_assert_eq(gt_stopped_gaps(&gap), 0);
	gt_rec_finish();
}

Test(stopped, while_nobody_records_nothing_is_noted, .fini = gt_rec_clean)
{
	const struct gt_gap *gap;
	uint32_t gen;

	gt_rec_start(NULL);
	gen = atomic_exchange(&gt_gate.gen, 0);
	wait_and_be_stopped();
	cr_assert_eq(gt_stopped_gaps(&gap), 0);
	atomic_store(&gt_gate.gen, gen);
	gt_rec_finish();
}

static void spin(int signal)
{
	uint64_t start = gt_clock_monotonic();

	(void)signal;
	while (gt_clock_monotonic() - start < STOP_NS)
		;
}

/* Late without having been put to sleep twice: it had no processor. */
Test(stopped, to_be_late_is_no_stop, .fini = gt_rec_clean)
{
	const struct itimerval soon = {{0, 0}, {0, 10000}};
	const struct gt_gap *gap;
	uint64_t start;

	gt_rec_start(NULL);
	signal(SIGALRM, spin);
	cr_assert_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
	start = gt_clock_monotonic();
	gt_stopped_wait(&word, 0, WAIT_NS);
	cr_assert_gt(gt_clock_monotonic() - start, STOP_NS);
	cr_assert_eq(gt_stopped_gaps(&gap), 0);
	gt_rec_finish();
}

Test(stopped, threads_that_ran_are_shown_as_stopped, .fini = gt_rec_clean)
{
	const struct gt_rec_event *stop, *start;
	const struct gt_rec_fact *fact;
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_yields(&two);
	gt_advance_now();
	gt_puppet_yields(&two);
	wait_and_be_stopped();
	gt_advance_tick(WRITER);
	gt_puppet_yields(&one);
	gt_puppet_yields(&two);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 2, one.tid), "ProcStatus GoStatus GoStop GoStart");
	cr_assert_str_eq(gt_rec_story(t, 2, two.tid), "ProcStatus GoStatus ProcsChange GoStop GoStart GoStop GoStart");
	stop = gt_rec_find(t, 2, GT_EV_GoStop, 2);
	start = gt_rec_after(t, stop, GT_EV_GoStart, 2);
	cr_assert_str_eq(stop->reason, "preempted");
	fact = gt_rec_fact(t, NULL, GT_FACT_Stopped);
	cr_assert_lt(stop->time - fact->v[0], 3 * GT_UNIT_NS); /* no two events have the same time */
	cr_assert_lt(start->time - fact->v[1], 3 * GT_UNIT_NS);
	cr_assert_null(gt_rec_fact(t, fact, GT_FACT_Stopped));
}

Test(stopped, who_has_gone_on_is_left_alone, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_advance_now();
	wait_and_be_stopped();
	gt_puppet_yields(&one);
	gt_puppet_waits(&two, &word);
	gt_puppet_wakes(&two);
	gt_advance_tick(WRITER);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 2, one.tid), "ProcStatus GoStatus ProcsChange GoStop GoStart");
	cr_assert_null(strstr(gt_rec_story(t, 2, two.tid), "GoStop"));
}

/* What it writes then has a time from before the stop. */
Test(stopped, who_was_stopped_in_a_section_is_left_alone, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_yields(&one);
	gt_puppet_yields(&two);
	gt_puppet_enters(&two);
	wait_and_be_stopped();
	gt_puppet_switches(&one);
	gt_puppet_leaves(&two);
	gt_puppet_wait(&one);
	t = gt_rec_finish();
	cr_assert_not_null(strstr(gt_rec_story(t, 1, one.tid), "GoStop GoStart GoStop GoStart"));
	cr_assert_not_null(strstr(gt_rec_story(t, 1, two.tid), "GoStop GoStart GoStop GoStart"));
	cr_assert_null(strstr(gt_rec_story(t, 1, two.tid), "GoStop GoStart GoStop GoStart GoStop"));
}

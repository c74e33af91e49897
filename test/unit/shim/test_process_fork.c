/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Forked children: each begins a trace of its own with its first operation, whatever its parent was doing, unless it must
 * not.
 */
#include "shim/process.h"
#include "shim/clock.h"
#include "shim/live.h"
#include "shim/output.h"
#include "shim/process_state.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLACK_NS = 1000000 };

static struct gt_puppet one, two;

/* Forks as the wrapper does; the child does `act`, ends as a process does, and is waited for. Returns its pid. */
static pid_t fork_and(void (*act)(void))
{
	int status = -1;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		gt_fork_child();
		act();
		gt_process_finish();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	return pid;
}

static const struct gt_rec_trace *trace_of(pid_t pid)
{
	char name[32];

	snprintf(name, sizeof(name), "%d.trace", (int)pid);
	return gt_rec_read(gt_temp_path(name));
}

static void yield_twice(void)
{
	gt_yield(GT_REC_PC);
	gt_yield(GT_REC_PC);
}

static void do_nothing(void)
{
}

Test(process_fork, a_forked_child_has_a_trace_of_its_own, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	pid_t pid;

	gt_rec_start(NULL);
	gt_drop(GT_DROP_STACKS);
	gt_yield(GT_REC_PC);
	pid = fork_and(yield_twice);
	gt_yield(GT_REC_PC);
	gt_yield(GT_REC_PC);
	t = trace_of(pid);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Process)->v[0], pid);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Process)->v[1], getpid());
	cr_assert_str_eq(gt_rec_fact(t, NULL, GT_FACT_Origin)->text[2], gt_output_path());
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 2);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_STACKS), 0);
	ev = gt_rec_find(t, 1, GT_EV_GoStatus, 1);
	cr_assert(ev->args[1] == (uint64_t)pid && ev->args[2] == GT_G_Running);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 3);
	cr_assert_eq(gt_temp_count(), 2);
}

Test(process_fork, a_child_that_does_nothing_leaves_nothing, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	fork_and(do_nothing);
	cr_assert_eq(gt_temp_count(), 2);
	cr_assert(gt_temp_exists(gt_output_live()), "that of the parent");
	gt_rec_finish();
	cr_assert_eq(gt_temp_count(), 1);
}

Test(process_fork, a_child_is_not_recorded_when_none_is_followed, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_FOLLOW=off"));
	fork_and(yield_twice);
	gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
	cr_assert_eq(gt_temp_count(), 1);
}

static int object;

static void wait_in_child(void)
{
	struct gt_op op;
	int own = 0;

	gt_rec_wait(&op, &own);
	gt_op_end(&op);
	if (gt_waiters_any(&object) || gt_writer_runs())
		_exit(1);
}

/* Waiters, system calls and the writer thread of the parent are not there. */
Test(process_fork, a_child_inherits_no_threads, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	pid_t pid;

	gt_rec_start(NULL);
	gt_process_threaded();
	gt_puppet_born(&one);
	gt_puppet_waits(&one, &object);
	pid = fork_and(wait_in_child);
	gt_puppet_wakes(&one);
	gt_puppet_end(&one);
	t = trace_of(pid);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStatus, 2), 0);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoBlock, 1), 1);
	for (size_t i = 0; i < t->events; i++)
		cr_assert(t->event[i].m == pid || t->event[i].m == -1);
	gt_rec_finish();
}

Test(process_fork, a_child_of_a_child_is_recorded_too, .fini = gt_rec_clean)
{
	int status = -1;
	pid_t pid;

	gt_rec_start(NULL);
	pid = fork();
	if (pid == 0) {
		gt_fork_child();
		gt_yield(GT_REC_PC);
		fork_and(yield_twice);
		gt_process_finish();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	gt_rec_finish();
	cr_assert_eq(gt_temp_count(), 3);
}

/* Whoever forks takes no lock, and the child has a new one. */
Test(process_fork, a_fork_in_the_middle_of_a_switch_is_no_different, .fini = gt_rec_clean)
{
	pid_t pid;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_enters(&one);
	gt_puppet_switches(&two);
	pid = fork_and(yield_twice);
	gt_puppet_leaves(&one);
	gt_puppet_wait(&two);
	cr_assert_eq(gt_rec_count(trace_of(pid), 1, GT_EV_GoStop, 1), 2);
	gt_rec_finish();
	cr_assert_eq(gt_temp_count(), 2);
}

static void garble_clock(void)
{
	memset(gt_clocks, 0x55, sizeof(gt_clocks));
	gt_yield(GT_REC_PC);
}

/* The parent may have been in the middle of an anchor. */
Test(process_fork, a_childs_clock_is_right, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	int64_t before;
	pid_t pid;

	gt_rec_start(NULL);
	before = (int64_t)gt_clock_monotonic() - SLACK_NS;
	pid = fork_and(garble_clock);
	ev = gt_rec_find(trace_of(pid), 1, GT_EV_GoStop, 1);
	cr_assert(ev->time >= before && ev->time <= (int64_t)gt_clock_monotonic() + SLACK_NS);
	gt_rec_finish();
}

static void begin_early(void)
{
	struct gt_thread *begun;

	gt_yield(GT_REC_PC);
	begun = gt_self;
	gt_fork_child();
	if (!begun || gt_self != begun)
		_exit(1);
	gt_yield(GT_REC_PC);
}

/* By a handler of pthread_atfork(). */
Test(process_fork, a_child_whose_trace_has_begun_goes_on_with_it, .fini = gt_rec_clean)
{
	pid_t pid;

	gt_rec_start(NULL);
	pid = fork_and(begin_early);
	cr_assert_eq(gt_rec_count(trace_of(pid), 1, GT_EV_GoStop, 1), 2);
	gt_rec_finish();
}

/* Forked behind the back of the wrappers. */
Test(process_fork, a_child_that_hears_nothing_is_recorded_from_its_first_new_thread_on, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	int status = -1;
	pid_t pid;

	gt_rec_start(NULL);
	pid = fork();
	if (pid == 0) {
		gt_yield(GT_REC_PC);
		gt_process_threaded();
		gt_yield(GT_REC_PC);
		gt_process_finish();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	t = trace_of(pid);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 1);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, GT_REC_ANY), 0);
}

Test(process_fork, what_is_forbidden_ends_the_trace, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	gt_process_forbid();
	gt_yield(GT_REC_PC);
	cr_assert_not(gt_process_is_recording());
	cr_assert_not(gt_temp_exists(gt_output_live()));
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 1);
	fork_and(yield_twice);
	cr_assert_eq(gt_temp_count(), 1);
}

static void forbid_and_yield(void)
{
	gt_process_forbid();
	gt_yield(GT_REC_PC);
}

Test(process_fork, a_child_that_was_forbidden_before_it_recorded_never_does, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	fork_and(forbid_and_yield);
	gt_rec_finish();
	cr_assert_eq(gt_temp_count(), 1);
}

/* A child has one thread. What is wrong in it ends it with the line. */
#define MUST(condition)                                                                                                \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			_exit(__LINE__ & 127);                                                                         \
	} while (0)

static void prepare_exec(void)
{
	gt_yield(GT_REC_PC);
	gt_drop(GT_DROP_STACKS);
	MUST(gt_temp_exists(gt_output_live()));
	gt_exec_prepare(NULL);
	MUST(!gt_temp_exists(gt_output_live()));
}

static void exec_and_end(void)
{
	prepare_exec();
	_exit(0);
}

Test(process_fork, before_exec_all_is_in_the_file, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_eq(gt_rec_count(trace_of(fork_and(exec_and_end)), 0, GT_EV_GoStop, 1), 1);
	gt_rec_finish();
}

static void exec_in_vain(void)
{
	prepare_exec();
	gt_yield(GT_REC_PC);
	gt_exec_failed();
	MUST(gt_temp_exists(gt_output_live()));
	gt_yield(GT_REC_PC);
	gt_drop(GT_DROP_STACKS);
	gt_exec_failed();
}

/* As who searches PATH does, directory by directory: nothing is written, and nothing made anew. */
static void exec_of_nothing(void)
{
	struct stat before, after;

	gt_yield(GT_REC_PC);
	MUST(stat(gt_output_path(), &before) == 0);
	gt_exec_prepare(gt_temp_path("none/program"));
	MUST(gt_temp_exists(gt_output_live()));
	gt_exec_failed();
	MUST(gt_temp_exists(gt_output_live()));
	MUST(stat(gt_output_path(), &after) == 0 && after.st_size == before.st_size);
	gt_yield(GT_REC_PC);
	gt_exec_prepare("/bin/true");
	MUST(!gt_temp_exists(gt_output_live()));
	_exit(0);
}

Test(process_fork, exec_of_what_is_not_there_costs_nothing, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_eq(gt_rec_count(trace_of(fork_and(exec_of_nothing)), 0, GT_EV_GoStop, 1), 2);
	gt_rec_finish();
}

static void exec_in_vain_and_vanish(void)
{
	exec_in_vain();
	_exit(0);
}

static void check_after_failure(pid_t pid)
{
	const struct gt_rec_trace *t = trace_of(pid);

	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 3);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_STACKS), 2);
}

Test(process_fork, after_a_failed_exec_recording_goes_on, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	check_after_failure(fork_and(exec_in_vain));
	gt_rec_finish();
}

Test(process_fork, after_a_failed_exec_there_is_a_live_file_again, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	check_after_failure(fork_and(exec_in_vain_and_vanish));
	gt_rec_finish();
}

/* And what it leads to. */
static void remove_live(pid_t pid)
{
	char name[32], target[64] = "";

	snprintf(name, sizeof(name), "%d.trace.live", (int)pid);
	if (readlink(gt_temp_path(name), target, sizeof(target) - 1) > 0)
		cr_assert_eq(unlink(target), 0);
}

/* The flight recorder's file is written for the exec, and taken away again. */
static void exec_in_vain_often(void)
{
	for (int round = 0; round < 9; round++) {
		for (int i = 0; i < 20000; i++)
			gt_yield(GT_REC_PC);
		gt_exec_prepare(NULL);
		MUST(gt_temp_exists(gt_output_path()));
		gt_exec_failed();
		MUST(!gt_temp_exists(gt_output_path()));
		MUST(gt_temp_exists(gt_output_live()));
	}
	MUST(atomic_load(&gt_live_head()->ring_end) > atomic_load(&gt_live_head()->ring_bytes));
}

Test(process_fork, a_failed_exec_costs_a_flight_recorder_nothing, .fini = gt_rec_clean)
{
	pid_t pid;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M"));
	check_after_failure(fork_and(exec_in_vain));
	pid = fork_and(exec_in_vain_and_vanish);
	check_after_failure(pid);
	remove_live(pid);
	cr_assert_geq(gt_rec_count(trace_of(fork_and(exec_in_vain_often)), 0, GT_EV_GoStop, 1), 20000);
	gt_rec_finish();
}

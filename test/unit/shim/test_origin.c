/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who a process is: its pid and its parent's, and when the kernel started them.
 */
#include "shim/origin.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t ticks_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * (uint64_t)sysconf(_SC_CLK_TCK) +
	       (uint64_t)ts.tv_nsec * (uint64_t)sysconf(_SC_CLK_TCK) / 1000000000;
}

Test(origin, a_process_knows_itself_and_its_parent)
{
	gt_origin_learn("");
	cr_assert_eq(gt_origin.pid, (uint32_t)getpid());
	cr_assert_eq(gt_origin.parent_pid, (uint32_t)getppid());
	cr_assert_str_eq(gt_origin.forked_from, "");
}

Test(origin, it_was_started_after_its_parent_and_before_now)
{
	gt_origin_learn("");
	cr_assert_neq(gt_origin.parent_started, 0);
	cr_assert_leq(gt_origin.parent_started, gt_origin.started);
	cr_assert_leq(gt_origin.started, ticks_now());
}

/* What another process says of this one is the same number: that is how their traces are put together. */
Test(origin, a_child_says_of_its_parent_what_the_parent_says_of_itself)
{
	uint64_t own;
	int status = -1;
	pid_t pid;

	gt_origin_learn("");
	own = gt_origin.started;
	pid = fork();
	if (pid == 0) {
		gt_origin_learn("parent.trace");
		_exit(gt_origin.parent_started == own && gt_origin.parent_pid == (uint32_t)getppid() &&
				      gt_origin.pid == (uint32_t)getpid() && gt_origin.started >= own
			      ? 0
			      : 1);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
}

/* The kernel writes the name between parentheses and does not quote it. */
Test(origin, a_name_with_spaces_and_parentheses_confuses_nobody)
{
	uint64_t started;

	gt_origin_learn("");
	started = gt_origin.started;
	prctl(PR_SET_NAME, "a) R 1 (b) 2 3");
	gt_origin_learn("");
	cr_assert_eq(gt_origin.started, started);
	cr_assert_neq(started, 0);
}

Test(origin, the_trace_of_the_parent_is_kept_and_cut_where_it_is_too_long)
{
	char path[2000];

	gt_origin_learn("/tmp/parent.trace");
	cr_assert_str_eq(gt_origin.forked_from, "/tmp/parent.trace");
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = 0;
	gt_origin_learn(path);
	cr_assert_eq(strlen(gt_origin.forked_from), sizeof(gt_origin.forked_from) - 1);
	gt_origin_learn("");
	cr_assert_str_eq(gt_origin.forked_from, "");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recording from start to finish in this process: the header, the live file, and events that grow the trace.
 */
#include "shim/output.h"
#include "shim/process.h"
#include "shim/sched.h"
#include "shim/thread.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char dir[] = "/tmp/gtrace-unit.XXXXXX";
static const struct gt_libc libc = {pthread_create, pthread_sigmask};

static void start(void)
{
	static char output[128];
	char *argv[] = {"unit", NULL};
	char *envp[] = {output, NULL};

	cr_assert_not_null(mkdtemp(dir));
	snprintf(output, sizeof(output), "GTRACE_OUTPUT=%s/%%p.trace", dir);
	gt_process_start(&libc, 1, argv, envp);
}

static void clean(void)
{
	unlink(gt_output_path());
	unlink(gt_output_live());
	rmdir(dir);
}

/* The finished trace is taken by Go's own parser, where there is one; a pipe's status is the parser's. */
static void check_with_go(void)
{
	static const char go[] = "/usr/lib/go-1.23/bin/go";
	char command[512];

	if (access(go, X_OK) != 0)
		return;
	snprintf(command, sizeof(command), "%s tool trace -d=1 %s >/dev/null", go, gt_output_path());
	cr_assert_eq(system(command), 0);
}

static void *child(void *record)
{
	gt_thread_start(record);
	gt_thread_end();
	return NULL;
}

Test(record, a_short_life_is_a_complete_trace, .fini = clean)
{
	char want[64], head[16] = "";
	int object, fd;
	struct gt_op op;
	pthread_t thread;
	struct gt_thread *record;

	start();
	snprintf(want, sizeof(want), "/%d.trace", (int)getpid());
	cr_assert_str_eq(gt_output_path() + strlen(dir), want);
	cr_assert_eq(access(gt_output_live(), F_OK), 0);
	gt_wait_begin(&op, GT_BLOCK_SLEEP, 0, &object, GT_CALLER);
	cr_assert(gt_waiters_any(&object));
	gt_wait_end(&op);
	cr_assert_not(gt_waiters_any(&object));
	gt_syscall_begin(&op, SYS_read, GT_CALLER);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_SYSCALL);
	op.result = 0;
	gt_syscall_end(&op);
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	gt_process_threaded();
	record = gt_thread_create((void *)child, GT_CALLER);
	cr_assert_not_null(record);
	cr_assert_eq(pthread_create(&thread, NULL, child, record), 0);
	pthread_join(thread, NULL);
	gt_process_finish();
	cr_assert_neq(access(gt_output_live(), F_OK), 0);
	fd = open(gt_output_path(), O_RDONLY);
	cr_assert_eq(read(fd, head, 12), 12);
	close(fd);
	cr_assert_eq(memcmp(head, "go 1.23 trac", 12), 0);
	check_with_go();
}

Test(record, nothing_is_added_after_the_end, .fini = clean)
{
	struct gt_op op;
	struct stat before, after;

	start();
	gt_process_finish();
	cr_assert_eq(stat(gt_output_path(), &before), 0);
	gt_wait_begin(&op, GT_BLOCK_SLEEP, 0, NULL, GT_CALLER);
	gt_wait_end(&op);
	gt_process_finish();
	cr_assert_eq(stat(gt_output_path(), &after), 0);
	cr_assert_eq(before.st_size, after.st_size);
}

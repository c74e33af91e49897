/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The writer thread, looked at from outside: its name, its signals, its descriptors; and that it does its work.
 */
#include "shim/writer.h"
#include "shim/advance.h"
#include "shim/buf.h"
#include "shim/format/header.h"
#include "shim/gate.h"
#include "shim/os.h"
#include "shim/output.h"
#include "shim/process_state.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE = 50000, NAP_NS = 100000 };

static const struct gt_libc libc = {.pthread_create = pthread_create, .pthread_sigmask = pthread_sigmask};

/* Looks again and again until it is so. */
#define COMES_TRUE(what)                                                                                               \
	do {                                                                                                           \
		int naps = 0;                                                                                          \
                                                                                                                       \
		while (!(what) && naps++ < PATIENCE)                                                                   \
			gt_os_sleep(NAP_NS);                                                                           \
		cr_assert(what);                                                                                       \
	} while (0)

static const char *task_path(int tid, const char *file)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, file);
	return path;
}

/* The ids of threads with the writer's name; *tid is the last of them. */
static int writers(int *tid)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *entry;
	char name[32];
	int n = 0;

	cr_assert_not_null(d);
	while ((entry = readdir(d))) {
		if (gt_os_slurp(task_path(atoi(entry->d_name), "comm"), name, sizeof(name)) <= 0 ||
		    strcmp(name, "gtrace-writer\n") != 0)
			continue;
		n++;
		*tid = atoi(entry->d_name);
	}
	closedir(d);
	return n;
}

static int descriptors(int tid)
{
	DIR *d = opendir(task_path(tid, "fd"));
	int n = -2; /* . and .. */

	cr_assert_not_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static int start(const char *const env[])
{
	int tid = 0;

	gt_rec_start(env);
	cr_assert_not(gt_writer_runs());
	gt_writer_start(&libc);
	cr_assert(gt_writer_runs());
	COMES_TRUE(writers(&tid) == 1);
	return tid;
}

Test(writer, it_is_named_and_there_is_one, .fini = gt_rec_clean)
{
	int tid = start(NULL);
	int again = 0;

	gt_writer_start(&libc);
	gt_os_sleep(NAP_NS);
	cr_assert_eq(writers(&again), 1);
	cr_assert_eq(again, tid);
	gt_rec_finish();
}

/* 9 and 19 cannot be blocked, 32 and 33 are libc's own. */
Test(writer, all_signals_are_blocked_and_the_program_keeps_its_mask, .fini = gt_rec_clean)
{
	sigset_t before, after;
	char status[4096], *line;
	uint64_t blocked, want = ~(UINT64_C(1) << 8 | UINT64_C(1) << 18 | UINT64_C(3) << 31);
	int tid;

	pthread_sigmask(SIG_SETMASK, NULL, &before);
	tid = start(NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (int i = 1; i < NSIG; i++)
		cr_assert_eq(sigismember(&before, i), sigismember(&after, i));
	cr_assert_gt(gt_os_slurp(task_path(tid, "status"), status, sizeof(status)), 0);
	line = strstr(status, "SigBlk:");
	cr_assert_not_null(line);
	blocked = strtoull(line + 7, NULL, 16);
	cr_assert_eq(blocked & want, want, "%lx", (unsigned long)blocked);
	gt_rec_finish();
}

Test(writer, it_has_no_descriptors_and_the_program_keeps_its_own, .fini = gt_rec_clean)
{
	int fds[2], tid, mine;

	cr_assert_eq(pipe(fds), 0);
	mine = descriptors(getpid());
	tid = start(NULL);
	COMES_TRUE(descriptors(tid) == 0);
	cr_assert_eq(descriptors(getpid()), mine);
	cr_assert_eq(write(fds[1], "x", 1), 1);
	close(fds[1]);
	gt_rec_finish();
}

Test(writer, it_switches_generations_when_they_are_due, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	start(GT_REC_ENV("GTRACE_PERIOD=1ms"));
	gt_yield(GT_REC_PC);
	COMES_TRUE(atomic_load(&gt_gate.gen) >= 4);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 2);
	cr_assert_geq(gt_rec_count(t, 0, 0, GT_REC_ANY), 4);
}

Test(writer, it_brings_full_buffers_to_the_file, .fini = gt_rec_clean)
{
	size_t head;

	start(GT_REC_ENV("GTRACE_PERIOD=1h"));
	head = gt_temp_size(gt_output_path());
	for (int i = 0; i < 10000; i++)
		gt_yield(GT_REC_PC);
	COMES_TRUE(gt_temp_size(gt_output_path()) > head);
	cr_assert_eq(atomic_load(&gt_gate.gen), 1);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 1, GT_EV_GoStop, 1), 10000);
}

Test(writer, it_is_not_recorded, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	int tid = start(GT_REC_ENV("GTRACE_PERIOD=1ms"));

	COMES_TRUE(atomic_load(&gt_gate.gen) >= 3);
	t = gt_rec_finish();
	for (size_t i = 0; i < t->events; i++)
		cr_assert_neq(t->event[i].m, tid);
}

Test(writer, it_ends_with_the_recording, .fini = gt_rec_clean)
{
	int tid = start(NULL);

	gt_rec_finish();
	COMES_TRUE(writers(&tid) == 0);
}

static int no_more_threads(pthread_t *thread, const pthread_attr_t *attr, void *(*routine)(void *), void *arg)
{
	(void)thread;
	(void)attr;
	(void)routine;
	(void)arg;
	return EAGAIN;
}

Test(writer, a_process_that_may_not_have_it_does_without, .fini = gt_rec_clean)
{
	static const struct gt_libc poor = {.pthread_create = no_more_threads, .pthread_sigmask = pthread_sigmask};
	int tid = 0;

	gt_rec_start(NULL);
	gt_writer_start(&poor);
	cr_assert_not(gt_writer_runs());
	for (int i = 0; i < 10000; i++)
		gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 1, GT_EV_GoStop, 1), 10000);
	cr_assert_eq(writers(&tid), 0);
}

Test(writer, it_is_gone_when_stopped_and_comes_back_when_started, .fini = gt_rec_clean)
{
	int tid = start(GT_REC_ENV("GTRACE_PERIOD=1h"));

	gt_writer_stop(1000000000);
	cr_assert_not(gt_writer_runs());
	cr_assert_not(gt_os_thread_exists(getpid(), tid));
	gt_writer_stop(1000000000);
	for (int i = 0; i < 10000; i++)
		gt_yield(GT_REC_PC);
	cr_assert_not(gt_buf_queued(1) && gt_temp_size(gt_output_path()) == GT_HEADER_LEN);
	gt_writer_start(&libc);
	cr_assert(gt_writer_runs());
	COMES_TRUE(writers(&tid) == 1);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 1, GT_EV_GoStop, 1), 10000);
}

/* The last thread of a process gives the memory of all back, after the descriptors are closed: that must not be ours. */
Test(writer, it_is_gone_when_the_process_has_finished, .fini = gt_rec_clean)
{
	int tid = start(NULL);

	gt_process_finish();
	cr_assert_not(gt_os_thread_exists(getpid(), tid));
}

Test(writer, in_a_forked_child_it_does_not_exist, .fini = gt_rec_clean)
{
	start(NULL);
	gt_writer_reset();
	cr_assert_not(gt_writer_runs());
	gt_rec_finish();
}

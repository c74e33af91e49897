/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that may be cancelled at any instruction says what it does, creates another one, allocates, and computes; at first while nobody
 * has cancelled any thread, then afterwards.
 */
#include "../../../preload/gtrace.h"
#include "check.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 20 };

static void *nothing(void *arg)
{
	return arg;
}

static void *wait_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static long cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

__attribute__((noinline)) static void burn(long ns)
{
	long end = cpu_ns() + ns;

	while (cpu_ns() < end)
		;
}

static void *talk(void *task)
{
	pthread_t other;

	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	for (int i = 0; i < TURNS; i++) {
		gtrace_region_begin(*(uint64_t *)task, "talk");
		gtrace_log(*(uint64_t *)task, "turn", i % 2 ? "odd" : "even");
		free(malloc(1000));
		burn(20000000);
		gtrace_region_end(*(uint64_t *)task, "talk");
	}
	CHECK(pthread_create(&other, NULL, nothing, NULL) == 0 && pthread_join(other, NULL) == 0);
	CHECK(pthread_setname_np(pthread_self(), "talker") == 0);
	return NULL;
}

static void have_talk(void)
{
	uint64_t task = gtrace_task_begin(0, "talks");
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, talk, &task) == 0 && pthread_join(thread, NULL) == 0);
	gtrace_task_end(task);
}

int main(void)
{
	pthread_t thread;

	have_talk();
	CHECK(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
	CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, NULL) == 0);
	have_talk();
	puts("both talked");
	return 0;
}

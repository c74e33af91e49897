/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tasks that are begun in one thread and ended in another as soon as that knows their ids: no end may be earlier than its
 * begin, or without one. Two threads want to end each of them, and one may.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { TASKS = 3000, THREADS = 2 };

static _Atomic uint64_t current;
static atomic_int started, ended;

static void *end_each(void *arg)
{
	uint64_t last = 0;

	started++;
	while (last != UINT64_MAX) {
		uint64_t task = current;

		if (task == last) {
			sched_yield();
			continue;
		}
		last = task;
		if (task != UINT64_MAX)
			gtrace_task_end(task);
		ended++;
	}
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, end_each, NULL) == 0);
	while (started < THREADS)
		sched_yield();
	for (uint64_t i = 1; i <= TASKS; i++) {
		uint64_t task = gtrace_task_begin(0, "handed over");

		current = task ? task : i; /* without the library */
		while (ended < (int)i * THREADS)
			sched_yield();
	}
	current = UINT64_MAX;
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("done");
	return 0;
}

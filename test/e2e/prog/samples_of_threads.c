/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Usage: samples_of_threads THREADS [perf]: so many threads, 0 the first one alone, use half a second of processor time
 * together; a sleeping one uses none.
 */
#include "burn.h"
#include "check.h"
#include <linux/perf_event.h>
#include <pthread.h>

static double seconds;

__attribute__((noinline)) static void burn_here(void)
{
	burn_until(seconds);
}

static void *burn(void *arg)
{
	burn_here();
	__asm__ volatile("");
	return arg;
}

static void *sleep_on(void *arg)
{
	CHECK(usleep(300000) == 0);
	return arg;
}

static void need_perf(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_TASK_CLOCK,
				       .exclude_kernel = 1,
				       .inherit_thread = 1,
				       .inherit = 1};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		SKIP("the kernel allows no perf events");
	close((int)fd);
}

int main(int argc, char **argv)
{
	int n = atoi(argv[1]);
	pthread_t thread[16], sleeper;

	if (argc > 2)
		need_perf();
	seconds = 0.5 / (n ? n : 1);
	if (n == 0) {
		burn_here();
		return 0;
	}
	CHECK(pthread_create(&sleeper, NULL, sleep_on, NULL) == 0);
	for (int i = 0; i < n; i++)
		CHECK(pthread_create(&thread[i], NULL, burn, NULL) == 0);
	for (int i = 0; i < n; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	CHECK(pthread_join(sleeper, NULL) == 0);
	return 0;
}

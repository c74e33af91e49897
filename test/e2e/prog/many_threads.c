/* SPDX-License-Identifier: BSD-3-Clause */
/* Ten thousand threads are alive at a time, wait together and end together. */
#include "check.h"
#include <errno.h>
#include <pthread.h>

enum { THREADS = 10000, STACK = 32 << 10 };

static pthread_barrier_t barrier;
static pthread_t threads[THREADS];

static void *wait_for_all(void *arg)
{
	pthread_barrier_wait(&barrier);
	return arg;
}

static long number_in(const char *path)
{
	FILE *file = fopen(path, "r");
	long n = -1;

	if (file && fscanf(file, "%ld", &n) != 1)
		n = -1;
	if (file)
		fclose(file);
	return n;
}

/* The limits of the system, and of the group that this process is in. */
static int may_have(long n)
{
	static const char *const limits[] = {"/proc/sys/kernel/threads-max", "/proc/sys/kernel/pid_max",
					     "/proc/sys/vm/max_map_count", "/sys/fs/cgroup/pids.max",
					     "/sys/fs/cgroup/pids/pids.max"};
	long needed[] = {n + 1000, n + 1000, 2 * n + 1000, n + 1000, n + 1000};

	for (int i = 0; i < 5; i++) {
		long limit = number_in(limits[i]);

		if (limit >= 0 && limit < needed[i])
			return 0;
	}
	return sysconf(_SC_AVPHYS_PAGES) / 256 > 1500 &&
	       (sysconf(_SC_CHILD_MAX) < 0 || sysconf(_SC_CHILD_MAX) > n + 1000);
}

int main(void)
{
	pthread_attr_t attr;
	int created = 0, error = 0;

	if (!may_have(THREADS))
		SKIP("limits or memory do not allow 10,000 threads");
	CHECK(pthread_barrier_init(&barrier, NULL, THREADS + 1) == 0 && pthread_attr_init(&attr) == 0);
	CHECK(pthread_attr_setstacksize(&attr, STACK) == 0);
	while (created < THREADS && (error = pthread_create(&threads[created], &attr, wait_for_all, NULL)) == 0)
		created++;
	if (error == EAGAIN)
		SKIP("a limit does not allow 10,000 threads");
	CHECK(created == THREADS);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%d threads\n", created);
	return 0;
}

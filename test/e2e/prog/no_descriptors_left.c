/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that may open nothing more than it has: it starts under that limit, creates, cancels and ends threads, and
 * is told EMFILE as always.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>

static void *wait_long(void *arg)
{
	*(volatile int *)arg = my_tid();
	sleep(1000);
	return NULL;
}

static void *leave(void *arg)
{
	pthread_exit(arg);
}

static void threads(const char *when)
{
	volatile int tid = 0;
	pthread_t thread;
	void *value;
	int mark;

	CHECK(pthread_create(&thread, NULL, wait_long, (void *)&tid) == 0);
	while (tid == 0)
		sched_yield();
	CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &value) == 0);
	printf("%s: cancelled: %d, ", when, value == PTHREAD_CANCELED);
	CHECK(pthread_create(&thread, NULL, leave, &mark) == 0 && pthread_join(thread, &value) == 0);
	printf("left: %d\n", value == &mark);
}

static int second_image(void)
{
	threads("one is left");
	CHECK(open("/dev/null", O_RDONLY) == 3);
	CHECK(open("/dev/null", O_RDONLY) == -1 && errno == EMFILE && dup(0) == -1 && errno == EMFILE);
	threads("none is left");
	CHECK(close(0) == 0 && open("/dev/null", O_RDONLY) == 0);
	CHECK(open("/dev/null", O_RDONLY) == -1 && errno == EMFILE);
	CHECK(close(3) == 0); /* the trace is completed with one that is free */
	return 0;
}

int main(int argc, char **argv)
{
	struct rlimit limit = {4, 4}; /* one, for the dynamic linker */

	if (argc == 2)
		return second_image();
	close_range(3, ~0u, 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	execl("/proc/self/exe", argv[0], "again", NULL);
	return 97;
}

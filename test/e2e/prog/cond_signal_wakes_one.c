/* SPDX-License-Identifier: BSD-3-Clause */
/* One waiter, one signal: the waker names the waiter. "timeout" as argument: nobody signals, ETIMEDOUT comes back. */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int waiter, ready;

static void *wait_ready(void *arg)
{
	pthread_mutex_lock(&lock);
	waiter = my_tid();
	while (!ready)
		CHECK(pthread_cond_wait(&cond, &lock) == 0);
	pthread_mutex_unlock(&lock);
	return arg;
}

static int time_out(void)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 20000000;
	soon.tv_sec += soon.tv_nsec / 1000000000;
	soon.tv_nsec %= 1000000000;
	pthread_mutex_lock(&lock);
	CHECK(pthread_cond_timedwait(&cond, &lock, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	puts("timed out");
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t t;

	(void)argv;
	if (argc > 1)
		return time_out();
	CHECK(pthread_create(&t, NULL, wait_ready, NULL) == 0);
	wait_until_blocked(&waiter);
	pthread_mutex_lock(&lock);
	ready = 1;
	pthread_mutex_unlock(&lock);
	CHECK(pthread_cond_signal(&cond) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	puts("woken");
	return 0;
}

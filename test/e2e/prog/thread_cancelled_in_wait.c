/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads cancelled in a condition wait, in a read and in a sleep: cleanup handlers run, join says PTHREAD_CANCELED. */
#include "check.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int waiter;
static int cleanups, pipe_fds[2];

static void cleanup(void *unlock)
{
	cleanups++;
	if (unlock)
		CHECK(pthread_mutex_unlock(&lock) == 0);
}

static void *wait_cond(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(cleanup, &lock);
	waiter = my_tid();
	for (;;)
		pthread_cond_wait(&cond, &lock);
	pthread_cleanup_pop(1);
	return arg;
}

static void *wait_read(void *arg)
{
	char c;

	pthread_cleanup_push(cleanup, NULL);
	waiter = my_tid();
	CHECK(read(pipe_fds[0], &c, 1) == 1);
	pthread_cleanup_pop(1);
	return arg;
}

static void *wait_sleep(void *arg)
{
	pthread_cleanup_push(cleanup, NULL);
	waiter = my_tid();
	sleep(1000);
	pthread_cleanup_pop(1);
	return arg;
}

int main(void)
{
	void *(*const bodies[])(void *) = {wait_cond, wait_read, wait_sleep};
	pthread_t t;
	void *value;

	CHECK(pipe(pipe_fds) == 0);
	for (int i = 0; i < 30; i++) {
		waiter = 0;
		CHECK(pthread_create(&t, NULL, bodies[i % 3], NULL) == 0);
		wait_until_blocked(&waiter);
		CHECK(pthread_cancel(t) == 0);
		CHECK(pthread_join(t, &value) == 0 && value == PTHREAD_CANCELED);
	}
	printf("%d cleanups\n", cleanups);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* 100,000 uncontended locks of all kinds in a program that has two threads: not one wait in the trace. */
#include "check.h"
#include <errno.h>
#include <pthread.h>

static int pipe_fds[2];

static void *reader(void *arg)
{
	char c;

	CHECK(read(pipe_fds[0], &c, 1) == 1);
	return arg;
}

static void lock_all(pthread_mutex_t *m)
{
	struct timespec far = {4000000000, 0};

	CHECK(pthread_mutex_lock(m) == 0);
	CHECK(pthread_mutex_trylock(m) == EBUSY);
	CHECK(pthread_mutex_unlock(m) == 0);
	CHECK(pthread_mutex_timedlock(m, &far) == 0);
	CHECK(pthread_mutex_unlock(m) == 0);
	CHECK(pthread_mutex_clocklock(m, CLOCK_MONOTONIC, &far) == 0);
	CHECK(pthread_mutex_unlock(m) == 0);
}

int main(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_t t;

	CHECK(pipe(pipe_fds) == 0);
	CHECK(pthread_create(&t, NULL, reader, NULL) == 0);
	for (int i = 0; i < 100000; i++)
		lock_all(&m);
	CHECK(write(pipe_fds[1], "x", 1) == 1);
	CHECK(pthread_detach(t) == 0);
	return 0;
}

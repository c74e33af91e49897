/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A library that wraps lock and unlock of mutexes, and not trylock, sees as many of one as of the other, with one thread,
 * with two, and where one waits.
 */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

extern _Atomic int held;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_often(void)
{
	for (int i = 0; i < 1000; i++)
		CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
}

static void *locks(void *arg)
{
	lock_often();
	return arg;
}

int main(void)
{
	pthread_t thread;

	lock_often();
	CHECK(pthread_mutex_lock(&mutex) == 0);
	CHECK(pthread_create(&thread, NULL, locks, NULL) == 0);
	usleep(300000); /* a busy machine takes its time to have the other one wait */
	CHECK(pthread_mutex_unlock(&mutex) == 0);
	lock_often();
	CHECK(pthread_join(thread, NULL) == 0);
	printf("held %d\n", held);
	return 0;
}

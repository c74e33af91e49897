/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread blocks on a mutex that main holds: it waits (GoBlock sync) and starts again after the unlock. */
#include "check.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int waiter;

static void *locker(void *arg)
{
	waiter = my_tid();
	CHECK(pthread_mutex_lock(&lock) == 0);
	CHECK(pthread_mutex_unlock(&lock) == 0);
	return arg;
}

int main(void)
{
	pthread_t t;

	for (int i = 0; i < 10; i++) {
		waiter = 0;
		CHECK(pthread_mutex_lock(&lock) == 0);
		CHECK(pthread_create(&t, NULL, locker, NULL) == 0);
		wait_until_blocked(&waiter);
		CHECK(pthread_mutex_unlock(&lock) == 0);
		CHECK(pthread_join(t, NULL) == 0);
	}
	puts("ten handed over");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight waiters, one broadcast wakes them all. */
#include "check.h"
#include <pthread.h>

enum { WAITERS = 8 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int waiter[WAITERS], ready;

static void *wait_ready(void *arg)
{
	pthread_mutex_lock(&lock);
	*(volatile int *)arg = my_tid();
	while (!ready)
		CHECK(pthread_cond_wait(&cond, &lock) == 0);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[WAITERS];

	for (int i = 0; i < WAITERS; i++)
		CHECK(pthread_create(&t[i], NULL, wait_ready, (void *)&waiter[i]) == 0);
	for (int i = 0; i < WAITERS; i++)
		wait_until_blocked(&waiter[i]);
	pthread_mutex_lock(&lock);
	ready = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < WAITERS; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("all woken");
	return 0;
}

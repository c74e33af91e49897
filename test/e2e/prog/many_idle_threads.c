/* SPDX-License-Identifier: BSD-3-Clause */
/* 1,000 threads wait on one condition variable while main works for 300 ms, over many generations; then all go. */
#include "check.h"
#include <pthread.h>
#include <time.h>

enum { THREADS = 1000 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ready;

static void *idle(void *arg)
{
	pthread_mutex_lock(&lock);
	while (!ready)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	static pthread_t t[THREADS];
	struct timespec ms = {0, 1000000};
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&t[i], &small, idle, NULL) == 0);
	for (int i = 0; i < 300; i++)
		nanosleep(&ms, NULL);
	pthread_mutex_lock(&lock);
	ready = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("1000 idle");
	return 0;
}

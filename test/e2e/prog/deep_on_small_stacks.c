/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads with the smallest stack there is, which wait some seventy calls deep with little of it left. Who wants more to
 * find out where that is overruns it.
 * Flags: -Wl,-z,now
 */
#include "helper.h"
#include <limits.h>
#include <poll.h>
#include <semaphore.h>
#include <time.h>

enum { THREADS = 8, LEFT = 4096 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static int is_open;

static void waits(void)
{
	const struct timespec moment = {0, 1000};

	pthread_barrier_wait(&barrier);
	pthread_mutex_lock(&mutex);
	CHECK(usleep(1) == 0);
	while (!is_open)
		pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	CHECK(nanosleep(&moment, NULL) == 0 && poll(NULL, 0, 1) == 0);
}

static __attribute__((noinline)) void descend(const char *bottom)
{
	char bytes[100];

	__asm__ volatile("" ::"r"(bytes) : "memory");
	if (bytes - bottom > LEFT)
		descend(bottom);
	else
		waits();
	__asm__ volatile("" ::"r"(bytes) : "memory");
}

static void *work(void *arg)
{
	pthread_attr_t attr;
	void *bottom;
	size_t size;

	CHECK(pthread_getattr_np(pthread_self(), &attr) == 0 && pthread_attr_getstack(&attr, &bottom, &size) == 0);
	pthread_attr_destroy(&attr);
	descend(bottom);
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];
	pthread_attr_t attr;

	CHECK(pthread_attr_init(&attr) == 0 && pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN) == 0);
	CHECK(pthread_barrier_init(&barrier, NULL, THREADS + 1) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], &attr, work, NULL) == 0);
	pthread_barrier_wait(&barrier);
	CHECK(usleep(10000) == 0);
	pthread_mutex_lock(&mutex);
	is_open = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("survived");
	return 0;
}

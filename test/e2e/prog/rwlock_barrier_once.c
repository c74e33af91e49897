/* SPDX-License-Identifier: BSD-3-Clause */
/* Readers and writers on one rwlock, in rounds separated by a barrier, after a once that all race for. */
#include "check.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 500 };
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int onces, value;

static void init(void)
{
	onces++;
	for (int i = 0; i < 100; i++)
		sched_yield();
}

static void *work(void *arg)
{
	CHECK(pthread_once(&once, init) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		if ((i + (long)arg) % THREADS == 0) {
			CHECK(pthread_rwlock_wrlock(&lock) == 0);
			value++;
		} else {
			CHECK(pthread_rwlock_rdlock(&lock) == 0);
			CHECK(value >= i);
		}
		sched_yield();
		CHECK(pthread_rwlock_unlock(&lock) == 0);
		int rc = pthread_barrier_wait(&barrier);
		CHECK(rc == 0 || rc == PTHREAD_BARRIER_SERIAL_THREAD);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[THREADS];

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (long i = 0; i < THREADS; i++)
		CHECK(pthread_create(&t[i], NULL, work, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	printf("%d %d\n", onces, value);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* 10,000 threads are alive at once, and a quarter of them have said more than a first buffer holds. */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

enum { THREADS = 10000, YIELDS = 200, LOUD = 4, AT_A_TIME = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_cond_t all = PTHREAD_COND_INITIALIZER;
static sem_t room;
static int done, go;

static void *work(void *arg)
{
	sem_wait(&room);
	for (int i = 0; arg && i < YIELDS; i++)
		sched_yield();
	sem_post(&room);
	pthread_mutex_lock(&lock);
	if (++done == THREADS)
		pthread_cond_signal(&all);
	while (!go)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	static pthread_t t[THREADS];
	pthread_attr_t small;

	sem_init(&room, 0, AT_A_TIME);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&t[i], &small, work, i % LOUD ? NULL : &room) != 0)
			SKIP("no room for 10,000 threads");
	}
	pthread_mutex_lock(&lock);
	while (done < THREADS)
		pthread_cond_wait(&all, &lock);
	go = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("10000 alive");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program ends while threads lock, wait, create threads and write; the destructor of a library waits until each of
 * them has gone on for some time after everything else was destroyed.
 */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 300 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_ending, rounds[THREADS];
static sem_t sem;

static void *nothing(void *arg)
{
	return arg;
}

static void *work(void *arg)
{
	int null = open("/dev/null", O_WRONLY);
	pthread_t thread;

	for (int i = 0;; i++) {
		pthread_mutex_lock(&mutex);
		CHECK(write(null, "x", 1) == 1);
		pthread_mutex_unlock(&mutex);
		sem_post(&sem);
		sem_wait(&sem);
		if (i % 16 == 0 && pthread_create(&thread, NULL, nothing, NULL) == 0)
			pthread_join(thread, NULL);
		if (is_ending)
			(*(atomic_int *)arg)++;
	}
}

extern void (*at_very_end)(void);

static void finish(void)
{
	is_ending = 1;
	for (int i = 0; i < THREADS; i++) {
		while (rounds[i] < ROUNDS)
			usleep(1000);
	}
	if (write(1, "all went on\n", 12) < 0)
		_exit(98);
}

int main(void)
{
	pthread_t thread;

	at_very_end = finish;
	CHECK(sem_init(&sem, 0, 0) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread, NULL, work, &rounds[i]) == 0);
	usleep(1000);
	return 0;
}

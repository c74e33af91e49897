/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that may be cancelled at any instruction are cancelled again and again while they call what is safe in a
 * signal handler; others go on, and nobody waits for ever.
 */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

enum { ROUNDS = 400 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over, started;
static sem_t sem;
static int null;

static void *victim(void *arg)
{
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	started++;
	for (;;) {
		CHECK(write(null, "x", 1) == 1);
		sched_yield();
		sem_post(&sem);
		close(dup(null));
	}
	return arg;
}

static void *work(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		CHECK(write(null, "x", 1) == 1 && usleep(1) == 0);
		pthread_mutex_unlock(&mutex);
		while (sem_trywait(&sem) == 0)
			;
	}
	return arg;
}

int main(void)
{
	pthread_t thread, worker;
	struct timespec moment;
	void *value;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sem_init(&sem, 0, 0) == 0);
	CHECK(pthread_create(&worker, NULL, work, NULL) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(pthread_create(&thread, NULL, victim, NULL) == 0);
		while (started <= i)
			sched_yield();
		moment = (struct timespec){0, (i * 7919) % 100000};
		nanosleep(&moment, NULL);
		CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);
	}
	is_over = 1;
	CHECK(pthread_join(worker, NULL) == 0);
	printf("%d cancelled\n", ROUNDS);
	return 0;
}

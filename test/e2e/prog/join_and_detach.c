/* SPDX-License-Identifier: BSD-3-Clause */
/* Join of a living thread (it wakes the joiner), of a dead one, by tryjoin; a detached one; its value comes back. */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

static volatile int joiner, leaver;
static sem_t done;

static void *ends_when_joined(void *arg)
{
	wait_until_blocked(&joiner);
	return arg;
}

static void *ends(void *arg)
{
	leaver = my_tid();
	sem_post(&done);
	pthread_exit(arg);
}

int main(void)
{
	pthread_t t;
	void *value;

	sem_init(&done, 0, 0);
	CHECK(pthread_create(&t, NULL, ends_when_joined, (void *)42) == 0);
	CHECK(pthread_tryjoin_np(t, &value) == EBUSY);
	joiner = my_tid();
	CHECK(pthread_join(t, &value) == 0 && value == (void *)42);
	CHECK(pthread_create(&t, NULL, ends, (void *)43) == 0);
	while (pthread_tryjoin_np(t, &value) == EBUSY)
		sched_yield();
	CHECK(value == (void *)43 && sem_wait(&done) == 0);
	leaver = 0;
	CHECK(pthread_create(&t, NULL, ends, NULL) == 0 && pthread_detach(t) == 0);
	CHECK(sem_wait(&done) == 0);
	wait_until_gone(&leaver);
	CHECK(pthread_join(pthread_self(), NULL) == EDEADLK);
	puts("joined");
	return 0;
}

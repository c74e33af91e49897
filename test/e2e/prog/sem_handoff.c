/* SPDX-License-Identifier: BSD-3-Clause */
/* Two threads hand a turn to each other through two semaphores, 2,000 times. */
#include "check.h"
#include <pthread.h>
#include <semaphore.h>

static sem_t ping, pong;

static void *other(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		CHECK(sem_wait(&ping) == 0);
		CHECK(sem_post(&pong) == 0);
	}
	return arg;
}

int main(void)
{
	pthread_t t;

	CHECK(sem_init(&ping, 0, 0) == 0 && sem_init(&pong, 0, 0) == 0);
	CHECK(pthread_create(&t, NULL, other, NULL) == 0);
	for (int i = 0; i < 2000; i++) {
		CHECK(sem_post(&ping) == 0);
		CHECK(sem_wait(&pong) == 0);
	}
	CHECK(pthread_join(t, NULL) == 0);
	puts("2000 turns");
	return 0;
}

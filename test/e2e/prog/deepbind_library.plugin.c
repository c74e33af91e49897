/* SPDX-License-Identifier: BSD-3-Clause */
/* Loaded so that its calls go past everything that is preloaded; calls back from a thread of its own. */
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static sem_t sem;

static void *call_back(void *function)
{
	((void (*)(void))function)();
	sem_post(&sem);
	return NULL;
}

int work(void (*function)(void));

int work(void (*function)(void))
{
	pthread_t thread;

	sem_init(&sem, 0, 0);
	if (pthread_create(&thread, NULL, call_back, (void *)function) != 0)
		return 1;
	while (sem_wait(&sem) != 0)
		;
	return pthread_join(thread, NULL) || usleep(1);
}

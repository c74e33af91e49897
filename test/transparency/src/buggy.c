/* SPDX-License-Identifier: BSD-3-Clause
 *
 * For the sanitizers: work in threads without a bug, and with "race", "overflow" or "shift" one that they report.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static long sum;
static int racy;

static void *work(void *arg)
{
	char *text = malloc(100);

	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(&lock);
		sum++;
		pthread_cond_signal(&condition);
		pthread_mutex_unlock(&lock);
		pthread_rwlock_rdlock(&rwlock);
		pthread_rwlock_unlock(&rwlock);
		snprintf(text, 100, "%d", i);
	}
	if (arg)
		racy++;
	pthread_barrier_wait(&barrier);
	sem_post(&semaphore);
	free(text);
	return NULL;
}

int main(int argc, char **argv)
{
	const char *bug = argc > 1 ? argv[1] : "none";
	pthread_t threads[4];
	int channel[2];
	char byte = 'x';

	pthread_barrier_init(&barrier, NULL, 4);
	sem_init(&semaphore, 0, 0);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, work, strcmp(bug, "race") ? NULL : "race");
	pthread_mutex_lock(&lock);
	while (sum < 1200)
		pthread_cond_wait(&condition, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 4; i++)
		sem_wait(&semaphore);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	if (pipe(channel) || write(channel[1], &byte, 1) != 1 || read(channel[0], &byte, 1) != 1)
		return 1;
	volatile char *heap = malloc(10);
	if (!strcmp(bug, "overflow"))
		heap[argc + 8] = 1;
	int shift = argc + 31;
	printf("sum %ld shifted %d\n", sum, strcmp(bug, "shift") ? 0 : argc << shift);
	free((void *)heap);
	return 0;
}

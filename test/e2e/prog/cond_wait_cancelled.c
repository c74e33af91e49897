/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread is cancelled while it waits: in pthread_cond_wait, read, sem_wait, and in sem_wait with a cancellation
 * already pending and the semaphore free. Each time the cleanup handler runs and the thread ends as cancelled;
 * after pthread_cond_wait the handler owns the mutex. Prints one line for each.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t mutex;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t ready, never, full;
static int ends[2];
static int cleaned;

static void clean(void *owned)
{
	cleaned = owned ? pthread_mutex_unlock(owned) + 1 : 1;
}

static void *in_cond(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(clean, &mutex);
	sem_post(&ready);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(0);
	return arg;
}

static void *in_read(void *arg)
{
	char byte;

	pthread_cleanup_push(clean, NULL);
	sem_post(&ready);
	while (read(ends[0], &byte, 1) < 0)
		;
	pthread_cleanup_pop(0);
	return arg;
}

static void *in_sem_wait(void *arg)
{
	pthread_cleanup_push(clean, NULL);
	sem_post(&ready);
	while (sem_wait(&never))
		;
	pthread_cleanup_pop(0);
	return arg;
}

static void *at_free_sem(void *arg)
{
	pthread_cleanup_push(clean, NULL);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_cancel(pthread_self());
	sem_post(&ready);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	sem_wait(&full);
	pthread_cleanup_pop(0);
	return arg;
}

static void try(const char *name, void *(*routine)(void *), int is_cancelled_by_us)
{
	pthread_t thread;
	void *value = NULL;

	cleaned = 0;
	pthread_create(&thread, NULL, routine, NULL);
	sem_wait(&ready);
	pthread_mutex_lock(&mutex); /* a condition's waiter sleeps by now */
	pthread_mutex_unlock(&mutex);
	if (is_cancelled_by_us)
		pthread_cancel(thread);
	pthread_join(thread, &value);
	printf("%s: %s, handler %d, mutex %d\n", name, value == PTHREAD_CANCELED ? "cancelled" : "returned", cleaned,
	       pthread_mutex_trylock(&mutex));
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&mutex, &attr);
	if (sem_init(&ready, 0, 0) || sem_init(&never, 0, 0) || sem_init(&full, 0, 1) || pipe(ends))
		return 1;
	try("pthread_cond_wait", in_cond, 1);
	try("read", in_read, 1);
	try("sem_wait", in_sem_wait, 1);
	try("sem_wait, pending", at_free_sem, 0);
	return 0;
}

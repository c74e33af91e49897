/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Locks between processes: mutex (robust, priority inheriting), condition, barrier, semaphore and read-write lock in
 * shared memory, an owner that dies, a named semaphore.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 4, ROUNDS = 2000 };

static struct shared {
	pthread_mutex_t mutex, robust, inheriting;
	pthread_cond_t condition;
	pthread_barrier_t barrier;
	pthread_rwlock_t rwlock;
	sem_t semaphore;
	long sum, inherited, serial;
	int turn;
} * shared;

static void initialise(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t condition;
	pthread_barrierattr_t barrier;
	pthread_rwlockattr_t rwlock;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &mutex);
	pthread_mutexattr_setprotocol(&mutex, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&shared->inheriting, &mutex);
	pthread_mutexattr_setprotocol(&mutex, PTHREAD_PRIO_NONE);
	pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&shared->robust, &mutex);
	pthread_condattr_init(&condition);
	pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->condition, &condition);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&shared->barrier, &barrier, CHILDREN);
	pthread_rwlockattr_init(&rwlock);
	pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&shared->rwlock, &rwlock);
	sem_init(&shared->semaphore, 1, 1);
}

static void child(int number)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&shared->mutex);
		shared->sum++;
		pthread_mutex_unlock(&shared->mutex);
		pthread_mutex_lock(&shared->inheriting);
		shared->inherited += 2;
		pthread_mutex_unlock(&shared->inheriting);
		if (i % 100)
			continue;
		pthread_rwlock_wrlock(&shared->rwlock);
		sem_wait(&shared->semaphore);
		shared->serial++;
		sem_post(&shared->semaphore);
		pthread_rwlock_unlock(&shared->rwlock);
		if (pthread_barrier_wait(&shared->barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_fetch_add(&shared->serial, 1000, __ATOMIC_SEQ_CST);
	}
	pthread_mutex_lock(&shared->mutex);
	while (shared->turn != number)
		pthread_cond_wait(&shared->condition, &shared->mutex);
	shared->turn++;
	pthread_cond_broadcast(&shared->condition);
	pthread_mutex_unlock(&shared->mutex);
	exit(number);
}

static void owner_dies(void)
{
	if (!fork()) {
		pthread_mutex_lock(&shared->robust);
		_exit(0);
	}
	wait(NULL);
	int result = pthread_mutex_lock(&shared->robust);
	printf("robust: owner died %d", result == EOWNERDEAD);
	printf(" consistent %d", pthread_mutex_consistent(&shared->robust));
	printf(" unlock %d\n", pthread_mutex_unlock(&shared->robust));
	fflush(stdout);
	if (!fork()) {
		pthread_mutex_lock(&shared->robust);
		_exit(0);
	}
	wait(NULL);
	result = pthread_mutex_trylock(&shared->robust);
	pthread_mutex_unlock(&shared->robust);
	printf("robust: died again %d, then not recoverable %d\n", result == EOWNERDEAD,
	       pthread_mutex_lock(&shared->robust) == ENOTRECOVERABLE);
}

static void named(void)
{
	char name[64];

	snprintf(name, sizeof(name), "/transparency-%d", (int)getpid());
	sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	if (semaphore == SEM_FAILED)
		return;
	fflush(stdout);
	if (!fork()) {
		usleep(2000);
		sem_post(semaphore);
		_exit(0);
	}
	printf("named semaphore %d\n", sem_wait(semaphore));
	wait(NULL);
	sem_close(semaphore);
	sem_unlink(name);
}

int main(void)
{
	int status, codes = 0;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	initialise();
	for (int i = 0; i < CHILDREN; i++)
		if (!fork())
			child(i);
	while (wait(&status) > 0)
		codes += WEXITSTATUS(status);
	printf("sum %ld and %ld, serial %ld, codes %d\n", shared->sum, shared->inherited, shared->serial, codes);
	owner_dies();
	named();
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What programs that were linked long ago ask for: names that only exist for them, and today's names under the version
 * they had before everything moved into libc.so.
 */
#include "helper.h"
#include <semaphore.h>

#define OLD(id, name, args)                                                                                            \
	int id args;                                                                                                   \
	__asm__(".symver " #id ", " name);
/* clang-format off */
OLD(old_lock, "__pthread_mutex_lock@GLIBC_2.2.5", (pthread_mutex_t *))
OLD(old_trylock, "__pthread_mutex_trylock@GLIBC_2.2.5", (pthread_mutex_t *))
OLD(old_unlock, "__pthread_mutex_unlock@GLIBC_2.2.5", (pthread_mutex_t *))
OLD(old_once, "__pthread_once@GLIBC_2.2.5", (pthread_once_t *, void (*)(void)))
OLD(old_rdlock, "__pthread_rwlock_rdlock@GLIBC_2.2.5", (pthread_rwlock_t *))
OLD(old_wrlock, "__pthread_rwlock_wrlock@GLIBC_2.2.5", (pthread_rwlock_t *))
OLD(old_rwunlock, "__pthread_rwlock_unlock@GLIBC_2.2.5", (pthread_rwlock_t *))
OLD(old_create, "pthread_create@GLIBC_2.2.5", (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))
OLD(old_join, "pthread_join@GLIBC_2.2.5", (pthread_t, void **))
OLD(old_timedlock, "pthread_mutex_timedlock@GLIBC_2.2.5", (pthread_mutex_t *, const struct timespec *))
OLD(old_sem_wait, "sem_wait@GLIBC_2.2.5", (sem_t *))
OLD(old_sem_post, "sem_post@GLIBC_2.2.5", (sem_t *))
OLD(old_barrier, "pthread_barrier_wait@GLIBC_2.2.5", (pthread_barrier_t *))
OLD(old_setname, "pthread_setname_np@GLIBC_2.12", (pthread_t, const char *))
OLD(old_yield, "pthread_yield@GLIBC_2.2.5", (void))
OLD(old_sleep, "clock_nanosleep@GLIBC_2.2.5", (clockid_t, int, const struct timespec *, struct timespec *))
/* clang-format on */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static int runs;

static void routine(void)
{
	runs++;
}

static void unlock(void *arg)
{
	(void)arg;
	CHECK(old_unlock(&mutex) == 0);
}

static void unlock_rw(void *arg)
{
	(void)arg;
	CHECK(old_rwunlock(&rwlock) == 0);
}

static void post(void *arg)
{
	(void)arg;
	CHECK(old_sem_post(&sem) == 0);
}

static void *give(void *arg)
{
	return arg;
}

int main(void)
{
	const struct timespec past = {1, 0}, shortly = {0, 1000};
	pthread_barrier_t barrier;
	pthread_t thread;
	void *value;

	CHECK(sem_init(&sem, 0, 0) == 0 && pthread_barrier_init(&barrier, NULL, 1) == 0);
	CHECK(old_lock(&mutex) == 0 && old_trylock(&mutex) == EBUSY && old_timedlock(&mutex, &past) == ETIMEDOUT);
	CHECK(AWAITED(old_lock(&mutex), unlock, NULL) == 0 && old_unlock(&mutex) == 0);
	CHECK(old_once(&once, routine) == 0 && old_once(&once, routine) == 0 && runs == 1);
	CHECK(old_rdlock(&rwlock) == 0 && AWAITED(old_wrlock(&rwlock), unlock_rw, NULL) == 0 &&
	      old_rwunlock(&rwlock) == 0);
	CHECK(AWAITED(old_sem_wait(&sem), post, NULL) == 0);
	CHECK(old_barrier(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD && old_setname(pthread_self(), "old") == 0);
	CHECK(old_sleep(CLOCK_MONOTONIC, 0, &shortly, NULL) == 0 && old_yield() == 0);
	CHECK(old_create(&thread, NULL, give, &sem) == 0 && old_join(thread, &value) == 0 && value == &sem);
	puts("the old names work");
	return 0;
}

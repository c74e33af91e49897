/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two processes that map the same memory at different places: robust mutex, condition, semaphore, barrier and
 * read-write lock between them, and what the mutex says when its owner has died.
 */
#include "helper.h"
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { ROUNDS = 200 };

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	sem_t there, back;
	int turn, count;
	volatile int is_about_to;
};

static void start(struct shared *s)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_rwlockattr_t rwlock;
	pthread_barrierattr_t barrier;

	CHECK(pthread_mutexattr_init(&mutex) == 0 && pthread_condattr_init(&cond) == 0);
	CHECK(pthread_rwlockattr_init(&rwlock) == 0 && pthread_barrierattr_init(&barrier) == 0);
	CHECK(pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST) == 0);
	CHECK(pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_mutex_init(&s->mutex, &mutex) == 0 && pthread_cond_init(&s->cond, &cond) == 0);
	CHECK(pthread_rwlock_init(&s->rwlock, &rwlock) == 0 && pthread_barrier_init(&s->barrier, &barrier, 2) == 0);
	CHECK(sem_init(&s->there, 1, 0) == 0 && sem_init(&s->back, 1, 0) == 0);
}

static void play(struct shared *s, int me)
{
	sem_t *mine = me ? &s->there : &s->back, *other = me ? &s->back : &s->there;
	int last;

	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&s->mutex);
		while (s->turn != me)
			pthread_cond_wait(&s->cond, &s->mutex);
		s->turn = !me;
		s->count++;
		pthread_cond_signal(&s->cond);
		pthread_mutex_unlock(&s->mutex);
		CHECK(sem_post(other) == 0 && sem_wait(mine) == 0);
		last = pthread_barrier_wait(&s->barrier);
		CHECK(last == 0 || last == PTHREAD_BARRIER_SERIAL_THREAD);
		CHECK((me ? pthread_rwlock_wrlock : pthread_rwlock_rdlock)(&s->rwlock) == 0);
		CHECK(pthread_rwlock_unlock(&s->rwlock) == 0);
	}
}

static struct shared *map(int fd)
{
	void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(memory != MAP_FAILED);
	return memory;
}

int main(void)
{
	int fd = open("shared", O_RDWR | O_CREAT, 0600), status, result;
	struct shared *s;
	pid_t pid;

	CHECK(fd >= 0 && ftruncate(fd, sizeof(struct shared)) == 0);
	s = map(fd);
	start(s);
	pid = fork();
	if (pid == 0) {
		struct shared *elsewhere = map(fd);

		CHECK(elsewhere != s);
		play(elsewhere, 1);
		CHECK(pthread_mutex_lock(&elsewhere->mutex) == 0 && sem_post(&elsewhere->back) == 0);
		process_blocked(getppid(), &elsewhere->is_about_to);
		_exit(0); /* with the mutex */
	}
	play(s, 0);
	CHECK(sem_wait(&s->back) == 0);
	s->is_about_to = 1;
	result = pthread_mutex_lock(&s->mutex);
	printf("%d turns, the owner died: %s\n", s->count, strerrorname_np(result));
	CHECK(pthread_mutex_unlock(&s->mutex) == 0 && pthread_mutex_lock(&s->mutex) == ENOTRECOVERABLE);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}

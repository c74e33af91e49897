/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program built against glibc before 2.3.2: its condition variables are one pointer long and use the functions
 * of that version, in a process that also uses today's. The word behind the old object stays what it was, and
 * waiters of both kinds are woken by signal, by broadcast and by time.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct old_cond {
	void *word;
	unsigned long canary[6];
};

int old_wait(struct old_cond *cond, pthread_mutex_t *mutex);
int old_timedwait(struct old_cond *cond, pthread_mutex_t *mutex, const struct timespec *abstime);
int old_signal(struct old_cond *cond);
int old_broadcast(struct old_cond *cond);
__asm__(".symver old_wait, pthread_cond_wait@GLIBC_2.2.5");
__asm__(".symver old_timedwait, pthread_cond_timedwait@GLIBC_2.2.5");
__asm__(".symver old_signal, pthread_cond_signal@GLIBC_2.2.5");
__asm__(".symver old_broadcast, pthread_cond_broadcast@GLIBC_2.2.5");

enum { WAITERS = 3, ROUNDS = 200 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct old_cond old_go, old_back;
static pthread_cond_t new_go = PTHREAD_COND_INITIALIZER, new_back = PTHREAD_COND_INITIALIZER;
static int round_no, arrived;

static void *wait_old(void *arg)
{
	pthread_mutex_lock(&mutex);
	for (int i = 1; i <= ROUNDS; i++) {
		while (round_no < i)
			old_wait(&old_go, &mutex);
		arrived++;
		old_signal(&old_back);
	}
	pthread_mutex_unlock(&mutex);
	return arg;
}

static void *wait_new(void *arg)
{
	pthread_mutex_lock(&mutex);
	for (int i = 1; i <= ROUNDS; i++) {
		while (round_no < i)
			pthread_cond_wait(&new_go, &mutex);
		arrived++;
		pthread_cond_signal(&new_back);
	}
	pthread_mutex_unlock(&mutex);
	return arg;
}

static void play(const char *name, void *(*routine)(void *), int is_old)
{
	pthread_t threads[WAITERS];

	round_no = 0;
	for (int i = 0; i < WAITERS; i++)
		pthread_create(&threads[i], NULL, routine, NULL);
	pthread_mutex_lock(&mutex);
	while (round_no < ROUNDS) {
		arrived = 0;
		round_no++;
		is_old ? old_broadcast(&old_go) : pthread_cond_broadcast(&new_go);
		while (arrived < WAITERS)
			is_old ? old_wait(&old_back, &mutex) : pthread_cond_wait(&new_back, &mutex);
	}
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < WAITERS; i++)
		pthread_join(threads[i], NULL);
	printf("%s: %d rounds\n", name, round_no);
}

int main(void)
{
	const struct timespec past = {1, 0};
	struct old_cond untouched;

	memset(old_go.canary, 0x5a, sizeof(old_go.canary));
	memset(untouched.canary, 0x5a, sizeof(untouched.canary));
	play("old", wait_old, 1);
	play("new", wait_new, 0);
	pthread_mutex_lock(&mutex);
	printf("old wait until the past: %s\n",
	       old_timedwait(&old_go, &mutex, &past) == ETIMEDOUT ? "timed out" : "wrong");
	pthread_mutex_unlock(&mutex);
	printf("behind the old object: %s\n",
	       memcmp(old_go.canary, untouched.canary, sizeof(untouched.canary)) ? "overwritten" : "untouched");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What lock, lock again, trylock, timedlock, clocklock and unlock answer for every kind of mutex, also while
 * another thread holds it and after its owner has died. A line for each kind, the same with and without tracing.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct timespec past = {1, 0};
static const struct timespec odd = {1, -5};

struct kind {
	const char *name;
	int type, robust, protocol;
};

static const struct kind kinds[] = {
	{"normal", PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_NONE},
	{"recursive", PTHREAD_MUTEX_RECURSIVE, 0, PTHREAD_PRIO_NONE},
	{"errorcheck", PTHREAD_MUTEX_ERRORCHECK, 0, PTHREAD_PRIO_NONE},
	{"adaptive", PTHREAD_MUTEX_ADAPTIVE_NP, 0, PTHREAD_PRIO_NONE},
	{"robust", PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_NONE},
	{"robust recursive", PTHREAD_MUTEX_RECURSIVE, 1, PTHREAD_PRIO_NONE},
	{"inherit", PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_INHERIT},
	{"inherit errorcheck", PTHREAD_MUTEX_ERRORCHECK, 0, PTHREAD_PRIO_INHERIT},
	{"inherit robust", PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_INHERIT},
	{"protect", PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_PROTECT},
};

static pthread_mutex_t mutex;

static const char *answer(int error)
{
	return error ? strerrorname_np(error) : "0";
}

static void init(const struct kind *kind)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, kind->type);
	pthread_mutexattr_setrobust(&attr, kind->robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED);
	pthread_mutexattr_setprotocol(&attr, kind->protocol);
	pthread_mutex_init(&mutex, &attr);
}

static void *from_outside(void *arg)
{
	printf(" | outside: try %s", answer(pthread_mutex_trylock(&mutex)));
	printf(" timed %s", answer(pthread_mutex_timedlock(&mutex, &past)));
	printf(" odd time %s", answer(pthread_mutex_timedlock(&mutex, &odd)));
	printf(" clock %s", answer(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &past)));
	printf(" odd clock %s", answer(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &past)));
	return arg;
}

static void *die_with_it(void *arg)
{
	pthread_mutex_lock(&mutex);
	return arg;
}

static void in_thread(void *(*routine)(void *))
{
	pthread_t thread;

	pthread_create(&thread, NULL, routine, NULL);
	pthread_join(thread, NULL);
}

static void play(const struct kind *kind)
{
	int may_lock_again = kind->type == PTHREAD_MUTEX_RECURSIVE || kind->type == PTHREAD_MUTEX_ERRORCHECK;
	int again;

	init(kind);
	printf("%s: lock %s", kind->name, answer(pthread_mutex_lock(&mutex)));
	if (may_lock_again) {
		again = pthread_mutex_lock(&mutex);
		printf(" again %s", answer(again));
		if (!again)
			pthread_mutex_unlock(&mutex);
	}
	in_thread(from_outside);
	printf(" | unlock %s", answer(pthread_mutex_unlock(&mutex)));
	printf(" odd clock %s", answer(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &past)));
	printf(" odd time %s", answer(pthread_mutex_timedlock(&mutex, &odd)));
	printf(" unlock %s", answer(pthread_mutex_unlock(&mutex)));
	if (kind->robust) {
		in_thread(die_with_it);
		printf(" | owner died: lock %s", answer(pthread_mutex_lock(&mutex)));
		printf(" unlock %s", answer(pthread_mutex_unlock(&mutex)));
		printf(" lock %s", answer(pthread_mutex_lock(&mutex)));
	}
	printf("\n");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		play(&kinds[i]);
	return 0;
}

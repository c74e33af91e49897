/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * C11's threads: what a thread returns and is given arrives, also through thrd_exit and detached; mutexes are waited
 * for, with and without a moment; conditions are signalled and broadcast; a routine runs once while others wait; a
 * sleep ends by time, by a signal, and is refused.
 */
#include "helper.h"
#include <limits.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

enum { WAITERS = 3 };

static const struct timespec past = {1, 0};
static mtx_t plain, timed;
static cnd_t go, back;
static once_flag once = ONCE_FLAG_INIT;
static int turn, arrived, runs;
static volatile int tid;

static int give(void *arg)
{
	return *(int *)arg;
}

static int leave(void *arg)
{
	thrd_exit(*(int *)arg);
}

static int detached(void *arg)
{
	mtx_lock(&plain);
	turn = *(int *)arg;
	cnd_signal(&back);
	mtx_unlock(&plain);
	tid = my_tid();
	return 0;
}

static void values(void)
{
	int numbers[] = {0, -5, INT_MAX, INT_MIN}, value = 0, answer = 42;
	thrd_t thread;

	for (int i = 0; i < 4; i++) {
		CHECK(thrd_create(&thread, i % 2 ? give : leave, &numbers[i]) == thrd_success);
		CHECK(thrd_join(thread, i == 3 ? NULL : &value) == thrd_success);
		printf("%d gave %d\n", i, i == 3 ? 0 : value);
	}
	tid = 0;
	CHECK(thrd_create(&thread, detached, &answer) == thrd_success && thrd_detach(thread) == thrd_success);
	mtx_lock(&plain);
	while (turn != 42)
		cnd_wait(&back, &plain);
	mtx_unlock(&plain);
	wait_until_gone(&tid);
	puts("a detached thread came by");
}

static void unlock(void *mutex)
{
	mtx_unlock(mutex);
}

static void mutexes(void)
{
	mtx_t recursive;
	struct timespec far;

	timespec_get(&far, TIME_UTC);
	far.tv_sec += 1000;
	CHECK(mtx_init(&recursive, mtx_recursive) == thrd_success);
	CHECK(mtx_lock(&recursive) == thrd_success && mtx_lock(&recursive) == thrd_success);
	CHECK(mtx_unlock(&recursive) == thrd_success && mtx_unlock(&recursive) == thrd_success);
	mtx_lock(&plain);
	CHECK(mtx_trylock(&plain) == thrd_busy);
	CHECK(AWAITED(mtx_lock(&plain), unlock, &plain) == thrd_success);
	mtx_unlock(&plain);
	mtx_lock(&timed);
	CHECK(mtx_timedlock(&timed, &past) == thrd_timedout);
	CHECK(AWAITED(mtx_timedlock(&timed, &far), unlock, &timed) == thrd_success);
	mtx_unlock(&timed);
	puts("mutexes: held, busy, late, taken");
}

static int wait_for_turn(void *arg)
{
	(void)arg;
	mtx_lock(&plain);
	arrived++;
	cnd_signal(&back);
	while (turn < 2)
		CHECK(cnd_wait(&go, &plain) == thrd_success);
	mtx_unlock(&plain);
	return 1;
}

static void conditions(void)
{
	thrd_t threads[WAITERS];
	int value, sum = 0;

	turn = 1;
	for (int i = 0; i < WAITERS; i++)
		CHECK(thrd_create(&threads[i], wait_for_turn, NULL) == thrd_success);
	mtx_lock(&plain);
	while (arrived < WAITERS)
		cnd_wait(&back, &plain);
	CHECK(cnd_timedwait(&back, &plain, &past) == thrd_timedout);
	turn = 2;
	CHECK(cnd_broadcast(&go) == thrd_success);
	mtx_unlock(&plain);
	for (int i = 0; i < WAITERS; i++) {
		thrd_join(threads[i], &value);
		sum += value;
	}
	printf("conditions: %d woken, one late\n", sum);
}

static void run_slowly(void)
{
	runs++;
	wait_until_blocked(&tid);
}

static int call_late(void *arg)
{
	(void)arg;
	while (runs == 0)
		thrd_yield();
	tid = my_tid();
	call_once(&once, run_slowly);
	return runs;
}

static void routines(void)
{
	thrd_t thread;
	int value;

	tid = 0;
	CHECK(thrd_create(&thread, call_late, NULL) == thrd_success);
	call_once(&once, run_slowly);
	call_once(&once, run_slowly);
	thrd_join(thread, &value);
	printf("the routine ran %d time\n", value);
}

static void nothing(int signal)
{
	(void)signal;
}

static void poke(void *thread)
{
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
}

static void sleeps(void)
{
	const struct timespec shortly = {0, 2000000}, longer = {1000, 0}, odd = {0, -1};
	struct sigaction action = {.sa_handler = nothing};
	pthread_t self = pthread_self();
	struct timespec left = {0, 0};

	sigaction(SIGUSR1, &action, NULL);
	printf("slept: %d\n", thrd_sleep(&shortly, NULL));
	printf("interrupted: %d, ", AWAITED(thrd_sleep(&longer, &left), poke, &self));
	printf("%s\n", left.tv_sec >= 900 ? "most is left" : "nothing is left");
	printf("refused: %d\n", thrd_sleep(&odd, NULL));
	thrd_yield();
}

int main(void)
{
	CHECK(mtx_init(&plain, mtx_plain) == thrd_success && mtx_init(&timed, mtx_timed) == thrd_success);
	CHECK(cnd_init(&go) == thrd_success && cnd_init(&back) == thrd_success);
	values();
	mutexes();
	conditions();
	routines();
	sleeps();
	CHECK(thrd_equal(thrd_current(), thrd_current()));
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A runtime with a collector that says what it does, by gtrace.h: it stops its threads with a signal, marks with a helper,
 * sweeps, lets its threads assist. Then every mistake that can be made with these calls.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

enum { WORKERS = 3, COLLECTIONS = 100 };

static pthread_t worker[WORKERS];
static sem_t stopped, work, worked;
static _Atomic int go_on, over;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* As collectors do: until the world goes on, whatever else wakes it. */
static void stop(int signal __attribute__((unused)))
{
	int saved = errno, round = go_on;
	sigset_t others;

	sigfillset(&others);
	sigdelset(&others, SIGUSR2);
	gtrace_gc_wait_begin(GTRACE_WAIT_UNTIL_GC_ENDS);
	sem_post(&stopped);
	while (go_on == round)
		sigsuspend(&others);
	gtrace_gc_wait_end();
	errno = saved;
}

static void nothing(int signal __attribute__((unused)))
{
}

static void *run(void *unused __attribute__((unused)))
{
	for (unsigned i = 0; !over; i++) {
		if (i % 4096 == 0) {
			gtrace_assist_begin();
			sched_yield();
			gtrace_assist_end();
		}
		if (i % 64 == 0) {
			pthread_mutex_lock(&lock);
			pthread_mutex_unlock(&lock);
		}
	}
	return NULL;
}

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		CHECK(errno == EINTR);
}

static void *mark(void *unused __attribute__((unused)))
{
	CHECK(pthread_setname_np(pthread_self(), "GC mark helper") == 0);
	for (;;) {
		gtrace_gc_wait_begin(GTRACE_WAIT_FOR_MARK_WORK);
		wait_for(&work);
		gtrace_gc_wait_end();
		if (over)
			return NULL;
		sem_post(&worked);
	}
}

static void stop_world(void)
{
	gtrace_stw_begin("GC mark, all threads");
	for (int i = 0; i < WORKERS; i++)
		CHECK(pthread_kill(worker[i], SIGUSR1) == 0);
	for (int i = 0; i < WORKERS; i++)
		wait_for(&stopped);
}

static void start_world(void)
{
	go_on++;
	for (int i = 0; i < WORKERS; i++)
		CHECK(pthread_kill(worker[i], SIGUSR2) == 0);
	gtrace_stw_end();
}

static void collect(uint64_t i)
{
	struct timespec moment = {0, 100000};

	gtrace_gc_begin();
	stop_world();
	sem_post(&work);
	wait_for(&worked);
	start_world();
	gtrace_sweep_begin();
	gtrace_gc_wait_begin(GTRACE_WAIT_FOR_SWEEP_WORK);
	nanosleep(&moment, NULL);
	gtrace_gc_wait_end();
	gtrace_sweep_end(i, i / 2);
	gtrace_gc_end();
	gtrace_heap(1000000 + i);
	gtrace_heap_goal(2000000 + i);
}

static void *leave_open(void *unused __attribute__((unused)))
{
	gtrace_stw_begin("never ended");
	gtrace_sweep_begin();
	gtrace_assist_begin();
	return NULL;
}

static void *end_what_is_not_ours(void *unused __attribute__((unused)))
{
	gtrace_stw_end();
	gtrace_sweep_end(1, 1);
	gtrace_assist_end();
	gtrace_gc_wait_end();
	gtrace_gc_begin();
	return NULL;
}

static void run_alone(void *(*routine)(void *))
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, routine, NULL) == 0);
	CHECK(pthread_join(t, NULL) == 0);
}

static void err(void)
{
	gtrace_gc_end();
	gtrace_gc_begin();
	gtrace_gc_begin();
	gtrace_stw_begin(NULL);
	gtrace_stw_begin("once");
	gtrace_stw_begin("twice");
	gtrace_sweep_begin();
	gtrace_sweep_begin();
	gtrace_assist_begin();
	gtrace_assist_begin();
	gtrace_gc_wait_begin((enum gtrace_gc_wait)77);
	gtrace_gc_wait_end();
	run_alone(leave_open);
	run_alone(end_what_is_not_ours);
	gtrace_sweep_end(UINT64_MAX, UINT64_MAX);
	gtrace_sweep_end(1, 1);
	gtrace_heap(UINT64_MAX);
	gtrace_heap_goal(0);
}

int main(void)
{
	struct sigaction how = {.sa_handler = stop, .sa_flags = SA_RESTART};
	pthread_t marker;

	sem_init(&stopped, 0, 0);
	sem_init(&work, 0, 0);
	sem_init(&worked, 0, 0);
	sigfillset(&how.sa_mask);
	CHECK(sigaction(SIGUSR1, &how, NULL) == 0);
	how.sa_handler = nothing;
	CHECK(sigaction(SIGUSR2, &how, NULL) == 0);
	CHECK(pthread_create(&marker, NULL, mark, NULL) == 0);
	for (int i = 0; i < WORKERS; i++)
		CHECK(pthread_create(&worker[i], NULL, run, NULL) == 0);
	for (uint64_t i = 0; i < COLLECTIONS; i++)
		collect(i);
	over = 1;
	sem_post(&work);
	for (int i = 0; i < WORKERS; i++)
		CHECK(pthread_join(worker[i], NULL) == 0);
	CHECK(pthread_join(marker, NULL) == 0);
	err();
	return 0;
}

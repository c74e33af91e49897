/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * coroutines_at_home WAY: what threads began with is switched, too, and ends in all ways.
 *
 *   swap    two threads change stacks, go on on the other's, and change back
 *   exit    a thread calls pthread_exit() in a coroutine
 *   cancel  a thread is cancelled in a coroutine
 *   leave   a thread ends while a coroutine that it ran waits; another thread goes on with it
 */
#include "check.h"
#include <pthread.h>
#include <time.h>
#include <ucontext.h>

enum { STACK = 64 << 10, ROUNDS = 50 };

static ucontext_t outside[2], inside[4];
static char stack[4][STACK] __attribute__((aligned(16)));
static pthread_barrier_t both_off;

static void nap(void)
{
	const struct timespec moment = {0, 1000};

	nanosleep(&moment, NULL);
}

static void make(int i, void (*body)(int))
{
	CHECK(getcontext(&inside[i]) == 0);
	inside[i].uc_stack.ss_sp = stack[i];
	inside[i].uc_stack.ss_size = STACK;
	inside[i].uc_link = &outside[i % 2];
	makecontext(&inside[i], (void (*)(void))body, 1, i);
}

static pthread_t start(void *(*routine)(void *), int i)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, routine, (void *)(long)i) == 0);
	return thread;
}

/* On a third stack, when both are left. Who is fast uses other ones in the next round. */
static void cross(int i)
{
	pthread_barrier_wait(&both_off);
	setcontext(&outside[1 - i % 2]);
}

static void *swap_stacks(void *arg)
{
	int i = (int)(long)arg, before = my_tid();

	for (int round = 0; round < ROUNDS; round++) {
		int third = round % 2 * 2 + i;

		make(third, cross);
		CHECK(swapcontext(&outside[i], &inside[third]) == 0);
		CHECK((my_tid() == before) == round % 2);
		nap();
	}
	return NULL;
}

static void swap(void)
{
	pthread_t thread[2] = {start(swap_stacks, 0), start(swap_stacks, 1)};

	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
}

static void exit_inside(int i)
{
	(void)i;
	nap();
	pthread_exit((void *)5);
}

static volatile int waiter;

static void wait_inside(int i)
{
	(void)i;
	waiter = my_tid();
	for (;;)
		pause();
}

static void *enter(void *arg)
{
	int i = (int)(long)arg;

	make(i, i ? wait_inside : exit_inside);
	CHECK(swapcontext(&outside[i], &inside[i]) == 0);
	return NULL;
}

static void leave_by_exit(void)
{
	void *value;

	CHECK(pthread_join(start(enter, 0), &value) == 0 && value == (void *)5);
}

static void leave_by_cancel(void)
{
	pthread_t thread = start(enter, 1);
	void *value;

	wait_until_blocked(&waiter);
	CHECK(pthread_cancel(thread) == 0);
	CHECK(pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);
}

static void come_back(int i)
{
	for (int turn = 0; turn < 3; turn++) {
		nap();
		CHECK(swapcontext(&inside[i], &outside[i]) == 0);
	}
}

static void *go_on(void *arg)
{
	if (arg)
		make(0, come_back);
	CHECK(swapcontext(&outside[0], &inside[0]) == 0);
	return NULL;
}

static void leave(void)
{
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(start(go_on, i == 0), NULL) == 0);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} ways[] = {{"swap", swap}, {"exit", leave_by_exit}, {"cancel", leave_by_cancel}, {"leave", leave}};

	pthread_barrier_init(&both_off, NULL, 2);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (argc > 1 && strcmp(argv[1], ways[i].name) == 0) {
			ways[i].run();
			nap();
			puts("done");
			return 0;
		}
	}
	return 98;
}

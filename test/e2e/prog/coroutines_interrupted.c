/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * coroutines_interrupted WAY: signals that come all the time while coroutines take turns.
 *
 *   handlers  what handles them calls the kernel, on a stack for signals
 *   preempt   what handles them switches to the next coroutine, as a scheduler that preempts does
 */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

enum { STACK = 64 << 10, COROUTINES = 3, TICKS = 400 };

static ucontext_t outside, inside[COROUTINES];
static char stack[COROUTINES][STACK] __attribute__((aligned(16))), signal_stack[STACK];
static volatile int ticks, running, zero;
static volatile long work;

static void make(int i, void (*body)(int))
{
	CHECK(getcontext(&inside[i]) == 0);
	inside[i].uc_stack.ss_sp = stack[i];
	inside[i].uc_stack.ss_size = STACK;
	inside[i].uc_link = &outside;
	makecontext(&inside[i], (void (*)(void))body, 1, i);
}

static void tick(void (*handler)(int), int flags)
{
	const struct itimerval often = {{0, 500}, {0, 500}};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | flags};

	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
}

static void read_one(void)
{
	char byte;

	CHECK(read(zero, &byte, 1) == 1);
}

static void read_in_handler(int signal)
{
	int saved = errno;

	(void)signal;
	ticks++;
	read_one();
	errno = saved;
}

static void take_turns(int i)
{
	while (ticks < TICKS) {
		read_one();
		CHECK(swapcontext(&inside[i], &outside) == 0);
	}
}

static void handlers(void)
{
	const stack_t on = {.ss_sp = signal_stack, .ss_size = STACK};

	CHECK(sigaltstack(&on, NULL) == 0);
	tick(read_in_handler, SA_ONSTACK);
	for (int i = 0; i < COROUTINES; i++)
		make(i, take_turns);
	while (ticks < TICKS)
		for (int i = 0; i < COROUTINES && ticks < TICKS; i++)
			CHECK(swapcontext(&outside, &inside[i]) == 0);
}

static void next(int signal)
{
	int from = running;

	(void)signal;
	if (++ticks >= TICKS)
		return;
	running = (from + 1) % COROUTINES;
	swapcontext(&inside[from], &inside[running]);
}

static void compute(int i)
{
	if (i == 0)
		tick(next, 0);
	while (ticks < TICKS) {
		for (int n = 0; n < 1000; n++)
			work++;
		read_one();
	}
}

static void preempt(void)
{
	for (int i = 0; i < COROUTINES; i++)
		make(i, compute);
	CHECK(swapcontext(&outside, &inside[0]) == 0);
}

int main(int argc, char **argv)
{
	static const struct itimerval never;

	CHECK(argc == 2);
	zero = open("/dev/zero", O_RDONLY);
	if (strcmp(argv[1], "handlers") == 0)
		handlers();
	if (strcmp(argv[1], "preempt") == 0)
		preempt();
	setitimer(ITIMER_REAL, &never, NULL);
	puts("done");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * coroutines WAY: coroutines of <ucontext.h> in one thread, in each way in which they begin, switch and end.
 */
#include "check.h"
#include <pthread.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>

enum { STACK = 64 << 10, MANY = 100000, CHAIN = 3 };

static ucontext_t mainly, there[CHAIN];
static char stack[CHAIN][STACK] __attribute__((aligned(16)));
static int turns;

static void make(int i, ucontext_t *link, void (*body)(void))
{
	CHECK(getcontext(&there[i]) == 0);
	there[i].uc_stack.ss_sp = stack[i];
	there[i].uc_stack.ss_size = STACK;
	there[i].uc_link = link;
	makecontext(&there[i], body, 0);
}

static void nap(void)
{
	const struct timespec moment = {0, 1000};

	nanosleep(&moment, NULL);
}

/* Yields three times, then returns. */
static void generate(void)
{
	for (int i = 0; i < 3; i++) {
		nap();
		turns++;
		CHECK(swapcontext(&there[0], &mainly) == 0);
	}
}

static void generator(void)
{
	make(0, &mainly, generate);
	for (int i = 0; i < 4; i++)
		CHECK(swapcontext(&mainly, &there[0]) == 0);
	CHECK(turns == 3);
}

/* Each returns into the next one, which has not run yet. */
static void link_of_chain(void)
{
	turns++;
	nap();
}

static void chain(void)
{
	for (int i = 0; i < CHAIN; i++)
		make(i, i + 1 < CHAIN ? &there[i + 1] : &mainly, link_of_chain);
	CHECK(swapcontext(&mainly, &there[0]) == 0);
	CHECK(turns == CHAIN);
}

/* A context of the stack that is in use is no coroutine; neither is a copy of one another coroutine. */
static void jumper(void)
{
	ucontext_t here, copy;
	volatile int n = 0;

	CHECK(getcontext(&here) == 0);
	nap();
	if (n++ < 5) {
		copy = here;
		copy.uc_mcontext.fpregs = &copy.__fpregs_mem;
		setcontext(n % 2 ? &here : &copy);
	}
	turns = n;
}

static void jumps(void)
{
	jumper();
	CHECK(turns == 6);
	make(0, &mainly, jumper);
	CHECK(swapcontext(&mainly, &there[0]) == 0);
	CHECK(turns == 6);
}

static void end_at_once(void)
{
	turns++;
}

/* The same stack again and again, and every tenth is left without an end. */
static void leave_for_good(void)
{
	turns++;
	CHECK(swapcontext(&there[0], &mainly) == 0);
	abort();
}

static void many(void)
{
	for (int i = 0; i < MANY; i++) {
		make(0, &mainly, i % 10 ? end_at_once : leave_for_good);
		CHECK(swapcontext(&mainly, &there[0]) == 0);
	}
	CHECK(turns == MANY);
}

static void sum(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j)
{
	CHECK(((unsigned long)__builtin_frame_address(0) & 15) == 0);
	turns = a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
	nap();
}

static void arguments(void)
{
	CHECK(getcontext(&there[0]) == 0);
	there[0].uc_stack.ss_sp = stack[0];
	there[0].uc_stack.ss_size = STACK;
	there[0].uc_link = &mainly;
	makecontext(&there[0], (void (*)(void))sum, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
	CHECK(swapcontext(&mainly, &there[0]) == 0);
	CHECK(turns == 385);
}

/* QEMU's way: contexts only to begin with, then jumps, which nobody sees. */
static jmp_buf outside, inside;

static void jump_out(void)
{
	if (!_setjmp(inside))
		CHECK(swapcontext(&there[0], &mainly) == 0);
	for (;;) {
		nap();
		turns++;
		if (!_setjmp(inside))
			_longjmp(outside, 1);
	}
}

static void longjmps(void)
{
	make(0, NULL, jump_out);
	CHECK(swapcontext(&mainly, &there[0]) == 0);
	for (volatile int i = 0; i < 5; i++) {
		if (!_setjmp(outside))
			_longjmp(inside, 1);
		nap();
	}
	CHECK(turns == 5);
}

static void wait_for(pid_t child, int wanted)
{
	int status;

	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == wanted);
}

/* The child goes on in the coroutine, and back to where it was entered; it makes some of its own. */
static void fork_inside(void)
{
	turns = fork();
	CHECK(turns >= 0);
	nap();
}

static void forks(void)
{
	make(0, &mainly, fork_inside);
	CHECK(swapcontext(&mainly, &there[0]) == 0);
	if (turns == 0) {
		nap();
		generator();
		exit(7);
	}
	wait_for(turns, 7);
	turns = 0;
	generator();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} ways[] = {{"generator", generator}, {"chain", chain},       {"jumps", jumps}, {"many", many},
		    {"arguments", arguments}, {"longjmps", longjmps}, {"forks", forks}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (argc > 1 && strcmp(argv[1], ways[i].name) == 0) {
			ways[i].run();
			puts("done");
			return 0;
		}
	}
	return 98;
}

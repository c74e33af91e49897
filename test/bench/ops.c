/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ops NAME: nanoseconds per operation, one number, the median of 31 rounds. A second thread stays alive, so libc is
 * in its multi-threaded mode. Run natively and traced by bench/run; the difference is what tracing costs.
 * ops NAME COUNT: that many operations, untimed, for bench/instructions and bench/transfers.
 */
#include "counted.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

enum { ROUNDS = 31 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, turn_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_cond = PTHREAD_COND_INITIALIZER;
static int zero, turn, idle_fds[2];
static volatile unsigned long long sink;

static void op_mutex(int n)
{
	while (n--) {
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
	}
}

static void op_read(int n)
{
	char c;

	while (n--)
		if (read(zero, &c, 1) != 1)
			abort();
}

static void op_yield(int n)
{
	while (n--)
		sched_yield();
}

static void wait_once(void)
{
	if (syscall(SYS_futex, &zero, FUTEX_WAIT_PRIVATE, zero + 1, NULL) != -1)
		abort();
}

static void wait_often(int n)
{
	while (n--)
		wait_once();
}

static __attribute__((noinline)) void descend(int depth, int n)
{
	if (depth)
		descend(depth - 1, n);
	else
		wait_often(n);
	sink++;
}

/* A wait that is over at once, 16 frames deep, always the same. */
static void op_wait(int n)
{
	descend(13, n);
}

static __attribute__((noinline)) void left(int depth, unsigned path);

static __attribute__((noinline)) void right(int depth, unsigned path)
{
	if (depth == 0)
		wait_once();
	else if (path & 1)
		right(depth - 1, path >> 1);
	else
		left(depth - 1, path >> 1);
	sink += 2;
}

static __attribute__((noinline)) void left(int depth, unsigned path)
{
	if (depth == 0)
		wait_once();
	else if (path & 1)
		right(depth - 1, path >> 1);
	else
		left(depth - 1, path >> 1);
	sink++;
}

/* The same at the end of another way each time: the stack is new, its code is not. */
static void op_wait_new(int n)
{
	static unsigned path;

	while (n--)
		left(13, path++);
}

static void op_rdtsc(int n)
{
	while (n--)
		sink = __rdtsc();
}

static void *nothing(void *arg)
{
	return arg;
}

static void op_create_join(int n)
{
	pthread_t t;

	while (n--)
		if (pthread_create(&t, NULL, nothing, NULL) != 0 || pthread_join(t, NULL) != 0)
			abort();
}

static void play(int me, int n)
{
	pthread_mutex_lock(&turn_lock);
	while (n--) {
		while (turn != me)
			pthread_cond_wait(&turn_cond, &turn_lock);
		turn = !me;
		pthread_cond_signal(&turn_cond);
	}
	pthread_mutex_unlock(&turn_lock);
}

static void *player(void *arg)
{
	play(1, *(int *)arg);
	return NULL;
}

static void op_ping_pong(int n)
{
	pthread_t t;

	turn = 0;
	pthread_create(&t, NULL, player, &n);
	play(0, n);
	pthread_join(t, NULL);
}

static void *contender(void *arg)
{
	for (int i = *(int *)arg; i > 0; i--) {
		pthread_mutex_lock(&lock);
		sink++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void op_contended(int n)
{
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, contender, &n);
	contender(&n);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
}

static void *idle(void *arg)
{
	char c;

	return read(idle_fds[0], &c, 1) == 1 ? arg : NULL;
}

static void op_malloc_free(int n)
{
	while (n--) {
		void *p = malloc(48);

		__asm__ volatile("" : : "r"(p) : "memory"); /* or the compiler leaves both out */
		free(p);
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Into a coroutine and back. */
static ucontext_t outside, inside;

static void turn_back(void)
{
	for (;;)
		swapcontext(&inside, &outside);
}

static void op_coroutine(int n)
{
	static char stack[64 << 10];

	if (!inside.uc_stack.ss_sp) {
		getcontext(&inside);
		inside.uc_stack.ss_sp = stack;
		inside.uc_stack.ss_size = sizeof(stack);
		makecontext(&inside, turn_back, 0);
	}
	for (int i = 0; i < n; i++)
		swapcontext(&outside, &inside);
}

static double measure(void (*op)(int), int n)
{
	double ns[ROUNDS];

	op(n / 10 + 1);
	for (int i = 0; i < ROUNDS; i++) {
		struct timespec a, b;

		clock_gettime(CLOCK_MONOTONIC, &a);
		op(n);
		clock_gettime(CLOCK_MONOTONIC, &b);
		ns[i] = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / n;
	}
	qsort(ns, ROUNDS, sizeof(ns[0]), compare);
	return ns[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*op)(int);
		int n;
	} ops[] = {
		{"rdtsc", op_rdtsc, 20000},
		{"mutex_pair", op_mutex, 20000},
		{"read", op_read, 5000},
		{"yield", op_yield, 5000},
		{"wait", op_wait, 2000},
		{"wait_new", op_wait_new,
		 200}, /* the walks differ in 13 bits: no round meets one of the same generation */
		{"contended_x4", op_contended, 2000},
		{"ping_pong", op_ping_pong, 300},
		{"create_join", op_create_join, 100},
		{"malloc_free", op_malloc_free, 20000},
		{"coroutine", op_coroutine, 5000},
	};
	pthread_t t;

	zero = open("/dev/zero", O_RDONLY);
	if (argc < 2 || argc > 3 || pipe(idle_fds) != 0 || pthread_create(&t, NULL, idle, NULL) != 0)
		return 2;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (strcmp(argv[1], ops[i].name) != 0)
			continue;
		if (argc == 2)
			return printf("%.2f\n", measure(ops[i].op, ops[i].n)) < 0;
		counted_begin();
		ops[i].op(atoi(argv[2]));
		counted_end();
		return 0;
	}
	return 2;
}

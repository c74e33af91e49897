/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * micro NAME OPS [kill]: does one thing OPS times and prints "OPS WALL CPU": nanoseconds per operation by the clock on the wall,
 * and of processor time of all threads. With "kill" it ends by SIGKILL after that. A second thread stays alive, so libc
 * is in its multi-threaded mode. What two threads do in turns, and threads that only come and go, are kept on one
 * processor: across two, a wake-up costs between three and ten times as much from one run to the next.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, SLOTS = 64, SECTION = 30, ITEM = 100 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long ops;

static void check(int ok)
{
	if (!ok)
		abort();
}

/* Work that the compiler cannot drop: about two nanoseconds a step. */
static uint64_t compute(uint64_t x, int steps)
{
	while (steps--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		__asm__ volatile("" : "+r"(x));
	}
	return x;
}

/* Runs it in so many threads, with the numbers from 0, and waits for them. */
static void in_threads(void *(*run)(void *), intptr_t count)
{
	pthread_t thread[THREADS];

	for (intptr_t i = 0; i < count; i++)
		check(pthread_create(&thread[i], NULL, run, (void *)i) == 0);
	for (intptr_t i = 0; i < count; i++)
		check(pthread_join(thread[i], NULL) == 0);
}

/* Taken and given back, nobody else wants it. */
static void mutex(void)
{
	for (long i = 0; i < ops; i++) {
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
	}
}

static void *contend(void *arg)
{
	static uint64_t shared = 1;
	uint64_t own = (uint64_t)(intptr_t)arg + 1;

	for (long i = 0; i < ops / THREADS; i++) {
		pthread_mutex_lock(&lock);
		shared = compute(shared, SECTION);
		pthread_mutex_unlock(&lock);
		own = compute(own, SECTION);
	}
	return (void *)(intptr_t)own;
}

/* Four threads, as much work inside the lock as outside. */
static void contended(void)
{
	in_threads(contend, THREADS);
}

static void *play_cond(void *arg)
{
	static pthread_cond_t cond[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
	static int turn;
	int me = (int)(intptr_t)arg;

	for (long i = 0; i < ops; i++) {
		pthread_mutex_lock(&lock);
		while (turn != me)
			pthread_cond_wait(&cond[me], &lock);
		turn = !me;
		pthread_cond_signal(&cond[!me]);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

/* A round trip between two threads. */
static void cond(void)
{
	in_threads(play_cond, 2);
}

static sem_t ball[2];

static void *play_sem(void *arg)
{
	int me = (int)(intptr_t)arg;

	for (long i = 0; i < ops; i++) {
		check(sem_wait(&ball[me]) == 0);
		check(sem_post(&ball[!me]) == 0);
	}
	return NULL;
}

static void sem(void)
{
	sem_init(&ball[0], 0, 1);
	sem_init(&ball[1], 0, 0);
	in_threads(play_sem, 2);
}

static void *nothing(void *arg)
{
	return arg;
}

static void create(void)
{
	pthread_t thread;

	for (long i = 0; i < ops; i++) {
		check(pthread_create(&thread, NULL, nothing, NULL) == 0);
		check(pthread_join(thread, NULL) == 0);
	}
}

static void read_one(void)
{
	int zero = open("/dev/zero", O_RDONLY);
	char c;

	for (long i = 0; i < ops; i++)
		check(read(zero, &c, 1) == 1);
	close(zero);
}

static int pipes[2][2];

static void *play_pipe(void *arg)
{
	int me = (int)(intptr_t)arg;
	char c = 'x';

	for (long i = 0; i < ops; i++) {
		check(me == 1 || write(pipes[1][1], &c, 1) == 1);
		check(read(pipes[me == 1][0], &c, 1) == 1);
		check(me == 0 || write(pipes[0][1], &c, 1) == 1);
	}
	return NULL;
}

/* A byte there and a byte back. */
static void pipe_turns(void)
{
	check(pipe(pipes[0]) == 0 && pipe(pipes[1]) == 0);
	in_threads(play_pipe, 2);
}

static struct {
	pthread_cond_t filled, freed;
	uint64_t slot[SLOTS];
	unsigned first, used;
} queue = {.filled = PTHREAD_COND_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

static void produce(void)
{
	uint64_t x = 1;

	for (long i = 0; i < ops / 2; i++) {
		x = compute(x, ITEM);
		pthread_mutex_lock(&lock);
		while (queue.used == SLOTS)
			pthread_cond_wait(&queue.freed, &lock);
		queue.slot[(queue.first + queue.used++) % SLOTS] = x;
		pthread_cond_signal(&queue.filled);
		pthread_mutex_unlock(&lock);
	}
}

static void consume(void)
{
	for (long i = 0; i < ops / 2; i++) {
		uint64_t x;

		pthread_mutex_lock(&lock);
		while (queue.used == 0)
			pthread_cond_wait(&queue.filled, &lock);
		x = queue.slot[queue.first++ % SLOTS];
		queue.used--;
		pthread_cond_signal(&queue.freed);
		pthread_mutex_unlock(&lock);
		compute(x, ITEM);
	}
}

static void *either(void *arg)
{
	if ((intptr_t)arg < 2)
		produce();
	else
		consume();
	return NULL;
}

/* An item through a queue of 64, two threads at each end. */
static void through_queue(void)
{
	in_threads(either, THREADS);
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void keep_to_one_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *idle(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*work)(void);
		int one_processor;
	} works[] = {
		{"mutex", mutex, 0},     {"contended", contended, 0}, {"cond", cond, 1},
		{"sem", sem, 1},         {"create", create, 1},       {"read", read_one, 0},
		{"pipe", pipe_turns, 1}, {"queue", through_queue, 0},
	};
	pthread_t t;

	ops = argc >= 3 ? atol(argv[2]) : 0;
	for (size_t i = 0; ops > 0 && i < sizeof(works) / sizeof(works[0]); i++) {
		double wall, cpu;

		if (strcmp(argv[1], works[i].name) != 0)
			continue;
		check(pthread_create(&t, NULL, idle, NULL) == 0);
		if (works[i].one_processor)
			keep_to_one_processor();
		wall = now(CLOCK_MONOTONIC);
		cpu = now(CLOCK_PROCESS_CPUTIME_ID);
		works[i].work();
		cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		wall = now(CLOCK_MONOTONIC) - wall;
		printf("%ld %.3f %.3f\n", ops, wall / (double)ops, cpu / (double)ops);
		fflush(stdout);
		return argc > 3 && !strcmp(argv[3], "kill") ? kill(getpid(), SIGKILL) : 0;
	}
	fprintf(stderr, "usage: micro NAME OPS [kill]\n");
	return 2;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines on stacks of their own, with nothing mapped around them, that threads take from a heap, run up to the next
 * turn, and put back: each wait may be in another thread than the one before. A stack is unmapped as soon as its
 * coroutine is over.
 */
#include "check.h"
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>

enum { COROUTINES = 200, TURNS = 12, THREADS = 3, PAGE = 4096, STACK = 8 * PAGE };

struct coroutine {
	ucontext_t inside, outside;
	struct coroutine *next;
	char *map;
	unsigned seed;
	int turns;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct coroutine coroutines[COROUTINES], *waiting;
static int alive = COROUTINES;

static __attribute__((noinline)) void take_turn(struct coroutine *c, int depth)
{
	const struct timespec moment = {0, 1000};
	char bytes[64];

	__asm__ volatile("" ::"r"(bytes) : "memory");
	if (depth > 0) {
		take_turn(c, depth - 1);
	} else {
		nanosleep(&moment, NULL);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		CHECK(swapcontext(&c->inside, &c->outside) == 0);
		nanosleep(&moment, NULL);
	}
	__asm__ volatile("" ::"r"(bytes) : "memory");
}

static void body(unsigned low, unsigned high)
{
	struct coroutine *c = (struct coroutine *)((unsigned long)high << 32 | low);

	while (c->turns-- > 0)
		take_turn(c, rand_r(&c->seed) % 60);
	CHECK(swapcontext(&c->inside, &c->outside) == 0);
}

static void make(struct coroutine *c, unsigned seed)
{
	c->map = mmap(NULL, STACK + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(c->map != MAP_FAILED && mprotect(c->map + PAGE, STACK, PROT_READ | PROT_WRITE) == 0);
	CHECK(getcontext(&c->inside) == 0);
	c->inside.uc_stack.ss_sp = c->map + PAGE;
	c->inside.uc_stack.ss_size = STACK;
	c->seed = seed;
	c->turns = TURNS;
	makecontext(&c->inside, (void (*)(void))body, 2, (unsigned)(unsigned long)c,
		    (unsigned)((unsigned long)c >> 32));
}

static struct coroutine *take(int *is_over)
{
	struct coroutine *c;

	pthread_mutex_lock(&mutex);
	c = waiting;
	if (c)
		waiting = c->next;
	*is_over = alive == 0;
	pthread_mutex_unlock(&mutex);
	return c;
}

static void put_back(struct coroutine *c)
{
	pthread_mutex_lock(&mutex);
	if (c->turns >= 0) {
		c->next = waiting;
		waiting = c;
	} else {
		CHECK(munmap(c->map, STACK + 2 * PAGE) == 0);
		alive--;
	}
	pthread_mutex_unlock(&mutex);
}

static void *work(void *arg)
{
	int is_over = 0;

	while (!is_over) {
		struct coroutine *c = take(&is_over);

		if (!c) {
			sched_yield();
			continue;
		}
		CHECK(swapcontext(&c->outside, &c->inside) == 0);
		put_back(c);
	}
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < COROUTINES; i++) {
		make(&coroutines[i], (unsigned)i);
		coroutines[i].next = waiting;
		waiting = &coroutines[i];
	}
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("all over");
	return 0;
}

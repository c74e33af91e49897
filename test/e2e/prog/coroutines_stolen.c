/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that take coroutines from each other's queues. Coroutines wait and yield, make others, and return into whichever
 * thread runs them then.
 */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <ucontext.h>

enum { THREADS = 4, ROOTS = 20, CHILDREN = 10, TURNS = 20, STACK = 32 << 10 };

struct coroutine {
	ucontext_t inside, outside; /* where it is, and who runs it */
	struct coroutine *next;
	unsigned seed;
	int turns, children;
	int is_over;
	char stack[STACK] __attribute__((aligned(16)));
};

static struct queue {
	pthread_mutex_t mutex;
	struct coroutine *first;
} queues[THREADS];

static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static atomic_int alive;
static long sum;

static void put(struct coroutine *c)
{
	struct queue *q = &queues[(unsigned)rand_r(&c->seed) % THREADS];

	pthread_mutex_lock(&q->mutex);
	c->next = q->first;
	q->first = c;
	pthread_mutex_unlock(&q->mutex);
}

static struct coroutine *take(struct queue *q)
{
	struct coroutine *c;

	pthread_mutex_lock(&q->mutex);
	c = q->first;
	if (c)
		q->first = c->next;
	pthread_mutex_unlock(&q->mutex);
	return c;
}

static void make(unsigned seed, int children);

static void take_turn(struct coroutine *c)
{
	const struct timespec moment = {0, 1000};

	if (rand_r(&c->seed) % 4 == 0)
		nanosleep(&moment, NULL);
	pthread_mutex_lock(&shared);
	sum++;
	if (rand_r(&c->seed) % 4 == 0)
		sched_yield();
	pthread_mutex_unlock(&shared);
	if (c->children > 0 && rand_r(&c->seed) % 2 == 0) {
		c->children--;
		make((unsigned)rand_r(&c->seed), 0);
	}
}

static void body(unsigned low, unsigned high)
{
	struct coroutine *c = (struct coroutine *)((unsigned long)high << 32 | low);

	while (c->turns-- > 0) {
		take_turn(c);
		CHECK(swapcontext(&c->inside, &c->outside) == 0);
	}
	while (c->children-- > 0)
		make(c->seed, 0);
	c->is_over = 1;
}

static void make(unsigned seed, int children)
{
	struct coroutine *c = calloc(1, sizeof(*c));

	CHECK(c && getcontext(&c->inside) == 0);
	alive++;
	c->seed = seed;
	c->turns = TURNS;
	c->children = children;
	c->inside.uc_stack.ss_sp = c->stack;
	c->inside.uc_stack.ss_size = STACK;
	c->inside.uc_link = &c->outside;
	makecontext(&c->inside, (void (*)(void))body, 2, (unsigned)(unsigned long)c,
		    (unsigned)((unsigned long)c >> 32));
	put(c);
}

static void run(struct coroutine *c)
{
	CHECK(swapcontext(&c->outside, &c->inside) == 0);
	if (!c->is_over) {
		put(c);
		return;
	}
	free(c);
	alive--;
}

static void *work(void *arg)
{
	unsigned long me = (unsigned long)arg;

	for (unsigned long i = me; alive > 0; i++) {
		struct coroutine *c = take(&queues[i % THREADS]);

		if (c)
			run(c);
		else
			sched_yield();
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_mutex_init(&queues[i].mutex, NULL);
	for (unsigned i = 0; i < ROOTS; i++)
		make(i, CHILDREN);
	for (unsigned long i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%ld turns\n", sum);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fibers_by_hand WAY: stacks that are switched by a few instructions, and told of by annotations.
 *
 *   turns    two fibers take turns with the main thread; one ends, one is destroyed while it waits
 *   threads  fibers go from thread to thread
 *   misuse   all that can't be meant: nothing is seen of it
 */
#include "../../../preload/gtrace.h"
#include "check.h"
#include <pthread.h>
#include <time.h>

enum { STACK = 64 << 10, FIBERS = 40, THREADS = 3, TURNS = 25 };

/* Saves what a callee keeps, and goes on where another one saved it. */
void hand_over(void **from, void *to);
__asm__(".text\n"
	".type hand_over, @function\n"
	"hand_over:\n"
	"push %rbp\n"
	"push %rbx\n"
	"push %r12\n"
	"push %r13\n"
	"push %r14\n"
	"push %r15\n"
	"mov %rsp, (%rdi)\n"
	"mov %rsi, %rsp\n"
	"pop %r15\n"
	"pop %r14\n"
	"pop %r13\n"
	"pop %r12\n"
	"pop %rbx\n"
	"pop %rbp\n"
	"ret\n"
	".size hand_over, . - hand_over\n");

struct fiber {
	uint64_t id, back; /* its own, and that of who runs it */
	void *sp, *caller;
	struct fiber *next;
	void (*body)(struct fiber *);
	int turns;
	char *stack;
};

static void nap(void)
{
	const struct timespec moment = {0, 1000};

	nanosleep(&moment, NULL);
}

static void yield(struct fiber *f)
{
	gtrace_fiber_switch(f->back);
	hand_over(&f->sp, f->caller);
}

static void run(struct fiber *f)
{
	f->back = gtrace_fiber_current();
	gtrace_fiber_switch(f->id);
	hand_over(&f->caller, f->sp);
}

static struct fiber *first;

static void begin(void)
{
	struct fiber *f = first;

	f->body(f);
	f->turns = -1;
	gtrace_fiber_destroy(f->id);
	yield(f);
	abort();
}

/* It is entered once here, so that begin() may find it without an argument. */
static void make(struct fiber *f, const char *name, void (*body)(struct fiber *))
{
	void **top;

	f->stack = aligned_alloc(16, STACK);
	CHECK(f->stack);
	top = (void **)(f->stack + STACK);
	*--top = NULL;
	*--top = (void *)begin;
	top -= 6;
	memset(top, 0, 6 * sizeof(*top));
	f->sp = top;
	f->body = body;
	f->id = gtrace_fiber_create(name);
	first = f;
	run(f);
}

static void take_turns(struct fiber *f)
{
	yield(f);
	while (f->turns-- > 0) {
		nap();
		yield(f);
	}
}

static void turns(void)
{
	static struct fiber a, b;

	a.turns = b.turns = 3;
	make(&a, "ping", take_turns);
	make(&b, "pong", take_turns);
	gtrace_fiber_set_name(b.id, "pang");
	while (a.turns >= 0) {
		run(&a);
		if (b.turns > 1)
			run(&b);
	}
	gtrace_fiber_destroy(b.id);
	nap();
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct fiber *waiting;
static int alive = FIBERS;

static void put(struct fiber *f)
{
	pthread_mutex_lock(&mutex);
	if (f->turns < 0) {
		alive--;
	} else {
		f->next = waiting;
		waiting = f;
	}
	pthread_mutex_unlock(&mutex);
}

static void *work(void *arg)
{
	for (int left = 1; left;) {
		struct fiber *f;

		pthread_mutex_lock(&mutex);
		f = waiting;
		if (f)
			waiting = f->next;
		left = alive;
		pthread_mutex_unlock(&mutex);
		if (f) {
			run(f);
			put(f);
		} else {
			sched_yield();
		}
	}
	return arg;
}

static void threads(void)
{
	static struct fiber fibers[FIBERS];
	pthread_t thread[THREADS];

	for (int i = 0; i < FIBERS; i++) {
		fibers[i].turns = TURNS;
		make(&fibers[i], NULL, take_turns);
		put(&fibers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
}

static void misuse(void)
{
	uint64_t home = gtrace_fiber_current(), fiber = gtrace_fiber_create("never");

	gtrace_fiber_switch(home); /* 1: it runs */
	gtrace_fiber_destroy(home); /* 2 */
	gtrace_fiber_switch(UINT64_MAX); /* 3 */
	gtrace_fiber_switch(12345); /* 4 */
	gtrace_fiber_destroy(fiber);
	gtrace_fiber_destroy(fiber); /* 5 */
	gtrace_fiber_switch(fiber); /* 6 */
	gtrace_fiber_set_name(fiber, "x"); /* 7 */
	gtrace_fiber_set_name(home, NULL); /* 8 */
	gtrace_fiber_set_name(home, "not misused");
	gtrace_fiber_switch(0);
	gtrace_fiber_destroy(0);
	gtrace_fiber_set_name(0, "x");
	CHECK(gtrace_fiber_current() == home);
}

int main(int argc, char **argv)
{
	CHECK(argc == 2);
	if (strcmp(argv[1], "turns") == 0)
		turns();
	if (strcmp(argv[1], "threads") == 0)
		threads();
	if (strcmp(argv[1], "misuse") == 0)
		misuse();
	puts("done");
	return 0;
}

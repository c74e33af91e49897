/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks that are not libc's own: coroutines, small ones, the program's; and callbacks that libc calls in the middle. */
#include "point.h"

#include <limits.h>
#include <search.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { SIZE = 65536 };

static const char *chosen;
static ucontext_t outside, inside, innermost;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static FRAME void wait_if(const char *name)
{
	if (strcmp(name, chosen) == 0)
		WAIT(name);
	GO_ON_AFTER();
}

static void inner_coroutine(void)
{
	wait_if("context/inner");
	GO_ON_AFTER();
}

static void make(ucontext_t *context, ucontext_t *back, void (*entry)(void))
{
	CHECK(getcontext(context) == 0 && (context->uc_stack.ss_sp = malloc(SIZE)) != NULL);
	context->uc_stack.ss_size = SIZE;
	context->uc_link = back;
	makecontext(context, entry, 0);
}

static void coroutine(void)
{
	wait_if("context/entry");
	make(&innermost, &inside, inner_coroutine);
	CHECK(swapcontext(&inside, &innermost) == 0);
	wait_if("context/resumed");
}

static void coroutines(const char *name)
{
	chosen = name;
	make(&inside, &outside, coroutine);
	CHECK(swapcontext(&outside, &inside) == 0);
	wait_if("context/back");
	free(inside.uc_stack.ss_sp);
	free(innermost.uc_stack.ss_sp);
}

static void *wait_on_stack(void *arg)
{
	volatile char used[8000];

	IN_MEMORY(used);
	WAIT(arg);
	GO_ON_AFTER();
	return NULL;
}

static void on_stack(void *stack, const char *name)
{
	pthread_attr_t attr;

	CHECK(pthread_attr_init(&attr) == 0);
	CHECK(stack ? pthread_attr_setstack(&attr, stack, SIZE) == 0
		    : pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN) == 0);
	point_run(&attr, wait_on_stack, (void *)name, point_post);
}

static FRAME int compare(const void *a, const void *b)
{
	if (chosen)
		WAIT(chosen);
	chosen = NULL;
	return *(const int *)a - *(const int *)b;
}

static void sorting(const char *name)
{
	int numbers[] = {3, 1, 2, 5, 4};

	chosen = name;
	qsort(numbers, 5, sizeof(*numbers), compare);
}

static void searching(const char *name)
{
	int numbers[] = {1, 2, 3}, wanted = 2;

	chosen = name;
	CHECK(bsearch(&wanted, numbers, 3, sizeof(*numbers), compare) == &numbers[1]);
}

static void planting(const char *name)
{
	int numbers[] = {1, 2};
	void *root = NULL;

	chosen = NULL;
	tsearch(&numbers[0], &root, compare);
	chosen = name;
	tsearch(&numbers[1], &root, compare);
}

static void initialise(void)
{
	WAIT(chosen);
	GO_ON_AFTER();
}

static void initialising(const char *name)
{
	chosen = name;
	pthread_once(&once, initialise);
	GO_ON_AFTER();
}

static void clean(void *value)
{
	WAIT(value);
	GO_ON_AFTER();
}

static void cleaning(const char *name)
{
	pthread_cleanup_push(clean, (void *)name);
	pthread_exit(NULL);
	pthread_cleanup_pop(0);
}

static const struct point points[] = {
	{"context/entry", coroutines}, {"context/inner", coroutines}, {"context/resumed", coroutines},
	{"context/back", coroutines},  {"call/qsort", sorting},       {"call/bsearch", searching},
	{"call/tsearch", planting},    {"call/once", initialising},   {"call/cleanup", cleaning},
};

/* Of the main thread: exit() calls it. */
static void at_exit(void)
{
	REST("main/exit");
	GO_ON_AFTER();
}

int main(void)
{
	void *stack = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	POINTS_RUN(points);
	on_stack(NULL, "stack/16k");
	on_stack(stack, "stack/own");
	CHECK(atexit(at_exit) == 0);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Regions nested 40 deep, over many generations, whose names are in other memory each time; tasks whose parts are in other
 * threads, ended by whoever comes last; and a long message of each thread, cut where a character ends.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <time.h>

enum { THREADS = 4, DEEP = 40, ROUNDS = 10, LONG = 1500 };

static uint64_t request;

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

static void nest(uint64_t task, int depth)
{
	char name[32];

	if (depth == DEEP)
		return;
	snprintf(name, sizeof(name), "level %d", depth);
	gtrace_region_begin(task, name);
	memset(name, 'x', sizeof(name) - 1);
	if (depth % 8 == 0)
		nap();
	nest(task, depth + 1);
	if (depth % 8 == 4)
		nap();
	snprintf(name, sizeof(name), "level %d", depth);
	gtrace_region_end(task, name);
}

static void say_much(uint64_t task)
{
	char text[LONG + 1];

	for (int i = 0; i < LONG; i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	text[LONG] = 0;
	text[0] = text[1] = '.';
	gtrace_log(task, "even", text);
	gtrace_log(task, "odd", text + 1);
	gtrace_logf(task, "formatted", "%s%.3f %s", ".", 0.5, text);
}

static void *serve(void *arg)
{
	uint64_t part = gtrace_task_begin(request, "part");

	for (int i = 0; i < ROUNDS; i++)
		nest(i % 2 ? part : 0, 0);
	say_much(part);
	gtrace_task_end(part);
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];

	request = gtrace_task_begin(0, "request");
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, serve, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	gtrace_task_end(request);
	puts("done");
	return 0;
}

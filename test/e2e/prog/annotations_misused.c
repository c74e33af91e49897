/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything that does not fit, each next to something that does. Every line with a number is counted once; the trace stays
 * one that readers accept.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <setjmp.h>

enum { DEEPEST = 127 }; /* and the one around them */

static uint64_t task;
static jmp_buf out;

static void *another(void *arg)
{
	gtrace_region_end(task, "mine"); /* 1: of another thread */
	gtrace_region_begin(task, "left open"); /* 2: at the end of the thread */
	return arg;
}

static void *no_text(void)
{
	return NULL;
}

static void without_text(void)
{
	gtrace_task_begin(task, no_text()); /* 3 */
	gtrace_region_begin(task, no_text()); /* 4 */
	gtrace_region_end(task, no_text()); /* 5 */
	gtrace_log(task, no_text(), "text"); /* 6 */
	gtrace_log(task, "category", no_text()); /* 7 */
	gtrace_label(no_text()); /* 8 */
}

static void wrong_tasks(void)
{
	gtrace_task_end(0); /* 9 */
	gtrace_task_end(12345); /* 10 */
	gtrace_task_end(UINT64_MAX); /* 11 */
	gtrace_log(12345, "of no", "task"); /* 12, and kept */
	gtrace_task_end(gtrace_task_begin(12345, "of no task")); /* 13, and kept */
}

static void wrong_regions(void)
{
	gtrace_region_end(task, "never begun"); /* 14 */
	gtrace_region_begin(task, "one");
	gtrace_region_end(task, "other"); /* 15 */
	gtrace_region_end(0, "one"); /* 16 */
	gtrace_region_end(task, "one");
	gtrace_region_end(task, "one"); /* 17 */
}

static void jumped_over(void)
{
	gtrace_region_begin(task, "outer");
	if (setjmp(out) == 0) {
		gtrace_region_begin(task, "inner"); /* 18: not ended */
		longjmp(out, 1);
	}
	gtrace_region_end(task, "outer");
}

static void too_deep(void)
{
	for (int i = 0; i < DEEPEST; i++)
		gtrace_region_begin(0, "deep");
	gtrace_region_begin(0, "deeper"); /* 19 */
	gtrace_region_begin(0, "deepest"); /* 20 */
	gtrace_region_end(0, "deepest");
	gtrace_region_end(0, "deeper");
	for (int i = 0; i < DEEPEST; i++)
		gtrace_region_end(0, "deep");
}

int main(void)
{
	pthread_t thread;

	task = gtrace_task_begin(0, "request");
	gtrace_region_begin(task, "mine");
	CHECK(pthread_create(&thread, NULL, another, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	without_text();
	wrong_tasks();
	wrong_regions();
	jumped_over();
	too_deep();
	gtrace_region_end(task, "mine");
	gtrace_task_end(task);
	gtrace_task_end(task); /* 21 */
	gtrace_logf(0, "still", "%s", "sound");
	puts("done");
	return 0;
}

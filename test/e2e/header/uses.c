/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All of gtrace.h, in what C and C++ have in common. Prints what gtrace_is_on() says: called, by its address, and in another
 * file.
 */
#include <gtrace.h>

#include <stdio.h>

#ifdef __cplusplus
extern "C"
#endif
	int
	other_says(void);

static int scope(uint64_t task)
{
	GTRACE_REGION(task, "scope");
	{
		GTRACE_REGION(task, "inner scope");
	}
	return 1;
}

int main(void)
{
	int (*volatile by_address)(void) = gtrace_is_on;
	uint64_t task = gtrace_task_begin(0, "task");

#ifdef __cplusplus
	gtrace::task object("object", task);
	gtrace::region region(object.id(), "region");
#endif
	gtrace_region_begin(task, "plain");
	gtrace_log(task, "category", "text");
	gtrace_logf(task, "category", "format %d %.1f", scope(task), 0.5);
	gtrace_logf(task, "category", "no arguments");
	gtrace_label("label");
	gtrace_region_end(task, "plain");
	gtrace_task_end(task);
	printf("%d %d %d\n", gtrace_is_on(), by_address(), other_says());
	return 0;
}

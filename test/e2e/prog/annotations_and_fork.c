/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children that are forked in an open region of an open task end both, which are not theirs, and have their own.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <sys/wait.h>

enum { CHILDREN = 3 };

static void child(uint64_t task)
{
	uint64_t own = gtrace_task_begin(task, "own"); /* counted: of a task that the child does not know */

	gtrace_region_begin(own, "child");
	gtrace_region_end(own, "child");
	gtrace_task_end(own);
	gtrace_region_end(task, "parent"); /* counted */
	gtrace_task_end(task); /* counted */
	_exit(own != 0 && own == task);
}

int main(void)
{
	uint64_t task = gtrace_task_begin(0, "parent's");
	int status;

	gtrace_region_begin(task, "parent");
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0)
			child(task);
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	gtrace_region_end(task, "parent");
	gtrace_task_end(task);
	puts("done");
	return 0;
}

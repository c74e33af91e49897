/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program with the Boehm collector that forks: parent and child collect on, each for itself.
 *
 * Flags: -Wl,--no-as-needed -lgc
 * Needs: gc/gc.h
 */
#define GC_THREADS
#include "check.h"

#include <gc/gc.h>
#include <sys/wait.h>

static int ends;

static void count(GC_EventType event)
{
	ends += event == GC_EVENT_END;
}

static void collect(int n)
{
	ends = 0;
	while (n-- > 0)
		GC_gcollect();
}

int main(void)
{
	int status;
	pid_t child;

	GC_set_handle_fork(1);
	GC_INIT();
	GC_set_on_collection_event(count);
	collect(3);
	CHECK(ends == 3);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		collect(5);
		CHECK(GC_get_on_collection_event() == count);
		_exit(ends);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	collect(2);
	CHECK(ends == 2);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recording begins and ends between collections of the Boehm collector, and in the middle of one: what began before the trace
 * has no end in it.
 *
 * Flags: -Wl,--no-as-needed -lgc
 * Needs: gc/gc.h
 */
#define GC_THREADS
#include "../../../preload/gtrace.h"
#include "check.h"

#include <gc/gc.h>

static int collections, from, to;

static void toggle(GC_EventType event)
{
	if (event != GC_EVENT_RECLAIM_START)
		return;
	collections++;
	if (collections == from)
		gtrace_start();
	else if (collections == to)
		gtrace_stop();
}

static void collect(int n)
{
	while (n-- > 0)
		GC_gcollect();
}

int main(void)
{
	GC_INIT();
	collect(3);
	gtrace_start();
	collect(5);
	gtrace_stop();
	collect(2);
	GC_set_on_collection_event(toggle);
	from = 2;
	to = 6;
	collect(8);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fibers as events: made, switched to, ended.
 *
 * What a thread switches to must be parked: in the trace a coroutine that another thread left is Waiting until it runs, so
 * that moving to another thread needs no event of its own.
 */
#ifndef GT_FIBER_SWITCH_H
#define GT_FIBER_SWITCH_H

#include "fiber.h"
#include "section.h"

/* The thread begins, with a G of its own, on a stack that ends at `hi`; 0: nobody knows where. */
void gt_fiber_begin(struct gt_thread *t, uintptr_t hi);

/* What a new fiber is. */
struct gt_fiber_made {
	uintptr_t lo, hi; /* its stack; 0, 0: not known */
	const void *start; /* its function; NULL: not known */
	const char *name; /* NULL: none */
};

/* GoCreateBlocked; 0 when it can't be recorded. By the calling thread, whose record is `t`, in state RUN: as all below. */
gt_fiber_ref gt_fiber_make(struct gt_thread *t, const struct gt_fiber_made *made, const void *pc);

/* GoSwitch, or, if the G that runs ends by it, GoSwitchDestroy. False when it is not parked or nothing may be written. */
bool gt_fiber_run(struct gt_thread *t, gt_fiber_ref ref, bool ends);

/* One that does not run ends: it runs for no time at all, since a G that waits can't end in a trace. False: it is not parked. */
bool gt_fiber_end(struct gt_thread *t, gt_fiber_ref ref);

/* The fiber of the G that runs: a thread's own gets one with this. NULL, counted: no room. */
struct gt_fiber *gt_fiber_current(struct gt_thread *t);

/* Gives it a name, of which 31 bytes count; NULL: none. It is said when it runs next. By its owner. */
void gt_fiber_call(struct gt_fiber *f, const char *name);

/* Whether the thread runs the G that it, or another thread, began with. */
bool gt_fiber_is_home(const struct gt_thread *t);

/* The thread is on the stack of the G that it runs; or on one that nobody knows: then no memory is taken for granted. */
void gt_fiber_stands(struct gt_thread *t);
void gt_fiber_strays(struct gt_thread *t);

/* A thread's last section, before its G ends: a coroutine ends here, and the G that the thread began with goes on. */
void gt_fiber_go_home(struct gt_section *s);

/* The same, or a quiet section, when all is said: what the thread ran, and the stack that it began on, are gone. */
void gt_fiber_forget(struct gt_thread *t);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What makes the flight recorder write its trace by itself: GTRACE_TRIGGER, a list of rules with commas between them.
 *
 *     wait[:WHAT]>TIME      a thread waited, or still waits, for longer; WHAT as in primitives.def, or its first word.
 *                           Without it every wait counts but sleeping
 *     syscall>TIME          a system call that does not wait for anybody took longer, or still does
 *     region[:NAME]>TIME    a region that the program has told of took longer
 *     every=TIME            at most one trace in so much time (10s); and
 *     most=N                so many of them in all (10)
 *
 * Only one cause waits for its trace at a time; what happens meanwhile is in that trace, too.
 */
#ifndef GT_TRIGGER_H
#define GT_TRIGGER_H

#include "format/event.h"

#include <stdbool.h>
#include <stdint.h>

struct gt_trigger_cause {
	enum gt_trigger why;
	uint64_t goid; /* whose; 0: nobody's */
	uint64_t ns; /* how long */
	char name[64]; /* of what */
};

/* The least time of any rule of a kind, for a first look; UINT64_MAX: there is no rule. Constant while LIVE. */
struct gt_trigger_limits {
	uint64_t wait, syscall, region;
};
extern struct gt_trigger_limits gt_trigger_limits;

/* Whether it is such a list, or empty. Stores nothing. */
bool gt_trigger_parse(const char *text);

/* Does as such a list says from now on. Once, before the first recording. */
void gt_trigger_set(const char *text);

/* No trace was written yet. When a recording begins. */
void gt_trigger_start(void);

/*
 * What has lasted `ns`, in G `goid`. True when it is to be reported: the caller makes somebody serve the recording soon. Any
 * thread, also in a section. Lock-free.
 */
bool gt_trigger_wait(uint64_t goid, enum gt_primitive what, uint64_t ns);
bool gt_trigger_syscall(uint64_t goid, uint64_t ns);
bool gt_trigger_region(uint64_t goid, const char *name, uint64_t ns);

/* The open wait, or system call, of the calling thread ends. In its section, which makes somebody serve the recording. */
struct gt_thread;
void gt_trigger_wait_ends(struct gt_thread *t, uint64_t now);
void gt_trigger_call_ends(struct gt_thread *t, uint64_t now);

/* Looks for waits and system calls that still last. Writer, under the switch lock. */
void gt_trigger_look(uint32_t gen);

/* Whether there is a cause without its trace; and takes it. Under the switch lock. */
bool gt_trigger_is_pulled(void);
bool gt_trigger_take(struct gt_trigger_cause *cause);

#endif

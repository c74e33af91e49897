/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts that belong to the generation or to the process, written by the switcher: clock, modules, drops,
 * options, the process itself. Those tied to events are written with their events (emit.h).
 */
#ifndef GT_FACTS_H
#define GT_FACTS_H

#include "format/event.h"

#include <stdint.h>

/* Copies the texts of the options: the environment may be another one when a trace begins. Once, at start. */
void gt_facts_keep_options(void);

/* Forgets what was written; `program` is copied. At start, when the origin is known. */
void gt_facts_start(const char *program);

/*
 * Says in the live file what a generation must say to be understood, if more has been loaded since that was done last:
 * whose trace it is, options, modules. Under the switch lock.
 */
void gt_facts_keep(uint32_t gen);

/* The same, into a live file that says nothing yet. */
void gt_facts_keep_again(uint32_t gen);

/* What was written is in a complete generation. And how many drops such generations tell of. Under the switch lock. */
void gt_facts_done(void);
uint64_t gt_facts_told(enum gt_drop cause);

/* Writes what generation `gen` has to say. Under the switch lock; the sink is open. */
void gt_facts_write(uint32_t gen);

#endif

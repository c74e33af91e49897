/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts that belong to the generation or to the process, written by the switcher: clock, modules, drops,
 * options, the process itself. Those tied to events are written with their events (emit.h).
 */
#ifndef GT_FACTS_H
#define GT_FACTS_H

#include "format/event.h"

#include <stddef.h>
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

/*
 * For the flight recorder: what a trace says once, in front of generation `gen`, which could be a trace's first. Likewise.
 */
void gt_facts_lead(uint32_t gen);

/* Why the flight recorder's trace was written, as a record for gt_output_save(). Its length, at most GT_FACTS_WHY. */
struct gt_trigger_cause;
enum { GT_FACTS_WHY = 256 };
size_t gt_facts_why(uint8_t *to, const struct gt_trigger_cause *cause);

/* Writes what generation `gen` has to say. Under the switch lock; the sink is open. */
void gt_facts_write(uint32_t gen);

#endif

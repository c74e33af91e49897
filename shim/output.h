/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the trace goes: the pattern of GTRACE_OUTPUT made absolute at start, expanded anew in a forked child.
 */
#ifndef GT_OUTPUT_H
#define GT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Remembers the pattern, the working directory and the program's name. Once, at start. */
void gt_output_name(const char *pattern, const char *argv0);

/*
 * Expands the pattern and creates the trace file and the live file beside it, with room for `bytes` of buffers; a name that
 * exists gets a number. The first generation will be `gen`. False when it can't be, and there is none.
 */
bool gt_output_create(uint64_t bytes, uint32_t gen);

/* Why the last one could not be created, an errno; 0: it could. And whether that may pass: it was room or memory. */
int gt_output_error(void);
bool gt_output_may_come(void);

/* Whether there is room for another trace where the last one is: so much that it would not end at once. */
bool gt_output_has_room(void);

/*
 * Writes what the flight recorder keeps to a file of its own, which begins with `facts` as gt_flight_save() has it: to the
 * trace's name with the next number behind it, and `is_last` to the name itself. Where the file system can, it appears as a
 * whole. False when that can't be, and there is none.
 */
bool gt_output_save(bool is_last, const uint8_t *facts, size_t len);

/* Takes the last one away again: more will be kept. */
void gt_output_unsave(void);

const char *gt_output_path(void);
const char *gt_output_live(void); /* the live file */
const char *gt_output_program(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The trace of a program that was killed, and its live file: generation 1 is complete in the file, generation 2 has two halves, each of
 * which is put into the one or the other.
 */
#ifndef GT_KILLED_H
#define GT_KILLED_H

#include "left.h"

#include "decoder/tail.h"

enum { GT_KILLED_FIRST = 4, GT_KILLED_SECOND = 6 }; /* events of each */

extern struct gt_killed {
	struct gt_left left;
	struct gt_builder file;
	struct gt_tail tail;
	struct gt_error err;
} gt_killed;

/* For the suite's init and fini. */
void gt_killed_start(void);
void gt_killed_clean(void);

const char *gt_killed_path(void);
const char *gt_killed_live(void);

/* A complete generation in the file. */
void gt_killed_first(void);

/* Half of the next one, 0 or 1. */
struct gt_buf *gt_killed_half_in_live(int i);
void gt_killed_half_in_file(int i);

/* Writes both, and makes the tail, as gt_tail_make() says. */
int gt_killed_make(void);

/* Writes both. How many events a reader gets from them; they must be sound. */
uint64_t gt_killed_events(void);

/* The same of what is there. */
uint64_t gt_killed_read(void);

#endif

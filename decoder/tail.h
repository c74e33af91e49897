/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a trace whose recorder did not come to write it: what its live file has beyond the trace file, as generations.
 * A flight recorder's live file has all there is.
 *
 * The process is gone, or it goes on: then this is what it had recorded at some moment.
 */
#ifndef GT_TAIL_H
#define GT_TAIL_H

#include "input.h"
#include "prune.h"

struct gt_tail {
	int file; /* what stands for the trace file; -1: nothing, it is there */
	int fd; /* the bytes that follow, from its start on */
	uint64_t at; /* how much of the trace file stays */
	bool is_written; /* the process goes on */
	bool lacks_end; /* generations were completed too fast: what is behind the last one is not there */
	struct gt_pruned pruned; /* what is not there, since it follows from what was not recorded */
};

/* The live file's path, for free(). */
char *gt_tail_live(const char *path);

/*
 * What the live file `live` adds to the trace `path`. 1 and *tail, whose descriptors are the caller's; 0: nothing, for there
 * is no such file or it has no more; -1 with *err: there is one, but it cannot be used. Exits with a complaint when memory is
 * short.
 */
int gt_tail_make(struct gt_tail *tail, const char *path, const char *live, struct gt_error *err);

/* Closes what is open of it. */
void gt_tail_close(struct gt_tail *tail);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers: where a thread's events wait for the file. Events grow up from the start, facts down from the end;
 * the buffer is full when they come close. A buffer holds events of one thread and one generation and becomes
 * one EventBatch, directly followed by one ExperimentalBatch when it has facts.
 *
 * They lie in the live file, so that what was recorded outlives a killed process.
 */
#ifndef GT_BUF_H
#define GT_BUF_H

#include "format/live.h"

#include <stdbool.h>
#include <stddef.h>

/* Where an event buffer ends. */
static inline uint8_t *gt_buf_end(struct gt_buf *b)
{
	return (uint8_t *)b + b->bytes;
}

/* At start, and in a forked child, when the live file is there: at most `bytes` of it. */
void gt_buf_start(uint64_t bytes);

/*
 * Makes sure that there is memory ahead of demand: `ahead` bytes, and a large buffer for each thread, since all may want one before
 * anybody looks again. Not in a section. Failing is no error: buffers become scarce and operations are dropped.
 */
void gt_buf_reserve(uint64_t ahead);
void gt_buf_reserve_again(void); /* as much as last time */

/* Whether half of that is gone: true once. Any thread, also inside a section. */
bool gt_buf_runs_low(void);

/* A buffer of about the wanted size, or NULL. Any thread, also inside a section. Lock-free. */
struct gt_buf *gt_buf_take(bool large, uint32_t gen, uint32_t tid, uint64_t now);
void gt_buf_give_back(struct gt_buf *b);

/* Full buffers of a generation, in the order of one thread's pushes. Push: any thread. Take all: switcher. */
void gt_buf_push(struct gt_buf *b);
bool gt_buf_queued(uint32_t gen);
struct gt_buf *gt_buf_take_full(uint32_t gen); /* a list by `next`, oldest first; NULL when empty */
struct gt_buf *gt_buf_next(const struct gt_buf *b);

/* Whether buffers have become few since the last call. */
bool gt_buf_scarce(void);

/* A buffer of the generation was wanted and not there: it can't be whole any more. In a section of it. True the first time. */
bool gt_buf_lose(uint32_t gen);
bool gt_buf_is_lost(uint32_t gen);

#endif

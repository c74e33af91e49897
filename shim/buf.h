/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers: where a thread's events wait for the file. Events grow up from the start, facts down from the end;
 * the buffer is full when they come close. A buffer holds events of one thread and one generation and becomes
 * one EventBatch, directly followed by one ExperimentalBatch when it has facts.
 *
 * They live in the arena, a MAP_SHARED file beside the trace (<trace>.live), so that what was recorded outlives
 * a killed process. The file is mapped and closed; memory is handed out only where the file has blocks, since a
 * store into a hole of a full disk would kill the program.
 */
#ifndef GT_BUF_H
#define GT_BUF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GT_BUF_SMALL = 2048, /* a thread's first in a generation: most threads say little */
	GT_BUF_LARGE = 32768, /* the next ones */
	GT_BUF_HEAD = 64, /* room in front of the events for the batch head */
	GT_BUF_GAP = 64, /* kept free between events and facts, for the facts' batch head */
};

struct gt_buf {
	_Atomic uint32_t next; /* index of the next buffer in a free list or queue, 0: none */
	uint32_t bytes; /* of the whole buffer: GT_BUF_SMALL or GT_BUF_LARGE; 0: not in use */
	uint32_t gen;
	uint32_t tid;
	uint64_t base; /* time of the first event */
	uint64_t last; /* time of the last event */
	uint64_t serial; /* order of taking, for whoever repairs a live file */
	uint32_t events;
	uint32_t used; /* bytes of events; a release store publishes what lies below */
	uint32_t top; /* where the facts begin, counted from the buffer's start */
	uint8_t head[GT_BUF_HEAD];
	uint8_t data[];
};

/* Where an event buffer ends. */
static inline uint8_t *gt_buf_end(struct gt_buf *b)
{
	return (uint8_t *)b + b->bytes;
}

/*
 * Creates <path>, at most `bytes` of it, and maps it. False when that can't be done; nothing is left then.
 * Called at start and in a forked child (which must have called gt_buf_detach() before).
 */
bool gt_buf_start(const char *path, uint64_t bytes);

/* Removes the live file; the arena stays usable. */
void gt_buf_remove(void);

/* Forgets and unmaps the arena without touching its content. */
void gt_buf_detach(void);

/*
 * Makes sure that there is memory ahead of demand; `ahead` in bytes. Opens and closes the live file. Not in a
 * section. Failing is no error: buffers become scarce and operations are dropped.
 */
void gt_buf_reserve(uint64_t ahead);

/* A buffer of about the wanted size, or NULL. Any thread, also inside a section. Lock-free. */
struct gt_buf *gt_buf_take(bool large, uint32_t gen, uint32_t tid, uint64_t now);
void gt_buf_give_back(struct gt_buf *b);

/* Full buffers of a generation, in the order of one thread's pushes. Push: any thread. Take all: switcher. */
void gt_buf_push(struct gt_buf *b);
bool gt_buf_queued(uint32_t gen);
struct gt_buf *gt_buf_take_full(uint32_t gen); /* a list by `next`, oldest first; NULL when empty */
struct gt_buf *gt_buf_next(const struct gt_buf *b);

/* Whether a buffer was wanted since the last call and there was none. */
bool gt_buf_scarce(void);

#endif

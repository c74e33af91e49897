/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Live files made by hand: what a recorder leaves that was killed. Process 0 wrote them, so nobody does any more.
 *
 * A file starts with gt_left_start() and may be changed in memory before it is written. Small: one buffer of each size after
 * the other.
 */
#ifndef GT_LEFT_H
#define GT_LEFT_H

#include "builder.h"

#include "shim/format/live.h"

struct gt_left {
	struct gt_live_head *head; /* and all that follows */
	size_t len, size;
	uint64_t serial;
};

void gt_left_start(struct gt_left *l);

/*
 * A buffer with the bytes of `events` (batches of the builder are not wanted: only what stands in one) and of `facts`, each
 * of which is emptied and may be NULL.
 */
struct gt_buf *gt_left_buf(struct gt_left *l, uint32_t gen, uint32_t tid, uint64_t time, struct gt_builder *events,
			   struct gt_builder *facts);

/* A stack, by its id; a text, by its number from 0. */
uint64_t gt_left_stack(struct gt_left *l, uint32_t gen, const uint64_t *pc, uint32_t n);
uint64_t gt_left_text(struct gt_left *l, uint32_t gen, uint32_t number, const char *text);

/* A sample of M 5 and G 1, without a P. Queues begin with number 0, unless their ends are set before. */
struct gt_live_sample *gt_left_sample(struct gt_left *l, uint32_t gen, uint64_t time, uint64_t stack);

/* The facts in force: the records of the builder, which is emptied. */
void gt_left_facts(struct gt_left *l, struct gt_builder *records);

/*
 * A flight recorder's: what the ring has from position `from` on, of which `complete` bytes are whole generations. It may go
 * round the ring's end.
 */
enum { GT_LEFT_RING = 4096 };
void gt_left_fly(struct gt_left *l, uint64_t from, const void *bytes, size_t len, size_t complete);

/* Writes the file; and frees it. */
void gt_left_write(struct gt_left *l, const char *path);

#endif

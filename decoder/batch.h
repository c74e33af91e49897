/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One batch as it stands in the file: its head, and where its payload is.
 *
 * Payloads of a regular file stay there until they are asked for, so that a generation occupies little memory.
 */
#ifndef GT_BATCH_H
#define GT_BATCH_H

#include "arena.h"
#include "input.h"

struct gt_batch {
	struct gt_batch *next; /* of the same thread, or of facts, in file order */
	struct gt_batch *tied; /* of events: the first batch of facts that belong to them; of facts: the next one */
	const uint8_t *data; /* the payload; NULL: in the file only */
	uint64_t offset; /* of its first byte in the file */
	uint64_t payload; /* the same of the payload */
	uint64_t gen;
	int64_t m;
	uint64_t time; /* in clock units */
	uint32_t len;
	uint8_t experiment; /* 0: none */
	uint8_t first; /* byte of the payload, 0 when there is none */
	bool tells; /* facts: not all are tied to events */
};

enum gt_batch_kind {
	GT_BATCH_EVENTS, /* or nothing at all */
	GT_BATCH_STRINGS,
	GT_BATCH_STACKS,
	GT_BATCH_SAMPLES,
	GT_BATCH_CLOCK, /* one Frequency, or a Sync with what belongs to it */
	GT_BATCH_EXPERIMENT, /* ours, or somebody else's */
};

/* What it holds. */
enum gt_batch_kind gt_batch_kind(const struct gt_batch *batch);

/* Memory for one payload after the other. {0} is none; free() the bytes. */
struct gt_room {
	uint8_t *bytes;
	size_t size;
};

enum { GT_BATCH_END = 2 };

/*
 * The next batch, in `arena`: 1 and *batch; 0 at the end of the file; -1 with *err. GT_BATCH_END, and no batch, at the end
 * of a generation that says so: from version GT_GO_END on.
 */
int gt_batch_read(struct gt_input *in, struct gt_arena *arena, struct gt_batch **batch, struct gt_error *err);

/*
 * The payload of a batch of `in`: batch->data, or read into `room`, where it stays until the next call with that room.
 * NULL with *err.
 */
const uint8_t *gt_batch_payload(const struct gt_batch *batch, const struct gt_input *in, struct gt_room *room,
				struct gt_error *err);

/* A copy in `arena`, with the payload if that is in memory. NULL when memory is short. */
struct gt_batch *gt_batch_copy(const struct gt_batch *batch, struct gt_arena *arena);

#endif

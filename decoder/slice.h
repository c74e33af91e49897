/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One generation as it stands in the file: its batches in their order, not looked into further than their times.
 */
#ifndef GT_SLICE_H
#define GT_SLICE_H

#include "batch.h"
#include "out.h"
#include "snapshot.h"

/* Which generation, and when. */
struct gt_stretch {
	uint64_t gen; /* 0: none */
	uint64_t events; /* and samples */
	int64_t from, to; /* nanoseconds: of its events; without any, when it was opened, or 0 */
};

/* {0} is empty. */
struct gt_slice {
	struct gt_stretch is;
	struct gt_batch *first, *last; /* in the order of the file */
	struct gt_snapshot snapshot; /* what opens it, from version GT_GO_SYNC on */
	int64_t snapped; /* nanoseconds: when */
	const struct gt_input *in; /* where payloads are that are not in memory */
	struct gt_arena arena; /* of the batches */
	struct gt_room room, unpacked; /* of one payload */
	struct gt_batch *spill; /* opens the next generation; NULL: the file has ended */
	struct gt_arena spilled; /* its memory */
};

/*
 * Forgets what the slice holds and reads the next generation of `in`, always the same. 1; 0 at the end of the file; -1
 * with *err: the generation is not whole, and is forgotten.
 */
int gt_slice_read(struct gt_slice *slice, struct gt_input *in, struct gt_error *err);

/* The payload of one of its batches, until the next call. NULL when it cannot be read any more. */
const uint8_t *gt_slice_payload(struct gt_slice *slice, const struct gt_batch *batch);

/* The records of a batch of our facts; *end behind them. NULL when it is none, or has none that are free, or memory is short. */
const uint8_t *gt_slice_facts(struct gt_slice *slice, const struct gt_batch *batch, const uint8_t **end);

/* Writes the batches. What cannot be read any more is left out; whoever reads the result notices. */
void gt_slice_write(struct gt_slice *slice, struct gt_out *out);

/* Whether both are the same generation of the same recording, as far as numbers and times tell. */
bool gt_stretch_same(const struct gt_stretch *a, const struct gt_stretch *b);

void gt_slice_free(struct gt_slice *slice);

/* Writes the head of a batch with `len` bytes of payload, which are to follow. */
void gt_slice_head(struct gt_out *out, uint8_t experiment, uint64_t gen, int64_t m, uint64_t time, size_t len);

#endif

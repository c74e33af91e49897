/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One batch as it stands in the file: head and payload, its contents not looked at.
 */
#ifndef GT_BATCH_H
#define GT_BATCH_H

#include "fact.h"
#include "input.h"

struct gt_batch {
	struct gt_batch *next; /* of the same thread, in file order */
	uint64_t offset; /* of its first byte in the file */
	uint64_t gen;
	int64_t m;
	uint64_t time; /* in clock units */
	uint8_t experiment; /* 0: none */
	struct gt_fact_record *facts; /* tied to its events, by position */
	size_t nfacts;
	size_t len;
	uint8_t data[];
};

/* The next batch: 1 and *batch, 0 at the end of the file, -1 with *err. Free with gt_batch_free(). */
int gt_batch_read(struct gt_input *in, struct gt_batch **batch, struct gt_error *err);

/* Frees a batch, not its successors. Accepts NULL. */
void gt_batch_free(struct gt_batch *batch);

/*
 * Adds the facts of `from` to the batch that stands before it. Their texts point into `from`. False when memory
 * is short.
 */
int gt_batch_tie(struct gt_batch *to, const struct gt_batch *from);

/* Sorts what was tied by position; call once, when all is tied. */
void gt_batch_sort_facts(struct gt_batch *batch);

#endif

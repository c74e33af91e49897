/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All batches of one generation, sorted by what they are: event streams by thread, tables, samples, clock.
 */
#ifndef GT_GENERATION_H
#define GT_GENERATION_H

#include "batch.h"
#include "map.h"

#include <stdbool.h>

struct gt_stream {
	uint64_t id; /* M */
	struct gt_batch *first, *last;
	UT_hash_handle hh;
};

struct gt_sample {
	int64_t time, m, p, g;
	uint64_t stack;
};

struct gt_generation {
	uint64_t gen;
	double ns; /* nanoseconds per clock unit */
	bool has_clock;
	struct gt_table *table;
	struct gt_stream *streams; /* in order of first appearance */
	struct gt_batch *prior; /* the event batch that was read last, if facts may be tied to it */
	struct gt_batch **facts_end;
	struct gt_batch *facts; /* batches of facts; free facts are told from here, texts point here */
	struct gt_sample *samples;
	size_t nsamples;
};

/*
 * Reads one generation: `*spill` (may be NULL) and what follows in the file. The batch that opens the next
 * generation comes back in *spill, NULL at the end of the file. Damage behind the first batch of an otherwise usable
 * generation goes to *later and is to be told after its events. NULL with *err when the generation itself is unusable.
 */
struct gt_generation *gt_generation_read(struct gt_input *in, struct gt_batch **spill, struct gt_error *err,
					 struct gt_error *later);

/* Accepts NULL. */
void gt_generation_free(struct gt_generation *gen);

/* Clock units in nanoseconds, cut off in the same place as in Go's reader. */
int64_t gt_generation_ns(const struct gt_generation *gen, uint64_t units);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All batches of one generation, sorted by what they are: event streams by thread, tables, samples, clock.
 *
 * One after the other is read into the same memory, which therefore follows the largest.
 */
#ifndef GT_GENERATION_H
#define GT_GENERATION_H

#include "batch.h"
#include "map.h"
#include "memory_units.h"
#include "snapshot.h"
#include "table.h"

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
	uint64_t whole, exact; /* the same as a whole number, for what is below `exact`; or 0 */
	struct gt_snapshot snapshot; /* its clock */
	struct gt_memory_units units; /* as said last, perhaps in an earlier one */
	uint64_t from; /* where it begins in the file */
	uint64_t first_time; /* the earliest of its batches, in clock units */
	bool no_facts; /* set by who wants none: they are passed over */
	const struct gt_input *in; /* where payloads are that are not in memory */
	struct gt_arena arena; /* of streams and batches */
	struct gt_table *table;
	struct gt_stream *streams; /* in order of first appearance */
	struct gt_batch *prior; /* the event batch that was read last, if facts may be tied to it */
	struct gt_batch **tied_end; /* where the next batch of facts is tied to it */
	struct gt_batch **facts_end;
	struct gt_batch *facts; /* batches of facts */
	struct gt_sample *samples;
	size_t nsamples;
	struct gt_room room, unpacked; /* payload of a table, or of facts */
	struct gt_batch *spill; /* opens the next generation; NULL: the file has ended */
	struct gt_arena spilled; /* its memory */
};

/* Holds nothing. NULL when memory is short. */
struct gt_generation *gt_generation_new(void);

/* Accepts NULL. */
void gt_generation_free(struct gt_generation *gen);

/*
 * Forgets what `gen` holds and reads the next generation into it: gen->spill and what follows in the file. Damage
 * behind the first batch of an otherwise usable generation goes to *later and is to be told after its events. 1; 0 when
 * there are no more; -1 with *err when the generation itself is unusable.
 */
int gt_generation_read(struct gt_generation *gen, struct gt_input *in, struct gt_error *err, struct gt_error *later);

/* Clock units in nanoseconds, cut off in the same place as in Go's reader. */
int64_t gt_generation_slow_ns(const struct gt_generation *gen, uint64_t units);

static inline int64_t gt_generation_ns(const struct gt_generation *gen, uint64_t units)
{
	return units < gen->exact ? (int64_t)(units * gen->whole) : gt_generation_slow_ns(gen, units);
}

#endif

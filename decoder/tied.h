/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The facts that are tied to the events of one batch, as places in their own batches: by position, those of one event
 * by number, equal ones as they stand in the file. They are parsed when their event's turn comes.
 */
#ifndef GT_TIED_H
#define GT_TIED_H

#include "batch.h"
#include "fact.h"

#include <stdbool.h>

struct gt_tied_place {
	uint64_t key; /* position, number, and how many stood before it */
	const uint8_t *body; /* NULL: it was parsed when it was unpacked */
	uint32_t len; /* of the body, or where it is among the unpacked ones */
};

/* {0} is none. */
struct gt_tied {
	const struct gt_batch *of; /* the batch of events */
	struct gt_tied_place *place;
	size_t n, room;
	size_t next; /* the first place that is not behind the events that were asked for */
	uint64_t due; /* the event of that place; UINT64_MAX: there is none */
	struct gt_fact_record *shape; /* what was unpacked, once each: many places are of the same */
	size_t nshapes, shapes_room;
	struct gt_room *rooms; /* payloads, of one batch each */
	size_t nrooms;
};

/* Takes in all facts of `batch`, instead of those of another batch. 0, or -1 with *err. */
int gt_tied_open(struct gt_tied *tied, const struct gt_batch *batch, const struct gt_input *in, struct gt_error *err);
void gt_tied_free(struct gt_tied *tied);

/* Facts as they are handed out. {0} is empty; free() what is at `at`. */
struct gt_fact_list {
	struct gt_fact_record *at;
	size_t n, room;
};

/* Whether gt_tied_get() would find nothing. */
static inline bool gt_tied_is_bare(const struct gt_tied *tied, uint64_t index)
{
	return index < tied->due;
}

/*
 * Parses the facts of event `index` into the list; indexes do not go down. Texts point into the batches. False when
 * memory is short.
 */
bool gt_tied_get(struct gt_tied *tied, uint64_t index, struct gt_fact_list *list);

#endif

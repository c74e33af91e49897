/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts that the recorder has packed, as records again: see shim/format/pack.h. What follows damage is left out.
 */
#ifndef GT_UNPACK_H
#define GT_UNPACK_H

#include "../shim/format/pack.h"
#include "batch.h"

/* Goes over the records of a packed payload. */
struct gt_unpacker {
	struct gt_pack_model model;
	const uint8_t *p, *end; /* what is packed */
	uint64_t left; /* records that are to come */
	uint64_t position; /* of the tied one before */
	uint32_t flags; /* of the rest of the group; 1: there is none */
};

struct gt_unpacked {
	uint8_t number; /* of the fact */
	bool is_tied;
	bool is_new; /* not what was in its slot; then there are fields */
	uint32_t slot; /* where it is now, or GT_PACK_OTHER */
	uint64_t position; /* if it is tied */
	const uint8_t *fields; /* in the payload */
	size_t len; /* of these */
};

/* Whether a payload of our facts, as gt_fact_is_ours() says, is packed; and whether there are facts in it that are free. */
bool gt_unpack_needed(const uint8_t *p);
bool gt_unpack_tells(const uint8_t *p, const uint8_t *end);

/* Begins with a packed payload. */
void gt_unpack_open(struct gt_unpacker *u, const uint8_t *p, const uint8_t *end);

/* The next record. False at the end. */
bool gt_unpack_next(struct gt_unpacker *u, struct gt_unpacked *record);

/*
 * The records of a payload of our facts, which ends at *end: where they are, behind the magic, or unpacked into `room`, until
 * that is used again. Moves *end; NULL when memory is short.
 */
const uint8_t *gt_unpack(const uint8_t *p, const uint8_t **end, struct gt_room *room);

#endif

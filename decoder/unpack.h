/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts that the recorder has packed, as records again: see shim/format/pack.h.
 */
#ifndef GT_UNPACK_H
#define GT_UNPACK_H

#include "batch.h"

/* Whether a payload of our facts, as gt_fact_is_ours() says, is packed; and whether there are facts in it that are free. */
bool gt_unpack_needed(const uint8_t *p);
bool gt_unpack_tells(const uint8_t *p, const uint8_t *end);

/*
 * The records of a payload of our facts, which ends at *end: where they are, behind the magic, or unpacked into `room`, until
 * that is used again. What follows damage is left out. Moves *end; NULL when memory is short.
 */
const uint8_t *gt_unpack(const uint8_t *p, const uint8_t **end, struct gt_room *room);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts that are packed: what the recorder makes of those in a full buffer, before they go to the file (see facts.h for the
 * bytes). Both sides keep the same model of what comes next: a thread does the same again and again.
 *
 * A shape is a record without its place: number, distance to the record before, fields. The model has a slot for each of the
 * last ones, and for each two that followed one another a guess which one is next.
 */
#ifndef GT_FORMAT_PACK_H
#define GT_FORMAT_PACK_H

#include "facts.h"
#include "varint.h"

#include <stdbool.h>

#define GT_PACK_MAGIC "GTF2"

enum {
	GT_PACK_SETS = 127, /* of two slots each */
	GT_PACK_SLOTS = 2 * GT_PACK_SETS + 2, /* two more than can be filled, so that each byte is a place */
	GT_PACK_OTHER = 2 * GT_PACK_SETS, /* in place of the slot of a record that has none */
	GT_PACK_LITERAL = 255, /* in place of a slot: the record itself follows */
	GT_PACK_GUESSES = 4096,
	GT_PACK_TIED = 0x80, /* with the number: the record has a position */
	GT_PACK_FIELDS = 12, /* bytes of fields in a shape */
	GT_PACK_GROUP = 8, /* records whose flags share a byte */
};

/*
 * From the lowest byte on: number, length of the fields, two of the distance, the fields, zeros. No shape is 0, and whoever
 * has the first eight bytes knows whether there are others.
 */
struct gt_pack_shape {
	uint64_t low, high;
};

/* Zeros at the start of a payload. */
struct gt_pack_model {
	struct gt_pack_shape slot[GT_PACK_SLOTS];
	uint8_t guess[GT_PACK_GUESSES];
	uint8_t last[GT_PACK_SETS]; /* which slot of a set was given away last */
	uint32_t context;
};

static inline bool gt_pack_same(struct gt_pack_shape a, struct gt_pack_shape b)
{
	return a.low == b.low && a.high == b.high;
}

static inline uint32_t gt_pack_set(struct gt_pack_shape shape)
{
	uint64_t hash = (shape.low ^ shape.high << 1) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)((hash >> 32) * GT_PACK_SETS >> 32);
}

/* The slot that is most likely next. */
static inline uint32_t gt_pack_guess(const struct gt_pack_model *model)
{
	return model->guess[model->context];
}

/* Where a shape is, or GT_PACK_LITERAL. */
static inline uint32_t gt_pack_find(const struct gt_pack_model *model, struct gt_pack_shape shape)
{
	uint32_t slot = 2 * gt_pack_set(shape);

	if (gt_pack_same(model->slot[slot], shape))
		return slot;
	return gt_pack_same(model->slot[slot + 1], shape) ? slot + 1 : GT_PACK_LITERAL;
}

/* Gives it a slot, that which has been there longer. */
static inline uint32_t gt_pack_add(struct gt_pack_model *model, struct gt_pack_shape shape)
{
	uint32_t set = gt_pack_set(shape), slot = 2 * set + (model->last[set] ^= 1);

	model->slot[slot] = shape;
	return slot;
}

/* What two records of these slots make of the context. */
static inline uint32_t gt_pack_context(uint32_t context, uint32_t slot)
{
	return (context << 6 ^ slot) & (GT_PACK_GUESSES - 1);
}

/* The next record was of this slot. */
static inline void gt_pack_step(struct gt_pack_model *model, uint32_t slot)
{
	model->guess[model->context] = (uint8_t)slot;
	model->context = gt_pack_context(model->context, slot);
}

#endif

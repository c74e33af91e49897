/* SPDX-License-Identifier: BSD-3-Clause */
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD_MOST = 2 + 2 * GT_MAX_VARINT + GT_PACK_FIELDS, NO_FLAGS = 1 };

bool gt_unpack_needed(const uint8_t *p)
{
	return memcmp(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN) == 0;
}

bool gt_unpack_tells(const uint8_t *p, const uint8_t *end)
{
	uint64_t records;

	return gt_varint_get(p + GT_FACTS_MAGIC_LEN, end, &records) != NULL && records & 1;
}

void gt_unpack_open(struct gt_unpacker *u, const uint8_t *p, const uint8_t *end)
{
	uint64_t head[2] = {0};

	memset(&u->model, 0, sizeof(u->model));
	u->p = gt_varint_get_all(p + GT_FACTS_MAGIC_LEN, end, head, 2);
	u->end = end;
	u->left = u->p != NULL ? head[0] >> 1 : 0;
	u->position = head[1];
	u->flags = NO_FLAGS;
}

static struct gt_pack_shape shape_of(uint8_t number, uint64_t distance, const uint8_t *fields, size_t n)
{
	uint8_t bytes[GT_PACK_FIELDS] = {0};
	struct gt_pack_shape shape;
	uint32_t first;

	memcpy(bytes, fields, n);
	memcpy(&first, bytes, sizeof(first));
	memcpy(&shape.high, bytes + sizeof(first), sizeof(shape.high));
	shape.low = number | (uint64_t)n << 8 | distance << 16 | (uint64_t)first << 32;
	return shape;
}

/* The record itself. False: damage. */
static bool take_literal(struct gt_unpacker *u, struct gt_unpacked *r)
{
	uint64_t distance = 0, n;
	uint8_t number;

	if (u->p == u->end)
		return false;
	number = *u->p++;
	if (number & GT_PACK_TIED)
		u->p = gt_varint_get(u->p, u->end, &distance);
	u->p = u->p != NULL ? gt_varint_get(u->p, u->end, &n) : NULL;
	if (u->p == NULL || n > (uint64_t)(u->end - u->p))
		return false;
	u->position -= distance;
	*r = (struct gt_unpacked){.number = number & ~GT_PACK_TIED,
				  .is_tied = number & GT_PACK_TIED,
				  .is_new = true,
				  .slot = GT_PACK_OTHER,
				  .position = u->position,
				  .fields = u->p,
				  .len = n};
	if (n <= GT_PACK_FIELDS && distance <= UINT16_MAX)
		r->slot = gt_pack_add(&u->model, shape_of(number, distance, u->p, n));
	u->p += n;
	return true;
}

/* What is in a slot. False: nothing is, so this is damage. */
static bool take_slot(struct gt_unpacker *u, uint32_t slot, struct gt_unpacked *r)
{
	uint64_t low = u->model.slot[slot].low;

	if (low == 0)
		return false;
	u->position -= low >> 16 & 0xffff;
	r->number = low & ~GT_PACK_TIED & 0xff;
	r->is_tied = low & GT_PACK_TIED;
	r->is_new = false;
	r->slot = slot;
	r->position = u->position;
	return true;
}

static bool take(struct gt_unpacker *u, bool is_guessed, struct gt_unpacked *r)
{
	uint32_t slot = gt_pack_guess(&u->model);

	if (!is_guessed) {
		if (u->p == u->end)
			return false;
		slot = *u->p++;
	}
	if (!is_guessed && slot == GT_PACK_LITERAL ? !take_literal(u, r) : !take_slot(u, slot, r))
		return false;
	gt_pack_step(&u->model, r->slot);
	return true;
}

bool gt_unpack_next(struct gt_unpacker *u, struct gt_unpacked *record)
{
	bool done = false;

	if (u->left > 0 && u->flags == NO_FLAGS && u->p < u->end)
		u->flags = *u->p++ | 1 << GT_PACK_GROUP;
	if (u->left > 0 && u->flags != NO_FLAGS)
		done = take(u, u->flags & 1, record);
	u->flags >>= 1;
	u->left = done ? u->left - 1 : 0;
	return done;
}

/* Room for as many bytes more behind `len`. */
static uint8_t *reserve(struct gt_room *room, size_t len, size_t more)
{
	if (len + more > room->size) {
		size_t size = 2 * (len + more);
		uint8_t *bytes = realloc(room->bytes, size);

		if (bytes == NULL)
			return NULL;
		*room = (struct gt_room){bytes, size};
	}
	return room->bytes + len;
}

/* A record as the recorder had it, but for padding. Returns where it ends. */
static uint8_t *put(uint8_t *p, const struct gt_unpacked *r, struct gt_pack_shape shape)
{
	uint32_t first = (uint32_t)(shape.low >> 32);
	size_t n = r->is_new ? r->len : shape.low >> 8 & 0xff;

	*p++ = r->number;
	p = gt_varint_put(p, (r->is_tied ? (size_t)gt_varint_len(r->position) : 0) + n);
	if (r->is_tied)
		p = gt_varint_put(p, r->position);
	if (r->is_new) {
		memcpy(p, r->fields, n);
	} else {
		memcpy(p, &first, sizeof(first));
		memcpy(p + sizeof(first), &shape.high, sizeof(shape.high));
	}
	return p + n;
}

const uint8_t *gt_unpack(const uint8_t *p, const uint8_t **end, struct gt_room *room)
{
	struct gt_unpacker u;
	struct gt_unpacked r;
	size_t len = 0;
	uint8_t *to;

	if (!gt_unpack_needed(p))
		return p + GT_FACTS_MAGIC_LEN;
	gt_unpack_open(&u, p, *end);
	to = reserve(room, 0, RECORD_MOST);
	/* A recorder has no more than a batch of them: what is more is damage. */
	while (to != NULL && len <= GT_MAX_PAYLOAD && gt_unpack_next(&u, &r)) {
		to = reserve(room, len, RECORD_MOST + (r.is_new ? r.len : 0));
		if (to != NULL)
			len = (size_t)(put(to, &r, u.model.slot[r.slot]) - room->bytes);
	}
	*end = room->bytes + len;
	return to != NULL ? room->bytes : NULL;
}

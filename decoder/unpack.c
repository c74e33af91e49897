/* SPDX-License-Identifier: BSD-3-Clause */
#include "unpack.h"

#include "../shim/format/pack.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD_MOST = 2 + 2 * GT_MAX_VARINT + GT_PACK_FIELDS };

struct unpacking {
	struct gt_pack_model model;
	const uint8_t *p, *end; /* what is packed */
	struct gt_room *room;
	size_t len; /* of the records in there */
	uint64_t position; /* of the record before */
};

bool gt_unpack_needed(const uint8_t *p)
{
	return memcmp(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN) == 0;
}

bool gt_unpack_tells(const uint8_t *p, const uint8_t *end)
{
	uint64_t records;

	return gt_varint_get(p + GT_FACTS_MAGIC_LEN, end, &records) != NULL && records & 1;
}

/* Room for as many bytes more. */
static uint8_t *reserve(struct unpacking *u, size_t more)
{
	if (u->len + more > u->room->size) {
		size_t size = 2 * (u->len + more);
		uint8_t *bytes = realloc(u->room->bytes, size);

		if (bytes == NULL)
			return NULL;
		*u->room = (struct gt_room){bytes, size};
	}
	return u->room->bytes + u->len;
}

/* A record as the recorder had it, but for padding. */
static bool put(struct unpacking *u, uint8_t number, uint64_t distance, const uint8_t *fields, size_t n)
{
	uint8_t *p = reserve(u, RECORD_MOST + n);
	bool is_tied = number & GT_PACK_TIED;

	if (p == NULL)
		return false;
	u->position -= is_tied ? distance : 0;
	*p++ = number & ~GT_PACK_TIED;
	p = gt_varint_put(p, (is_tied ? (size_t)gt_varint_len(u->position) : 0) + n);
	if (is_tied)
		p = gt_varint_put(p, u->position);
	memcpy(p, fields, n);
	u->len = (size_t)(p + n - u->room->bytes);
	return true;
}

static bool put_shape(struct unpacking *u, struct gt_pack_shape shape)
{
	uint8_t fields[GT_PACK_FIELDS];
	uint32_t first = (uint32_t)(shape.low >> 32);

	memcpy(fields, &first, sizeof(first));
	memcpy(fields + sizeof(first), &shape.high, sizeof(shape.high));
	return put(u, (uint8_t)shape.low, shape.low >> 16 & 0xffff, fields, shape.low >> 8 & 0xff);
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

/* The record itself. 1, 0: damage, -1: memory is short; *slot is its own. */
static int take_literal(struct unpacking *u, uint32_t *slot)
{
	uint64_t distance = 0, n;
	uint8_t number;

	if (u->p == u->end)
		return 0;
	number = *u->p++;
	if (number & GT_PACK_TIED)
		u->p = gt_varint_get(u->p, u->end, &distance);
	u->p = u->p != NULL ? gt_varint_get(u->p, u->end, &n) : NULL;
	if (u->p == NULL || n > (uint64_t)(u->end - u->p))
		return 0;
	if (!put(u, number, distance, u->p, n))
		return -1;
	*slot = GT_PACK_OTHER;
	if (n <= GT_PACK_FIELDS && distance <= UINT16_MAX)
		*slot = gt_pack_add(&u->model, shape_of(number, distance, u->p, n));
	u->p += n;
	return 1;
}

/* The next record. 1, 0: damage, -1: memory is short. */
static int take(struct unpacking *u, bool is_guessed)
{
	uint32_t slot = gt_pack_guess(&u->model);
	int r = 1;

	if (!is_guessed && u->p == u->end)
		return 0;
	if (!is_guessed)
		slot = *u->p++;
	if (!is_guessed && slot == GT_PACK_LITERAL)
		r = take_literal(u, &slot);
	else if (u->model.slot[slot].low == 0)
		return 0;
	else if (!put_shape(u, u->model.slot[slot]))
		return -1;
	if (r == 1)
		gt_pack_step(&u->model, slot);
	return r;
}

static int take_all(struct unpacking *u, uint64_t records)
{
	uint8_t flags = 0;
	int r = 1;

	/* A recorder has no more than a batch of them: what is more is damage. */
	for (uint64_t i = 0; i < records && r == 1 && u->len <= GT_MAX_PAYLOAD; i++, flags >>= 1) {
		if (i % GT_PACK_GROUP == 0) {
			if (u->p == u->end)
				return 0;
			flags = *u->p++;
		}
		r = take(u, flags & 1);
	}
	return r;
}

const uint8_t *gt_unpack(const uint8_t *p, const uint8_t **end, struct gt_room *room)
{
	uint64_t head[2] = {0};
	struct unpacking u;
	int r = 0;

	if (!gt_unpack_needed(p))
		return p + GT_FACTS_MAGIC_LEN;
	memset(&u.model, 0, sizeof(u.model));
	u.p = gt_varint_get_all(p + GT_FACTS_MAGIC_LEN, *end, head, 2);
	u.end = *end;
	u.room = room;
	u.len = 0;
	if (reserve(&u, RECORD_MOST) == NULL)
		return NULL;
	u.position = head[1];
	if (u.p != NULL)
		r = take_all(&u, head[0] >> 1);
	*end = room->bytes + u.len;
	return r < 0 ? NULL : room->bytes;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "pack.h"

#include "format/pack.h"

enum {
	HEAD_MOST = GT_FACTS_MAGIC_LEN + 2 * GT_MAX_VARINT,
	LITERAL_MOST = 4 * GT_MAX_VARINT, /* but for the fields */
	WORTH = 128, /* to empty the model for, which takes longer than a short thread's whole end */
	FAST = 2 + 3 +
	       2 * sizeof(uint64_t), /* bytes that are read of a record of the usual kind: the longest is shorter */
};

/* Facts that have a position, by number. */
static const uint64_t tied =
#define FACT1(no, name, tie, ...) (uint64_t)(GT_TIE_##tie == GT_TIE_EVENT) << (no) |
#define FACT2 FACT1
#define FACT3 FACT1
#define FACT4 FACT1
#include "format/facts.def"
	0;

static struct gt_pack_model model;

struct record {
	uint8_t number; /* with GT_PACK_TIED */
	uint64_t position;
	const uint8_t *fields;
	size_t len; /* of these */
};

/* Where the bytes go. */
struct packing {
	uint8_t *at, *full;
	uint8_t *flags; /* of the group under way */
	uint32_t records;
	uint64_t first, position; /* of the first record that has one, and of the last */
	bool is_placed; /* there is such a one */
	bool tells; /* and one that has none */
};

static uint64_t load(const uint8_t *p)
{
	uint64_t word;

	__builtin_memcpy(&word, p, sizeof(word));
	return word;
}

static struct gt_pack_shape shape_of(const struct record *r, uint64_t distance)
{
	uint8_t fields[2 * sizeof(uint64_t)] = {0};

	if (r->len > GT_PACK_FIELDS || distance > UINT16_MAX)
		return (struct gt_pack_shape){0};
	__builtin_memcpy(fields, r->fields, r->len);
	return (struct gt_pack_shape){
		.low = r->number | r->len << 8 | distance << 16 | load(fields) << 32,
		.high = load(fields + 4),
	};
}

/* The record at *p. False: it is none that the recorder makes. */
static bool take(const uint8_t **p, const uint8_t *end, struct record *r)
{
	const uint8_t *body;
	uint64_t len;

	r->number = **p;
	body = gt_varint_get(*p + 1, end, &len);
	if (r->number >= GT_FACT_NUMBERS || !body || len > (uint64_t)(end - body))
		return false;
	*p = body + len;
	if (tied >> r->number & 1) {
		r->number |= GT_PACK_TIED;
		body = gt_varint_get(body, *p, &r->position);
	}
	r->fields = body;
	r->len = body ? (size_t)(*p - body) : 0;
	return body;
}

static void put_literal(struct packing *to, const struct record *r, uint64_t distance)
{
	uint8_t *p = to->at;

	*p++ = GT_PACK_LITERAL;
	*p++ = r->number;
	if (r->number & GT_PACK_TIED)
		p = gt_varint_put(p, distance);
	p = gt_varint_put(p, r->len);
	__builtin_memcpy(p, r->fields, r->len);
	to->at = p + r->len;
}

/* What nobody has guessed. Its shape, if it has one, is in a slot afterwards. */
static uint32_t put_other(struct packing *to, const struct record *r, uint64_t distance, struct gt_pack_shape shape)
{
	uint32_t slot = shape.low ? gt_pack_find(&model, shape) : GT_PACK_LITERAL;

	if (slot != GT_PACK_LITERAL) {
		*to->at++ = (uint8_t)slot;
		return slot;
	}
	put_literal(to, r, distance);
	return shape.low ? gt_pack_add(&model, shape) : GT_PACK_OTHER;
}

static void put(struct packing *to, const struct record *r, uint64_t distance)
{
	uint32_t bit = to->records++ % GT_PACK_GROUP, slot = gt_pack_guess(&model);
	struct gt_pack_shape shape = shape_of(r, distance);

	if (bit == 0) {
		to->flags = to->at++;
		*to->flags = 0;
	}
	if (shape.low && gt_pack_same(model.slot[slot], shape))
		*to->flags |= (uint8_t)(1 << bit);
	else
		slot = put_other(to, r, distance, shape);
	gt_pack_step(&model, slot);
}

/* The record at *p. False: it is none that the recorder makes, or stands in a wrong place, or there is no room. */
static __attribute__((noinline)) bool put_next(struct packing *to, const uint8_t **p, const uint8_t *end)
{
	struct record r = {0};
	uint64_t distance = 0;

	if (!take(p, end, &r) || to->full - to->at < (ptrdiff_t)r.len + LITERAL_MOST)
		return false;
	if (r.number & GT_PACK_TIED) {
		if (!to->is_placed)
			to->first = to->position = r.position;
		to->is_placed = true;
		distance = to->position - r.position;
		if (r.position > to->position)
			return false;
		to->position = r.position;
	} else {
		to->tells = true;
	}
	put(to, &r, distance);
	return true;
}

/* The first bytes of a word, 0 to 8 of them; the others become zeros. */
static inline uint64_t keep(uint64_t word, uint64_t len)
{
	return len < sizeof(word) ? word & ~(UINT64_MAX << 8 * len) : word;
}

/* A record whose position has one to three bytes, and fields that fit into a shape: the shape without a distance, or 0. */
static inline struct gt_pack_shape any_shape(const uint8_t **p, uint64_t *position)
{
	uint64_t word = load(*p), number = word & 0xff, body = word >> 16, ends = ~body & 0x808080;
	uint64_t width = ends ? (uint64_t)__builtin_ctzll(ends) / 8 + 1 : 0, len = (word >> 8 & 0xff) - width;
	const uint8_t *fields = *p + 2 + width;

	if (number >= GT_FACT_NUMBERS || !(tied >> number & 1) || !width || len > GT_PACK_FIELDS)
		return (struct gt_pack_shape){0};
	body = keep(body, width);
	*position = (body & 0x7f) | (body >> 1 & 0x3f80) | (body >> 2 & 0x1fc000);
	*p = fields + len;
	return (struct gt_pack_shape){
		.low = number | GT_PACK_TIED | len << 8 | keep(load(fields), len) << 32,
		.high = len > 4 ? keep(load(fields + 4), len - 4) : 0,
	};
}

/* The same of most records, whose position and fields are of two bytes each, and of the others. */
static inline struct gt_pack_shape usual_shape(const uint8_t **p, uint64_t *position)
{
	const uint64_t kind = 0x8080ffc0, wanted = 0x00800400, kept = UINT64_C(0xffff0000003f);
	uint64_t word = load(*p);

	if ((word & kind) != wanted)
		return any_shape(p, position);
	*position = (word >> 16 & 0x7f) | (word >> 17 & 0x3f80);
	*p += 6;
	return (struct gt_pack_shape){(word & kept) | GT_PACK_TIED | 2 << 8, 0};
}

/* Records from *p on as long as they are of a usual shape, which is in a slot, and stand in their right place. */
static void put_usual(struct packing *to, const uint8_t **p, const uint8_t *end)
{
	uint32_t context = model.context, n = to->records;
	uint64_t before = to->position, position = 0;
	const uint8_t *next = *p;
	uint8_t *at = to->at;

	for (; end - next >= FAST && to->full - at > 2; n++) {
		struct gt_pack_shape shape = usual_shape(&next, &position);
		uint32_t slot = model.guess[context];
		bool is_guessed;

		if (!shape.low || before - position > UINT16_MAX)
			break;
		shape.low |= (before - position) << 16;
		is_guessed = gt_pack_same(model.slot[slot], shape);
		if (!is_guessed)
			slot = gt_pack_find(&model, shape);
		if (slot == GT_PACK_LITERAL)
			break;
		if (n % GT_PACK_GROUP == 0) {
			to->flags = at;
			*at++ = 0;
		}
		if (is_guessed) {
			*to->flags |= (uint8_t)(1 << n % GT_PACK_GROUP);
		} else {
			*at++ = (uint8_t)slot;
			model.guess[context] = (uint8_t)slot;
		}
		context = gt_pack_context(context, slot);
		before = position;
		*p = next;
	}
	model.context = context;
	to->records = n;
	to->position = before;
	to->at = at;
}

/* What stands before the groups is known last. */
static uint8_t *put_head(uint8_t *groups, const struct packing *packing)
{
	uint8_t head[HEAD_MOST], *p = head;

	__builtin_memcpy(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN);
	p = gt_varint_put(p + GT_FACTS_MAGIC_LEN, (uint64_t)packing->records << 1 | packing->tells);
	p = gt_varint_put(p, packing->first);
	groups -= p - head;
	__builtin_memcpy(groups, head, (size_t)(p - head));
	return groups;
}

uint8_t *gt_pack(uint8_t **to, const uint8_t *facts, const uint8_t *end)
{
	uint8_t *groups = *to + HEAD_MOST;
	struct packing packing = {.at = groups, .full = *to + (end - facts)};

	if (end - facts < WORTH)
		return NULL;
	__builtin_memset(&model, 0, sizeof(model));
	while (facts < end) {
		if (!put_next(&packing, &facts, end))
			return NULL;
		put_usual(&packing, &facts, end);
	}
	*to = packing.at;
	return put_head(groups, &packing);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading a stretch of bytes whose content is distrusted: numbers as DWARF has them.
 */
#ifndef GT_BYTES_H
#define GT_BYTES_H

#include <stdbool.h>
#include <stdint.h>

/* What is left to read. Reading beyond the end gives zeros, and `bad`. */
struct gt_bytes {
	const uint8_t *p, *end;
	bool bad;
};

static inline uint64_t gt_get(struct gt_bytes *b, unsigned size)
{
	uint64_t v = 0;

	if ((uint64_t)(b->end - b->p) < size) {
		b->bad = true;
		return 0;
	}
	__builtin_memcpy(&v, b->p, size);
	b->p += size;
	return v;
}

/* Groups of seven bits, the lowest first. *bits becomes how many there were. More than a word holds are bad. */
static inline uint64_t gt_get_groups(struct gt_bytes *b, unsigned *bits)
{
	uint64_t v = 0, byte;

	*bits = 0;
	do {
		byte = gt_get(b, 1);
		if (*bits < 64)
			v |= (byte & 0x7f) << *bits;
		else
			b->bad = true;
		*bits += 7;
	} while (byte & 0x80);
	return v;
}

static inline uint64_t gt_get_uleb(struct gt_bytes *b)
{
	unsigned bits;

	return gt_get_groups(b, &bits);
}

static inline int64_t gt_get_sleb(struct gt_bytes *b)
{
	unsigned bits;
	uint64_t v = gt_get_groups(b, &bits);

	if (bits < 64 && v >> (bits - 1) & 1)
		v |= ~UINT64_C(0) << bits;
	return (int64_t)v;
}

static inline struct gt_bytes gt_get_block(struct gt_bytes *b)
{
	uint64_t len = gt_get_uleb(b);
	struct gt_bytes block = {b->p, b->p, false};

	if (len > (uint64_t)(b->end - b->p))
		b->bad = block.bad = true;
	else
		block.end = b->p += len;
	return block;
}

/* Sums and products of numbers that may be anything. */
static inline int64_t gt_sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t gt_product(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

#endif

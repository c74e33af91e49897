/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unsigned LEB128, the only number on the wire: seven bits a byte, low group first, bit 7 says "more".
 * A reader accepts padding up to ten bytes; a writer pads where a value is filled in later (batch sizes).
 */
#ifndef GT_FORMAT_VARINT_H
#define GT_FORMAT_VARINT_H

#include "event.h"

#include <stddef.h>

/* Writes v at p, which has room for GT_MAX_VARINT bytes. Returns the byte behind it. */
static inline uint8_t *gt_varint_put(uint8_t *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*p++ = (uint8_t)v;
	return p;
}

/* Writes v in exactly `width` bytes (1..10); v must fit in 7 * width bits. */
static inline uint8_t *gt_varint_put_padded(uint8_t *p, uint64_t v, int width)
{
	for (int i = 1; i < width; i++) {
		*p++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*p++ = (uint8_t)(v & 0x7f);
	return p;
}

/* The low 56 bits, seven in each byte. */
static inline uint64_t gt_varint_spread(uint64_t v)
{
	v = (v & 0x0fffffff) | (v & UINT64_C(0x00fffffff0000000)) << 4;
	v = (v & UINT64_C(0x00003fff00003fff)) | (v & UINT64_C(0x0fffc0000fffc000)) << 2;
	return (v & UINT64_C(0x007f007f007f007f)) | (v & UINT64_C(0x3f803f803f803f80)) << 1;
}

/* How many bytes gt_varint_put would write. */
static inline int gt_varint_len(uint64_t v)
{
	int bits = 64 - __builtin_clzll(v | 1);

	return (bits * 9 + 64) >> 6; /* a seventh, rounded up */
}

/*
 * Reads a number from [p, end). Returns the byte behind it, or NULL when the bytes end first, when there are
 * more than ten of them, or when the value does not fit in 64 bits.
 */
static inline const uint8_t *gt_varint_get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
	uint64_t x = 0;

	for (int shift = 0; shift < 7 * GT_MAX_VARINT && p < end; shift += 7) {
		uint8_t b = *p++;

		if (shift == 63 && b > 1)
			return NULL;
		x |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80) {
			*v = x;
			return p;
		}
	}
	return NULL;
}

/* Reads n of them. Like gt_varint_get(); the contents of v are undefined when one is missing. */
static inline const uint8_t *gt_varint_get_all(const uint8_t *p, const uint8_t *end, uint64_t *v, int n)
{
	for (int i = 0; i < n && p != NULL; i++)
		p = gt_varint_get(p, end, &v[i]);
	return p;
}

/* Passes over n of them. Like gt_varint_get(). */
static inline const uint8_t *gt_varint_skip(const uint8_t *p, const uint8_t *end, uint64_t n)
{
	uint64_t v;

	for (; n > 0 && p != NULL; n--)
		p = gt_varint_get(p, end, &v);
	return p;
}

/* Signed values in facts: 0, -1, 1, -2, ... become 0, 1, 2, 3, ... */
static inline uint64_t gt_zigzag(int64_t v)
{
	return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static inline int64_t gt_unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

#endif

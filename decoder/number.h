/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers of a payload, fast where its end is far: most have one byte or two, the others are read as one word.
 * Little-endian.
 */
#ifndef GT_NUMBER_H
#define GT_NUMBER_H

#include "../shim/format/varint.h"

#include <string.h>

/*
 * Reads a number at p, behind which GT_MAX_VARINT bytes are there. The byte behind it, or NULL when it is malformed:
 * the same as gt_varint_get().
 */
static inline const uint8_t *gt_number_get(const uint8_t *p, uint64_t *v)
{
	uint64_t w, stops;

	memcpy(&w, p, sizeof(w));
	if ((w & 0x80) == 0) {
		*v = w & 0x7f;
		return p + 1;
	}
	if ((w & 0x8000) == 0) {
		*v = (w & 0x7f) | (w & 0x7f00) >> 1;
		return p + 2;
	}
	stops = ~w & 0x8080808080808080u;
	if (stops == 0)
		return gt_varint_get(p, p + GT_MAX_VARINT, v);
	w &= (stops ^ (stops - 1)) & 0x7f7f7f7f7f7f7f7fu;
	/* Closes the gaps of one bit between the bytes, pair by pair. */
	w = (w & 0x007f007f007f007fu) | (w & 0x7f007f007f007f00u) >> 1;
	w = (w & 0x00003fff00003fffu) | (w & 0x3fff00003fff0000u) >> 2;
	*v = (w & 0x0fffffffu) | (w & 0x0fffffff00000000u) >> 4;
	return p + __builtin_ctzll(stops) / 8 + 1;
}

#endif

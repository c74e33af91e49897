/* SPDX-License-Identifier: BSD-3-Clause */
#include "heap.h"

#include "os.h"

#include <stdatomic.h>

enum { CHUNK = 1 << 20, PIECE = 128 };

/* The current chunk: its address in pieces shifted by 20, and how many of them are used. */
static _Atomic uint64_t cursor;

static void *from_chunk(uint64_t *seen, size_t pieces)
{
	uint64_t used = *seen & (CHUNK - 1);

	if (*seen == 0 || used + pieces > CHUNK / PIECE)
		return NULL;
	if (!atomic_compare_exchange_strong(&cursor, seen, *seen + pieces))
		return from_chunk(seen, pieces);
	return (void *)(((*seen >> 20) + used) * PIECE);
}

void *gt_heap_take(size_t len)
{
	size_t pieces = (len + PIECE - 1) / PIECE;
	uint64_t seen = atomic_load(&cursor);
	void *at;

	if (len > CHUNK / 4)
		return gt_os_map(len);
	at = from_chunk(&seen, pieces);
	if (at)
		return at;
	at = gt_os_map(CHUNK);
	if (!at)
		return NULL;
	/* Whoever loses this race wastes the rest of a chunk, no more. */
	atomic_compare_exchange_strong(&cursor, &seen, (uint64_t)at / PIECE << 20 | pieces);
	return at;
}

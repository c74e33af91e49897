/* SPDX-License-Identifier: BSD-3-Clause */
#include "heap.h"

#include "os.h"

#include <stdatomic.h>

enum { CHUNK = 1 << 20, LINE = 64 };

/* The current chunk: its address in units of 64 bytes shifted by 20, and how many lines of it are used. */
static _Atomic uint64_t cursor;

static void *from_chunk(uint64_t *seen, size_t lines)
{
	uint64_t used = *seen & (CHUNK - 1);

	if (*seen == 0 || used + lines > CHUNK / LINE)
		return NULL;
	if (!atomic_compare_exchange_strong(&cursor, seen, *seen + lines))
		return from_chunk(seen, lines);
	return (void *)(((*seen >> 20) + used) * LINE);
}

void *gt_heap_take(size_t len)
{
	size_t lines = (len + LINE - 1) / LINE;
	uint64_t seen = atomic_load(&cursor);
	void *at;

	if (len > CHUNK / 4)
		return gt_os_map(len);
	at = from_chunk(&seen, lines);
	if (at)
		return at;
	at = gt_os_map(CHUNK);
	if (!at)
		return NULL;
	/* Whoever loses this race wastes the rest of a chunk, no more. */
	atomic_compare_exchange_strong(&cursor, &seen, (uint64_t)at / LINE << 20 | lines);
	return at;
}

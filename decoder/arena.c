/* SPDX-License-Identifier: BSD-3-Clause */
/* All chunks are of one size, so that any spare one will do. */
#include "arena.h"

#include <stdlib.h>

enum { CHUNK = 256 << 10, ALIGN = _Alignof(max_align_t) };

struct gt_chunk {
	struct gt_chunk *next;
	size_t used;
	_Alignas(max_align_t) char space[CHUNK - ALIGN];
};

_Static_assert(sizeof(struct gt_chunk) == CHUNK, "a chunk fills its pages");
_Static_assert(GT_ARENA_MOST <= CHUNK - ALIGN, "a piece fits in a chunk");

static struct gt_chunk *chunk_new(struct gt_arena *arena)
{
	struct gt_chunk *chunk = arena->spare;

	if (chunk != NULL)
		arena->spare = chunk->next;
	else
		chunk = malloc(sizeof(*chunk));
	if (chunk == NULL)
		return NULL;
	chunk->next = arena->chunks;
	chunk->used = 0;
	arena->chunks = chunk;
	return chunk;
}

void *gt_arena_take(struct gt_arena *arena, size_t size)
{
	struct gt_chunk *chunk = arena->chunks;
	void *piece;

	if (size > GT_ARENA_MOST)
		return NULL;
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (chunk == NULL || sizeof(chunk->space) - chunk->used < size)
		chunk = chunk_new(arena);
	if (chunk == NULL)
		return NULL;
	piece = chunk->space + chunk->used;
	chunk->used += size;
	return piece;
}

void gt_arena_return(struct gt_arena *arena, void *piece)
{
	arena->chunks->used = (size_t)((char *)piece - arena->chunks->space);
}

void gt_arena_clear(struct gt_arena *arena)
{
	while (arena->chunks != NULL) {
		struct gt_chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		chunk->next = arena->spare;
		arena->spare = chunk;
	}
}

void gt_arena_free(struct gt_arena *arena)
{
	gt_arena_clear(arena);
	while (arena->spare != NULL) {
		struct gt_chunk *chunk = arena->spare;

		arena->spare = chunk->next;
		free(chunk);
	}
}

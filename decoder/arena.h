/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is given back all at once. Pieces are cut off large chunks; cleared chunks stay for the next use, so an
 * arena that is filled and cleared again and again asks the system for memory once.
 */
#ifndef GT_ARENA_H
#define GT_ARENA_H

#include <stddef.h>

/* The largest piece. */
enum { GT_ARENA_MOST = 128 << 10 };

struct gt_chunk;

/* {0} is empty. */
struct gt_arena {
	struct gt_chunk *chunks; /* the first is being cut */
	struct gt_chunk *spare;
};

/* A piece, aligned for anything, its contents undefined. NULL when memory is short. */
void *gt_arena_take(struct gt_arena *arena, size_t size);

/* Gives the piece back that was taken last. */
void gt_arena_return(struct gt_arena *arena, void *piece);

/* Gives all pieces back, to the arena or to the system. */
void gt_arena_clear(struct gt_arena *arena);
void gt_arena_free(struct gt_arena *arena);

#endif

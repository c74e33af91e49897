/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an id stands for. Ids are mostly small and dense: those are an index into an array, all others are hashed.
 */
#ifndef GT_IDS_H
#define GT_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gt_far_id;

/* {0} is empty. */
struct gt_ids {
	void **near; /* by id, NULL where nothing is */
	size_t size; /* of near */
	size_t count;
	struct gt_far_id *far;
};

/* `id` stands for `what`, which is not NULL, from now on. False when memory is short. */
bool gt_ids_add(struct gt_ids *ids, uint64_t id, void *what);

/* Forgets all, and keeps the array; forgets all. */
void gt_ids_clear(struct gt_ids *ids);
void gt_ids_free(struct gt_ids *ids);

/* The part of gt_ids_find() that is out of line. */
void *gt_ids_far(const struct gt_ids *ids, uint64_t id);

/* NULL when the id is not known. */
static inline void *gt_ids_find(const struct gt_ids *ids, uint64_t id)
{
	void *what = id < ids->size ? ids->near[id] : NULL;

	return what != NULL || ids->far == NULL ? what : gt_ids_far(ids, id);
}

#endif

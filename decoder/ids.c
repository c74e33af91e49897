/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The array grows with the number of ids, or a few large ids would cost much memory. An id that was too far away when
 * it came stays in the hash table.
 */
#include "ids.h"

#include "map.h"

#include <stdlib.h>
#include <string.h>

enum { NEAR_LEAST = 4096, NEAR_ALWAYS = 64 << 10 };

struct gt_far_id {
	uint64_t id;
	void *what;
	UT_hash_handle hh;
};

/* Makes room for `id` in the array if that is worth it. False when memory is short. */
static bool reach(struct gt_ids *ids, uint64_t id)
{
	size_t size = ids->size == 0 ? NEAR_LEAST : ids->size;
	void **near;

	if (id < ids->size || (id >= NEAR_ALWAYS && id >= 2 * ids->count))
		return true;
	while (size <= id)
		size *= 2;
	near = realloc(ids->near, size * sizeof(*near));
	if (near == NULL)
		return false;
	memset(near + ids->size, 0, (size - ids->size) * sizeof(*near));
	ids->near = near;
	ids->size = size;
	return true;
}

static bool add_far(struct gt_ids *ids, uint64_t id, void *what)
{
	struct gt_far_id *far = calloc(1, sizeof(*far));

	if (far == NULL)
		return false;
	far->id = id;
	far->what = what;
	GT_MAP_ADD(ids->far, far);
	if (far->hh.tbl != NULL)
		return true;
	free(far);
	return false;
}

bool gt_ids_add(struct gt_ids *ids, uint64_t id, void *what)
{
	if (!reach(ids, id))
		return false;
	if (id < ids->size)
		ids->near[id] = what;
	else if (!add_far(ids, id, what))
		return false;
	ids->count++;
	return true;
}

void *gt_ids_far(const struct gt_ids *ids, uint64_t id)
{
	struct gt_far_id *far;

	GT_MAP_FIND(ids->far, id, far);
	return far != NULL ? far->what : NULL;
}

void gt_ids_clear(struct gt_ids *ids)
{
	struct gt_far_id *far, *next;

	HASH_ITER (hh, ids->far, far, next) {
		HASH_DEL(ids->far, far);
		free(far);
	}
	if (ids->near != NULL)
		memset(ids->near, 0, ids->size * sizeof(*ids->near));
	ids->count = 0;
}

void gt_ids_free(struct gt_ids *ids)
{
	gt_ids_clear(ids);
	free(ids->near);
	memset(ids, 0, sizeof(*ids));
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parts of one recording put together again: generation follows generation. A generation that two parts share is
 * taken from the first.
 */
#ifndef GT_JOIN_H
#define GT_JOIN_H

#include "splice.h"

struct gt_join {
	struct gt_splice *splice;
	int minor; /* of the first part's header; 0: there was none yet */
	struct gt_stretch *seen; /* the generations that are in, one after the other */
	size_t count, room;
	uint64_t pid, started; /* of the process, as far as it was said; 0: it was not */
};

/*
 * Adds a part, whose header, of version go 1.`minor`, has been read. 0, or -1 with *err: the part does not belong to
 * those before, GT_ERR_ORDER, or it is damaged, any other code, and what stands before the damage was added.
 */
int gt_join_add(struct gt_join *join, struct gt_input *in, int minor, struct gt_error *err);

void gt_join_free(struct gt_join *join);

#endif

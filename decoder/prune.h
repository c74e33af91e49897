/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a trace that stopped at some instant, in each thread at its own: of a thread that had written and one that had not come to
 * it, what the one wrote may follow from what the other did not. Nobody can read such a generation to its end.
 */
#ifndef GT_PRUNE_H
#define GT_PRUNE_H

#include "input.h"

/* What was left out. */
struct gt_pruned {
	uint64_t events;
	size_t threads; /* whose events they were */
};

/*
 * The generations that *fd has from its start on follow what stands in the regular file `file`, whose header has been read, before
 * `at`. The last generation there, which begins at `from`, was closed: it tells of all that an unfinished one does not mention. Of
 * those in *fd, what can't be put in order is left out: then *fd is closed, and another file has the rest. What is broken in
 * another way stays as it is, for its readers to say so. 0, or -1 with *err. Exits with a complaint when memory is short.
 */
int gt_prune(const struct gt_input *file, uint64_t from, uint64_t at, int *fd, struct gt_pruned *pruned,
	     struct gt_error *err);

#endif

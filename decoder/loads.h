/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a process has loaded, where and when. Generations come one after the other.
 *
 * A file is there from the generation on in whose facts it stands, up to the one in which it goes or another one takes its
 * place: in that one, both are there.
 */
#ifndef GT_LOADS_H
#define GT_LOADS_H

#include "symbols.h"

/* So many files at once; what comes then is not known. */
enum { GT_LOADS_MOST = 4096 };

struct gt_load {
	uint64_t base, end;
	uint64_t last; /* the generation that is its last one; UINT64_MAX: none yet */
	const struct gt_string *path;
	struct gt_symbol_file *file;
};

/* {0} is empty. */
struct gt_loads {
	struct gt_load *all; /* in the order in which they came */
	size_t n;
};

/* Facts of generation `gen`: a file is mapped from base to end; the one at `base` goes. */
void gt_loads_add(struct gt_loads *loads, uint64_t gen, const struct gt_load *load);
void gt_loads_gone(struct gt_loads *loads, uint64_t gen, uint64_t base);

/* What is at `pc` in `gen`: of two, the one with that path, else the newer one. NULL: nothing is known. */
const struct gt_load *gt_loads_find(const struct gt_loads *loads, uint64_t gen, uint64_t pc,
				    const struct gt_string *path);

void gt_loads_free(struct gt_loads *loads);

#endif

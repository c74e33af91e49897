/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The test program itself as a file with debug information, and a place in it.
 */
#ifndef GT_OWN_H
#define GT_OWN_H

#include "builder.h"

struct gt_own {
	struct gt_string path, build_id;
	uint64_t base, end; /* where it is mapped */
};

const struct gt_own *gt_own(void);

/* It has such a Module fact. */
struct gt_fact_record gt_own_fact(void);

/* A return address in gt_own_inlined(), which is inlined into gt_own_pc(); and the lines of both. */
uint64_t gt_own_pc(void);
extern const uint64_t gt_own_inlined_line, gt_own_pc_line;

#endif

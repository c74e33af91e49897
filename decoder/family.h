/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is whose child among the processes of several traces. A process id and the tick in which the kernel started
 * the process name it for good; where a trace does not know the tick, the id alone must do.
 */
#ifndef GT_FAMILY_H
#define GT_FAMILY_H

#include "source.h"

struct gt_kin {
	int parent; /* the number of its trace, -1: it is not among them */
	int depth; /* how many ancestors are among them */
};

/*
 * Fills kin[n], and order[n] with the numbers so that every process stands behind its parent, children in the order of
 * the traces. To be called when the sources were opened and not yet read.
 */
void gt_family(const struct gt_source *source, int n, struct gt_kin *kin, int *order);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GT_WRAP_ALLOC_H
#define GT_WRAP_ALLOC_H

/*
 * Puts us in front of the program's allocator when the options ask for it. Once, after gt_process_start() has begun to
 * record, before the program's first instruction. What can't be had is counted as a drop.
 */
void gt_alloc_start(void);

#endif

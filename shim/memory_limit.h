/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the program's memory may grow to: the tightest of its own limits (RLIMIT_AS, RLIMIT_DATA) and those of its control
 * groups.
 */
#ifndef GT_MEMORY_LIMIT_H
#define GT_MEMORY_LIMIT_H

#include "cgroup.h"

/* In bytes; 0: none. Opens files; one caller at a time. */
uint64_t gt_memory_limit(void);

/* That of a group and of those above it. Goes to the top. */
uint64_t gt_memory_limit_of_group(struct gt_cgroup *group);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which processes are recorded besides the one that was asked for (GTRACE_FOLLOW, GTRACE_MATCH).
 */
#ifndef GT_FOLLOWING_H
#define GT_FOLLOWING_H

#include <stdbool.h>

/* Whether a program of this name is to be recorded at all. */
bool gt_following_wants(const char *program);

/* Whether a forked child is recorded. */
bool gt_following_forks(void);

/*
 * Unless started programs are followed, takes our library out of LD_PRELOAD in this process's environment block, so that
 * no program inherits it, by whatever way it is started. Nothing else in the block moves. Only at start, before
 * anybody else has looked at the block.
 */
void gt_following_hide(char *envp[]);

#endif

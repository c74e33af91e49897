/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file that a running process has in its memory.
 */
#ifndef GT_MAPPED_H
#define GT_MAPPED_H

#include <limits.h>

struct gt_mapped {
	char live[PATH_MAX]; /* as we can reach it, also when the process has another root */
	char trace[PATH_MAX]; /* where its trace is; of a flight recorder there is none */
	char program[64]; /* what the process is called */
};

/* 1; 0: it records nothing now; -1: errno, there is no such process, or it is not for us. */
int gt_mapped_find(int pid, struct gt_mapped *mapped);

#endif

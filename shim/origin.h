/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who this process is and where it comes from, so that the traces of a program and its children can be put together.
 *
 * A pid alone comes back; with the time at which the kernel started the process it is unique. An exec keeps both, so
 * the traces of one process under several programs share them.
 */
#ifndef GT_ORIGIN_H
#define GT_ORIGIN_H

#include <stdint.h>

struct gt_origin {
	uint32_t pid;
	uint32_t parent_pid;
	uint64_t started; /* clock ticks since the machine started; 0: unknown */
	uint64_t parent_started;
	char forked_from[1024]; /* the trace of the process that forked this one; "" when it has begun as a program */
};

extern struct gt_origin gt_origin;

/* Learns who the calling process is. `forked_from`: as above. At start. */
void gt_origin_learn(const char *forked_from);

#endif

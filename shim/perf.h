/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples of the kernel's perf_event: after so much processor time of a thread its registers and a piece of its stack.
 *
 * One event and one ring for each processor, inherited by every thread that is created from then on. A mapping keeps its
 * event alive, so no descriptor stays open. Without privileges the kernel tells only of user mode.
 */
#ifndef GT_PERF_H
#define GT_PERF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gt_perf_way { GT_PERF_NONE, GT_PERF_ALL, GT_PERF_USER /* no time that was spent in the kernel */ };

struct gt_perf_sample {
	uint64_t time; /* of CLOCK_MONOTONIC */
	uint64_t pc, sp, fp;
	uint8_t *stack; /* what lay at sp, aligned as there; good until the next sample */
	size_t bytes;
	uint32_t tid;
};

struct gt_perf_options {
	uint64_t period; /* ns of a thread's processor time between samples */
	size_t stack_bytes; /* how much of a stack is wanted at most */
};

/*
 * Starts on the calling thread and all that it creates from now on. GT_PERF_NONE when the kernel refuses. The first time, memory
 * is taken.
 */
enum gt_perf_way gt_perf_start(const struct gt_perf_options *options);

/* The oldest sample of some processor that is not later than `until`. False: there is none. One thread at a time. */
bool gt_perf_next(uint64_t until, struct gt_perf_sample *sample);

/* What is there, and what the kernel had no room for so far, is not wanted. */
void gt_perf_skip(void);

/* How many samples the kernel had no room for, or came without a stack, since the last call. */
uint64_t gt_perf_lost(void);

void gt_perf_stop(void);

/* In a forked child, which has inherited nothing of it. */
void gt_perf_forget(void);

#endif

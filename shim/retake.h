/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots of threads that sit in a system call for long are taken away, so that the picture shows the processor as
 * free. Done by the writer thread, whose kernel thread shows up in the trace for this alone.
 */
#ifndef GT_RETAKE_H
#define GT_RETAKE_H

#include <stdint.h>

struct gt_thread;

/* Under the switch lock; `tid` is the writer's. */
void gt_retake(uint32_t tid);

/* The record under which the writer writes: it has no G and no slot. NULL when there is none. */
struct gt_thread *gt_retake_helper(uint32_t tid);

/* Forgets the record: at start. */
void gt_retake_reset(void);

#endif

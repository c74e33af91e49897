/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a generation must say about threads and slots that did nothing in it: their state, re-emitted, so that
 * every generation can be read alone.
 *
 * The snapshot is taken before the generation is closed; what is still unmentioned when every section of the
 * generation has ended made no transition in it, so that its snapshot is exact.
 */
#ifndef GT_SNAPSHOT_H
#define GT_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

bool gt_snapshot_start(uint32_t max_threads, uint32_t max_procs);

/* Before the generation word moves on from `gen`. */
void gt_snapshot_take(uint32_t gen);

/* After the last section of `gen`: writes the states with the time at which `gen` began. */
void gt_snapshot_write(uint32_t gen, uint64_t began);

#endif

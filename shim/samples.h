/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples of running threads, on their way to the file: a bounded queue for each generation parity, in the live file. A sample is put
 * there in a section of its generation, or by the switcher, whoever took it.
 */
#ifndef GT_SAMPLES_H
#define GT_SAMPLES_H

#include "format/live.h"

#include <stdbool.h>

enum { GT_SAMPLES_MANY = GT_LIVE_SAMPLES_MAX / 4 };

/* Samples will be taken, of this process and of those that it forks. */
void gt_samples_start(void);

/* There is another live file. Where it has no room for them they are counted, and nothing else. Under the switch lock, or at start. */
void gt_samples_attach(void);

/* Puts a copy into the queue of `gen`. False, and counted, when it is full. Lock-free, safe in signal handlers. */
bool gt_samples_put(uint32_t gen, const struct gt_live_sample *sample);

/* Whether so many wait that they should be brought to the file. In a section of `gen`, or under the switch lock. */
bool gt_samples_are_many(uint32_t gen);

/* Writes what is in the queue of `gen` and was not written, under the switch lock; the sink is open. */
void gt_samples_write(uint32_t gen);

/* The sink is closed: what was written is in the file. Under the switch lock. */
void gt_samples_written(uint32_t gen);

/* The generation is closed: what could not be written is gone. Under the switch lock. */
void gt_samples_forget(uint32_t gen);

#endif

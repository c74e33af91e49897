/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples of running threads, on their way to the file: a bounded queue for each generation parity. A sample is put there in a
 * section of its generation, or by the switcher, whoever took it.
 */
#ifndef GT_SAMPLES_H
#define GT_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

enum { GT_SAMPLES_MAX = 1 << 14, GT_SAMPLES_MANY = GT_SAMPLES_MAX / 4 };

struct gt_sample_record {
	uint64_t time;
	uint64_t goid; /* 0: of no thread that is known */
	uint64_t proc; /* GT_NONE: nobody knows on which slot */
	uint64_t stack;
	uint32_t tid;
};

/* At start, and in a forked child. False without memory. */
bool gt_samples_start(void);

/* Puts a copy into the queue of `gen`. False, and counted, when it is full. Lock-free, safe in signal handlers. */
bool gt_samples_put(uint32_t gen, const struct gt_sample_record *sample);

/* Whether so many wait that they should be brought to the file. */
bool gt_samples_are_many(uint32_t gen);

/* Writes what is in the queue of `gen`, under the switch lock; the sink is open. */
void gt_samples_write(uint32_t gen);

/* The generation is closed: what could not be written is gone. Under the switch lock. */
void gt_samples_forget(uint32_t gen);

#endif

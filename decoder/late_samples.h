/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples of running threads that wait in a live file. Those that had come to the trace file, too, when the process ended are told
 * by their time and thread: nobody samples a thread twice at once.
 */
#ifndef GT_LATE_SAMPLES_H
#define GT_LATE_SAMPLES_H

#include "../shim/format/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gt_live;
struct gt_live_sample;
struct gt_sample_key;

/* Those of a generation. {0} is none. */
struct gt_late_samples {
	struct gt_live_sample *sample;
	size_t n, at;
	struct gt_sample_key *written;
	size_t nwritten;
	bool is_sorted;
};

/* Reads those of the generations of this parity. The process may go on meanwhile. Exits with a complaint when memory is short. */
void gt_late_samples_read(struct gt_late_samples *late, const struct gt_live *live, int parity);

/* The trace file has these: the records of a batch in [p, end). */
void gt_late_samples_written(struct gt_late_samples *late, const uint8_t *p, const uint8_t *end);

/* Puts the next ones, those that are in the trace file left out, as the payload of a batch. Its length; 0: there are no more. */
size_t gt_late_samples_next(struct gt_late_samples *late, uint8_t payload[GT_MAX_PAYLOAD]);

void gt_late_samples_free(struct gt_late_samples *late);

#endif

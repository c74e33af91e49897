/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What opens a generation of go 1.25 and newer: a Sync batch, with the frequency and one moment on three clocks.
 */
#ifndef GT_SNAPSHOT_H
#define GT_SNAPSHOT_H

#include "error.h"

#include <stdbool.h>

struct gt_snapshot {
	uint64_t frequency; /* clock units per second */
	bool has_frequency, known; /* known: what follows is there */
	uint64_t time; /* in clock units */
	uint64_t mono; /* CLOCK_MONOTONIC, nanoseconds */
	uint64_t sec, nsec; /* since 1970 */
};

/*
 * Takes in the records behind the first byte of a Sync batch of that time; what is there already must not come again. 0,
 * or -1 with *err.
 */
int gt_snapshot_read(struct gt_snapshot *snapshot, uint64_t time, const uint8_t *p, const uint8_t *end,
		     struct gt_error *err);

#endif

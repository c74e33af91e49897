/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace file as the batches that it is made of, for tests of what writes batches. A file that does not consist of a
 * header and whole batches ends the test.
 */
#ifndef GT_WIRE_H
#define GT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gt_wire_batch {
	uint8_t frame; /* enum gt_frame: GT_FR_EventBatch or GT_FR_ExperimentalBatch */
	uint8_t experiment;
	uint64_t gen, m, time;
	const uint8_t *bytes; /* the payload */
	size_t len;
};

struct gt_wire {
	uint8_t *file;
	size_t size;
	struct gt_wire_batch *batch;
	size_t batches;
};

void gt_wire_read(struct gt_wire *w, const char *path);
void gt_wire_free(struct gt_wire *w);

/* How many batches of generation `gen` begin with this byte. */
size_t gt_wire_count(const struct gt_wire *w, uint64_t gen, uint8_t first);

/* Whether a table of this generation, GT_FR_Strings or GT_FR_Stacks, has a record with this id. */
bool gt_wire_has(const struct gt_wire *w, uint64_t gen, uint8_t table, uint64_t id);

#endif

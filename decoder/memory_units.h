/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the memory of Go's alloc/free experiment is: its events carry ids, counted in units from a base, which a batch of
 * its own says once in a trace.
 */
#ifndef GT_MEMORY_UNITS_H
#define GT_MEMORY_UNITS_H

#include "trace_event.h"

struct gt_memory_units {
	uint64_t base, page, object, stack;
	bool known;
};

/* Takes the payload of an experimental batch, if it is the one that says so. */
void gt_memory_units_read(struct gt_memory_units *units, const uint8_t *p, const uint8_t *end);

struct gt_memory {
	uint64_t address;
	uint64_t bytes; /* 0: unknown */
};

/* The memory that an event of kind EXPERIMENTAL is about. 0 when the units are not known. */
int gt_memory_of(const struct gt_trace_event *ev, struct gt_memory *memory);

#endif

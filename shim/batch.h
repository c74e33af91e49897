/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batches that the switcher makes itself: tables, status events, frequency, free facts. One at a time, under
 * the switch lock. A full batch is sent to the sink and continued in another one.
 */
#ifndef GT_BATCH_H
#define GT_BATCH_H

#include "format/event.h"
#include "format/facts.h"
#include "format/varint.h"

#include <stdbool.h>
#include <stddef.h>

bool gt_batch_start(void);

/* Puts what stands in front of a payload of `len` bytes, which begins at `time` in ns; returns its end. At most 64 bytes. */
static inline uint8_t *gt_batch_head(uint8_t *p, bool facts, uint64_t gen, uint64_t m, uint64_t time, size_t len)
{
	*p++ = facts ? GT_FR_ExperimentalBatch : GT_FR_EventBatch;
	if (facts)
		*p++ = GT_FACTS_EXPERIMENT;
	p = gt_varint_put(p, gen);
	p = gt_varint_put(p, m);
	p = gt_varint_put(p, time / GT_UNIT_NS);
	return gt_varint_put(p, len);
}

/*
 * Begins a batch of generation `gen` and thread `m` at `time`; `lead` bytes open its payload and every
 * continuation's (the class byte of a table; none for events). `facts`: an experimental batch.
 */
void gt_batch_begin(uint32_t gen, uint64_t m, uint64_t time, const char *lead, size_t lead_len, bool facts);

/* A record of at most `room` bytes follows: what was put before stays in one piece with its like. */
void gt_batch_room(size_t room);
void gt_batch_byte(uint8_t byte);
void gt_batch_varint(uint64_t v);
void gt_batch_bytes(const void *bytes, size_t len);
void gt_batch_text(const char *text, size_t max); /* varint length, bytes */

/* Sends it, unless it holds nothing but its lead. */
void gt_batch_end(void);

#endif

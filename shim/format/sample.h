/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sample of a running thread as a batch of samples has it: internal/trace of Go 1.23.
 */
#ifndef GT_FORMAT_SAMPLE_H
#define GT_FORMAT_SAMPLE_H

#include "live.h"
#include "varint.h"

enum { GT_SAMPLE_ROOM = 1 + 5 * GT_MAX_VARINT };

/* Writes it at p, which has room for GT_SAMPLE_ROOM bytes. Returns the byte behind it. */
static inline uint8_t *gt_sample_put(uint8_t *p, const struct gt_live_sample *sample)
{
	*p++ = GT_FR_CPUSample;
	p = gt_varint_put(p, sample->time / GT_UNIT_NS);
	p = gt_varint_put(p, sample->tid);
	p = gt_varint_put(p, sample->proc);
	p = gt_varint_put(p, sample->goid);
	return gt_varint_put(p, sample->stack);
}

#endif

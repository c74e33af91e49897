/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts as they come out of experimental batches: see shim/format/facts.h for the bytes and facts.def for the rows.
 *
 * Damage in a batch of facts is not an error of the trace: what is unknown or broken is skipped.
 */
#ifndef GT_FACT_H
#define GT_FACT_H

#include "../shim/format/facts.h"
#include "table.h"

struct gt_fact_record {
	uint8_t number; /* enum gt_fact */
	uint64_t position; /* of its event in the batch before; 0 for free facts */
	union {
		uint64_t u; /* kinds 'u', 'x' */
		int64_t s; /* kind 's' */
		struct gt_string t; /* kind 't' */
	} field[GT_FACT_MAX_FIELDS];
};

/* Whether the payload of an experimental batch holds facts of ours. */
int gt_fact_is_ours(uint8_t experiment, const uint8_t *p, const uint8_t *end);

/*
 * The next known record of a payload behind the magic, from *p on; moves *p. 1, or 0 at the end. Texts point into
 * the payload.
 */
int gt_fact_next(const uint8_t **p, const uint8_t *end, struct gt_fact_record *fact);

#endif

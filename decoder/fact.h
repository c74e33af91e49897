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

/* Whether the payload of an experimental batch holds facts of ours, packed or not: gt_unpack() gives the records. */
int gt_fact_is_ours(uint8_t experiment, const uint8_t *p, const uint8_t *end);

/* Whether a number has a row. */
static inline int gt_fact_is_known(uint8_t number)
{
	return number < GT_FACT_NUMBERS && gt_fact_spec[number].name != NULL;
}

/*
 * The next record of any number in a payload behind the magic, from *p on: its body, which ends where *p is then. NULL
 * at the end.
 */
const uint8_t *gt_fact_skip(const uint8_t **p, const uint8_t *end, uint8_t *number);

/* A body by the row of its number, which must be known. 1; 0 when it is too short. Texts point into it. */
int gt_fact_parse(uint8_t number, const uint8_t *body, size_t len, struct gt_fact_record *fact);

/* The same of what stands behind the position. */
int gt_fact_fields(uint8_t number, const uint8_t *p, size_t len, struct gt_fact_record *fact);

/*
 * The next known record of a payload behind the magic, from *p on; moves *p. 1, or 0 at the end. Texts point into
 * the payload.
 */
int gt_fact_next(const uint8_t **p, const uint8_t *end, struct gt_fact_record *fact);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layout of facts: what we know and Go's events have no room for.
 *
 * They travel in ExperimentalBatches with experiment id 1, the only id that every Go reader accepts. Go's own
 * data under that id never starts with our magic. A payload is
 *
 *     GT_FACTS_MAGIC, record, record, ...
 *     record = number byte, varint length of the rest, [varint position,] fields as in facts.def
 *
 * The position is there when the row's tie is EVENT: the index of the timed event, from 0, within the
 * EventBatch that stands directly before this batch in the file (same generation, same M). Records of one
 * thread's batch are newest first: the recorder fills them in from the end of the buffer towards its start. Positions
 * and small numbers may be padded.
 * A batch of FREE facts may stand anywhere; its M is "no thread" when the writer made it.
 *
 * What a buffer has of them is packed on its way to the file (pack.h). The payload is then
 *
 *     GT_PACK_MAGIC, varint 2 * records (+ 1: some are free), varint position of the first that is tied, group, group, ...
 *     group = flags byte, for each of up to eight records whose flag, lowest bit first, is 0: slot byte, or
 *             255, number byte (+ 128: tied), [varint distance,] varint length of the fields, fields
 *
 * and the records are the same, newest first. The distance is how far the position lies below that of the tied record before.
 *
 * New rows need no new magic. A change of this layout does.
 */
#ifndef GT_FORMAT_FACTS_H
#define GT_FORMAT_FACTS_H

#include "event.h"

#define GT_FACTS_MAGIC "GTF1"

enum {
	GT_FACTS_EXPERIMENT = 1,
	GT_FACTS_MAGIC_LEN = 4,
	GT_FACT_NUMBERS = 64, /* one more than the largest number that a row may have */
	GT_FACT_MAX_FIELDS = 4,
};

enum gt_fact {
#define FACT1(no, name, ...) GT_FACT_##name = (no),
#define FACT2 FACT1
#define FACT3 FACT1
#define FACT4 FACT1
#include "facts.def"
};

enum gt_tie { GT_TIE_EVENT, GT_TIE_FREE };

struct gt_fact_field {
	const char *name;
	char kind; /* 'u', 's', 'x', 't': see facts.def */
};

struct gt_fact_spec {
	const char *name; /* NULL: no such fact */
	uint8_t nfields; /* without the position */
	uint8_t tied; /* enum gt_tie */
	struct gt_fact_field fields[GT_FACT_MAX_FIELDS];
	const char *help;
};

/* Indexed by fact number. */
extern const struct gt_fact_spec gt_fact_spec[GT_FACT_NUMBERS];

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of a generation that its recorder did not come to write: from its live file. A frame has its place in its file
 * for a name; gtrace asks the file.
 */
#ifndef GT_REMAKE_H
#define GT_REMAKE_H

#include "live.h"
#include "mentions.h"
#include "out.h"

/*
 * Writes the batches of stacks and strings that are mentioned, of the frequency, and of facts. What the live file does not
 * have is there all the same, with nothing in it. Exits with a complaint when memory is short.
 */
void gt_remake(const struct gt_live *live, uint64_t gen, uint64_t as, const struct gt_mentions *mentions,
	       struct gt_out *out);

/* What is to be said in the last complete generation, when recording had met a gap behind it and did not begin again. */
void gt_remake_gap(const struct gt_live *live, struct gt_out *out);

/* How often something was dropped, said in generation `gen` of the trace. No drop: writes nothing. */
void gt_remake_drops(const struct gt_live *live, uint64_t gen, struct gt_out *out);

#endif

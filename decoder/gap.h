/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A gap beside a trace: nothing was recorded before it, or behind it, because that could not be done. Says so in words.
 */
#ifndef GT_GAP_FACT_H
#define GT_GAP_FACT_H

#include "anchor.h"

enum { GT_GAPS_MAX = 2, GT_GAP_WORDS = 200 };

/* Of a trace: one before, one behind. */
struct gt_gaps {
	int n;
	struct gt_gap {
		uint64_t from, to; /* CLOCK_MONOTONIC; no end: 0 */
		uint64_t cause, error; /* see facts.def */
	} gap[GT_GAPS_MAX];
};

/* Takes a Gap fact in; others change nothing. What is said twice is one gap. */
void gt_gaps_fact(struct gt_gaps *gaps, const struct gt_fact_record *fact);

/* Whether it lies behind `time` of the trace, where a generation ends, and not before that. */
bool gt_gap_is_behind(const struct gt_gap *gap, const struct gt_anchor *anchor, int64_t time);

/* When it began, in nanoseconds since 1970; the anchor is known. */
int64_t gt_gap_wall(const struct gt_gap *gap, const struct gt_anchor *anchor);

/* How long it was, "1.23s" or "unknown time". Returns buf. */
const char *gt_gap_length(const struct gt_gap *gap, char buf[GT_GAP_WORDS]);

/* Why: the words of the cause, and of the error if there was one. Returns buf. */
const char *gt_gap_reason(const struct gt_gap *gap, char buf[GT_GAP_WORDS]);

#endif

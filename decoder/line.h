/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One event on its way to be printed, in whichever form: with its moment, its time as asked for, and whose it is.
 */
#ifndef GT_LINE_H
#define GT_LINE_H

#include "gap.h"
#include "life.h"

enum gt_time_mode { GT_TIME_RELATIVE, GT_TIME_WALL, GT_TIME_RAW };

struct gt_line {
	struct gt_moment moment;
	enum gt_time_mode mode;
	int64_t time; /* since the start; since 1970; on the trace's own clock */
	const char *process; /* NULL: there is only one */
	uint64_t pid; /* 0: unknown */
	const struct gt_lives *lives; /* of that process */
	bool stacks; /* are wanted */
	const struct gt_gap *gap; /* at the end of a generation: one beside it; NULL: none */
	bool gap_is_behind;
	uint64_t stopped; /* at the end of a generation: how long its process was stopped from outside, ns */
};

#endif

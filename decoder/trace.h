/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace as its recorder left it: the file, and what its live file has beyond that.
 */
#ifndef GT_TRACE_H
#define GT_TRACE_H

#include "input.h"

/*
 * Opens `path` like gt_input_open(), with the end of the trace if that is in its live file, or all of it, if that is a flight
 * recorder's. Says so on stderr, or why it cannot be had.
 */
int gt_trace_open(struct gt_input *in, const char *path, struct gt_error *err);

/* The same with a live file that is known to be that of a running program, which need not be said. */
int gt_trace_open_live(struct gt_input *in, const char *path, const char *live, struct gt_error *err);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two texts that Go's own tool prints, byte for byte: parsed events (-d=1) and raw records (-d=2).
 */
#ifndef GT_TEXT_GO_H
#define GT_TEXT_GO_H

#include "out.h"
#include "trace_event.h"

/* One event with its stacks and a newline, as `go tool trace -d=1` prints it. */
void gt_text_go(struct gt_out *out, const struct gt_trace_event *ev);

/*
 * All records of `path` ("-": standard input) in file order, as `go tool trace -d=2` prints them. Checks framing
 * only. 0, or -1 with *err after everything that could be printed.
 */
int gt_text_wire(const char *path, struct gt_out *out, struct gt_error *err);

#endif

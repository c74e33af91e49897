/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two texts that Go's own tool prints, byte for byte: parsed events (-d=1) and raw records (-d=2). Traces of version
 * GT_GO_SYNC and newer are printed as Go 1.26 does, older ones as Go 1.23.
 */
#ifndef GT_TEXT_GO_H
#define GT_TEXT_GO_H

#include "known_lines.h"
#include "out.h"
#include "stack_text.h"
#include "trace_event.h"

/* One event of a trace of version go 1.N with its stacks and a newline, as `go tool trace -d=1` prints it. */
void gt_text_go(struct gt_out *out, const struct gt_trace_event *ev, int version);

/* Digits that will be printed again. */
struct gt_text_digits {
	size_t len;
	char text[GT_DIGITS_ROOM];
};

/* What event after event prints again and again. {0} is empty but for the version; free with gt_text_go_end(). */
struct gt_text_memo {
	int version; /* of the trace: go 1.N */
	struct gt_stack_texts stacks;
	struct gt_known_lines lines;
	struct gt_known_line *line; /* of the event that is about to be printed; NULL: it is not kept */
	int64_t m;
	struct gt_text_digits m_digits;
	uint64_t high; /* of the last time: all but eight digits */
	struct gt_text_digits high_digits;
};

/*
 * The same, faster where many are printed. gt_text_go_knows(): of an event that is not resolved yet, whether it looks like
 * one before it in its generation. If so, gt_text_go_again() prints it; else gt_text_go_next(), as all that has no
 * place in the order.
 */
bool gt_text_go_knows(struct gt_text_memo *memo, const struct gt_placed_event *placed);
void gt_text_go_again(struct gt_out *out, int64_t time, struct gt_text_memo *memo);
void gt_text_go_next(struct gt_out *out, const struct gt_trace_event *ev, struct gt_text_memo *memo);
void gt_text_go_end(struct gt_text_memo *memo);

/*
 * All records of `path` ("-": standard input) in file order, as `go tool trace -d=2` prints them. Checks framing
 * only. 0, or -1 with *err after everything that could be printed.
 */
int gt_text_wire(const char *path, struct gt_out *out, struct gt_error *err);

#endif

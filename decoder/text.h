/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace text as a whole: traces in, lines out, as the options say. Wrong options have been refused before.
 */
#ifndef GT_DECODER_TEXT_H
#define GT_DECODER_TEXT_H

#include "filter.h"
#include "line.h"
#include "out.h"
#include "symbols.h"
#include "when.h"

enum gt_text_format { GT_TEXT_PEOPLE, GT_TEXT_JSON, GT_TEXT_CSV, GT_TEXT_GO, GT_TEXT_WIRE, GT_TEXT_FORMATS };

struct gt_text_options {
	enum gt_text_format format;
	enum gt_time_mode time;
	bool stacks, colour;
	struct gt_symbols *symbols; /* for stacks; NULL: names are those of the trace */
	struct gt_window window;
	struct gt_filter *filter;
};

/*
 * Prints the events of n traces, for people, as JSON or as CSV, merged by time when there are several. Complains about
 * each that is broken or unreadable, after what was sound. 0 when all are sound, -1 when not, or when `out`
 * failed: then errno says why.
 */
int gt_text_print(char *const *paths, int n, const struct gt_text_options *options, struct gt_out *out);

#endif

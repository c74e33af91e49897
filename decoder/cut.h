/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Part of a trace: whole generations. Every generation says the states of all threads and slots anew, so that any of
 * them can be the first; what is said only once is carried over (carry.h).
 */
#ifndef GT_CUT_H
#define GT_CUT_H

#include "splice.h"
#include "when.h"

/*
 * Copies the generations of `in`, whose header has been read, that overlap the window. 0, or -1 with *err when the
 * trace is damaged: what stands before the damage is copied. Relative times count from the first event of the trace.
 */
int gt_cut(struct gt_input *in, const struct gt_window *window, struct gt_splice *splice, struct gt_error *err);

/*
 * The same as a file of its own; whether all of it went well. What is sound is delivered even when not, unless only the
 * `whole` is wanted. Complains about what is wrong with the trace `path`, or that `nothing` of it is there.
 */
struct gt_cut_wish {
	struct gt_window window;
	const char *nothing;
	bool whole;
};
bool gt_cut_to(struct gt_input *in, const char *path, const struct gt_cut_wish *wish, struct gt_save *save);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gtrace stats --folded: stacks with weights, one a line, as flame graph programs read them. From the outside in,
 * separated by semicolons: the process when there are several, the thread if it has a name, functions, and in brackets
 * what it came to, except where a thread just ran.
 */
#ifndef GT_FOLDED_H
#define GT_FOLDED_H

#include "filter.h"
#include "out.h"
#include "symbols.h"
#include "when.h"

enum gt_folded {
	GT_FOLDED_WAIT, /* nanoseconds, by reason */
	GT_FOLDED_SYSCALL, /* nanoseconds, by system call */
	GT_FOLDED_CREATE, /* how many threads, by what they start with */
	GT_FOLDED_CPU, /* how many samples of running threads, by where they were */
};

/*
 * Reads n traces and writes the lines, in the order of their bytes. Of broken traces what was sound; complains about
 * those, and about what cannot be had: false then. Names are those of the
 * trace when `symbols` is NULL.
 */
bool gt_folded_print(char *const *paths, int n, enum gt_folded what, const struct gt_window *window,
		     const struct gt_filter *filter, struct gt_symbols *symbols, struct gt_out *out);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace with full names: what gt_full_names makes of its stacks, written into it. Events, and batches of all other kinds,
 * stay as they are.
 */
#ifndef GT_SYMBOLIZE_H
#define GT_SYMBOLIZE_H

#include "splice.h"
#include "symbols.h"

/*
 * Copies the generations of `in`, whose header has been read. 0, or -1 with *err when the trace is damaged: what stands before
 * the damage is copied.
 */
int gt_symbolize(struct gt_input *in, struct gt_symbols *symbols, struct gt_splice *splice, struct gt_error *err);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DWARF expressions over what is not known yet: places counted from the registers of a frame, and from the one word that may
 * be loaded from there.
 */
#ifndef GT_EXPRESSION_H
#define GT_EXPRESSION_H

#include "cfi.h"
#include "frame_entry.h"

enum { GT_EXPRESSION_STACK = 8, GT_REG_FP = 6, GT_REG_SP = 7, GT_REG_RA = 16 };

/* A value of an expression: a number, or a place counted from a register or from the one word that may be loaded. */
struct gt_value {
	enum gt_base base;
	int64_t offset;
};

struct gt_evaluation {
	const struct gt_frame_entry *frame;
	struct gt_rule *rule;
	bool has_load;
	struct gt_value stack[GT_EXPRESSION_STACK];
	int depth;
	bool bad;
};

/*
 * What the expression at `at`, its length first, comes to; it begins with `first` on its stack, unless that is NULL. False when
 * that can't be said.
 */
bool gt_evaluate(struct gt_evaluation *e, const uint8_t *at, const struct gt_value *first, struct gt_value *result);

/* False for a number, and for what is too far away. */
bool gt_as_place(struct gt_value v, struct gt_place *place);

#endif

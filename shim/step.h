/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One step of a walk (callers.h), from a frame to its caller's, for any rule, and on a stack whose bounds nobody knows.
 */
#ifndef GT_STEP_H
#define GT_STEP_H

#include "callers.h"

/* Instead of the place that the frame pointer was loaded from. */
enum { GT_FP_NOTED, GT_FP_IN_REGISTER };

/* To the caller's registers, by the rule, or by the frame pointer. False: nobody knows how. What is read is noted. */
bool gt_step(struct gt_walk *walk, const struct gt_rule *rule, struct gt_registers *registers);
bool gt_step_fp(struct gt_walk *walk, struct gt_registers *registers);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which frame of a stack is the program's own.
 */
#ifndef GT_CALL_SITE_H
#define GT_CALL_SITE_H

#include "table.h"

/*
 * The innermost frame whose source is no header of the system and no part of Rust's library: those are what was inlined
 * around the call. The innermost one of all when there is none. The stack has frames.
 */
const struct gt_stack_frame *gt_call_site(const struct gt_stack *stack);

#endif

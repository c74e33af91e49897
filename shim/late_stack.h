/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stack of a system call that lasts: its GoSyscallBegin has the call alone, since short ones are not worth more.
 */
#ifndef GT_LATE_STACK_H
#define GT_LATE_STACK_H

#include "emit.h"

/*
 * Before the end of a call is written, in its section: if it has lasted, its GoSyscallBegin gets the whole stack. Where that is
 * out of reach: the stack, which belongs beside the end. Else none.
 */
gt_stack_t gt_late_stack(struct gt_section *s);

#endif

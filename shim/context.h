/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Coroutines of makecontext(3), as far as stacks end there.
 */
#ifndef GT_CONTEXT_H
#define GT_CONTEXT_H

/* Where the function of a context returns to: code of libc's that has no name and no unwind information. At start. */
const void *gt_context_start(void);

#endif

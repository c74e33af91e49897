/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that vanish without a word: what libc made for its own use, what clone() made, what called exit(2) behind our
 * back. Somebody else writes their last events when the kernel does not know them any more.
 */
#ifndef GT_BURIAL_H
#define GT_BURIAL_H

#include "section.h"

/* Nobody will tell us when this thread ends; its end has been told. Any thread. */
void gt_burial_expect(struct gt_thread *t);
void gt_burial_cancel(struct gt_thread *t);

/*
 * Ids of kernel threads come back. Whoever had this one before and never said good-bye is buried first, since events of
 * one id must be in order. Before the first event of `t`.
 */
void gt_burial_of_namesake(const struct gt_thread *t);

/*
 * Looks for threads that are gone: among those that are expected to vanish, and now and then, or if `all`, among the
 * others too. The switcher, outside the switch.
 */
void gt_burial_look(int pid, bool all);

/*
 * The end of a running thread that leaves by the system call exit: it gives its slot up and dies in the call. Inside a
 * section, the last one.
 */
void gt_burial_write_exit(struct gt_section *s, gt_stack_t stack);

/* Nobody is expected to vanish: at start. */
void gt_burial_clear(void);

#endif

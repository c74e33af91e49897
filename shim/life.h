/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ends of threads, as the switcher and other threads see them.
 */
#ifndef GT_LIFE_H
#define GT_LIFE_H

#include "section.h"

/*
 * Where libc has the id of a thread that it created, as it tells debuggers: bits, 1, bytes behind pthread_self(). NULL, or what does
 * not prove itself with the calling thread: each new thread asks the kernel. Before all others.
 */
void gt_life_source(const uint32_t *tid);

/* Closes the last section of a thread, behind its last event. Its owner, or who buries it. */
void gt_life_close(struct gt_section *s);

/* Frees an EXITED record if both its buffers are gone. Its owner after its last section, or the switcher. */
void gt_life_release(struct gt_thread *t);

/* Tells the calling thread's name as the kernel has it, if the trace has another. Not in a section. */
void gt_life_name(void);

#endif

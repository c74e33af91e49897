/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The writer thread: brings buffers to the file and switches generations. It exists from the program's own first
 * pthread_create on, with all signals blocked and with a descriptor table of its own.
 */
#ifndef GT_WRITER_H
#define GT_WRITER_H

#include "process.h"

/* Starts it unless it runs. Failing is no error: threads bring their buffers to the file themselves. */
void gt_writer_start(const struct gt_libc *libc);

/* It looks at once whether there is anything to do. Any thread, also in a signal handler. */
void gt_writer_call(void);

/*
 * Ends it, and returns when the kernel has forgotten it, or after some `patience` ns; threads bring their buffers to the file
 * themselves then.
 */
void gt_writer_stop(uint64_t patience);

/* It does not exist: in a forked child. */
void gt_writer_reset(void);

#endif

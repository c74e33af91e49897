/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the lower parts of the recorder may know of the process.
 */
#ifndef GT_PROCESS_STATE_H
#define GT_PROCESS_STATE_H

#include <stdbool.h>

/* Whether a thread without a record may enter the trace. Starts the trace of a forked child. */
bool gt_process_is_recording(void);

/* Whether threads are recorded, or may be: not before the start, after the end, or in a child that has not begun. */
bool gt_process_may_record(void);

/* The same, and the memory is this process's: in a vfork child it is the parent's, and so is the trace. */
bool gt_process_is_ours(void);

/* Whether the writer thread runs: threads need not bring their buffers to the file themselves. */
bool gt_writer_runs(void);

/* Its kernel thread, as far as there is or was one. */
uint32_t gt_writer_tid(void);

#endif

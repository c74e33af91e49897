/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The trace file: created once, then opened by its absolute path, appended to and closed again, so that the
 * program never meets a descriptor of ours. Under the switch lock.
 *
 * When the file can't be written it is cut back to the last complete generation and nothing more is written.
 */
#ifndef GT_SINK_H
#define GT_SINK_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Creates `path` and writes the header; returns 0 or minus an errno (-EEXIST: somebody's file). */
long gt_sink_create(const char *path);

/* Instead: what is written goes to the flight recorder (flight.h). 0, or minus an errno. */
long gt_sink_fly(void);

/* Takes the file away again: nothing was recorded. */
void gt_sink_remove(void);

/* Gives it to another user: see gt_file_give(). Under the switch lock. */
void gt_sink_give(uint32_t uid);

/* Opens the file for what follows. False when it is out of reach, which may pass, or failed, which does not. */
bool gt_sink_open(void);

/* Queues bytes; they are copied. */
void gt_sink_copy(const void *bytes, size_t len);

/* Queues a buffer as an EventBatch and, if it has facts, an ExperimentalBatch. It goes back to the pool. */
void gt_sink_buf(struct gt_buf *b);

/* Writes what is queued and closes. `complete`: a generation ends here. */
void gt_sink_close(bool complete);

/* Bytes written since the last complete generation. */
uint64_t gt_sink_pending(void);

/* Whether it can't be written any more; and the errno that said so, or that the file was out of reach last; 0: it was not. */
bool gt_sink_failed(void);
int gt_sink_error(void);

/* What is written, or was to be, of a generation that is not complete: events, and how many of them are annotations. */
struct gt_sink_part {
	uint64_t events, notes;
};

struct gt_sink_part gt_sink_rest(void);

/* Whether the file has a complete generation. */
bool gt_sink_has_any(void);

/*
 * What was written of a generation that will never be complete is cut off, and a file that has no complete one removed, if it
 * can be reached; nothing more is written. May be tried again.
 */
void gt_sink_cut(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file: created beside the trace, mapped and closed. Memory of it is handed out only where the file has
 * blocks, since a store into a hole of a full disk would kill the program.
 */
#ifndef GT_LIVE_H
#define GT_LIVE_H

#include "format/live.h"

#include <stdbool.h>

/* So many bytes of buffers have blocks from the beginning. */
enum { GT_LIVE_FIRST = 1 << 20 };

/*
 * Creates <path> with room for `buffers` bytes of buffers, and maps it. 0 or minus an errno (-EEXIST: somebody's); nothing
 * is left then. At start, and in a forked child (which must have called gt_live_detach() before).
 */
long gt_live_start(const char *path, uint64_t buffers);

/* NULL before the start. */
struct gt_live_head *gt_live_head(void);

/*
 * The counts of drops in it: memory that stays when the file is detached, since a thread may be about to count. NULL: there
 * is none.
 */
_Atomic uint64_t *gt_live_drops(void);

/* What begins at this place of the file. */
void *gt_live_at(uint64_t place);

/*
 * Gives blocks to the file from `from` up to `to`. False when that can't be done. Opens and closes the file: not in a
 * section.
 */
bool gt_live_solid(uint64_t from, uint64_t to);

/* Removes the file; the memory stays usable. */
void gt_live_remove(void);

/*
 * After gt_live_remove(): a new file with nothing in it but the counts of drops, at the same addresses. Nobody may use the
 * memory meanwhile. False: there is no file, and the memory is as it was.
 */
bool gt_live_renew(void);

/* Forgets and unmaps it without touching its content. */
void gt_live_detach(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The live file: created beside the trace, mapped and closed. Memory of it is handed out only where the file has
 * blocks, since a store into a hole of a full disk would kill the program.
 *
 * The flight recorder's lies in a file system in memory, if there is one with room, and a symbolic link stands for it.
 */
#ifndef GT_LIVE_H
#define GT_LIVE_H

#include "format/live.h"

#include <stdbool.h>

/* So many bytes of buffers have blocks from the beginning: most processes end before they need more, and in memory each page costs. */
enum { GT_LIVE_FIRST = 128 << 10 };

/* And so many of the ring, or all of it. */
enum { GT_LIVE_RING_FIRST = 128 << 10 };

/*
 * Creates <path> with room for `buffers` bytes of buffers and a ring of `ring` bytes (0: none), and maps it. The first
 * generation will be `gen`. 0 or minus an errno (-EEXIST: somebody's); nothing is left then. At start, and in a forked child
 * (which must have called gt_live_detach() before).
 */
long gt_live_start(const char *path, uint64_t buffers, uint64_t ring, uint32_t gen);

/*
 * Gives blocks to the tables of generation `gen`, if they have none: those of the second generation are not there from the
 * beginning, since most programs end in their first. Where that fails they have no room, and nothing may be written there.
 * Before `gen` is published.
 */
void gt_live_prepare(uint32_t gen);
bool gt_live_is_prepared(uint32_t gen);

/* NULL before the start. */
struct gt_live_head *gt_live_head(void);

/*
 * The counts of drops in it: memory that stays when the file is detached or ended, since a thread may be about to count. NULL:
 * there is none.
 */
_Atomic uint64_t *gt_live_drops(void);

/* What begins at this place of the file. */
void *gt_live_at(uint64_t place);

/*
 * Gives blocks to the file from `from` up to `to`. False when that can't be done. Opens and closes the file: not in a
 * section.
 */
bool gt_live_solid(uint64_t from, uint64_t to);

/* Why that could not be done last: an errno; 0: it could. */
int gt_live_error(void);

struct gt_gap_times;

/* Says in the head that the generation under way is lost, and when and why: nothing else of the file counts. */
void gt_live_lose(const struct gt_gap_times *times);

/*
 * Nobody is in a section: all but the head is given back, and counts of drops go on there. The file shrinks to it, or goes
 * unless `is_kept`. Another one may be started; then the head of this one is buried, and its memory belongs to nobody.
 */
void gt_live_end(bool is_kept);
void gt_live_bury(void);

/* Gives the file, and its link, to another user: see gt_file_give(). Under the switch lock. */
void gt_live_give(uint32_t uid);

/* Removes the file, and its link; the memory stays usable. */
void gt_live_remove(void);

/*
 * After gt_live_remove(): a new file with nothing in it but the counts of drops and the ring, at the same addresses. Nobody may use the
 * memory meanwhile. The generation under way is `gen`. False: there is no file, and the memory is as it was.
 */
bool gt_live_renew(uint32_t gen);

/* Forgets and unmaps it without touching its content. */
void gt_live_detach(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One file that a program had loaded, and the names in it: its symbols and those of its separate debug file, and its debug
 * information. The file is opened when it is first asked.
 *
 * Law: a name never comes from another file than the one that ran. A build id that differs is said, and the file not used.
 * Law: nothing touches the network, unless DEBUGINFOD_URLS is set: then libdwfl asks those servers for debug files.
 */
#ifndef GT_IMAGE_H
#define GT_IMAGE_H

#include "debug_info.h"

struct gt_image;

/*
 * What a pc is: where a call returns to, or one more than where a routine starts, so that what is meant always stands in front
 * of it. Behind a call that never returns another function begins. A start is the function itself, though its first
 * instruction may be of another one that is inlined.
 */
enum gt_pc_kind { GT_PC_RETURN, GT_PC_START, GT_PC_KINDS };

/*
 * The file `path` with that build id, in hexadecimal digits, "" for none; it lies below `sysroot`, NULL for "". Exits when
 * memory is short.
 */
struct gt_image *gt_image_new(const char *path, const char *build_id, const char *sysroot);

/* Accepts NULL. */
void gt_image_free(struct gt_image *image);

/*
 * The places of a pc, which is `offset` behind the first byte of the file as it is mapped; as gt_debug_info_find(), and of
 * a file without debug information the function alone. 0 when nothing is known: after a complaint, the first time, when the
 * file is broken or another one; a file that is not there is no reason to complain.
 */
size_t gt_image_find(struct gt_image *image, uint64_t offset, enum gt_pc_kind kind,
		     struct gt_place places[GT_PLACES_MOST]);

#endif

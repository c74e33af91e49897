/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the DWARF of one file says of an address: the function, what was inlined into it there, and the lines. libdw
 * bounds what it reads; the walks over what it gives are bounded here. Addresses are those of the file.
 */
#ifndef GT_DEBUG_INFO_H
#define GT_DEBUG_INFO_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>

/* One place in the source. NULL and 0: unknown. */
struct gt_place {
	const char *func; /* as the linker knows it, if it does; else as the source names it */
	const char *file;
	uint64_t line;
};

/* What is inlined deeper than this is left out. */
enum { GT_PLACES_MOST = 64 };

struct gt_debug_info;

/* `dwarf` must live as long. Reads where units are, and nothing else. Exits when memory is short. */
struct gt_debug_info *gt_debug_info_new(Dwarf *dwarf);

/* Accepts NULL. */
void gt_debug_info_free(struct gt_debug_info *info);

/*
 * The places of an address: the innermost inlined function first, the function that holds them all last. Their number; 0
 * when nothing is known. Texts live as long as `info`.
 */
size_t gt_debug_info_find(struct gt_debug_info *info, uint64_t pc, struct gt_place places[GT_PLACES_MOST]);

#endif

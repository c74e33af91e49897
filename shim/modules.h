/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is loaded where, and which symbol an address belongs to. Read from /proc/self/maps and from the files
 * themselves, so that no lock of the dynamic linker is taken and nothing depends on memory that dlclose() may
 * unmap. Under the switch lock, outside sections.
 */
#ifndef GT_MODULES_H
#define GT_MODULES_H

#include "elf_file.h"

#include <stdbool.h>
#include <stdint.h>

enum { GT_MODULES_MAX = 1024, GT_BUILD_ID_MAX = 41 };

struct gt_module {
	uint64_t base; /* where the file's first byte is mapped */
	uint64_t end;
	const char *path;
	uint64_t inode; /* of the file when the map was read */
	char build_id[GT_BUILD_ID_MAX]; /* hexadecimal digits, maybe none */
	bool is_told; /* the trace says that it is loaded */
	uint32_t used; /* the last generation that has its code on a stack */
	uint32_t seen; /* the last reading of the map that had it */
	bool gone; /* it is not in the map any more */
	struct gt_symbols symbols; /* read when the first is asked for */
};

bool gt_modules_start(void);

/* Reads the map again. What was seen once stays, under the same index, and comes back under it. */
void gt_modules_refresh(void);

int gt_modules_count(void);
struct gt_module *gt_modules_at(int index);

/* The module that holds `pc`; -1 when none is known. What was there last wins. */
int gt_modules_find(uint64_t pc);

/*
 * Whether it counts as loaded in that generation: it is, or was when a stack of it was taken, and nothing else is in its place.
 */
bool gt_modules_counts(const struct gt_module *module, uint32_t gen);

/* Writes the function of the call that returns to `pc`, or "file+0xoffset" when it has no symbol; `len` > 64. */
void gt_modules_symbol(int index, uint64_t pc, char *to, uint32_t len);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Puts functions in front of the allocator that the program binds, when that was asked for: otherwise nothing of this is
 * there. We export no malloc.
 *
 * The symbol table of the allocator's module is changed in memory, so that every later lookup finds ours: lazy
 * binding, libraries that are loaded later, dlsym(). What was bound before us is found among the relocations of all
 * modules and changed, too. The reasons are in decision 0020.
 */
#ifndef GT_INTERPOSE_H
#define GT_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>

struct gt_interposed {
	const char *symbol;
	void **real; /* gets the function that was bound; NULL stays where the allocator has none of this name */
	void *ours;
	bool is_libc_user; /* libc's own asks the others by their symbols */
};

struct gt_allocator {
	size_t (*usable_size)(void *);
	bool is_libc;
};

/*
 * Finds the module whose malloc the program ends up with, and the real functions in it. False when it is the program itself,
 * whose own calls go past every symbol. Changes nothing.
 */
bool gt_interpose_find(const struct gt_interposed *rows, size_t n, struct gt_allocator *allocator);

/*
 * Puts ours in front of them. The first four rows are malloc, calloc, realloc and free, which the dynamic linker calls,
 * too. After gt_interpose_find(); before the program's first instruction. False when memory may not be changed: nothing is
 * changed then.
 */
bool gt_interpose(const struct gt_interposed *rows, size_t n);

#endif

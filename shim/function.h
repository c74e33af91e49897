/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where functions begin, proven by the unwind tables (cfi.h) of the file that is loaded there: every function of a compiler
 * has a row. Found through libc's _dl_find_object() (glibc 2.35), which takes no lock; without it nothing is proven.
 */
#ifndef GT_FUNCTION_H
#define GT_FUNCTION_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

/* libc's lock-free search for the file that is loaded at an address. */
typedef int gt_find_object_fn(void *address, struct dl_find_object *object);

/*
 * Asks it. A file that has holes between its segments is told segment by segment: what is found then reaches from the one
 * with the address to the one with the unwind tables.
 */
bool gt_object_find(gt_find_object_fn *find, uint64_t address, struct dl_find_object *object);

/* The function, or NULL. Before all others. */
void gt_function_source(gt_find_object_fn *find);

/* The file that is loaded there; false: none, or there is nobody to ask. Any thread. */
bool gt_function_loaded(uint64_t address, struct dl_find_object *object);

/* How many bytes the function has that begins exactly there; 0: none is known to. Any thread. */
uint32_t gt_function_size(uint64_t pc);

#endif

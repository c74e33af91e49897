/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where functions begin, proven by the unwind table (.eh_frame_hdr) of the file that is loaded there: every function of a
 * compiler has a row. Found through libc's _dl_find_object() (glibc 2.35), which takes no lock; without it nothing is proven.
 */
#ifndef GT_FUNCTION_H
#define GT_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

/* struct dl_find_object of x86-64, which <dlfcn.h> has since glibc 2.35. */
struct gt_loaded {
	uint64_t flags;
	uint64_t begin;
	uint64_t end;
	void *link_map;
	uint64_t unwind_table;
	uint64_t reserved[7];
};

typedef int gt_find_object_fn(void *address, struct gt_loaded *object);

/* The function, or NULL. Before all others. */
void gt_function_source(gt_find_object_fn *find);

/* The file that is loaded there; false: none, or there is nobody to ask. Any thread. */
bool gt_function_loaded(uint64_t address, struct gt_loaded *object);

/* How many bytes the function has that begins exactly there; 0: none is known to. Any thread. */
uint32_t gt_function_size(uint64_t pc);

#endif

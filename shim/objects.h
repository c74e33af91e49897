/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects of the heap and stacks of threads as events, as Go's alloc/free experiment writes them. Off by default.
 *
 * They need no slot and no running thread, so they are written in any state of the calling thread that the trace knows.
 * Sizes travel in the fact Size, since objects of one page may have different ones here.
 *
 * A free is told before it is done, and an object after it was made: else somebody else's object at the same address
 * might come first.
 */
#ifndef GT_OBJECTS_H
#define GT_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this is recorded. Constant from start on. */
extern bool gt_objects_on;

/* An object that has whole pages to itself is a span, too. */
struct gt_heap_object {
	const void *at;
	size_t bytes;
	bool has_pages;
};

/* Any thread, any time. gt_object_stays(): its free was told, but did not happen. */
void gt_object_taken(struct gt_heap_object object);
void gt_object_freed(struct gt_heap_object object);
void gt_object_stays(struct gt_heap_object object);

/* The calling thread's stack: at its beginning and end, and for the first thread, where the trace begins. */
struct gt_stack_memory {
	uintptr_t lo; /* 0: unknown */
	size_t bytes;
};
void gt_stack_memory_taken(struct gt_stack_memory stack);
void gt_stack_memory_freed(struct gt_stack_memory stack);
void gt_stack_memory_exists(struct gt_stack_memory stack);

/* Says how the ids of a generation become addresses. Switcher. */
void gt_objects_write(uint32_t gen);

#endif

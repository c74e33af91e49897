/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The recorder's private memory: handed out once, never taken back, zeroed. Thread records, slots, tables.
 *
 * Private, not shared with the live file: a forked child that nobody told us about writes into its own copy.
 */
#ifndef GT_HEAP_H
#define GT_HEAP_H

#include <stddef.h>

/* Zeroed memory aligned to 128 bytes, or NULL. Any thread. Large pieces cost nothing until they are touched. */
void *gt_heap_take(size_t len);

#endif

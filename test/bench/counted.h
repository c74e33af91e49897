/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the calling thread does between counted_begin() and counted_end() is its first dump where the program runs in callgrind.
 * Elsewhere, or built without valgrind, nothing happens.
 */
#ifndef COUNTED_H
#define COUNTED_H

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS
#endif

static inline void counted_begin(void)
{
	CALLGRIND_ZERO_STATS;
}

static inline void counted_end(void)
{
	CALLGRIND_DUMP_STATS;
}

#endif

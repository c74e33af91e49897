/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace that has something for every table of sums.
 */
#ifndef GT_SUMMED_H
#define GT_SUMMED_H

#include <stdint.h>

/*
 * A file in gt_temp_dir(), of process `pid`: G 1 "main" waits twice for a mutex, in `work`, and calls read. It knows its
 * clock, so that several can be merged. The path lives as long as the test.
 */
char *gt_summed_trace(const char *name, uint64_t pid);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Patterns of program names: * stands for any text, ? for any character. libc's fnmatch() allocates.
 */
#ifndef GT_GLOB_H
#define GT_GLOB_H

#include <stdbool.h>

/* Whether `name` matches one of the patterns in `list`, which are separated by commas. */
bool gt_glob_any(const char *list, const char *name);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Code and files whose names a test knows: for what finds out what is loaded where.
 */
#ifndef GT_MAPPED_H
#define GT_MAPPED_H

/* Where the first byte of this program's file is mapped: said by the linker. */
extern const char __ehdr_start[];

/* A function that is in the symbol table under this name, and has more than one byte. */
int gt_known_function(int x);

/* The path of this program. */
const char *gt_own_path(void);

/* A new file in gt_temp_dir() that is an ELF file and has no symbols. */
const char *gt_symbolless(const char *name);

/* Maps the file's first page there, executable, or anywhere when `at` is NULL. */
enum { GT_MAPPED = 4096 };
void *gt_map_file(void *at, const char *path);

#endif

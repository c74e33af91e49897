/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the dynamic linker will do with LD_PRELOAD for a program.
 */
#ifndef GT_ELF_H
#define GT_ELF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Why LD_PRELOAD has no effect on the executable `path`: a short text without a full stop, or NULL when it has, or
 * when nothing can be said (a script, an unreadable file). Opens and reads the file; changes nothing.
 */
const char *gt_elf_unrecordable(const char *path);

/* Whether the executable needs a library whose name begins with `prefix`; if so, writes the name. */
bool gt_elf_needs(const char *path, const char *prefix, char *name, size_t size);

#endif

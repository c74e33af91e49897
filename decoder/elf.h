/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a program can be recorded at all: what the dynamic linker will do with LD_PRELOAD for it.
 */
#ifndef GT_ELF_H
#define GT_ELF_H

/*
 * Why LD_PRELOAD has no effect on the executable `path`: a short text without a full stop, or NULL when it has, or
 * when nothing can be said (a script, an unreadable file). Opens and reads the file; changes nothing.
 */
const char *gt_elf_unrecordable(const char *path);

#endif

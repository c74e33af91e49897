/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Executables made by hand, as far as anybody looks at them: head, segments, and what the dynamic linker reads. Nothing
 * in them can run.
 */
#ifndef GT_PROGRAM_H
#define GT_PROGRAM_H

#include <elf.h>

/* The head of an x86-64 program with `segments` segments, which stand behind it. */
void gt_program_head(Elf64_Ehdr *head, int segments);

/* Writes the head, or one segment, into the file. */
void gt_program_write_head(int fd, const Elf64_Ehdr *head);
void gt_program_write_segment(int fd, const Elf64_Ehdr *head, int i, const Elf64_Phdr *segment);

/* A segment of this type that holds nothing. */
void gt_program_write_empty(int fd, const Elf64_Ehdr *head, int i, uint32_t type);

/* A whole program with an interpreter of this name, which needs these libraries (up to NULL). */
void gt_program_write(int fd, const char *interpreter, const char *const *needed);

#endif

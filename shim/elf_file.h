/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Symbols and build ids, read from ELF files with plain reads: a file may be cut or replaced under us, and then
 * a mapping would kill the program. Every number in the file is distrusted.
 */
#ifndef GT_ELF_FILE_H
#define GT_ELF_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Writes the build id as hexadecimal digits, or nothing; false when this is no ELF file. */
bool gt_elf_build_id(const char *path, char *to, uint32_t len);

struct gt_function;

/* The functions of a file without their names, in buckets by where they begin. {0}: not read yet. */
struct gt_symbols {
	struct gt_function *at; /* NULL: there are none, or no memory */
	uint32_t *first; /* of each bucket, and where the last one ends */
	uint32_t count, buckets, shift;
	uint64_t names; /* where they are in the file */
	bool is_read;
};

/*
 * Writes the name of the function that holds `pc`, in a file mapped at `base`, which is read the first time. The full symbol
 * table is used where there is one of a moderate size, else the dynamic one. False when there is no such function.
 */
bool gt_symbols_name(struct gt_symbols *symbols, const char *path, uint64_t base, uint64_t pc, char *to, uint32_t len);
void gt_symbols_forget(struct gt_symbols *symbols);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A loaded ELF file as the dynamic linker sees it: its dynamic section, symbols and relocations, read where they are
 * mapped. Changed before the program's first instruction only.
 */
#ifndef GT_IMAGE_H
#define GT_IMAGE_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gt_image {
	const struct dl_phdr_info *info;
	uintptr_t base;
	Elf64_Sym *symbols;
	const char *names;
	const char *soname; /* "" when it has none */
	const uint32_t *gnu_hash;
	const uint32_t *hash;
	const Elf64_Rela *rela[2];
	size_t relas[2];
};

/* False when it has no symbols. `info` must stay as long as the image is used. */
bool gt_image_open(struct gt_image *image, const struct dl_phdr_info *info);

/* The same by the file's dynamic section alone: for gt_image_find() only. At any time while the file stays loaded; takes no lock. */
bool gt_image_open_dynamic(struct gt_image *image, uintptr_t base, const Elf64_Dyn *dynamic);

/* The symbol that the image defines under this name, of its versions the first; or NULL. */
Elf64_Sym *gt_image_find(const struct gt_image *image, const char *name);

bool gt_image_holds(const struct gt_image *image, const void *at);

/* Changes one word of the image that may be read-only, and lets the memory be as it was. False where that is forbidden. */
bool gt_image_patch(const struct gt_image *image, uint64_t *word, uint64_t value);

/* Changes each word that is `from` among those that became read-only after relocation. */
void gt_image_patch_relro(const struct gt_image *image, uint64_t from, uint64_t to);

#endif

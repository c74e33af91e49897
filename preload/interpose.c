/* SPDX-License-Identifier: BSD-3-Clause */
#include "interpose.h"

#include "image.h"
#include "real.h"

#include <string.h>

enum { LINKER_USES = 4 };

/* The module that is the allocator. */
static struct {
	struct dl_phdr_info info;
	struct gt_image image;
	bool is_program, is_libc;
} provider;

/* The program may have put its own in front of it. */
typedef int iterate_fn(int (*)(struct dl_phdr_info *, size_t, void *), void *);
static iterate_fn *iterate;

struct rows {
	const struct gt_interposed *row;
	size_t n;
	uintptr_t first, last; /* between them lie all real functions */
};

static bool is_ours(const struct gt_image *image)
{
	return gt_image_holds(image, &provider);
}

/*
 * Modules come in the order in which symbols are looked up, the program first. One that defines malloc and can't say how
 * large an object is only stands in front of an allocator: programs ask for sizes, and would get another one's answer.
 */
static int look_at(struct dl_phdr_info *info, size_t size, void *count)
{
	bool is_first = (*(int *)count)++ == 0;
	struct gt_image image;

	(void)size;
	if (!gt_image_open(&image, info) || is_ours(&image) || !gt_image_find(&image, "malloc") ||
	    !gt_image_find(&image, "malloc_usable_size"))
		return 0;
	provider.info = *info;
	provider.is_program = is_first;
	provider.is_libc = strcmp(image.soname, "libc.so.6") == 0;
	return gt_image_open(&provider.image, &provider.info);
}

static void *function(const char *name)
{
	const Elf64_Sym *symbol = gt_image_find(&provider.image, name);

	return symbol ? (void *)(provider.image.base + symbol->st_value) : NULL;
}

bool gt_interpose_find(const struct gt_interposed *rows, size_t n, struct gt_allocator *allocator)
{
	int count = 0;

	iterate = (iterate_fn *)gt_real_libc("dl_iterate_phdr", "GLIBC_2.2.5");
	if (!iterate || !iterate(look_at, &count) || provider.is_program)
		return false;
	allocator->is_libc = provider.is_libc;
	allocator->usable_size = (size_t(*)(void *))function("malloc_usable_size");
	for (size_t i = 0; i < n; i++) {
		if (!(rows[i].is_libc_user && provider.is_libc))
			*rows[i].real = function(rows[i].symbol);
	}
	return true;
}

/* A symbol's value counts from the module's base, and sums wrap: any address is in reach. */
static bool change_symbols(const struct rows *rows)
{
	const struct gt_image *image = &provider.image;

	for (size_t i = 0; i < rows->n; i++) {
		const struct gt_interposed *row = &rows->row[i];
		Elf64_Sym *symbol = *row->real ? gt_image_find(image, row->symbol) : NULL;

		if (symbol && !gt_image_patch(image, &symbol->st_value, (uintptr_t)row->ours - image->base))
			return false;
	}
	return true;
}

static const struct gt_interposed *row_of(const struct rows *rows, const char *name, uintptr_t bound)
{
	for (size_t i = 0; i < rows->n; i++) {
		if ((uintptr_t)*rows->row[i].real == bound && strcmp(rows->row[i].symbol, name) == 0)
			return &rows->row[i];
	}
	return NULL;
}

static void change_slot(const struct rows *rows, const struct gt_image *image, const Elf64_Rela *rela)
{
	uint64_t *slot = (uint64_t *)(image->base + rela->r_offset);
	const struct gt_interposed *row;

	switch (ELF64_R_TYPE(rela->r_info)) {
	case R_X86_64_JUMP_SLOT:
	case R_X86_64_GLOB_DAT:
	case R_X86_64_64:
		if (*slot < rows->first || *slot > rows->last)
			return;
		row = row_of(rows, image->names + image->symbols[ELF64_R_SYM(rela->r_info)].st_name, *slot);
		if (row)
			gt_image_patch(image, slot, (uintptr_t)row->ours);
	}
}

/* The dynamic linker has looked these up by itself; its pointers have no relocation. */
static void change_linker(const struct rows *rows, const struct gt_image *image)
{
	for (size_t i = 0; i < LINKER_USES; i++)
		gt_image_patch_relro(image, (uintptr_t)*rows->row[i].real, (uintptr_t)rows->row[i].ours);
}

/*
 * An allocator's own calls among its functions must not be counted again: those that it looks up by name, now or when
 * they are first made, are bound to what they mean.
 */
static void bind_own(const struct rows *rows, const struct gt_image *image, const Elf64_Rela *rela)
{
	const char *name = image->names + image->symbols[ELF64_R_SYM(rela->r_info)].st_name;

	for (size_t i = 0; ELF64_R_TYPE(rela->r_info) == R_X86_64_JUMP_SLOT && i < rows->n; i++) {
		if (*rows->row[i].real && strcmp(rows->row[i].symbol, name) == 0)
			gt_image_patch(image, (uint64_t *)(image->base + rela->r_offset),
				       (uintptr_t)*rows->row[i].real);
	}
}

/* libc's calls are those of its users. */
static int change_module(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct rows *rows = arg;
	struct gt_image image;
	bool is_own;

	(void)size;
	if (!gt_image_open(&image, info) || is_ours(&image))
		return 0;
	is_own = image.base == provider.image.base && !provider.is_libc;
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < image.relas[i]; k++)
			(is_own ? bind_own : change_slot)(rows, &image, &image.rela[i][k]);
	}
	if (strncmp(image.soname, "ld-linux", 8) == 0)
		change_linker(rows, &image);
	return 0;
}

bool gt_interpose(const struct gt_interposed *row, size_t n)
{
	struct rows rows = {row, n, UINTPTR_MAX, 0};

	for (size_t i = 0; i < n; i++) {
		uintptr_t at = (uintptr_t)*row[i].real;

		if (at && at < rows.first)
			rows.first = at;
		if (at > rows.last)
			rows.last = at;
	}
	if (!change_symbols(&rows))
		return false;
	iterate(change_module, &rows);
	return true;
}

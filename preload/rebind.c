/* SPDX-License-Identifier: BSD-3-Clause */
#include "rebind.h"

#include "image.h"

#include <string.h>

struct task {
	const struct gt_rebinding *what;
	size_t n;
};

static void rebind_row(const struct gt_image *image, const Elf64_Rela *row, const struct task *task)
{
	const Elf64_Sym *symbol = &image->symbols[ELF64_R_SYM(row->r_info)];
	uint32_t type = ELF64_R_TYPE(row->r_info);

	if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64) || row->r_addend != 0 ||
	    symbol->st_shndx != SHN_UNDEF)
		return;
	for (size_t i = 0; i < task->n; i++) {
		if (strcmp(image->names + symbol->st_name, task->what[i].name) == 0)
			gt_image_patch(image, (uint64_t *)(image->base + row->r_offset), (uintptr_t)task->what[i].to);
	}
}

static int rebind_file(struct dl_phdr_info *info, size_t size __attribute__((unused)), void *arg)
{
	struct gt_image image;

	if (!gt_image_open(&image, info))
		return 0;
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < image.relas[i]; j++)
			rebind_row(&image, &image.rela[i][j], arg);
	}
	return 0;
}

void gt_rebind(gt_iterate_fn *iterate, const struct gt_rebinding *what, size_t n)
{
	struct task task = {what, n};

	iterate(rebind_file, &task);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "vdso.h"

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SYMBOLS_MAX = 64 };

struct tables {
	const Elf64_Sym *symbols;
	const char *names;
	uintptr_t bias;
};

/* The auxiliary vector stands behind the NULL that ends the environment. */
static const Elf64_Ehdr *find_image(char *const envp[])
{
	const Elf64_auxv_t *entry;

	while (*envp)
		envp++;
	for (entry = (const Elf64_auxv_t *)(envp + 1); entry->a_type != AT_NULL; entry++) {
		if (entry->a_type == AT_SYSINFO_EHDR)
			return (const Elf64_Ehdr *)entry->a_un.a_val;
	}
	return NULL;
}

static const Elf64_Dyn *find_dynamic(const Elf64_Ehdr *image, struct tables *tables)
{
	const Elf64_Phdr *segment = (const Elf64_Phdr *)((const char *)image + image->e_phoff);
	const Elf64_Dyn *dynamic = NULL;

	for (int i = 0; i < image->e_phnum; i++) {
		if (segment[i].p_type == PT_LOAD && segment[i].p_offset == 0)
			tables->bias = (uintptr_t)image - segment[i].p_vaddr;
		if (segment[i].p_type == PT_DYNAMIC)
			dynamic = (const Elf64_Dyn *)((const char *)image + segment[i].p_offset);
	}
	return dynamic;
}

/* The number of symbols is said nowhere: the names stand right behind them. */
static const Elf64_Sym *find_symbol(const struct tables *tables, const char *name)
{
	for (int i = 0; i < SYMBOLS_MAX && (const char *)&tables->symbols[i + 1] <= tables->names; i++) {
		if (strcmp(tables->names + tables->symbols[i].st_name, name) == 0)
			return &tables->symbols[i];
	}
	return NULL;
}

gt_clock_gettime_fn *gt_vdso_clock_gettime(char *const envp[])
{
	const Elf64_Ehdr *image = find_image(envp);
	struct tables tables = {0};
	const Elf64_Dyn *entry = image ? find_dynamic(image, &tables) : NULL;
	const Elf64_Sym *symbol;

	for (; entry && entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_SYMTAB)
			tables.symbols = (const Elf64_Sym *)(tables.bias + entry->d_un.d_ptr);
		if (entry->d_tag == DT_STRTAB)
			tables.names = (const char *)(tables.bias + entry->d_un.d_ptr);
	}
	if (!tables.symbols || !tables.names)
		return NULL;
	symbol = find_symbol(&tables, "__vdso_clock_gettime");
	return symbol ? (gt_clock_gettime_fn *)(tables.bias + symbol->st_value) : NULL;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "image.h"

#include "../shim/os.h"

#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

/* The linker has relocated the pointers of most dynamic sections in place; those of the vdso it has not. */
static const void *pointer(const struct gt_image *image, uint64_t value)
{
	return (const void *)(value < image->base ? image->base + value : value);
}

static void take_entry(struct gt_image *image, const Elf64_Dyn *d, uint64_t *soname)
{
	switch (d->d_tag) {
	case DT_SYMTAB:
		image->symbols = (Elf64_Sym *)pointer(image, d->d_un.d_ptr);
		break;
	case DT_STRTAB:
		image->names = pointer(image, d->d_un.d_ptr);
		break;
	case DT_GNU_HASH:
		image->gnu_hash = pointer(image, d->d_un.d_ptr);
		break;
	case DT_HASH:
		image->hash = pointer(image, d->d_un.d_ptr);
		break;
	case DT_RELA:
		image->rela[0] = pointer(image, d->d_un.d_ptr);
		break;
	case DT_RELASZ:
		image->relas[0] = d->d_un.d_val / sizeof(Elf64_Rela);
		break;
	case DT_JMPREL:
		image->rela[1] = pointer(image, d->d_un.d_ptr);
		break;
	case DT_PLTRELSZ:
		image->relas[1] = d->d_un.d_val / sizeof(Elf64_Rela);
		break;
	case DT_SONAME:
		*soname = d->d_un.d_val;
		break;
	}
}

bool gt_image_open_dynamic(struct gt_image *image, uintptr_t base, const Elf64_Dyn *dynamic)
{
	uint64_t soname = 0;

	memset(image, 0, sizeof(*image));
	image->base = base;
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++)
		take_entry(image, dynamic, &soname);
	if (!image->symbols || !image->names)
		return false;
	image->soname = soname ? image->names + soname : "";
	for (int i = 0; i < 2; i++)
		image->relas[i] = image->rela[i] ? image->relas[i] : 0;
	return true;
}

bool gt_image_open(struct gt_image *image, const struct dl_phdr_info *info)
{
	const Elf64_Dyn *dynamic = NULL;
	bool done;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const Elf64_Dyn *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	}
	done = gt_image_open_dynamic(image, info->dlpi_addr, dynamic);
	image->info = info;
	return done;
}

static bool is_it(const struct gt_image *image, const Elf64_Sym *symbol, const char *name)
{
	int type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && symbol->st_value && type == STT_FUNC &&
	       strcmp(image->names + symbol->st_name, name) == 0;
}

static Elf64_Sym *find_gnu(const struct gt_image *image, const char *name)
{
	const uint32_t *head = image->gnu_hash; /* buckets, first symbol, words of the filter, shift */
	const uint32_t *buckets = head + 4 + 2 * (size_t)head[2];
	const uint32_t *chain = buckets + head[0];
	uint32_t hash = 5381;
	uint32_t i;

	for (const char *p = name; *p; p++)
		hash = hash * 33 + (uint8_t)*p;
	i = head[0] ? buckets[hash % head[0]] : 0;
	for (; i >= head[1] && i; i++) {
		uint32_t other = chain[i - head[1]];

		if ((other | 1) == (hash | 1) && is_it(image, &image->symbols[i], name))
			return &image->symbols[i];
		if (other & 1)
			break;
	}
	return NULL;
}

static Elf64_Sym *find_old(const struct gt_image *image, const char *name)
{
	const uint32_t *buckets = image->hash + 2;
	const uint32_t *chain = buckets + image->hash[0];
	uint32_t hash = 0;

	for (const char *p = name; *p; p++) {
		hash = (hash << 4) + (uint8_t)*p;
		hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
	}
	for (uint32_t i = image->hash[0] ? buckets[hash % image->hash[0]] : 0; i; i = chain[i]) {
		if (is_it(image, &image->symbols[i], name))
			return &image->symbols[i];
	}
	return NULL;
}

Elf64_Sym *gt_image_find(const struct gt_image *image, const char *name)
{
	if (image->gnu_hash)
		return find_gnu(image, name);
	return image->hash ? find_old(image, name) : NULL;
}

bool gt_image_holds(const struct gt_image *image, const void *at)
{
	for (int i = 0; i < image->info->dlpi_phnum; i++) {
		const Elf64_Phdr *ph = &image->info->dlpi_phdr[i];

		if (ph->p_type == PT_LOAD && (uintptr_t)at - image->base - ph->p_vaddr < ph->p_memsz)
			return true;
	}
	return false;
}

/* What is read-only after relocation: whole pages, as the linker counts them. */
static bool find_relro(const struct gt_image *image, uintptr_t *from, uintptr_t *to)
{
	for (int i = 0; i < image->info->dlpi_phnum; i++) {
		const Elf64_Phdr *ph = &image->info->dlpi_phdr[i];

		if (ph->p_type != PT_GNU_RELRO)
			continue;
		*from = (image->base + ph->p_vaddr) & ~(uintptr_t)(PAGE - 1);
		*to = (image->base + ph->p_vaddr + ph->p_memsz) & ~(uintptr_t)(PAGE - 1);
		return true;
	}
	return false;
}

static int protection_of(const struct gt_image *image, uintptr_t at)
{
	uintptr_t from, to;

	if (find_relro(image, &from, &to) && at >= from && at < to)
		return PROT_READ;
	for (int i = 0; i < image->info->dlpi_phnum; i++) {
		const Elf64_Phdr *ph = &image->info->dlpi_phdr[i];

		if (ph->p_type == PT_LOAD && at - image->base - ph->p_vaddr < ph->p_memsz)
			return (ph->p_flags & PF_R ? PROT_READ : 0) | (ph->p_flags & PF_W ? PROT_WRITE : 0) |
			       (ph->p_flags & PF_X ? PROT_EXEC : 0);
	}
	return PROT_READ;
}

bool gt_image_patch(const struct gt_image *image, uint64_t *word, uint64_t value)
{
	uintptr_t page = (uintptr_t)word & ~(uintptr_t)(PAGE - 1);
	int protection = protection_of(image, (uintptr_t)word);

	if (!(protection & PROT_WRITE) && GT_SYSCALL(SYS_mprotect, page, PAGE, protection | PROT_WRITE, 0) != 0)
		return false;
	*word = value;
	if (!(protection & PROT_WRITE))
		GT_SYSCALL(SYS_mprotect, page, PAGE, protection, 0);
	return true;
}

void gt_image_patch_relro(const struct gt_image *image, uint64_t from, uint64_t to)
{
	uintptr_t at, end;

	if (!find_relro(image, &at, &end))
		return;
	for (uint64_t *word = (uint64_t *)at; word < (uint64_t *)end; word++) {
		if (*word == from)
			gt_image_patch(image, word, to);
	}
}

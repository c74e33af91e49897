/* SPDX-License-Identifier: BSD-3-Clause */
#include "rebind.h"

#include "../shim/os.h"

#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

struct task {
	const struct gt_rebinding *what;
	size_t n;
};

/* What a file's dynamic section says. */
struct file {
	uintptr_t base;
	const ElfW(Sym) * symbols;
	const char *names;
	const ElfW(Rela) * rows[2]; /* of calls, of all else */
	size_t sizes[2];
	uintptr_t sealed, sealed_end; /* what the dynamic linker has made read-only */
};

/* glibc has made addresses of these numbers, but not in what it can't write. */
static const void *address(const struct file *f, ElfW(Addr) value)
{
	return (const void *)(value < f->base ? f->base + value : value);
}

static void read_dynamic(struct file *f, const ElfW(Dyn) * d)
{
	for (; d->d_tag != DT_NULL; d++) {
		switch (d->d_tag) {
		case DT_SYMTAB:
			f->symbols = address(f, d->d_un.d_ptr);
			break;
		case DT_STRTAB:
			f->names = address(f, d->d_un.d_ptr);
			break;
		case DT_JMPREL:
			f->rows[0] = address(f, d->d_un.d_ptr);
			break;
		case DT_PLTRELSZ:
			f->sizes[0] = d->d_un.d_val;
			break;
		case DT_RELA:
			f->rows[1] = address(f, d->d_un.d_ptr);
			break;
		case DT_RELASZ:
			f->sizes[1] = d->d_un.d_val;
			break;
		}
	}
}

static void store(const struct file *f, void **slot, const void *to)
{
	bool is_sealed = (uintptr_t)slot >= f->sealed && (uintptr_t)slot < f->sealed_end;
	uintptr_t page = (uintptr_t)slot & ~(uintptr_t)(PAGE - 1);

	if (is_sealed && GT_SYSCALL(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE, 0) != 0)
		return;
	__atomic_store_n(slot, (void *)(uintptr_t)to, __ATOMIC_RELAXED);
	if (is_sealed)
		GT_SYSCALL(SYS_mprotect, page, PAGE, PROT_READ, 0);
}

static void rebind_row(const struct file *f, const ElfW(Rela) * row, const struct task *task)
{
	const ElfW(Sym) *symbol = &f->symbols[ELF64_R_SYM(row->r_info)];
	uint32_t type = ELF64_R_TYPE(row->r_info);

	if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64) || row->r_addend != 0 ||
	    symbol->st_shndx != SHN_UNDEF)
		return;
	for (size_t i = 0; i < task->n; i++) {
		if (strcmp(f->names + symbol->st_name, task->what[i].name) == 0)
			store(f, (void **)(f->base + row->r_offset), task->what[i].to);
	}
}

static int rebind_file(struct dl_phdr_info *info, size_t size __attribute__((unused)), void *arg)
{
	struct file f = {.base = info->dlpi_addr};

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_DYNAMIC)
			read_dynamic(&f, (const ElfW(Dyn) *)(f.base + p->p_vaddr));
		if (p->p_type == PT_GNU_RELRO) {
			f.sealed = f.base + p->p_vaddr;
			f.sealed_end = f.sealed + p->p_memsz;
		}
	}
	f.sealed_end &= ~(uintptr_t)(PAGE - 1); /* the rest of its last page stays writable */
	for (int i = 0; f.symbols && f.names && i < 2; i++) {
		for (size_t j = 0; f.rows[i] && j < f.sizes[i] / sizeof(*f.rows[i]); j++)
			rebind_row(&f, &f.rows[i][j], arg);
	}
	return 0;
}

void gt_rebind(gt_iterate_fn *iterate, const struct gt_rebinding *what, size_t n)
{
	struct task task = {what, n};

	iterate(rebind_file, &task);
}

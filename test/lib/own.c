/* SPDX-License-Identifier: BSD-3-Clause */
#include "own.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct gt_own own;
static char path[4096], build_id[2 * 64 + 1];

static __attribute__((noinline)) uint64_t return_address(void)
{
	return (uint64_t)(uintptr_t)__builtin_return_address(0);
}

static inline __attribute__((always_inline)) uint64_t gt_own_inlined(void)
{
	uint64_t pc = return_address();

	__asm__ volatile("" : "+r"(pc)); /* no sibling call */
	return pc;
}
const uint64_t gt_own_inlined_line = __LINE__ - 5;

__attribute__((noinline)) uint64_t gt_own_pc(void)
{
	return gt_own_inlined();
}
const uint64_t gt_own_pc_line = __LINE__ - 2;

static void take_notes(const char *p, const char *end)
{
	while (end - p > (long)sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)p;
		const char *body = p + sizeof(*note) + (note->n_namesz + 3) / 4 * 4;

		for (unsigned i = 0; note->n_type == NT_GNU_BUILD_ID && i < note->n_descsz && i < 64; i++)
			snprintf(build_id + 2 * (size_t)i, 3, "%02x", (unsigned char)body[i]);
		p = body + (note->n_descsz + 3) / 4 * 4;
	}
}

/* The first object is the program. */
static int take_program(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size, (void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uint64_t at = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_LOAD && p->p_offset == 0)
			own.base = at;
		if (p->p_type == PT_LOAD)
			own.end = at + p->p_memsz;
		if (p->p_type == PT_NOTE)
			take_notes((const char *)at, (const char *)at + p->p_filesz);
	}
	return 1;
}

const struct gt_own *gt_own(void)
{
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		abort();
	build_id[0] = '\0';
	dl_iterate_phdr(take_program, NULL);
	own.path = (struct gt_string){path, (size_t)len};
	own.build_id = (struct gt_string){build_id, strlen(build_id)};
	return &own;
}

struct gt_fact_record gt_own_fact(void)
{
	gt_own();
	return (struct gt_fact_record){
		.number = GT_FACT_Module,
		.field = {{.u = own.base}, {.u = own.end}, {.t = own.build_id}, {.t = own.path}},
	};
}

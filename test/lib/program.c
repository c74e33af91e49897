/* SPDX-License-Identifier: BSD-3-Clause */
/* Where things stand in a program made by hand: head, segments, interpreter, dynamic section, strings. */
#include "program.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

/* The file is mapped at this address, so that addresses are not offsets. */
enum { BASE = 0x400000, INTERPRETER = 1024, DYNAMIC = 2048, STRINGS = 4096, END = 8192 };

static void put(int fd, const void *bytes, size_t len, uint64_t at)
{
	cr_assert_eq(pwrite(fd, bytes, len, (off_t)at), (ssize_t)len);
}

void gt_program_head(Elf64_Ehdr *head, int segments)
{
	memset(head, 0, sizeof(*head));
	memcpy(head->e_ident, ELFMAG, SELFMAG);
	head->e_ident[EI_CLASS] = ELFCLASS64;
	head->e_machine = EM_X86_64;
	head->e_phoff = sizeof(*head);
	head->e_phentsize = sizeof(Elf64_Phdr);
	head->e_phnum = (uint16_t)segments;
}

void gt_program_write_head(int fd, const Elf64_Ehdr *head)
{
	put(fd, head, sizeof(*head), 0);
}

void gt_program_write_segment(int fd, const Elf64_Ehdr *head, int i, const Elf64_Phdr *segment)
{
	put(fd, segment, sizeof(*segment), head->e_phoff + (uint64_t)i * sizeof(*segment));
}

void gt_program_write_empty(int fd, const Elf64_Ehdr *head, int i, uint32_t type)
{
	Elf64_Phdr segment = {.p_type = type};

	gt_program_write_segment(fd, head, i, &segment);
}

/* The dynamic section and its strings. Its size. */
static uint64_t put_dynamic(int fd, const char *const *needed)
{
	Elf64_Dyn entry = {.d_tag = DT_STRTAB, .d_un.d_val = BASE + STRINGS};
	uint64_t at = DYNAMIC;
	uint64_t text = 1;

	for (; *needed != NULL; needed++) {
		Elf64_Dyn need = {.d_tag = DT_NEEDED, .d_un.d_val = text};

		put(fd, &need, sizeof(need), at);
		put(fd, *needed, strlen(*needed) + 1, STRINGS + text);
		at += sizeof(need);
		text += strlen(*needed) + 1;
	}
	put(fd, &entry, sizeof(entry), at);
	entry = (Elf64_Dyn){.d_tag = DT_NULL};
	put(fd, &entry, sizeof(entry), at + sizeof(entry));
	return at + 2 * sizeof(entry) - DYNAMIC;
}

void gt_program_write(int fd, const char *interpreter, const char *const *needed)
{
	Elf64_Phdr load = {.p_type = PT_LOAD, .p_vaddr = BASE, .p_filesz = END};
	Elf64_Phdr interp = {.p_type = PT_INTERP, .p_offset = INTERPRETER};
	Elf64_Phdr dynamic = {.p_type = PT_DYNAMIC, .p_offset = DYNAMIC};
	Elf64_Ehdr head;

	interp.p_filesz = strlen(interpreter) + 1;
	put(fd, interpreter, interp.p_filesz, INTERPRETER);
	dynamic.p_filesz = put_dynamic(fd, needed);
	gt_program_head(&head, 3);
	gt_program_write_head(fd, &head);
	gt_program_write_segment(fd, &head, 0, &interp);
	gt_program_write_segment(fd, &head, 1, &load);
	gt_program_write_segment(fd, &head, 2, &dynamic);
}

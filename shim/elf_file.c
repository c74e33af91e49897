/* SPDX-License-Identifier: BSD-3-Clause */
#include "elf_file.h"

#include "os.h"
#include "text.h"

#include <elf.h>

enum { SECTIONS_MAX = 256, SYMBOLS_AT_ONCE = 128, NOTE_MAX = 1024, TABLE_MAX = 32 << 20 };

static bool read_at(int fd, void *to, size_t len, uint64_t at)
{
	__builtin_memset(to, 0, len); /* a short read leaves nothing undefined */
	return gt_os_pread(fd, to, len, at) == (long)len;
}

static int open_elf(const char *path, Elf64_Ehdr *head)
{
	int fd = gt_os_open(path, O_RDONLY | O_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (read_at(fd, head, sizeof(*head), 0) && __builtin_memcmp(head->e_ident, ELFMAG, 4) == 0 &&
	    head->e_ident[EI_CLASS] == ELFCLASS64)
		return fd;
	gt_os_close(fd);
	return -1;
}

static void put_hex(const uint8_t *bytes, uint32_t n, char *to, uint32_t len)
{
	struct gt_text text = {to, len};

	for (uint32_t i = 0; i < n; i++) {
		gt_text_char(&text, "0123456789abcdef"[bytes[i] >> 4]);
		gt_text_char(&text, "0123456789abcdef"[bytes[i] & 15]);
	}
}

/* Looks for NT_GNU_BUILD_ID in one note segment. */
static bool scan_notes(int fd, const Elf64_Phdr *ph, char *to, uint32_t len)
{
	uint8_t notes[NOTE_MAX];
	uint64_t size = ph->p_filesz < NOTE_MAX ? ph->p_filesz : NOTE_MAX;
	uint64_t at = 0;

	if (!read_at(fd, notes, size, ph->p_offset))
		return false;
	while (at + sizeof(Elf64_Nhdr) <= size) {
		Elf64_Nhdr n;
		uint64_t body;

		__builtin_memcpy(&n, notes + at, sizeof(n));
		body = at + sizeof(n) + ((uint64_t)n.n_namesz + 3) / 4 * 4;
		if (body + n.n_descsz > size)
			return false;
		if (n.n_type == NT_GNU_BUILD_ID && n.n_namesz == 4) {
			put_hex(notes + body, n.n_descsz, to, len);
			return true;
		}
		at = body + ((uint64_t)n.n_descsz + 3) / 4 * 4;
	}
	return false;
}

bool gt_elf_build_id(const char *path, char *to, uint32_t len)
{
	Elf64_Ehdr head;
	int fd = open_elf(path, &head);

	to[0] = 0;
	if (fd < 0)
		return false;
	for (int i = 0; i < head.e_phnum; i++) {
		Elf64_Phdr ph;

		if (!read_at(fd, &ph, sizeof(ph), head.e_phoff + (uint64_t)i * sizeof(ph)))
			break;
		if (ph.p_type == PT_NOTE && scan_notes(fd, &ph, to, len))
			break;
	}
	gt_os_close(fd);
	return true;
}

/* The section of symbols to use: all of them if they are there. */
static bool find_table(int fd, const Elf64_Ehdr *head, Elf64_Shdr *table)
{
	bool found = false;

	for (int i = 0; i < head->e_shnum && i < SECTIONS_MAX; i++) {
		Elf64_Shdr sh;

		if (!read_at(fd, &sh, sizeof(sh), head->e_shoff + (uint64_t)i * sizeof(sh)))
			return found;
		if (sh.sh_size > TABLE_MAX || (sh.sh_type != SHT_SYMTAB && (found || sh.sh_type != SHT_DYNSYM)))
			continue;
		*table = sh;
		found = true;
	}
	return found;
}

/* The function that holds `at`, a virtual address of the file. */
static bool find_symbol(int fd, const Elf64_Shdr *table, uint64_t at, Elf64_Sym *best)
{
	Elf64_Sym some[SYMBOLS_AT_ONCE];
	uint64_t left = table->sh_size / sizeof(Elf64_Sym);
	uint64_t from = table->sh_offset;

	while (left) {
		uint64_t n = left < SYMBOLS_AT_ONCE ? left : SYMBOLS_AT_ONCE;

		if (!read_at(fd, some, n * sizeof(Elf64_Sym), from))
			return false;
		for (uint64_t i = 0; i < n; i++) {
			if (ELF64_ST_TYPE(some[i].st_info) == STT_FUNC && some[i].st_shndx && at >= some[i].st_value &&
			    at - some[i].st_value < some[i].st_size) {
				*best = some[i];
				return true;
			}
		}
		left -= n;
		from += n * sizeof(Elf64_Sym);
	}
	return false;
}

static bool read_name(int fd, const Elf64_Ehdr *head, const Elf64_Shdr *table, uint32_t name, char *to, uint32_t len)
{
	Elf64_Shdr strings;
	long n;

	if (!read_at(fd, &strings, sizeof(strings), head->e_shoff + (uint64_t)table->sh_link * sizeof(strings)))
		return false;
	n = gt_os_pread(fd, to, len - 1, strings.sh_offset + name);
	to[n > 0 ? n : 0] = 0;
	return to[0] != 0;
}

/* How far the mapping moved the file's own addresses: from the segment that holds offset 0. */
static uint64_t bias(int fd, const Elf64_Ehdr *head, uint64_t base)
{
	for (int i = 0; i < head->e_phnum; i++) {
		Elf64_Phdr ph;

		if (!read_at(fd, &ph, sizeof(ph), head->e_phoff + (uint64_t)i * sizeof(ph)))
			break;
		if (ph.p_type == PT_LOAD && ph.p_offset == 0)
			return base - ph.p_vaddr;
	}
	return base;
}

bool gt_elf_symbol(const char *path, uint64_t base, uint64_t pc, char *to, uint32_t len)
{
	Elf64_Ehdr head;
	Elf64_Shdr table;
	Elf64_Sym symbol;
	int fd = open_elf(path, &head);
	bool found;

	if (fd < 0)
		return false;
	found = find_table(fd, &head, &table) && find_symbol(fd, &table, pc - bias(fd, &head, base), &symbol) &&
		read_name(fd, &head, &table, symbol.st_name, to, len);
	gt_os_close(fd);
	return found;
}

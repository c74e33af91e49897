/* SPDX-License-Identifier: BSD-3-Clause */
#include "elf_file.h"

#include "elf_note.h"
#include "os.h"
#include "text.h"

#include <elf.h>

enum { SECTIONS_MAX = 256, SYMBOLS_AT_ONCE = 128, NOTE_MAX = 1024, TABLE_MAX = 8 << 20 };

struct gt_function {
	uint64_t value, size;
	uint32_t name;
};

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

static bool find_build_id(int fd, const Elf64_Phdr *ph, char *to, uint32_t len)
{
	uint8_t notes[NOTE_MAX];
	uint64_t size = ph->p_filesz < NOTE_MAX ? ph->p_filesz : NOTE_MAX;
	const uint8_t *id;
	uint32_t n;

	if (!read_at(fd, notes, size, ph->p_offset))
		return false;
	id = gt_elf_note_build_id(notes, size, &n);
	if (id)
		put_hex(id, n, to, len);
	return id != NULL;
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
		if (ph.p_type == PT_NOTE && find_build_id(fd, &ph, to, len))
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

static bool is_function(const Elf64_Sym *s)
{
	int type = ELF64_ST_TYPE(s->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) && s->st_shndx && s->st_size;
}

static void take_functions(struct gt_symbols *symbols, int fd, const Elf64_Shdr *table)
{
	Elf64_Sym some[SYMBOLS_AT_ONCE];
	uint64_t left = table->sh_size / sizeof(Elf64_Sym);
	uint64_t from = table->sh_offset;

	while (left) {
		uint64_t n = left < SYMBOLS_AT_ONCE ? left : SYMBOLS_AT_ONCE;

		if (!read_at(fd, some, n * sizeof(Elf64_Sym), from))
			return;
		for (uint64_t i = 0; i < n && symbols->count < symbols->room; i++) {
			if (is_function(&some[i]))
				symbols->at[symbols->count++] =
					(struct gt_function){some[i].st_value, some[i].st_size, some[i].st_name};
		}
		left -= n;
		from += n * sizeof(Elf64_Sym);
	}
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

/* Of the place that its functions have. */
static uint64_t bytes_of(const struct gt_symbols *symbols)
{
	return symbols->room * sizeof(*symbols->at) + 1;
}

enum { DIGIT = 8, DIGITS = 1 << DIGIT };

/* By the digit at `shift` of their values; those that have the same stay in their order. */
static void sort_by_digit(const struct gt_function *from, struct gt_function *to, uint32_t n, int shift)
{
	uint32_t next[DIGITS] = {0}, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		next[from[i].value >> shift & (DIGITS - 1)]++;
	for (int d = 0; d < DIGITS; d++) {
		uint32_t count = next[d];

		next[d] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < n; i++)
		to[next[from[i].value >> shift & (DIGITS - 1)]++] = from[i];
}

/*
 * By their values. Digit by digit, since that takes a tenth of the time of comparing them: there may be a hundred thousand, and the
 * program may end at once. False without memory.
 */
static bool sort(struct gt_symbols *symbols)
{
	struct gt_function *other = gt_os_map(bytes_of(symbols));
	uint64_t all = 0;

	if (!other)
		return false;
	for (uint32_t i = 0; i < symbols->count; i++)
		all |= symbols->at[i].value;
	for (int shift = 0; shift < 64 && all >> shift; shift += DIGIT) {
		struct gt_function *from = symbols->at;

		sort_by_digit(from, other, symbols->count, shift);
		symbols->at = other;
		other = from;
	}
	gt_os_unmap(other, bytes_of(symbols));
	return true;
}

static void read_symbols(struct gt_symbols *symbols, const char *path, uint64_t base)
{
	Elf64_Ehdr head;
	Elf64_Shdr table, strings;
	int fd = open_elf(path, &head);

	symbols->is_read = true;
	if (fd < 0)
		return;
	if (find_table(fd, &head, &table) &&
	    read_at(fd, &strings, sizeof(strings), head.e_shoff + (uint64_t)table.sh_link * sizeof(strings))) {
		symbols->room = (uint32_t)(table.sh_size / sizeof(Elf64_Sym));
		symbols->at = gt_os_map(bytes_of(symbols));
		symbols->room = symbols->at ? symbols->room : 0;
		symbols->bias = bias(fd, &head, base);
		symbols->names = strings.sh_offset;
		take_functions(symbols, fd, &table);
		if (!sort(symbols))
			symbols->count = 0;
	}
	gt_os_close(fd);
}

/* The function that holds `at`, a virtual address of the file. Of several that begin together the one whose name comes first. */
static const struct gt_function *find_function(const struct gt_symbols *symbols, uint64_t at)
{
	const struct gt_function *found = NULL;
	uint32_t lo = 0, hi = symbols->count;

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;

		if (symbols->at[middle].value <= at)
			lo = middle + 1;
		else
			hi = middle;
	}
	for (uint32_t i = lo; i-- > 0 && symbols->at[i].value == symbols->at[lo - 1].value;) {
		const struct gt_function *f = &symbols->at[i];

		if (at - f->value < f->size && (!found || f->name < found->name))
			found = f;
	}
	return found;
}

bool gt_symbols_name(struct gt_symbols *symbols, const char *path, uint64_t base, uint64_t pc, char *to, uint32_t len)
{
	const struct gt_function *function;
	Elf64_Ehdr head;
	long n;
	int fd;

	if (!symbols->is_read)
		read_symbols(symbols, path, base);
	function = find_function(symbols, pc - symbols->bias);
	fd = function ? open_elf(path, &head) : -1;
	if (fd < 0)
		return false;
	n = gt_os_pread(fd, to, len - 1, symbols->names + function->name);
	gt_os_close(fd);
	to[n > 0 ? n : 0] = 0;
	return to[0] != 0;
}

void gt_symbols_forget(struct gt_symbols *symbols)
{
	if (symbols->at)
		gt_os_unmap(symbols->at, bytes_of(symbols));
	__builtin_memset(symbols, 0, sizeof(*symbols));
}

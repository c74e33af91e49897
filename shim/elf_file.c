/* SPDX-License-Identifier: BSD-3-Clause */
#include "elf_file.h"

#include "elf_note.h"
#include "os.h"
#include "text.h"

#include <elf.h>

enum {
	SECTIONS_MAX = 256,
	SYMBOLS_AT_ONCE = 2048,
	NAMES_AT_ONCE = 2048,
	NOTE_MAX = 1024,
	WINDOW = 1024,
	TABLE_MAX = 8 << 20,
	BUCKETS_MAX = 1 << 16
};

struct gt_function {
	uint32_t value; /* from the file's first address on */
	uint32_t size;
	uint32_t name;
};

/* A file, and what was read of it last: headers are small and lie side by side. */
struct file {
	int fd;
	uint32_t n;
	uint64_t from;
	uint8_t window[WINDOW];
};

static bool is_in_window(const struct file *f, size_t len, uint64_t at)
{
	return at >= f->from && len <= f->n && at - f->from <= f->n - len;
}

static bool read_at(struct file *f, void *to, size_t len, uint64_t at)
{
	long n;

	__builtin_memset(to, 0, len); /* a short read leaves nothing undefined */
	if (len > WINDOW)
		return gt_os_pread(f->fd, to, len, at) == (long)len;
	if (!is_in_window(f, len, at)) {
		n = gt_os_pread(f->fd, f->window, WINDOW, at);
		f->n = n > 0 ? (uint32_t)n : 0;
		f->from = at;
		if (!is_in_window(f, len, at))
			return false;
	}
	__builtin_memcpy(to, f->window + (at - f->from), len);
	return true;
}

static bool open_elf(struct file *f, const char *path, Elf64_Ehdr *head)
{
	f->n = 0;
	f->from = 0;
	f->fd = gt_os_open(path, O_RDONLY | O_NONBLOCK, 0);
	if (f->fd < 0)
		return false;
	if (read_at(f, head, sizeof(*head), 0) && __builtin_memcmp(head->e_ident, ELFMAG, 4) == 0 &&
	    head->e_ident[EI_CLASS] == ELFCLASS64)
		return true;
	gt_os_close(f->fd);
	return false;
}

static void put_hex(const uint8_t *bytes, uint32_t n, char *to, uint32_t len)
{
	struct gt_text text = {to, len};

	for (uint32_t i = 0; i < n; i++) {
		gt_text_char(&text, "0123456789abcdef"[bytes[i] >> 4]);
		gt_text_char(&text, "0123456789abcdef"[bytes[i] & 15]);
	}
}

static bool find_build_id(struct file *f, const Elf64_Phdr *ph, char *to, uint32_t len)
{
	uint8_t notes[NOTE_MAX];
	uint64_t size = ph->p_filesz < NOTE_MAX ? ph->p_filesz : NOTE_MAX;
	const uint8_t *id;
	uint32_t n;

	if (!read_at(f, notes, size, ph->p_offset))
		return false;
	id = gt_elf_note_build_id(notes, size, &n);
	if (id)
		put_hex(id, n, to, len);
	return id != NULL;
}

bool gt_elf_build_id(const char *path, char *to, uint32_t len)
{
	Elf64_Ehdr head;
	struct file f;

	to[0] = 0;
	if (!open_elf(&f, path, &head))
		return false;
	for (int i = 0; i < head.e_phnum; i++) {
		Elf64_Phdr ph;

		if (!read_at(&f, &ph, sizeof(ph), head.e_phoff + (uint64_t)i * sizeof(ph)))
			break;
		if (ph.p_type == PT_NOTE && find_build_id(&f, &ph, to, len))
			break;
	}
	gt_os_close(f.fd);
	return true;
}

/* The section of symbols to use: all of them if they are there. */
static bool find_table(struct file *f, const Elf64_Ehdr *head, Elf64_Shdr *table)
{
	bool found = false;

	for (int i = 0; i < head->e_shnum && i < SECTIONS_MAX; i++) {
		Elf64_Shdr sh;

		if (!read_at(f, &sh, sizeof(sh), head->e_shoff + (uint64_t)i * sizeof(sh)))
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

/* While a table is read. */
struct reading {
	struct file *file;
	uint64_t begin; /* what the file gives as its own first address */
	Elf64_Sym *some;
	struct gt_function *taken;
	uint32_t count, room;
	uint32_t last; /* the highest value of one that was taken */
};

static void take_function(struct reading *r, const Elf64_Sym *s)
{
	uint64_t value = s->st_value - r->begin;

	if (!is_function(s) || value > UINT32_MAX || r->count == r->room)
		return;
	r->taken[r->count++] = (struct gt_function){
		(uint32_t)value,
		s->st_size > UINT32_MAX ? UINT32_MAX : (uint32_t)s->st_size,
		s->st_name,
	};
	if (value > r->last)
		r->last = (uint32_t)value;
}

static void take_functions(struct reading *r, const Elf64_Shdr *table)
{
	uint64_t left = table->sh_size / sizeof(Elf64_Sym);
	uint64_t from = table->sh_offset;

	while (left) {
		uint64_t n = left < SYMBOLS_AT_ONCE ? left : SYMBOLS_AT_ONCE;

		if (!read_at(r->file, r->some, n * sizeof(Elf64_Sym), from))
			return;
		for (uint64_t i = 0; i < n; i++)
			take_function(r, &r->some[i]);
		left -= n;
		from += n * sizeof(Elf64_Sym);
	}
}

/* The address that the file gives its first byte, or 0. */
static uint64_t first_address(struct file *f, const Elf64_Ehdr *head)
{
	for (int i = 0; i < head->e_phnum; i++) {
		Elf64_Phdr ph;

		if (!read_at(f, &ph, sizeof(ph), head->e_phoff + (uint64_t)i * sizeof(ph)))
			break;
		if (ph.p_type == PT_LOAD && ph.p_offset == 0)
			return ph.p_vaddr;
	}
	return 0;
}

/* About as many as there are functions. With two to choose from the shift is less than the width of what is shifted. */
static uint32_t buckets_for(const struct reading *r, uint32_t *shift)
{
	uint32_t most = r->count < 2 ? 2 : r->count < BUCKETS_MAX ? r->count : BUCKETS_MAX;

	for (*shift = 0; r->last >> *shift >= most; ++*shift)
		;
	return (r->last >> *shift) + 1;
}

static uint64_t bytes_of(const struct gt_symbols *symbols)
{
	return symbols->count * sizeof(*symbols->at) + (symbols->buckets + 2) * sizeof(*symbols->first);
}

/*
 * Into buckets, in which there is about one: sorting a hundred thousand takes longer, and the program may end at once. While they are
 * put, first[b + 1] is where the next one of bucket b goes.
 */
static void keep_functions(struct gt_symbols *symbols, const struct reading *r)
{
	symbols->count = r->count;
	symbols->buckets = buckets_for(r, &symbols->shift);
	symbols->at = gt_os_map(bytes_of(symbols));
	if (!symbols->at)
		return;
	symbols->first = (uint32_t *)(symbols->at + symbols->count);
	for (uint32_t i = 0; i < r->count; i++)
		symbols->first[(r->taken[i].value >> symbols->shift) + 2]++;
	for (uint32_t b = 2; b <= symbols->buckets + 1; b++)
		symbols->first[b] += symbols->first[b - 1];
	for (uint32_t i = 0; i < r->count; i++)
		symbols->at[symbols->first[(r->taken[i].value >> symbols->shift) + 1]++] = r->taken[i];
}

static void read_table(struct gt_symbols *symbols, struct file *f, const Elf64_Ehdr *head, const Elf64_Shdr *table)
{
	struct reading r = {
		.file = f,
		.begin = first_address(f, head),
		.room = (uint32_t)(table->sh_size / sizeof(Elf64_Sym)),
	};
	uint64_t bytes = SYMBOLS_AT_ONCE * sizeof(*r.some) + r.room * sizeof(*r.taken);

	r.some = gt_os_map(bytes);
	if (!r.some)
		return;
	r.taken = (struct gt_function *)(r.some + SYMBOLS_AT_ONCE);
	take_functions(&r, table);
	if (r.count)
		keep_functions(symbols, &r);
	gt_os_unmap(r.some, bytes);
}

static void read_symbols(struct gt_symbols *symbols, const char *path)
{
	Elf64_Ehdr head;
	Elf64_Shdr table, strings;
	struct file f;

	symbols->is_read = true;
	if (!open_elf(&f, path, &head))
		return;
	if (find_table(&f, &head, &table) &&
	    read_at(&f, &strings, sizeof(strings), head.e_shoff + (uint64_t)table.sh_link * sizeof(strings))) {
		symbols->names = strings.sh_offset;
		read_table(symbols, &f, &head, &table);
	}
	gt_os_close(f.fd);
}

/* Where the last function begins that begins at `at` or before, and in which bucket. False: there is none. */
static bool find_begin(const struct gt_symbols *symbols, uint64_t at, uint32_t *begin, uint32_t *bucket)
{
	uint64_t b = at >> symbols->shift;
	bool found = false;

	for (b = b < symbols->buckets ? b + 1 : symbols->buckets; b-- && !found;) {
		for (uint32_t i = symbols->first[b]; i < symbols->first[b + 1]; i++) {
			uint32_t value = symbols->at[i].value;

			if (value > at || (found && value < *begin))
				continue;
			*begin = value;
			*bucket = (uint32_t)b;
			found = true;
		}
	}
	return found;
}

/* The function that holds `at`. Of several that begin together the one whose name comes first. */
static const struct gt_function *find_function(const struct gt_symbols *symbols, uint64_t at)
{
	const struct gt_function *found = NULL;
	uint32_t begin = 0, bucket = 0;

	if (!find_begin(symbols, at, &begin, &bucket))
		return NULL;
	for (uint32_t i = symbols->first[bucket]; i < symbols->first[bucket + 1]; i++) {
		const struct gt_function *f = &symbols->at[i];

		if (f->value == begin && at - begin < f->size && (!found || f->name < found->name))
			found = f;
	}
	return found;
}

/* What was read last of a file's names: those of neighbours stand together. */
static struct {
	const struct gt_symbols *of; /* NULL: nothing */
	uint64_t from;
	uint32_t len;
	char bytes[NAMES_AT_ONCE];
} read;

static void read_names(const struct gt_symbols *symbols, const char *path, uint64_t at)
{
	int fd = gt_os_open(path, O_RDONLY | O_NONBLOCK, 0);
	long n;

	read.of = NULL;
	read.from = at - at % (NAMES_AT_ONCE / 2);
	if (fd < 0)
		return;
	n = gt_os_pread(fd, read.bytes, sizeof(read.bytes), read.from);
	gt_os_close(fd);
	read.len = n > 0 ? (uint32_t)n : 0;
	read.of = symbols;
}

/* The name at this place of the file as far as it was read, *n bytes. False: all of it has to be read. */
static bool is_read_whole(const struct gt_symbols *symbols, uint64_t at, uint32_t *n)
{
	uint64_t skip = at - read.from;

	*n = 0;
	if (read.of != symbols || skip >= read.len)
		return false;
	for (; skip + *n < read.len && read.bytes[skip + *n]; ++*n)
		;
	return skip + *n < read.len;
}

bool gt_symbols_name(struct gt_symbols *symbols, const char *path, uint64_t base, uint64_t pc, char *to, uint32_t len)
{
	const struct gt_function *function;
	uint64_t at;
	uint32_t n;

	if (!symbols->is_read)
		read_symbols(symbols, path);
	function = symbols->at ? find_function(symbols, pc - base) : NULL;
	if (!function)
		return false;
	at = symbols->names + function->name;
	if (!is_read_whole(symbols, at, &n)) {
		read_names(symbols, path, at);
		is_read_whole(symbols, at, &n);
	}
	if (n > len - 1)
		n = len - 1;
	if (n)
		__builtin_memcpy(to, read.bytes + (at - read.from), n);
	to[n] = 0;
	return n > 0;
}

void gt_symbols_forget(struct gt_symbols *symbols)
{
	if (read.of == symbols)
		read.of = NULL;
	if (symbols->at)
		gt_os_unmap(symbols->at, bytes_of(symbols));
	__builtin_memset(symbols, 0, sizeof(*symbols));
}

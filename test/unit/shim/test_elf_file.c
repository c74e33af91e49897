/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Symbols and build ids: of this very program, and of files made by hand, whole and damaged.
 */
#include "shim/elf_file.h"
#include "test/lib/mapped.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An executable for 0x400000 with a build id, and the functions "dynamic" and, in the full table, "local". */
struct file {
	Elf64_Ehdr head;
	Elf64_Phdr segment[2];
	struct {
		Elf64_Nhdr head;
		char name[4];
		unsigned char id[4];
	} note;
	Elf64_Shdr section[4]; /* strings, dynamic symbols, all symbols, nothing */
	Elf64_Sym dynamic[2];
	Elf64_Sym all[3];
	char strings[32];
};

enum { BASE = 0x400000, DYNAMIC = 0x401000, LOCAL = 0x402000, SIZE = 0x10 };

static Elf64_Sym function(uint32_t name, uint64_t at)
{
	return (Elf64_Sym){name, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, at, SIZE};
}

static Elf64_Shdr section(uint32_t type, size_t at, size_t size)
{
	return (Elf64_Shdr){.sh_type = type, .sh_offset = at, .sh_size = size, .sh_link = 0};
}

#define AT(member) offsetof(struct file, member)

static struct file make(void)
{
	struct file f = {.strings = "\0dynamic\0local\0object"};

	memcpy(f.head.e_ident, ELFMAG, SELFMAG);
	f.head.e_ident[EI_CLASS] = ELFCLASS64;
	f.head.e_phoff = AT(segment);
	f.head.e_phnum = 2;
	f.head.e_shoff = AT(section);
	f.head.e_shnum = 4;
	f.segment[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_vaddr = BASE};
	f.segment[1] = (Elf64_Phdr){.p_type = PT_NOTE, .p_offset = AT(note), .p_filesz = sizeof(f.note)};
	f.note.head = (Elf64_Nhdr){4, 4, NT_GNU_BUILD_ID};
	memcpy(f.note.name, "GNU", 4);
	memcpy(f.note.id, "\x01\xab\x00\xff", 4);
	f.section[0] = section(SHT_STRTAB, AT(strings), sizeof(f.strings));
	f.section[1] = section(SHT_DYNSYM, AT(dynamic), sizeof(f.dynamic));
	f.section[2] = section(SHT_SYMTAB, AT(all), sizeof(f.all));
	f.dynamic[1] = function(1, DYNAMIC);
	f.all[1] = function(9, LOCAL);
	f.all[2] = function(15, LOCAL + SIZE);
	f.all[2].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
	return f;
}

static bool name_of(const char *path, uint64_t base, uint64_t pc, char *to, uint32_t len)
{
	struct gt_symbols symbols = {0};
	bool found = gt_symbols_name(&symbols, path, base, pc, to, len);

	gt_symbols_forget(&symbols);
	return found;
}

static const char *symbol(const struct file *f, uint64_t base, uint64_t pc)
{
	static char name[32];
	const char *path = gt_temp_file("elf", f, sizeof(*f));

	return name_of(path, base, pc, name, sizeof(name)) ? name : "none";
}

static const char *build_id(const void *bytes, size_t len)
{
	static char id[41];

	return gt_elf_build_id(gt_temp_file("elf", bytes, len), id, sizeof(id)) ? id : "no ELF file";
}

Test(elf_file, a_function_holds_its_bytes_and_no_others, .fini = gt_temp_clean)
{
	struct file f = make();

	cr_assert_str_eq(symbol(&f, BASE, LOCAL), "local");
	cr_assert_str_eq(symbol(&f, BASE, LOCAL + SIZE - 1), "local");
	cr_assert_str_eq(symbol(&f, BASE, LOCAL - 1), "none");
	cr_assert_str_eq(symbol(&f, BASE, LOCAL + SIZE), "none", "an object is no function");
}

Test(elf_file, where_the_file_is_mapped_does_not_matter, .fini = gt_temp_clean)
{
	struct file f = make();

	cr_assert_str_eq(symbol(&f, BASE + 0x1000000, LOCAL + 0x1000000), "local");
	f.segment[0].p_vaddr = 0;
	f.all[1].st_value = LOCAL - BASE;
	cr_assert_str_eq(symbol(&f, 0x7f0000000000, 0x7f0000000000 + LOCAL - BASE), "local");
}

Test(elf_file, the_dynamic_table_is_used_where_there_is_no_other, .fini = gt_temp_clean)
{
	struct file f = make();

	cr_assert_str_eq(symbol(&f, BASE, DYNAMIC), "none");
	f.section[2].sh_type = SHT_NULL;
	cr_assert_str_eq(symbol(&f, BASE, DYNAMIC), "dynamic");
	cr_assert_str_eq(symbol(&f, BASE, LOCAL), "none");
}

Test(elf_file, what_is_only_imported_is_not_there, .fini = gt_temp_clean)
{
	struct file f = make();

	f.all[1].st_shndx = SHN_UNDEF;
	cr_assert_str_eq(symbol(&f, BASE, LOCAL), "none");
}

Test(elf_file, a_long_name_is_cut, .fini = gt_temp_clean)
{
	struct file f = make();
	char name[6] = "xxxxx";

	gt_temp_file("elf", &f, sizeof(f));
	cr_assert(name_of(gt_temp_path("elf"), BASE, LOCAL, name, 4));
	cr_assert_str_eq(name, "loc");
	cr_assert_eq(name[4], 'x');
}

/* What was read of the names is that of one file, until that is forgotten. */
Test(elf_file, names_of_two_files_are_kept_apart, .fini = gt_temp_clean)
{
	struct gt_symbols one = {0}, two = {0};
	struct file f = make();
	char name[32];

	gt_temp_file("one", &f, sizeof(f));
	memcpy(f.strings + 9, "other", 5);
	gt_temp_file("two", &f, sizeof(f));
	for (int i = 0; i < 3; i++) {
		cr_assert(gt_symbols_name(&one, gt_temp_path("one"), BASE, LOCAL, name, sizeof(name)));
		cr_assert_str_eq(name, "local");
		cr_assert(gt_symbols_name(&two, gt_temp_path("two"), BASE, LOCAL, name, sizeof(name)));
		cr_assert_str_eq(name, "other");
		cr_assert(gt_symbols_name(&two, gt_temp_path("two"), BASE, LOCAL, name, sizeof(name)));
		cr_assert_str_eq(name, "other");
	}
	gt_symbols_forget(&two);
	gt_temp_file("two", &f, 0);
	cr_assert_not(gt_symbols_name(&two, gt_temp_path("two"), BASE, LOCAL, name, sizeof(name)));
	gt_symbols_forget(&one);
}

Test(elf_file, a_build_id_is_written_in_hexadecimal_digits, .fini = gt_temp_clean)
{
	struct file f = make();
	char id[6];

	cr_assert_str_eq(build_id(&f, sizeof(f)), "01ab00ff");
	cr_assert(gt_elf_build_id(gt_temp_path("elf"), id, sizeof(id)));
	cr_assert_str_eq(id, "01ab0");
	f.note.head.n_type++;
	cr_assert_str_eq(build_id(&f, sizeof(f)), "");
}

Test(elf_file, what_is_no_64_bit_elf_file_is_refused, .fini = gt_temp_clean)
{
	struct file f = make();
	char name[8];

	cr_assert_str_eq(build_id("#!/bin/sh", 9), "no ELF file");
	cr_assert_str_eq(build_id(&f, sizeof(f.head) - 1), "no ELF file");
	f.head.e_ident[EI_CLASS] = ELFCLASS32;
	cr_assert_str_eq(build_id(&f, sizeof(f)), "no ELF file");
	cr_assert_str_eq(symbol(&f, BASE, LOCAL), "none");
	cr_assert_not(name_of("/nonexistent", BASE, LOCAL, name, sizeof(name)));
	cr_assert_not(gt_elf_build_id("/nonexistent", name, sizeof(name)));
	cr_assert_str_eq(name, "");
}

/* Asks for everything; answers may be wrong, but they come, and are terminated. */
static bool ask(const char *path)
{
	char name[32] = "", id[41] = "";
	bool found = name_of(path, BASE, LOCAL, name, sizeof(name));

	gt_elf_build_id(path, id, sizeof(id));
	cr_assert(memchr(name, 0, sizeof(name)) && memchr(id, 0, sizeof(id)));
	return found;
}

/* Every byte turned round, then cut ever shorter. The file is changed in place: creating it so often is slow. */
Test(elf_file, damage_is_survived, .fini = gt_temp_clean)
{
	struct file f = make();
	const char *path = gt_temp_file("elf", &f, sizeof(f));
	int fd = open(path, O_RDWR);

	cr_assert_geq(fd, 0);
	for (size_t i = SELFMAG; i < sizeof(f); i++) {
		unsigned char good = ((unsigned char *)&f)[i], bad = good ^ 0xff;

		cr_assert_eq(pwrite(fd, &bad, 1, (off_t)i), 1);
		ask(path);
		cr_assert_eq(pwrite(fd, &good, 1, (off_t)i), 1);
	}
	cr_assert(ask(path));
	for (size_t len = sizeof(f); len-- > 0;) {
		cr_assert_eq(ftruncate(fd, (off_t)len), 0);
		cr_assert(!ask(path) || len > AT(all));
	}
	close(fd);
}

Test(elf_file, a_function_of_this_program_is_found)
{
	char name[64] = "";

	cr_assert_eq(gt_known_function(1), 2);
	cr_assert(name_of("/proc/self/exe", (uintptr_t)__ehdr_start, (uintptr_t)gt_known_function + 1, name,
			  sizeof(name)));
	cr_assert_str_eq(name, "gt_known_function");
}

/* Many functions, out of order and some of them nested: each address belongs to the last one that begins before it. */
Test(elf_file, functions_are_found_in_any_order, .fini = gt_temp_clean)
{
	enum { FUNCTIONS = 7 };
	static const int order[FUNCTIONS] = {3, 0, 6, 1, 5, 2, 4};
	struct gt_symbols symbols = {0};
	struct {
		struct file f;
		Elf64_Sym more[FUNCTIONS];
	} big = {.f = make()};
	char name[32];

	big.f.section[2].sh_offset = sizeof(big.f);
	big.f.section[2].sh_size = sizeof(big.more);
	for (int i = 0; i < FUNCTIONS; i++)
		big.more[i] = function(order[i] % 2 ? 1 : 9, LOCAL + SIZE * (uint64_t)order[i]);
	gt_temp_file("elf", &big, sizeof(big));
	for (int i = 0; i < FUNCTIONS; i++) {
		cr_assert(gt_symbols_name(&symbols, gt_temp_path("elf"), BASE, LOCAL + SIZE * (uint64_t)i + 1, name,
					  sizeof(name)));
		cr_assert_str_eq(name, i % 2 ? "dynamic" : "local");
	}
	cr_assert_eq(symbols.count, FUNCTIONS);
	gt_symbols_forget(&symbols);
}

enum { FUNCTIONS = 3000, FAR = 1 << 20, NAME = 8 };

/* So many that they are looked for by where they are: far apart and close together, some within others, some in the same place. */
static struct many {
	struct file f;
	Elf64_Sym all[FUNCTIONS];
	char names[FUNCTIONS][NAME];
} many;

static void make_many(void)
{
	unsigned seed = 1;

	many.f = make();
	many.f.section[0] = section(SHT_STRTAB, offsetof(struct many, names), sizeof(many.names));
	many.f.section[2] = section(SHT_SYMTAB, offsetof(struct many, all), sizeof(many.all));
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		uint64_t at = (uint64_t)rand_r(&seed) % (i % 3 ? FAR / 100 : FAR);

		snprintf(many.names[i], NAME, "f%u", i);
		many.all[i] = function(i * NAME, BASE + at);
		many.all[i].st_size = (uint64_t)rand_r(&seed) % (i % 5 ? 16 : 4096) + 1;
	}
}

/* The name of the function that holds `at`, found by looking at each. */
static const char *one_of_many(uint64_t at)
{
	const Elf64_Sym *found = NULL;
	uint64_t begin = 0;

	for (int i = 0; i < FUNCTIONS; i++) {
		if (many.all[i].st_value <= at && many.all[i].st_value > begin)
			begin = many.all[i].st_value;
	}
	for (int i = 0; i < FUNCTIONS && !found; i++) {
		if (many.all[i].st_value == begin && at - begin < many.all[i].st_size)
			found = &many.all[i];
	}
	return found ? many.names[found - many.all] : "none";
}

Test(elf_file, many_functions_are_found_as_by_looking_at_each, .fini = gt_temp_clean)
{
	struct gt_symbols symbols = {0};
	unsigned seed = 2, found = 0;
	const char *path;
	char name[NAME];

	make_many();
	path = gt_temp_file("elf", &many, sizeof(many));
	for (int i = 0; i < 3 * FUNCTIONS; i++) {
		uint64_t at =
			i < FUNCTIONS ? many.all[i].st_value : BASE + (uint64_t)rand_r(&seed) % (2 * (uint64_t)FAR);
		bool is_there = gt_symbols_name(&symbols, path, BASE, at, name, sizeof(name));

		cr_assert_str_eq(is_there ? name : "none", one_of_many(at), "at %lx", at - BASE);
		found += is_there;
	}
	cr_assert(found > FUNCTIONS && found < 3 * FUNCTIONS);
	gt_symbols_forget(&symbols);
}

/* What readelf says of this very file. */
Test(elf_file, the_build_id_is_that_of_readelf)
{
	char command[64], want[64] = "", id[64];
	FILE *readelf;

	snprintf(command, sizeof(command), "readelf -n /proc/%d/exe | sed -n 's/.*Build ID: //p'", (int)getpid());
	readelf = popen(command, "r");
	if (!readelf || fscanf(readelf, "%63s", want) != 1)
		cr_skip_test("readelf names no build id");
	pclose(readelf);
	cr_assert(gt_elf_build_id("/proc/self/exe", id, sizeof(id)));
	cr_assert_str_eq(id, want);
}

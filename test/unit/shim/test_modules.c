/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is loaded where: this program among it, files that appear later, and what an address without a symbol is called.
 */
#include "shim/modules.h"
#include "shim/elf_file.h"
#include "test/lib/mapped.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static void start(void)
{
	cr_assert(gt_modules_start());
	cr_assert_eq(gt_modules_count(), 0);
	gt_modules_refresh();
}

Test(modules, this_program_is_found)
{
	uintptr_t pc = (uintptr_t)gt_known_function;
	char id[GT_BUILD_ID_MAX], name[128];
	struct gt_module *m;
	int index;

	start();
	cr_assert_eq(gt_known_function(1), 2);
	index = gt_modules_find(pc);
	cr_assert_geq(index, 0);
	m = gt_modules_at(index);
	cr_assert_str_eq(m->path, gt_own_path());
	cr_assert_eq(m->base, (uintptr_t)__ehdr_start);
	cr_assert(pc >= m->base && pc < m->end);
	cr_assert(gt_elf_build_id(m->path, id, sizeof(id)));
	cr_assert_str_eq(m->build_id, id);
	gt_modules_symbol(index, pc + 1, name, sizeof(name));
	cr_assert_str_eq(name, "gt_known_function");
}

Test(modules, libc_is_another_one)
{
	int libc, own;

	start();
	own = gt_modules_find((uintptr_t)__ehdr_start);
	libc = gt_modules_find((uintptr_t)stdin);
	cr_assert(own >= 0 && libc >= 0);
	cr_assert_neq(own, libc);
	cr_assert_not_null(strstr(gt_modules_at(libc)->path, "libc"));
}

Test(modules, an_address_in_no_file_has_no_module)
{
	int local = 0;

	start();
	cr_assert_eq(gt_modules_find(0), -1);
	cr_assert_eq(gt_modules_find((uintptr_t)&local), -1);
	for (int i = 0; i < gt_modules_count(); i++)
		cr_assert_neq(gt_modules_find(gt_modules_at(i)->base), -1);
}

Test(modules, what_has_no_symbol_is_called_by_its_place, .fini = gt_temp_clean)
{
	uintptr_t at = (uintptr_t)gt_map_file(NULL, gt_symbolless("small.so"));
	char name[128];

	start();
	gt_modules_symbol(gt_modules_find(at), at + 0xabc, name, sizeof(name));
	cr_assert_str_eq(name, "small.so+0xabc");
	gt_modules_symbol(-1, 0xabc, name, sizeof(name));
	cr_assert_str_eq(name, "0xabc");
}

Test(modules, what_was_seen_once_stays_where_it_is, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_symbolless("small.so"));
	int count, index;

	start();
	index = gt_modules_find((uintptr_t)at);
	count = gt_modules_count();
	munmap(at, GT_MAPPED);
	gt_modules_refresh();
	cr_assert_eq(gt_modules_count(), count);
	cr_assert_eq(gt_modules_find((uintptr_t)at), index);
	cr_assert_str_eq(gt_modules_at(index)->path, gt_temp_path("small.so"));
}

/* In the generation that has it on a stack, unless something else is there by now. */
Test(modules, what_is_gone_counts_where_it_was_used, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_symbolless("small.so"));
	struct gt_module *m;

	start();
	m = gt_modules_at(gt_modules_find((uintptr_t)at));
	cr_assert(gt_modules_counts(m, 5));
	munmap(at, GT_MAPPED);
	gt_modules_refresh();
	cr_assert_not(gt_modules_counts(m, 5));
	m->used = 5;
	cr_assert(gt_modules_counts(m, 5));
	cr_assert_not(gt_modules_counts(m, 6));
	gt_map_file(at, gt_symbolless("other.so"));
	gt_modules_refresh();
	cr_assert_not(gt_modules_counts(m, 5));
}

static void copy(const char *from, const char *to)
{
	static char bytes[16 << 20];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t n = fread(bytes, 1, sizeof(bytes), in);

	cr_assert(n > 0 && n < sizeof(bytes) && fwrite(bytes, 1, n, out) == n);
	cr_assert(fclose(in) == 0 && fclose(out) == 0);
}

Test(modules, what_is_gone_is_not_named_after_another_file, .fini = gt_temp_clean)
{
	uintptr_t offset = (uintptr_t)gt_known_function - (uintptr_t)__ehdr_start + 1, at;
	char path[256], name[128];
	int index;

	snprintf(path, sizeof(path), "%s", gt_temp_path("copy"));
	copy(gt_own_path(), path);
	at = (uintptr_t)gt_map_file(NULL, path);
	start();
	index = gt_modules_find(at);
	munmap((void *)at, GT_MAPPED);
	gt_modules_refresh();
	gt_modules_symbol(index, at + offset, name, sizeof(name));
	cr_assert_str_eq(name, "gt_known_function");
	gt_modules_at(index)->build_id[0] ^= 1;
	gt_modules_symbol(index, at + offset, name, sizeof(name));
	cr_assert_eq(strncmp(name, "copy+0x", 7), 0);
}

/* Nobody has looked in between. */
Test(modules, another_file_of_the_same_name_at_the_same_place_is_told_anew, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_symbolless("same.so"));
	char young[256];
	struct gt_module *m;

	start();
	m = gt_modules_at(gt_modules_find((uintptr_t)at));
	m->is_told = true;
	gt_modules_refresh();
	cr_assert(m->is_told);
	snprintf(young, sizeof(young), "%s", gt_symbolless("young.so"));
	cr_assert_eq(rename(young, gt_temp_path("same.so")), 0);
	gt_map_file(at, gt_temp_path("same.so"));
	gt_modules_refresh();
	cr_assert_eq(gt_modules_at(gt_modules_find((uintptr_t)at)), m);
	cr_assert_not(m->is_told);
}

Test(modules, of_two_at_one_address_the_younger_wins, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_symbolless("old.so"));
	int old, young;

	start();
	old = gt_modules_find((uintptr_t)at);
	gt_map_file(at, gt_symbolless("young.so"));
	cr_assert_eq(gt_modules_find((uintptr_t)at), old);
	gt_modules_refresh();
	young = gt_modules_find((uintptr_t)at);
	cr_assert_neq(young, old);
	cr_assert_str_eq(gt_modules_at(young)->path, gt_temp_path("young.so"));
	cr_assert_str_eq(gt_modules_at(old)->path, gt_temp_path("old.so"));
}

Test(modules, a_mapped_file_that_is_no_elf_file_is_left_out, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_temp_file("text", "hello", 5));

	start();
	cr_assert_eq(gt_modules_find((uintptr_t)at), -1);
}

/* The program may hold locks on such a file: it is not ours to open. */
Test(modules, a_file_that_is_only_read_is_left_out, .fini = gt_temp_clean)
{
	void *at = gt_map_file(NULL, gt_symbolless("data.so"));

	cr_assert_eq(mprotect(at, GT_MAPPED, PROT_READ), 0);
	start();
	cr_assert_eq(gt_modules_find((uintptr_t)at), -1);
}

/* Many mappings: their list is longer than the window through which it is read. */
Test(modules, a_long_list_is_read_to_its_end, .fini = gt_temp_clean)
{
	const char *path = gt_symbolless("a_name_that_makes_every_line_of_the_list_long.so");
	void *at[300];

	for (int i = 0; i < 300; i++)
		at[i] = gt_map_file(NULL, path);
	start();
	for (int i = 0; i < 300; i++) {
		int index = gt_modules_find((uintptr_t)at[i]);

		cr_assert_geq(index, 0);
		cr_assert_str_eq(gt_modules_at(index)->path, path);
		cr_assert_eq(gt_modules_at(index)->base, (uintptr_t)at[i]);
	}
}

Test(modules, no_more_than_there_is_room_for, .fini = gt_temp_clean)
{
	const char *path = gt_symbolless("small.so");

	for (int i = 0; i < GT_MODULES_MAX + 10; i++)
		gt_map_file(NULL, path);
	start();
	gt_modules_refresh();
	cr_assert_eq(gt_modules_count(), GT_MODULES_MAX);
}

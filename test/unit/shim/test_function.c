/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Functions of this program and of libc are recognised by their first byte, and nothing else is.
 */
#include "shim/function.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void start(void)
{
	gt_find_object_fn *find = (gt_find_object_fn *)dlsym(RTLD_DEFAULT, "_dl_find_object");

	if (!find)
		cr_skip("this libc has no _dl_find_object()");
	gt_function_source(find);
}

static __attribute__((noinline)) int function(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x + 1;
}

Test(function, has_its_size_where_it_begins)
{
	uint32_t size;

	start();
	size = gt_function_size((uintptr_t)function);
	cr_assert(size >= 2 && size < 100);
	cr_assert_gt(gt_function_size((uintptr_t)qsort), 2);
}

Test(function, begins_nowhere_else)
{
	static int data;
	int local;
	void *allocated = malloc(8);

	start();
	cr_assert_eq(gt_function_size((uintptr_t)function + 1), 0);
	cr_assert_eq(gt_function_size((uintptr_t)qsort + 1), 0);
	cr_assert_eq(gt_function_size((uintptr_t)&data), 0);
	cr_assert_eq(gt_function_size((uintptr_t) "text"), 0);
	cr_assert_eq(gt_function_size((uintptr_t)&local), 0);
	cr_assert_eq(gt_function_size((uintptr_t)allocated), 0);
	free(allocated);
	cr_assert_eq(gt_function_size(0), 0);
	cr_assert_eq(gt_function_size(UINT64_MAX), 0);
}

Test(function, a_loaded_file_is_found_by_any_of_its_addresses)
{
	struct dl_find_object code, data;
	static int word = 1;

	start();
	cr_assert(gt_function_loaded((uintptr_t)function, &code));
	cr_assert(gt_function_loaded((uintptr_t)&word, &data));
	cr_assert_eq(code.dlfo_map_start, data.dlfo_map_start);
	cr_assert_not(gt_function_loaded(16, &code));
}

Test(function, without_anybody_to_ask_nothing_is_proven)
{
	struct dl_find_object loaded;

	cr_assert_eq(gt_function_size((uintptr_t)function), 0);
	cr_assert_not(gt_function_loaded((uintptr_t)function, &loaded));
}

static struct dl_find_object fake;

static int find_fake(void *address, struct dl_find_object *loaded)
{
	(void)address;
	*loaded = fake;
	return 0;
}

/* Encodings that no linker chooses, or garbage, or a table that is not there. */
Test(function, an_unwind_table_of_another_kind_proves_nothing)
{
	static uint8_t head[64] = {1, 0x1b, 0x03, 0x3a, 0, 0, 0, 0, 1};

	gt_function_source(find_fake);
	fake = (struct dl_find_object){
		.dlfo_map_start = head, .dlfo_map_end = head + sizeof(head), .dlfo_eh_frame = head};
	cr_assert_eq(gt_function_size((uintptr_t)head), 0);
	fake.dlfo_eh_frame = NULL;
	cr_assert_eq(gt_function_size((uintptr_t)head), 0);
	fake.dlfo_eh_frame = (void *)UINT64_C(0x00005a5a5a5a5000);
	cr_assert_eq(gt_function_size((uintptr_t)head), 0);
}

/* The rows claim to be more than the memory has. */
Test(function, a_table_that_lies_about_its_length_is_survived)
{
	static uint8_t head[12] = {1, 0x1b, 0x03, 0x3b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};

	gt_function_source(find_fake);
	fake = (struct dl_find_object){
		.dlfo_map_start = head, .dlfo_map_end = head + sizeof(head), .dlfo_eh_frame = head};
	cr_assert_eq(gt_function_size((uintptr_t)head + 100), 0);
}

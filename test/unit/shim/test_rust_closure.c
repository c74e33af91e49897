/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Boxes of Rust closures are recognised by the shape of their virtual table, and a function that two tables share names
 * neither.
 */
#include "shim/rust_closure.h"
#include "shim/modules.h"
#include "test/lib/object.h"

#include <criterion/criterion.h>

static struct gt_callable callable;
static uint64_t data[4];

/* Relocated, so that it lies where the linker puts virtual tables. */
static struct gt_rust_table own = {gt_callee_one, 32, 8, gt_callee_run};
static struct gt_rust_table first = {gt_callee_two, 32, 8, gt_cxx_deletes};
static struct gt_rust_table second = {gt_callee_two, 32, 8, gt_cxx_deletes_32};

static bool is_closure(const struct gt_rust_table *table)
{
	uint64_t words[GT_RUST_WORDS] = {(uintptr_t)data, (uintptr_t)table, 0};

	return gt_rust_closure(words, GT_RUST_WORDS, &callable);
}

Test(rust_closure, a_box_is_named_by_its_functions)
{
	gt_find_functions();
	cr_assert(is_closure(&own));
	cr_assert_eq(callable.table, (uintptr_t)&own);
	cr_assert_eq(callable.pc, (uintptr_t)gt_callee_run);
	cr_assert_eq(callable.call, (uintptr_t)gt_callee_run);
	cr_assert_eq(callable.drop, (uintptr_t)gt_callee_one);
	cr_assert_eq(callable.word, 1);
}

Test(rust_closure, a_handle_may_stand_before_the_box)
{
	uint64_t words[GT_RUST_WORDS] = {(uintptr_t)&callable, (uintptr_t)data, (uintptr_t)&own};

	gt_find_functions();
	cr_assert(gt_rust_closure(words, GT_RUST_WORDS, &callable));
	cr_assert_eq(callable.word, 2);
	cr_assert_not(gt_rust_closure(words, 2, &callable));
}

Test(rust_closure, a_function_of_two_tables_is_nobodys)
{
	gt_find_functions();
	cr_assert(is_closure(&first));
	cr_assert_eq(callable.drop, 0);
	cr_assert_eq(callable.call, (uintptr_t)gt_cxx_deletes);
	second.call = gt_cxx_deletes;
	cr_assert(is_closure(&second));
	cr_assert_eq(callable.call, 0);
	cr_assert_eq(callable.pc, (uintptr_t)&second);
}

Test(rust_closure, each_part_of_the_shape_counts)
{
	struct gt_rust_table on_stack = own;
	uint64_t no_data[GT_RUST_WORDS] = {0, (uintptr_t)&own, 0}, odd[GT_RUST_WORDS] = {1, (uintptr_t)&own, 0};

	gt_find_functions();
#define BROKEN(field, value)                                                                                           \
	do {                                                                                                           \
		struct gt_rust_table whole = own;                                                                      \
		own.field = (value);                                                                                   \
		cr_assert_not(is_closure(&own), #field " " #value);                                                    \
		own = whole;                                                                                           \
	} while (0)
	BROKEN(size, 0);
	BROKEN(size, 1 << 20);
	BROKEN(size, 33);
	BROKEN(align, 0);
	BROKEN(align, 24);
	BROKEN(align, 8192);
	BROKEN(drop, NULL);
	BROKEN(call, NULL);
	BROKEN(call, (void (*)(void))((uintptr_t)gt_callee_run + 1));
	cr_assert_not(is_closure(&on_stack));
	cr_assert_not(is_closure(NULL));
	cr_assert_not(is_closure((void *)UINT64_C(0x5a5a5a5a5a58)));
	cr_assert_not(gt_rust_closure(no_data, 2, &callable));
	cr_assert_not(gt_rust_closure(odd, 2, &callable));
	cr_assert(is_closure(&own));
}

/* As rustc's older mangling has it. */
__asm__(".text\n.type spawn_unchecked_of_a_test, @function\nspawn_unchecked_of_a_test:\n.cfi_startproc\nret\n"
	".cfi_endproc\n.size spawn_unchecked_of_a_test, . - spawn_unchecked_of_a_test\n");
extern void spawn_unchecked_of_a_test(void) __attribute__((visibility("hidden")));

Test(rust_closure, the_symbol_that_says_the_path_is_the_name)
{
	char name[128];

	cr_assert(gt_modules_start());
	gt_modules_refresh();
	callable = (struct gt_callable){.call = (uintptr_t)gt_callee_run, .drop = (uintptr_t)spawn_unchecked_of_a_test};
	cr_assert(gt_rust_closure_name(&callable, name, sizeof(name)));
	cr_assert_str_eq(name, "spawn_unchecked_of_a_test");
	callable.drop = (uintptr_t)gt_callee_one;
	cr_assert_not(gt_rust_closure_name(&callable, name, sizeof(name)));
	callable.drop = 0;
	cr_assert_not(gt_rust_closure_name(&callable, name, sizeof(name)));
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States of std::thread are recognised by their type's name, and the function that one calls is found where the compiler
 * put it.
 */
#include "shim/cxx_state.h"
#include "test/lib/object.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

#define STATE "NSt6thread11_State_implINS_8_InvokerISt5tupleIJ"
#define ASYNC STATE "MNSt13__future_base17_Async_state_implINS1_IS2_IJ"

static struct gt_cxx_type type;
static struct gt_cxx_table table = {&type, gt_cxx_deletes, gt_cxx_deletes, gt_callee_run};
static char name[GT_CALLABLE_NAME];
static struct gt_callable callable;

static bool is_state(const void *object, const char *type_name)
{
	type.name = type_name;
	return gt_cxx_state((uintptr_t)object, *(const uint64_t *)object, &callable, name);
}

static uint64_t function_of(const void *object, const char *type_name)
{
	cr_assert(is_state(object, type_name));
	return gt_cxx_state_function(&callable, (uintptr_t)object);
}

Test(cxx_state, a_lambda_is_named_by_its_type)
{
	uint64_t object[4] = {gt_cxx_address(&table), (uintptr_t)gt_callee_one};

	gt_find_functions();
	cr_assert_eq(function_of(object, STATE "Z4mainEUlvE_EEEEEE"), 0);
	cr_assert_str_eq(name, "_ZTS" STATE "Z4mainEUlvE_EEEEEE");
	cr_assert_eq(callable.pc, (uintptr_t)gt_callee_run);
	cr_assert_eq(callable.table, object[0]);
}

Test(cxx_state, a_star_before_the_name_is_not_part_of_it)
{
	uint64_t object[4] = {gt_cxx_address(&table)};

	gt_find_functions();
	cr_assert(is_state(object, "*" STATE "Z4mainEUlvE_EEEEEE"));
	cr_assert_str_eq(name, "_ZTS" STATE "Z4mainEUlvE_EEEEEE");
}

Test(cxx_state, a_name_that_is_too_long_for_a_string_is_none)
{
	static char long_name[2000] = STATE;
	uint64_t object[4] = {gt_cxx_address(&table)};

	memset(long_name + strlen(STATE), 'x', 1500);
	cr_assert_not(is_state(object, long_name));
	long_name[GT_CALLABLE_NAME - 5] = 0;
	cr_assert(is_state(object, long_name));
	cr_assert_eq(strlen(name), GT_CALLABLE_NAME - 1);
}

/* {arguments, the function}: 32 bytes say where the last word is, also where an argument is a function, too. */
Test(cxx_state, the_function_is_the_last_word_of_the_object)
{
	uint64_t object[8] = {gt_cxx_address(&table), 3, (uintptr_t)gt_callee_two, (uintptr_t)gt_callee_one};

	gt_find_functions();
	table.deleting = gt_cxx_deletes_32;
	cr_assert_eq(function_of(object, STATE "PFvPFvvElES4_lEEEEEE"), (uintptr_t)gt_callee_one);
	cr_assert_eq(function_of(object, STATE "PDoFvPFvvElES4_lEEEEEE"), (uintptr_t)gt_callee_one);
}

Test(cxx_state, a_member_function_lies_two_words_before_the_end)
{
	uint64_t object[8] = {gt_cxx_address(&table), 3, (uintptr_t)gt_callee_one, 0};

	gt_find_functions();
	table.deleting = gt_cxx_deletes_32;
	cr_assert_eq(function_of(object, STATE "MN1n4poolEFviEPS4_iEEEEEE"), (uintptr_t)gt_callee_one);
	object[2] = 17;
	cr_assert_eq(gt_cxx_state_function(&callable, (uintptr_t)object), 0);
}

/* Of two sizes, the one whose last word is a function; none when both are. */
Test(cxx_state, a_size_must_lead_to_a_function)
{
	uint64_t object[8] = {gt_cxx_address(&table), 3, 5, (uintptr_t)gt_callee_one};

	gt_find_functions();
	table.deleting = gt_cxx_deletes_twice;
	cr_assert_eq(function_of(object, STATE "PFvPFvvElES4_lEEEEEE"), (uintptr_t)gt_callee_one);
	object[2] = (uintptr_t)gt_callee_two;
	cr_assert_eq(function_of(object, STATE "PFvPFvvElES4_lEEEEEE"), 0);
}

Test(cxx_state, without_a_size_the_only_function_is_it)
{
	uint64_t object[8] = {gt_cxx_address(&table), 3, (uintptr_t) "text", (uintptr_t)gt_callee_one};

	gt_find_functions();
	cr_assert_eq(function_of(object, STATE "PFviPKcEiS4_EEEEEE"), (uintptr_t)gt_callee_one);
	cr_assert_eq(callable.function, GT_CALLABLE_SOMEWHERE);
	cr_assert_eq(function_of(object, STATE "PFvPFvvElES4_lEEEEEE"), 0);
	cr_assert_eq(function_of(object, STATE "PFvSt8functionIFvvEEES5_EEEEEE"), 0);
}

/* vptr, the state of the future, the pointer to its member */
Test(cxx_state, the_callable_of_async_lies_one_level_deeper)
{
	static struct gt_cxx_table inner_table = {&type, gt_cxx_deletes_32, gt_cxx_deletes_32, gt_callee_run};
	uint64_t inner[4] = {gt_cxx_address(&inner_table), 0, 0, (uintptr_t)gt_callee_two};
	uint64_t object[4] = {gt_cxx_address(&table), (uintptr_t)inner, (uintptr_t)gt_callee_one, 0};

	gt_find_functions();
	cr_assert_eq(function_of(object, ASYNC "PFvvEEEEvEEFvvEPS9_EEEEEE"), (uintptr_t)gt_callee_two);
	cr_assert_eq(function_of(object, ASYNC "Z4mainEUlvE2_EEEEiEEFvvEPS8_EEEEEE"), 0);
}

/* Each step leads to something that is not there. */
Test(cxx_state, anything_else_is_none)
{
	uint64_t object[4] = {gt_cxx_address(&table)};
	const uint64_t tables[] = {0, 8, 12, UINT64_C(0x00005a5a5a5a5a58), UINT64_MAX - 7};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		cr_assert_not(gt_cxx_state((uintptr_t)object, tables[i], &callable, name));
	cr_assert_not(is_state(object, "N3abc5otherE"));
	cr_assert_not(is_state(object, NULL));
	cr_assert_not(is_state(object, (const char *)UINT64_C(0x5a5a5a5a5a58)));
	table.type = NULL;
	cr_assert_not(is_state(object, STATE "Z4mainEUlvE_EEEEEE"));
	table.type = (char *)&type + 1;
	cr_assert_not(is_state(object, STATE "Z4mainEUlvE_EEEEEE"));
}

Test(cxx_state, an_object_at_the_end_of_a_page_is_read_no_further)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t *object = (uint64_t *)(pages + 4096) - 2;

	gt_find_functions();
	cr_assert_eq(mprotect(pages + 4096, 4096, PROT_NONE), 0);
	object[0] = gt_cxx_address(&table);
	object[1] = (uintptr_t)gt_callee_one;
	cr_assert_eq(function_of(object, STATE "PFvvEEEEEEE"), (uintptr_t)gt_callee_one);
	object[1] = 5;
	cr_assert_eq(gt_cxx_state_function(&callable, (uintptr_t)object), 0);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What names a thread: the routine, unless its argument proves to be more; and whatever an argument is, nothing faults.
 */
#include "shim/callable.h"
#include "test/lib/object.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

#define STATE "NSt6thread11_State_implINS_8_InvokerISt5tupleIJ"
#define ROUTINE ((const void *)gt_callee_two)

static struct gt_cxx_type lambda = {NULL, STATE "Z4mainEUlvE_EEEEEE"}, other = {NULL, STATE "Z4mainEUlvE0_EEEEEE"};
static struct gt_cxx_table lambda_table = {&lambda, gt_cxx_deletes, gt_cxx_deletes, gt_callee_run};
static struct gt_cxx_table other_table = {&other, gt_cxx_deletes, gt_cxx_deletes, gt_callee_run};
static struct gt_rust_table rust_table = {gt_callee_one, 8, 8, gt_cxx_deletes_32};

static void start(void)
{
	gt_rec_start(NULL);
	gt_find_functions();
}

static uintptr_t of(const void *arg)
{
	return (uintptr_t)gt_callable_of(ROUTINE, arg);
}

static const char *name_of(uint64_t pc)
{
	static char name[GT_CALLABLE_NAME];

	return gt_callable_name(pc, name, sizeof(name)) ? name : "";
}

Test(callable, a_state_of_std_thread_has_the_name_of_its_type, .fini = gt_rec_clean)
{
	uint64_t object[3] = {gt_cxx_address(&lambda_table), 1, 2};

	start();
	for (int i = 0; i < 2; i++)
		cr_assert_eq(of(object), (uintptr_t)gt_callee_run);
	cr_assert_str_eq(name_of((uintptr_t)gt_callee_run), "_ZTS" STATE "Z4mainEUlvE_EEEEEE");
}

/* The compiler made one function of two lambdas that do the same. */
Test(callable, two_types_with_one_function_have_two_names, .fini = gt_rec_clean)
{
	uint64_t object[3] = {gt_cxx_address(&lambda_table), 1, 2};

	start();
	cr_assert_eq(of(object), (uintptr_t)gt_callee_run);
	object[0] = gt_cxx_address(&other_table);
	cr_assert_eq(of(object), gt_cxx_address(&other_table));
	cr_assert_str_eq(name_of(gt_cxx_address(&other_table)), "_ZTS" STATE "Z4mainEUlvE0_EEEEEE");
}

Test(callable, a_box_of_rust_has_its_functions_address, .fini = gt_rec_clean)
{
	uint64_t object[3] = {(uintptr_t)&lambda, (uintptr_t)&rust_table, 2};

	start();
	for (int i = 0; i < 2; i++)
		cr_assert_eq(of(object), (uintptr_t)gt_cxx_deletes_32);
	cr_assert_str_eq(name_of((uintptr_t)gt_cxx_deletes_32), "");
}

/* Odd, small, no address at all, and addresses of what is not there or ends in the middle of a word. */
Test(callable, any_number_may_be_an_argument, .fini = gt_rec_clean)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const uintptr_t numbers[] = {0,
				     1,
				     8,
				     4096,
				     (uintptr_t)page + 1,
				     (uintptr_t)page,
				     (uintptr_t)page + 4088,
				     (uintptr_t)page + 4092,
				     (uintptr_t)page + 4096,
				     0x5a5a5a5a5a58,
				     0x800000000000,
				     0xffffffff81000000,
				     UINTPTR_MAX,
				     UINTPTR_MAX - 7,
				     (uintptr_t) "text",
				     (uintptr_t)gt_callee_run};

	start();
	cr_assert_eq(mprotect(page + 4096, 4096, PROT_NONE), 0);
	for (uintptr_t word = 0; word < 2; word++) {
		memset(page, (int)(word * 0x5a), 4096);
		for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
			cr_assert_eq(gt_callable_of((void *)(i + 1), (void *)numbers[i]), (void *)(i + 1), "%zu", i);
	}
	cr_assert_eq(name_of(1)[0], 0);
}

/* So that what a routine of C is given is looked at once. */
Test(callable, a_routine_whose_argument_proved_nothing_is_not_asked_again, .fini = gt_rec_clean)
{
	uint64_t object[3] = {1, 2, 3};

	start();
	cr_assert_eq(of(object), (uintptr_t)ROUTINE);
	object[0] = gt_cxx_address(&lambda_table);
	cr_assert_eq(of(object), (uintptr_t)ROUTINE);
	cr_assert_eq(gt_callable_of(gt_callee_one, object), (const void *)gt_callee_run);
}

Test(callable, without_a_recording_nothing_is_looked_at)
{
	uint64_t object[3] = {gt_cxx_address(&lambda_table), 1, 2};

	gt_find_functions();
	cr_assert_eq(of(object), (uintptr_t)ROUTINE);
}

enum { MANY = 1000 };

/* Whoever finds no row is named by the address alone. */
Test(callable, a_full_table_keeps_what_it_has, .fini = gt_rec_clean)
{
	static struct gt_cxx_table tables[MANY];
	int named = 0;

	start();
	for (int i = 0; i < MANY; i++) {
		uint64_t object[3];

		tables[i] = lambda_table;
		tables[i].run = (void (*)(void))((uintptr_t)gt_callee_run + (uintptr_t)i);
		object[0] = gt_cxx_address(&tables[i]);
		cr_assert_eq(of(object), (uintptr_t)tables[i].run);
		named += *name_of((uintptr_t)tables[i].run) != 0;
	}
	cr_assert(named > 200 && named <= 256);
}

Test(callable, a_name_that_does_not_fit_is_none, .fini = gt_rec_clean)
{
	uint64_t object[3] = {gt_cxx_address(&lambda_table), 1, 2};
	char small[8];

	start();
	cr_assert_eq(of(object), (uintptr_t)gt_callee_run);
	cr_assert_not(gt_callable_name((uintptr_t)gt_callee_run, small, sizeof(small)));
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers as people read them: the edges between units, unknown system calls, results that are no errno.
 */
#include "decoder/names.h"

#include "shim/format/event.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>

static char buf[GT_NAME_LEN];

Test(names, durations_keep_three_digits)
{
	cr_assert_str_eq(gt_name_duration(0, buf), "0ns");
	cr_assert_str_eq(gt_name_duration(999, buf), "999ns");
	cr_assert_str_eq(gt_name_duration(1000, buf), "1.00us");
	cr_assert_str_eq(gt_name_duration(12345678, buf), "12.3ms");
	cr_assert_str_eq(gt_name_duration(125000000000, buf), "125s");
}

Test(names, durations_change_unit_before_they_round_up_to_a_thousand)
{
	cr_assert_str_eq(gt_name_duration(999499, buf), "999us");
	cr_assert_str_eq(gt_name_duration(999500, buf), "1.00ms");
	cr_assert_str_eq(gt_name_duration(9994, buf), "9.99us");
	cr_assert_str_eq(gt_name_duration(9995, buf), "10.0us");
}

static void is_printed_as_a_double(uint64_t ns)
{
	static const char *const units[] = {"us", "ms", "s"};
	uint64_t unit = ns < 999500 ? 1000 : ns < 999500000 ? 1000000 : 1000000000;
	int decimals = ns < unit * 9995 / 1000 ? 2 : ns < unit * 9995 / 100 ? 1 : 0;
	char expected[GT_NAME_LEN];

	snprintf(expected, sizeof(expected), "%.*f%s", decimals, (double)ns / (double)unit,
		 units[unit == 1000      ? 0
		       : unit == 1000000 ? 1
					 : 2]);
	cr_expect_str_eq(gt_name_duration(ns, buf), expected, "%s, not %s", buf, expected);
}

/* What lies in the middle between two that can be printed is rounded as printf does, and so are its neighbours. */
Test(names, durations_are_rounded_as_doubles_are)
{
	for (uint64_t unit = 1000; unit <= 1000000000; unit *= 1000) {
		for (uint64_t i = 0; i < 3000; i++) {
			uint64_t step = i < 1000 ? unit / 100 : i < 2000 ? unit / 10 : unit;
			uint64_t ns = unit * (i < 1000 ? 1 : i < 2000 ? 10 : 100) + i % 1000 * step + step / 2;

			is_printed_as_a_double(ns);
			is_printed_as_a_double(ns - 1);
			is_printed_as_a_double(ns + 1);
		}
	}
	for (uint64_t ns = 1000; ns < UINT64_MAX / 3; ns = ns * 3 + 1)
		is_printed_as_a_double(ns);
}

Test(names, system_calls_agree_with_the_headers)
{
	cr_assert_str_eq(gt_name_syscall(SYS_read, buf), "read");
	cr_assert_str_eq(gt_name_syscall(SYS_epoll_pwait, buf), "epoll_pwait");
	cr_assert_str_eq(gt_name_syscall(SYS_futex, buf), "futex");
}

Test(names, calls_into_libc_have_names)
{
#define CALL(number, name) cr_expect_str_eq(gt_name_syscall(number, buf), #name);
#include "shim/format/calls.def"
	cr_expect_str_eq(gt_name_syscall(4095, buf), "syscall_4095");
}

Test(names, an_unknown_system_call_keeps_its_number)
{
	cr_assert_str_eq(gt_name_syscall(400, buf), "syscall_400");
	cr_assert_str_eq(gt_name_syscall(UINT64_MAX, buf), "syscall_18446744073709551615");
}

Test(names, results_are_numbers_or_errors)
{
	cr_assert_str_eq(gt_name_result(17, buf), "17");
	cr_assert_str_eq(gt_name_result(-EAGAIN, buf), "EAGAIN");
	cr_assert_str_eq(gt_name_result(-4096, buf), "-4096");
	cr_assert_str_eq(gt_name_result(-4000, buf), "-4000");
}

Test(names, objects_are_addresses_descriptors_or_ids)
{
	cr_assert_str_eq(gt_name_object(GT_PRIM_MUTEX, 0xab0, buf), "mutex 0xab0");
	cr_assert_str_eq(gt_name_object(GT_PRIM_PIPE, 0, buf), "pipe, descriptor 0");
	cr_assert_str_eq(gt_name_object(GT_PRIM_QUEUE, 7, buf), "message queue 7");
	cr_assert_str_eq(gt_name_object(GT_PRIM_SIGNAL, 0, buf), "signal");
	cr_assert_str_eq(gt_name_object(GT_PRIMITIVES, 1, buf), "unknown");
}

Test(names, bytes_have_three_digits)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{0, "0B"},
		{999, "999B"},
		{1023, "1023B"},
		{1024, "1.00KiB"},
		{1536, "1.50KiB"},
		{12 << 20, "12.0MiB"},
		{UINT64_C(345) << 30, "345GiB"},
		{UINT64_MAX, "15.9EiB"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(gt_name_bytes(rows[i].bytes, buf), rows[i].text);
}

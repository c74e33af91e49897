/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program's own frame.
 */
#include "decoder/call_site.h"

#include "test/lib/builder.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

#define FRAME(pc, line, func, file)                                                                                    \
	&(const struct gt_stack_frame)                                                                                 \
	{                                                                                                              \
		pc, line, &(const struct gt_string)GT_TEXT(func), &(const struct gt_string)GT_TEXT(file)               \
	}

static const char *site(const struct gt_stack_frame *const *frames, size_t n)
{
	const struct gt_stack stack = {1, n, frames};

	return gt_call_site(&stack)->func->bytes;
}

Test(call_site, the_innermost_frame_is_it)
{
	const struct gt_stack_frame *frames[] = {FRAME(10, 3, "work", "/src/work.c"),
						 FRAME(20, 9, "main", "/src/main.c")};

	cr_expect_str_eq(site(frames, 2), "work");
}

Test(call_site, headers_of_the_system_are_passed_over)
{
	const struct gt_stack_frame *frames[] = {
		FRAME(10, 749, "__gthread_mutex_lock", "/usr/include/x86_64-linux-gnu/c++/12/bits/gthr-default.h"),
		FRAME(10, 9, "Mutex::lock", "/usr/lib/gcc/x86_64-linux-gnu/12/include/lock.h"),
		FRAME(10, 5, "std::thread::sleep", "/rustc/59807616e/library/std/src/thread.rs"),
		FRAME(10, 12, "take", "/src/take.cpp"),
	};

	cr_expect_str_eq(site(frames, 4), "take");
	cr_expect_str_eq(site(frames, 3), "__gthread_mutex_lock");
}

Test(call_site, a_library_of_the_system_is_a_call_site)
{
	const struct gt_stack_frame *frames[] = {FRAME(10, 0, "join", "/usr/lib/gcc/libstdc++.so"),
						 FRAME(20, 9, "main", "/src/main.c")};

	cr_expect_str_eq(site(frames, 2), "join");
}

Test(call_site, a_pseudo_frame_is_none)
{
	const struct gt_stack_frame *frames[] = {FRAME(10, 3, "lock", "/usr/include/lock.h"),
						 FRAME(1, 0, "[deeper]", "")};

	cr_expect_str_eq(site(frames, 2), "lock");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of linkers and what people make of them.
 */
#include "decoder/demangle.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void expect(const char *name, const char *expected)
{
	char text[GT_MAX_STRING + 1];

	cr_expect_str_eq(gt_demangle(name, text), expected, "%s becomes %s", name, text);
}

Test(demangle, cpp_with_parameters_and_without_the_return_type)
{
	expect("_Z3fooiPKc", "foo(int, char const*)");
	expect("_ZN7GuardedIdE4takeEi", "Guarded<double>::take(int)");
	expect("_Z3getIiET_v", "get<int>()");
	expect("_ZZ4mainENKUlvE_clEv", "main::{lambda()#1}::operator()() const");
}

Test(demangle, rust_without_hash)
{
	expect("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE", "core::fmt::Write::write_fmt");
	expect("_RNvC6_123foo3bar", "123foo::bar");
}

Test(demangle, what_is_not_mangled_stays)
{
	expect("main", "main");
	expect("", "");
	expect("_Zombie", "_Zombie");
	expect("_R", "_R");
	expect("local.constprop.0", "local.constprop.0");
	expect("camlStdlib.map_12", "camlStdlib.map_12");
}

Test(demangle, versions_and_copies_are_left_out)
{
	expect("pthread_cond_wait@@GLIBC_2.3.2", "pthread_cond_wait");
	expect("_ZNSt6thread4joinEv@@GLIBCXX_3.4", "std::thread::join()");
	expect("_ZN7GuardedIdE4takeEi.isra.0", "Guarded<double>::take(int)");
	expect("@plt", "@plt");
}

/* Each A<> names the one before it twice: the text doubles sixty times. */
Test(demangle, a_text_without_end_is_cut_off)
{
	char name[1024] = "_Z1f1AIiiE", text[GT_MAX_STRING + 1];

	strcat(name, "S_IS0_S0_E");
	for (int i = 1; i < 36; i++) {
		char digit = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i];

		sprintf(name + strlen(name), "S_IS%c_S%c_E", digit, digit);
	}
	cr_expect_eq(strlen(gt_demangle(name, text)), GT_MAX_STRING);
	cr_expect(strncmp(text, "f(A<int, int>, A<A<int, int>, A<int, int> >, ", 40) == 0);
}

Test(demangle, a_name_that_is_too_long_is_cut_off)
{
	char name[3 * GT_MAX_STRING], text[GT_MAX_STRING + 1];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cr_expect_eq(strlen(gt_demangle(name, text)), GT_MAX_STRING);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Callables in names that g++ 12, clang 14 with libc++, rustc 1.63 and rustc 1.95 made. Short ones stand for what is alike.
 */
#include "decoder/callable.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *callable(const char *name)
{
	static char text[1024];
	size_t len;
	const char *at = gt_callable(name, &len);

	cr_assert(at >= name && at + len <= name + strlen(name));
	snprintf(text, sizeof(text), "%.*s", (int)len, at);
	return text;
}

#define IS(name, want) cr_assert_str_eq(callable(name), want)

#define STATE "typeinfo name for std::thread::_State_impl<std::thread::_Invoker<std::tuple<"

Test(callable, of_std_thread)
{
	IS(STATE "main::{lambda()#1}> > >", "main::{lambda()#1}");
	IS(STATE "main::{lambda(int)#2}, int> > >", "main::{lambda(int)#2}");
	IS(STATE "main::{lambda(std::stop_token)#5}, std::stop_token> > >", "main::{lambda(std::stop_token)#5}");
	IS(STATE "main::$_2, int> > >", "main::$_2");
	IS(STATE "functor, int> > >", "functor");
	IS(STATE "n::task<main::{lambda()#3}> > > >", "n::task<main::{lambda()#3}>");
	IS(STATE "std::function<void ()> > > >", "std::function<void ()>");
	IS(STATE "void (*)(int, char const*), int, char const*> > >", "void (*)(int, char const*)");
	IS(STATE "void (n::pool::*)() const, n::pool*> > >", "void (n::pool::*)() const");
	IS("std::thread::_State_impl<std::thread::_Invoker<std::tuple<main::{lambda()#1}> > >::_M_run()",
	   "main::{lambda()#1}");
}

#define ASYNC_STATE(inner) "std::__future_base::_Async_state_impl<std::thread::_Invoker<std::tuple<" inner
#define ASYNC(inner) STATE "void (" ASYNC_STATE(inner) "::*)(), " ASYNC_STATE(inner) "*> > >"

Test(callable, of_std_async)
{
	IS(ASYNC("main::{lambda()#4}> >, int>"), "main::{lambda()#4}");
	IS(ASYNC("void (*)(int, char const*), int, char const*> >, void>"), "void (*)(int, char const*)");
	IS(ASYNC("void (n::pool::*)(int), n::pool*, int> >, void>"), "void (n::pool::*)(int)");
}

#define PROXY                                                                                                          \
	"void* std::__1::__thread_proxy<std::__1::tuple<std::__1::unique_ptr<std::__1::__thread_struct, "              \
	"std::__1::default_delete<std::__1::__thread_struct> >, "

Test(callable, of_libcxx)
{
	IS(PROXY "main::$_0> >(void*)", "main::$_0");
	IS(PROXY "void (*)(int, char const*), int, char const*> >(void*)", "void (*)(int, char const*)");
	IS(PROXY "void (n::pool::*)(int), n::pool*, int> >(void*)", "void (n::pool::*)(int)");
	IS(PROXY "void (std::__1::__async_assoc_state<int, std::__1::__async_func<main::$_4> >::*)(), "
		 "std::__1::__async_assoc_state<int, std::__1::__async_func<main::$_4> >*> >(void*)",
	   "main::$_4");
}

Test(callable, of_rust)
{
	IS("core::ptr::drop_in_place<std::thread::Builder::spawn_unchecked_<rs::main::{{closure}},()>::{{closure}}>"
	   "::h6026e7f37ebd71c0",
	   "rs::main::{{closure}}");
	IS("core::ptr::drop_in_place<std::thread::lifecycle::spawn_unchecked<r::main::{{closure}}::{{closure}},()>"
	   "::{{closure}}>",
	   "r::main::{{closure}}::{{closure}}");
	IS("core::ptr::drop_in_place<std::thread::Builder::spawn_unchecked_<fn(),()>::{{closure}}>", "fn()");
	IS("<std::thread::lifecycle::spawn_unchecked<<r::pool::W>::start::{closure#0}, ()>::{closure#1} as "
	   "core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}",
	   "<r::pool::W>::start::{closure#0}");
	IS("core::ptr::drop_in_place::<std::thread::lifecycle::spawn_unchecked<r::main::{closure#1}, i32>::{closure#1}>",
	   "r::main::{closure#1}");
	IS("call_once<std::thread::{impl#0}::spawn_unchecked_::{closure_env#1}<r::main::{closure_env#0}, ()>, ()>",
	   "r::main::{closure_env#0}");
}

Test(callable, any_other_name_is_itself)
{
	IS("", "");
	IS("main", "main");
	IS("n::pool::work(int)", "n::pool::work(int)");
	IS("std::thread::join()", "std::thread::join()");
	IS("std::thread::Builder::spawn_unchecked_::h34a62c0503017f04", "std::thread::Builder::spawn_unchecked_");
	IS("rs::pool::work::h0123456789abcdef", "rs::pool::work");
	IS("rs::pool::work::h0123456789abcdeg", "rs::pool::work::h0123456789abcdeg");
	IS("::h0123456789abcdef", "::h0123456789abcdef");
}

Test(callable, what_is_cut_off_is_survived)
{
	IS(STATE, STATE);
	IS(STATE "main::{lambda(", "main::{lambda(");
	IS(PROXY, PROXY);
	IS("std::thread::spawn_unchecked<", "std::thread::spawn_unchecked<");
	IS("std::thread::spawn_unchecked_::{", "std::thread::spawn_unchecked_::{");
	IS(STATE "operator", "operator");
}

/* The brackets of an operator's name open nothing. */
Test(callable, operators_are_names)
{
	IS(STATE "a::operator<(a, int)::{lambda()#1}, int> > >", "a::operator<(a, int)::{lambda()#1}");
	IS(STATE "a::operator->()::{lambda()#1}> > >", "a::operator->()::{lambda()#1}");
	IS(STATE "a::operator()(b<int>)::{lambda()#1}, c> > >", "a::operator()(b<int>)::{lambda()#1}");
}

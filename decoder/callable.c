/* SPDX-License-Identifier: BSD-3-Clause */
/* The callable is an argument of a template that the library's names have in common. */
#include "callable.h"

#include <string.h>

enum { HASH = 16 };

/* What may stand behind the function of Rust that has the closure as its argument. */
static const char *skip_closure(const char *p)
{
	const char *end = NULL;

	p += *p == '_';
	if (strncmp(p, "::{", 3) == 0)
		end = strstr(p, "}<");
	if (end != NULL)
		p = end + 1;
	return strncmp(p, "::<", 3) == 0 ? p + 2 : p;
}

/* An operator's name has brackets that open and close nothing. */
static const char *skip_operator(const char *p)
{
	p += strlen("operator");
	return strncmp(p, "()", 2) == 0 ? p + 2 : p + strspn(p, "<>-=!");
}

/* The end of the argument that begins at p. */
static const char *argument_end(const char *p)
{
	int depth = 0;

	while (*p != '\0') {
		if (strncmp(p, "operator", 8) == 0) {
			p = skip_operator(p);
			continue;
		}
		if (depth == 0 && (*p == ',' || *p == '>'))
			break;
		depth += strchr("<({[", *p) != NULL;
		depth -= strchr(">)}]", *p) != NULL;
		p++;
	}
	return p;
}

static const char *behind(const char *in, const char *what)
{
	const char *found = in != NULL ? strstr(in, what) : NULL;

	return found != NULL ? found + strlen(what) : NULL;
}

/* std::thread::_State_impl<std::thread::_Invoker<std::tuple<CALLABLE, arguments> > >; std::async: one within another. */
static const char *in_libstdcxx(const char *name)
{
	const char *state = behind(name, "std::thread::_State_impl<");
	const char *async = behind(state, "_Async_state_impl<");

	return behind(async != NULL ? async : state, "std::tuple<");
}

/* std::__1::__thread_proxy<std::__1::tuple<std::__1::unique_ptr<...>, CALLABLE, arguments> >(void*) */
static const char *in_libcxx(const char *name)
{
	const char *proxy = behind(name, "::__thread_proxy");
	const char *async = behind(proxy, "::__async_func<");
	const char *first = behind(proxy, "tuple<");
	const char *end;

	if (async != NULL || first == NULL)
		return async;
	end = argument_end(first);
	return strncmp(end, ", ", 2) == 0 ? end + 2 : NULL;
}

/* std::thread::Builder::spawn_unchecked_<CALLABLE, result>::{{closure}}, within the name of a function of its table. */
static const char *in_rust(const char *name)
{
	const char *p = behind(behind(name, "std::thread::"), "spawn_unchecked");

	if (p != NULL)
		p = skip_closure(p);
	return p != NULL && *p == '<' ? p + 1 : NULL;
}

static size_t without_hash(const char *name)
{
	size_t len = strlen(name), tail = strlen("::h") + HASH;

	if (len > tail && strncmp(name + len - tail, "::h", 3) == 0 &&
	    strspn(name + len - HASH, "0123456789abcdef") == HASH)
		return len - tail;
	return len;
}

const char *gt_callable(const char *name, size_t *len)
{
	static const char *(*const libraries[])(const char *) = {in_libstdcxx, in_libcxx, in_rust};

	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		const char *p = libraries[i](name);

		if (p == NULL)
			continue;
		*len = (size_t)(argument_end(p) - p);
		while (*len > 0 && p[*len - 1] == ' ')
			--*len;
		if (*len > 0)
			return p;
	}
	*len = without_hash(name);
	return name;
}

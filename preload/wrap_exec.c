/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * exec with its arguments as a list: made an array, which is all that libc does, and handed to the kin that takes one.
 */
#include "wrap.h"

#include "../shim/process.h"

GT_EXPORT int gt_wrap_execl(const char *path, const char *arg, ...) __asm__("execl");
GT_EXPORT int gt_wrap_execle(const char *path, const char *arg, ...) __asm__("execle");
GT_EXPORT int gt_wrap_execlp(const char *file, const char *arg, ...) __asm__("execlp");

static size_t length(const char *first, va_list *list)
{
	size_t n = 1;

	if (first) {
		while (va_arg(*list, char *))
			n++;
		n++;
	}
	return n;
}

static void copy(char **argv, const char *first, va_list *list, size_t n)
{
	argv[0] = (char *)first;
	for (size_t i = 1; i < n; i++)
		argv[i] = va_arg(*list, char *);
}

/* The list, with its NULL, as `argv` on the stack; `list` stands behind it. */
#define TAKE_LIST(argv, list, first)                                                                                   \
	va_list list;                                                                                                  \
	size_t n_;                                                                                                     \
	char **argv;                                                                                                   \
                                                                                                                       \
	va_start(list, first);                                                                                         \
	n_ = length(first, &list);                                                                                     \
	va_end(list);                                                                                                  \
	argv = __builtin_alloca(n_ * sizeof(*argv));                                                                   \
	va_start(list, first);                                                                                         \
	copy(argv, first, &list, n_)

int gt_wrap_execl(const char *path, const char *arg, ...)
{
	TAKE_LIST(argv, list, arg);

	va_end(list);
	return gt_wrap_execv(path, argv);
}

int gt_wrap_execlp(const char *file, const char *arg, ...)
{
	TAKE_LIST(argv, list, arg);

	va_end(list);
	return gt_wrap_execvp(file, argv);
}

int gt_wrap_execle(const char *path, const char *arg, ...)
{
	char **environment;

	TAKE_LIST(argv, list, arg);

	environment = va_arg(list, char **);
	va_end(list);
	return gt_wrap_execve(path, argv, environment);
}

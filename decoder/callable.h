/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a thread runs, in the name of the library's code that runs it: the callable of std::thread and std::async in the
 * names of libstdc++ and libc++, the closure of Rust's std::thread. Pure.
 */
#ifndef GT_CALLABLE_H
#define GT_CALLABLE_H

#include <stddef.h>

/*
 * Where in `name`, which is demangled, the callable stands, and how long it is: the whole name when it is no such one,
 * without the hash that ends older names of Rust.
 */
const char *gt_callable(const char *name, size_t *len);

#endif

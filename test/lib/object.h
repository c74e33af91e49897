/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects as compilers of C++ and Rust lay them out, made by hand: their virtual tables, and what those say.
 */
#ifndef GT_TEST_OBJECT_H
#define GT_TEST_OBJECT_H

#include <stdint.h>

/* A virtual table of C++; objects point to `destructor`. */
struct gt_cxx_table {
	const void *type;
	void (*destructor)(void);
	void (*deleting)(void);
	void (*run)(void);
};

struct gt_cxx_type {
	const void *table;
	const char *name;
};

/* What objects point to. */
uintptr_t gt_cxx_address(const struct gt_cxx_table *table);

/* A deleting destructor of an object of 32 bytes, one that does not say the size, and one that says two. */
#pragma GCC visibility push(hidden)
void gt_cxx_deletes_32(void);
void gt_cxx_deletes(void);
void gt_cxx_deletes_twice(void);

/* Functions that threads might run. Hidden, so that no other table of this program has them. */
void gt_callee_one(void);
void gt_callee_two(void);
void gt_callee_run(void);
#pragma GCC visibility pop

/* Rust's */
struct gt_rust_table {
	void (*drop)(void);
	uint64_t size, align;
	void (*call)(void);
};

/* Lets the recorder find functions; ends the test where libc cannot. */
void gt_find_functions(void);

#endif

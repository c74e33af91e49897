/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a thread runs behind a start routine that belongs to a language's library: the callable of std::thread and
 * std::async in libstdc++, the closure of Rust's std::thread. The argument of the routine leads there, and proves itself:
 * by the name of its type in C++, by the shape of a virtual table in Rust.
 *
 * A bounded, lock-free table keeps what was learned, for the life of the process. Full: the symbol of the callable's code
 * is its only name.
 */
#ifndef GT_CALLABLE_H
#define GT_CALLABLE_H

#include <stdbool.h>
#include <stdint.h>

enum { GT_CALLABLE_NAME = 1001 };

/* A kind of callable. It is known by its virtual table, which a word of the argument points to. */
struct gt_callable {
	uint64_t table;
	uint64_t pc; /* names the thread */
	const char *name; /* C++: the mangled name of the type's name; NULL: the symbol of pc */
	uint64_t call, drop; /* Rust: functions of this closure and no other; 0: shared */
	int32_t function; /* C++: offset of a pointer to the function; GT_CALLABLE_SOMEWHERE; 0: is not one */
	uint8_t word; /* of the argument */
	bool is_async; /* C++: the callable lies in the object that the second word points to */
};

enum { GT_CALLABLE_SOMEWHERE = -1 };

/*
 * The address that names a thread which is created with this routine and argument: the routine, when nothing better is
 * known. Any thread, outside sections. The argument may be any number.
 */
const void *gt_callable_of(const void *routine, const void *arg);

/* The name that was learned for such an address; false: its symbol is as good. Under the switch lock. */
bool gt_callable_name(uint64_t pc, char *to, uint32_t len);

#endif

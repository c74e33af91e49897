/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The closure of a Rust thread. The argument of the start routine leads to a Box<dyn FnOnce()>: two words, the closure and
 * its virtual table {drop_in_place, size, align, call_once}. Older libraries have nothing but the box there, newer ones the
 * thread's handle before or behind it.
 *
 * The symbols of the two functions say the closure's path: of the second with the mangling "v0", of the first with the
 * older one. Danger: an optimising compiler makes one function of two that are alike, and that has the symbol of either.
 * So only a function that stands in one virtual table of its file is believed.
 */
#ifndef GT_RUST_CLOSURE_H
#define GT_RUST_CLOSURE_H

#include "callable.h"

#include <stddef.h>

enum { GT_RUST_WORDS = 3 };

/* Whether the first words of an argument lead to a closure; then fills in what is known of it. Any thread. */
bool gt_rust_closure(const uint64_t *words, size_t n, struct gt_callable *c);

/* The symbol that says the path; false: there is none. Under the switch lock. */
bool gt_rust_closure_name(const struct gt_callable *c, char *to, uint32_t len);

#endif

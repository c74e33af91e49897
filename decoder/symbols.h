/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Full names, shared by all traces of a run: each file is opened once, each place in it is looked up once.
 *
 * Single thread. Exits with a complaint when memory is short.
 */
#ifndef GT_SYMBOLS_H
#define GT_SYMBOLS_H

#include "image.h"
#include "intern.h"

struct gt_symbols;

/* A file in them. */
struct gt_symbol_file;

/* The functions of one instruction: the innermost inlined one first. */
struct gt_named {
	size_t n; /* 0: nothing is known */
	struct gt_stack_frame frames[]; /* without pc; func NULL: unknown; file empty: unknown */
};

/* Files are looked for below `sysroot`; NULL: where the traces say. */
struct gt_symbols *gt_symbols_new(const char *sysroot);

/* Accepts NULL. */
void gt_symbols_free(struct gt_symbols *symbols);

/* The file of that path and build id. */
struct gt_symbol_file *gt_symbols_file(struct gt_symbols *symbols, const struct gt_string *path,
				       const struct gt_string *build_id);

/* The path, as the trace says it. */
const struct gt_string *gt_symbols_path(const struct gt_symbol_file *file);

/* What is at an offset of a file, as gt_image_find(). It lives as long as `symbols`, like all texts. */
const struct gt_named *gt_symbols_find(struct gt_symbols *symbols, struct gt_symbol_file *file, uint64_t offset,
				       enum gt_pc_kind kind);

/* The name of a function as people write it: kept, as gt_demangle(). */
const struct gt_string *gt_symbols_readable(struct gt_symbols *symbols, const struct gt_string *func);

/* The same of the function that a thread starts with: of a language's library only what it runs (callable.h). */
const struct gt_string *gt_symbols_callable(struct gt_symbols *symbols, const struct gt_string *func);

#endif

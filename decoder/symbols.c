/* SPDX-License-Identifier: BSD-3-Clause */
/* Kept in tables: what was looked up, by file and offset; files, by path and build id as one text. */
#include "symbols.h"

#include "callable.h"

#include "cli.h"
#include "demangle.h"
#include "map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct look {
	uint64_t id; /* offset in the file */
	UT_hash_handle hh;
	struct gt_named named;
};

struct gt_symbol_file {
	uint64_t id; /* address of its key among the texts */
	UT_hash_handle hh;
	const struct gt_string *path;
	struct gt_image *image;
	struct look *looks[GT_PC_KINDS];
};

struct gt_symbols {
	char *sysroot; /* or NULL */
	struct gt_intern texts;
	struct gt_symbol_file *files;
};

static void check_added(const UT_hash_handle *hh)
{
	if (hh->tbl == NULL)
		gt_cli_no_memory();
}

struct gt_symbols *gt_symbols_new(const char *sysroot)
{
	struct gt_symbols *symbols = gt_cli_alloc(1, sizeof(*symbols));

	/* Where libdwfl looks for build ids must be absolute. What is not there has no files either. */
	if (sysroot != NULL)
		symbols->sysroot = realpath(sysroot, NULL);
	if (sysroot != NULL && symbols->sysroot == NULL)
		symbols->sysroot = strdup(sysroot);
	return symbols;
}

static void free_file(struct gt_symbol_file *file)
{
	struct look *look, *next;

	for (int kind = 0; kind < GT_PC_KINDS; kind++) {
		HASH_ITER (hh, file->looks[kind], look, next) {
			HASH_DEL(file->looks[kind], look);
			free(look);
		}
	}
	gt_image_free(file->image);
	free(file);
}

void gt_symbols_free(struct gt_symbols *symbols)
{
	struct gt_symbol_file *file, *next;

	if (symbols == NULL)
		return;
	HASH_ITER (hh, symbols->files, file, next) {
		HASH_DEL(symbols->files, file);
		free_file(file);
	}
	gt_intern_free(&symbols->texts);
	free(symbols->sysroot);
	free(symbols);
}

/* Cut off behind GT_MAX_STRING bytes, and at a NUL. */
static const struct gt_string *key_of(struct gt_symbols *symbols, const char *path, const char *build_id)
{
	char key[2 * GT_MAX_STRING + 2];

	snprintf(key, sizeof(key), "%.*s\n%s", GT_MAX_STRING / 2, build_id, path);
	return gt_intern(&symbols->texts, key, strlen(key));
}

struct gt_symbol_file *gt_symbols_file(struct gt_symbols *symbols, const struct gt_string *path,
				       const struct gt_string *build_id)
{
	char path_text[GT_MAX_STRING + 1], id_text[GT_MAX_STRING + 1];
	struct gt_symbol_file *file;
	uint64_t id;

	gt_string_copy(path_text, sizeof(path_text), path);
	gt_string_copy(id_text, sizeof(id_text), build_id);
	id = (uint64_t)(uintptr_t)key_of(symbols, path_text, id_text);
	GT_MAP_FIND(symbols->files, id, file);
	if (file != NULL)
		return file;
	file = gt_cli_alloc(1, sizeof(*file));
	file->id = id;
	file->path = gt_intern(&symbols->texts, path_text, strlen(path_text));
	file->image = gt_image_new(path_text, id_text, symbols->sysroot);
	GT_MAP_ADD(symbols->files, file);
	check_added(&file->hh);
	return file;
}

const struct gt_string *gt_symbols_path(const struct gt_symbol_file *file)
{
	return file->path;
}

static struct look *look_up(struct gt_symbols *symbols, struct gt_symbol_file *file, uint64_t offset,
			    enum gt_pc_kind kind)
{
	struct gt_place places[GT_PLACES_MOST];
	size_t n = gt_image_find(file->image, offset, kind, places);
	struct look *look = gt_cli_alloc(1, sizeof(*look) + n * sizeof(struct gt_stack_frame));
	char text[GT_MAX_STRING + 1];

	look->id = offset;
	look->named.n = n;
	for (size_t i = 0; i < n; i++) {
		const char *func = places[i].func != NULL ? gt_demangle(places[i].func, text) : NULL;
		const char *source = places[i].file != NULL ? places[i].file : "";

		look->named.frames[i] = (struct gt_stack_frame){
			.line = places[i].line,
			.func = func != NULL ? gt_intern(&symbols->texts, func, strlen(func)) : NULL,
			.file = gt_intern(&symbols->texts, source, strlen(source)),
		};
	}
	GT_MAP_ADD(file->looks[kind], look);
	check_added(&look->hh);
	return look;
}

const struct gt_named *gt_symbols_find(struct gt_symbols *symbols, struct gt_symbol_file *file, uint64_t offset,
				       enum gt_pc_kind kind)
{
	struct look *look;

	GT_MAP_FIND(file->looks[kind], offset, look);
	return look != NULL ? &look->named : &look_up(symbols, file, offset, kind)->named;
}

const struct gt_string *gt_symbols_readable(struct gt_symbols *symbols, const struct gt_string *func)
{
	char name[GT_MAX_STRING + 1], text[GT_MAX_STRING + 1];
	const char *readable;

	if (func->len < 2 || !gt_is_mangled(func->bytes))
		return func;
	gt_string_copy(name, sizeof(name), func);
	readable = gt_demangle(name, text);
	return gt_intern(&symbols->texts, readable, strlen(readable));
}

const struct gt_string *gt_symbols_callable(struct gt_symbols *symbols, const struct gt_string *func)
{
	char name[GT_MAX_STRING + 1];
	const char *callable;
	size_t len;

	func = gt_symbols_readable(symbols, func);
	gt_string_copy(name, sizeof(name), func);
	callable = gt_callable(name, &len);
	return len == strlen(name) ? func : gt_intern(&symbols->texts, callable, len);
}

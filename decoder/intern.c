/* SPDX-License-Identifier: BSD-3-Clause */
#include "intern.h"

#include "../shim/format/event.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct gt_interned {
	struct gt_string string;
	UT_hash_handle hh;
	char bytes[];
};

const struct gt_string *gt_intern(struct gt_intern *intern, const char *bytes, size_t len)
{
	struct gt_interned *text;

	if (len > GT_MAX_STRING)
		len = GT_MAX_STRING;
	HASH_FIND(hh, intern->all, bytes, len, text);
	if (text != NULL)
		return &text->string;
	text = gt_arena_take(&intern->arena, sizeof(*text) + len + 1);
	if (text == NULL)
		gt_cli_no_memory();
	memcpy(text->bytes, bytes, len);
	text->bytes[len] = '\0';
	text->string = (struct gt_string){text->bytes, len};
	HASH_ADD_KEYPTR(hh, intern->all, text->bytes, len, text);
	return &text->string;
}

void gt_intern_free(struct gt_intern *intern)
{
	HASH_CLEAR(hh, intern->all);
	gt_arena_free(&intern->arena);
}

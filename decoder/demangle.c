/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libiberty hands its text over piece by piece. A short name can stand for a text without end, so we leave it, by a
 * jump, when we have enough: its callback cannot refuse, and it keeps everything on the stack.
 */
#include "demangle.h"

#include <libiberty/demangle.h>
#include <setjmp.h>
#include <string.h>

enum { COPIES_MOST = 8 };
enum { OPTIONS = DMGL_PARAMS | DMGL_ANSI | DMGL_RET_DROP };

struct gathered {
	char *text;
	size_t len;
	jmp_buf full;
};

static void gather(const char *piece, size_t len, void *arg)
{
	struct gathered *g = arg;
	size_t room = GT_MAX_STRING - g->len;
	size_t part = len < room ? len : room;

	memcpy(g->text + g->len, piece, part);
	g->len += part;
	if (part < len)
		longjmp(g->full, 1);
}

static bool demangle(const char *name, struct gathered *g)
{
	if (setjmp(g->full) != 0)
		return true;
	if (rust_demangle_callback(name, DMGL_NO_OPTS, gather, g) != 0)
		return true;
	g->len = 0;
	return cplus_demangle_v3_callback(name, OPTIONS, gather, g) != 0;
}

/* What libiberty makes of the name of a copy. */
static void drop_clones(char *text)
{
	char *clone = strstr(text, " [clone ");

	if (clone != NULL)
		*clone = '\0';
}

/* Without what a compiler calls its copy of the function. Rust's older names have points within. */
static bool drop_suffix(char *name)
{
	char *point = strrchr(name, '.');

	if (point == NULL)
		return false;
	*point = '\0';
	return true;
}

const char *gt_demangle(const char *name, char text[GT_MAX_STRING + 1])
{
	struct gathered g = {.text = text};
	char plain[GT_MAX_STRING + 1];
	size_t len = strcspn(name, name[0] == '@' ? "" : "@");

	if (len > GT_MAX_STRING)
		len = GT_MAX_STRING;
	memcpy(plain, name, len);
	plain[len] = '\0';
	for (int copies = 0; gt_is_mangled(plain) && copies < COPIES_MOST; copies++) {
		g.len = 0;
		if (demangle(plain, &g)) {
			text[g.len] = '\0';
			drop_clones(text);
			return text;
		}
		if (!drop_suffix(plain))
			break;
	}
	if (name[len] == '\0')
		return name;
	memcpy(text, name, len);
	text[len] = '\0';
	return text;
}

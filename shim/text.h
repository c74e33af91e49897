/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The few text functions that the recorder needs, without libc's stdio.
 */
#ifndef GT_TEXT_H
#define GT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A text under construction; what does not fit is left out, and it is always terminated. */
struct gt_text {
	char *at;
	size_t room; /* with the terminator */
};

static inline void gt_text_char(struct gt_text *t, char c)
{
	if (t->room > 1) {
		*t->at++ = c;
		t->room--;
	}
	*t->at = 0;
}

static inline void gt_text_add(struct gt_text *t, const char *s)
{
	while (*s)
		gt_text_char(t, *s++);
}

static inline void gt_text_number(struct gt_text *t, uint64_t v, unsigned base)
{
	char digits[24];
	int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n > 0)
		gt_text_char(t, digits[--n]);
}

/* Where `what` stands first in the text, or NULL. */
static inline const char *gt_text_find(const char *in, const char *what)
{
	for (; *in; in++) {
		if (__builtin_strncmp(in, what, __builtin_strlen(what)) == 0)
			return in;
	}
	return NULL;
}

/* What stands behind the last slash. */
static inline const char *gt_text_base(const char *path)
{
	const char *base = path;

	for (; *path; path++) {
		if (*path == '/')
			base = path + 1;
	}
	return base;
}

#endif

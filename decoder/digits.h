/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text into memory that has room for it: every function returns the byte behind what it wrote. A number may write
 * anything into the GT_DIGITS_ROOM bytes from where it starts.
 */
#ifndef GT_DIGITS_H
#define GT_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { GT_DIGITS_ROOM = 32 };

/* What gt_digits_eight() cuts off in front. */
enum { GT_DIGITS_EIGHT = 100000000 };

/* Any number in decimal digits. */
char *gt_digits_many(char *p, uint64_t v);

static inline char *gt_digits_u64(char *p, uint64_t v)
{
	if (v >= 10)
		return gt_digits_many(p, v);
	*p = (char)('0' + v);
	return p + 1;
}

static inline char *gt_digits_i64(char *p, int64_t v)
{
	if (v >= 0)
		return gt_digits_u64(p, (uint64_t)v);
	*p = '-';
	return gt_digits_u64(p + 1, 0 - (uint64_t)v);
}

/* The last eight digits of a number, with zeros in front. */
char *gt_digits_eight(char *p, uint64_t v);

/* A number below a million to the right of six places, with blanks in front. */
char *gt_digits_six(char *p, uint32_t v);

/* Any number in hexadecimal digits. */
char *gt_digits_hex(char *p, uint64_t v);

/* A literal, whose length is known because this is inline. */
static inline char *gt_digits_str(char *p, const char *s)
{
	size_t len = strlen(s);

	memcpy(p, s, len);
	return p + len;
}

#endif

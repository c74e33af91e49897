/* SPDX-License-Identifier: BSD-3-Clause */
#include "glob.h"

#include <stddef.h>

/* The pattern ends at `end`. After a mismatch, the last * takes one character more: no recursion, no deep stack. */
static bool matches(const char *p, const char *end, const char *name)
{
	const char *star = NULL;
	const char *retry = NULL;

	while (*name) {
		if (p < end && *p == '*') {
			star = ++p;
			retry = name;
		} else if (p < end && (*p == '?' || *p == *name)) {
			p++;
			name++;
		} else if (star) {
			p = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (p < end && *p == '*')
		p++;
	return p == end;
}

bool gt_glob_any(const char *list, const char *name)
{
	for (;;) {
		const char *end = list;

		while (*end && *end != ',')
			end++;
		if (matches(list, end, name))
			return true;
		if (!*end)
			return false;
		list = end + 1;
	}
}

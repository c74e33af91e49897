/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors of traces: the first one wins. */
#include "error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void gt_error_clear(struct gt_error *err)
{
	memset(err, 0, sizeof(*err));
	err->m = -1;
	err->index = -1;
}

int gt_error_set(struct gt_error *err, enum gt_error_code code, const char *format, ...)
{
	va_list args;

	if (err->code != GT_ERR_NONE)
		return -1;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->words, sizeof(err->words), format, args);
	va_end(args);
	return -1;
}

const char *gt_error_line(const struct gt_error *err, char *buf, unsigned size)
{
	char where[160] = "";
	size_t n = 0;

	if (err->offset != 0)
		n += snprintf(where, sizeof(where), ", byte %" PRIu64, err->offset);
	if (err->gen != 0)
		n += snprintf(where + n, sizeof(where) - n, ", generation %" PRIu64, err->gen);
	if (err->m != -1)
		n += snprintf(where + n, sizeof(where) - n, ", thread %" PRId64, err->m);
	if (err->index != -1)
		snprintf(where + n, sizeof(where) - n, ", event %" PRId64 " of its batch", err->index);
	snprintf(buf, size, "%s%s%s%s", err->words, *where ? " (" : "", *where ? where + 2 : "", *where ? ")" : "");
	return buf;
}

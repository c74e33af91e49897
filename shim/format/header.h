/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The first sixteen bytes of a trace: "go 1.NN trace" and three NULs.
 */
#ifndef GT_FORMAT_HEADER_H
#define GT_FORMAT_HEADER_H

#include <stdint.h>
#include <string.h>

enum { GT_HEADER_LEN = 16, GT_HEADER_MINOR = 23 /* what we write: every reader from 1.23 on takes it */ };

/* What we write. The array has no terminator beyond the three NULs of the format. */
static const char gt_header[GT_HEADER_LEN] = "go 1.23 trace\0\0";

/* The minor version of a header, or -1 when these sixteen bytes are none. Does not judge the version. */
static inline int gt_header_minor(const uint8_t *bytes)
{
	int minor = 0;
	int i = 5;

	if (memcmp(bytes, "go 1.", 5) != 0)
		return -1;
	while (i < 8 && bytes[i] >= '0' && bytes[i] <= '9')
		minor = minor * 10 + (bytes[i++] - '0');
	if (i == 5 || memcmp(bytes + i, " trace", 6) != 0)
		return -1;
	for (i += 6; i < GT_HEADER_LEN; i++) {
		if (bytes[i] != 0)
			return -1;
	}
	return minor;
}

#endif

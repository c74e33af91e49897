/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a function says on its standard streams and how it ends, when it is the whole of a process.
 */
#ifndef GT_CAPTURE_H
#define GT_CAPTURE_H

enum { GT_CAPTURE_TEXT = 4096 };

struct gt_captured {
	int status; /* of exit(); 128 + n after signal n */
	char out[GT_CAPTURE_TEXT]; /* what fits of it, terminated */
	char err[GT_CAPTURE_TEXT];
};

/* Runs fn(arg) in a child, which exits with what it returns unless it exits before. */
void gt_capture(int (*fn)(void *arg), void *arg, struct gt_captured *captured);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is wrong with a trace, and where: filled in once, by whoever finds the damage first.
 *
 * The first error stays; later ones are consequences of it.
 */
#ifndef GT_ERROR_H
#define GT_ERROR_H

#include <stdint.h>

enum gt_error_code {
	GT_ERR_NONE,
	GT_ERR_IO, /* the file cannot be opened or read, or memory is short */
	GT_ERR_HEADER, /* not a trace */
	GT_ERR_VERSION, /* a trace of a version that this reader does not know */
	GT_ERR_TRUNCATED, /* the file ends inside a batch */
	GT_ERR_FORMAT, /* bytes that the format forbids */
	GT_ERR_ORDER, /* well-formed events that contradict each other */
};

enum { GT_ERROR_WORDS = 240 };

/* The fields that were not known are 0 (offset, gen) or -1 (m, index). */
struct gt_error {
	enum gt_error_code code;
	uint64_t offset; /* bytes from the start of the file: of the batch, or of the damage before it was one */
	uint64_t gen;
	int64_t m;
	int64_t index; /* of the event within its batch, from 0 */
	char words[GT_ERROR_WORDS]; /* one line, no full stop, no newline */
};

/* Forgets what `err` said. */
void gt_error_clear(struct gt_error *err);

/* Says what is wrong unless something was said before. Always returns -1, for `return gt_error_set(...)`. */
int gt_error_set(struct gt_error *err, enum gt_error_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The whole error as one line without a newline: words, then the places that are known. Returns buf. */
const char *gt_error_line(const struct gt_error *err, char *buf, unsigned size);

#endif

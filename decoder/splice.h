/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace put together from generations of others. Nothing is believed until the result was read like any trace.
 */
#ifndef GT_SPLICE_H
#define GT_SPLICE_H

#include "carry.h"
#include "save.h"

struct gt_splice {
	struct gt_out out; /* to a file that can be read, and cut off, afterwards */
	uint64_t *ends; /* where each generation ends */
	size_t generations;
	int error; /* errno of a write that failed */
};

/* Starts a trace of version go 1.`minor` in an empty file. */
void gt_splice_start(struct gt_splice *splice, int fd, int minor);

/* Adds a generation, and what is carried over into it; NULL: nothing. */
void gt_splice_add(struct gt_splice *splice, struct gt_slice *slice, const struct gt_carry *carry);

/*
 * Writes what is left and reads the result. The number of its generations that are sound from the first on; when
 * they are not all, the reason is in *err and the file ends behind the last sound one. -1 when the file cannot be
 * written: then splice->error says why.
 */
long gt_splice_finish(struct gt_splice *splice, struct gt_error *err);

/*
 * The same, and then gives the file its name when anything in it is sound. Whether all of it is. Complains about what is not
 * sound, as of the trace `path`, unless `quiet`.
 */
bool gt_splice_deliver(struct gt_splice *splice, const char *path, bool quiet, struct gt_save *save);

void gt_splice_free(struct gt_splice *splice);

#endif

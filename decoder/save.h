/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that is there as a whole or not at all: it is written without a name and gets its name at the end. What is
 * no regular file, and standard output, gets the bytes at the end instead.
 */
#ifndef GT_SAVE_H
#define GT_SAVE_H

#include <stdbool.h>

struct gt_save {
	int fd; /* to write to, to read and to cut off */
	char *target; /* NULL: standard output */
	char *temporary; /* its name meanwhile, where files without a name cannot be had; else NULL */
	bool copied; /* the target gets the bytes, not the file */
};

/* Starts a file; NULL or "-" is standard output. Exits with status 1 and a complaint when that fails. */
void gt_save_open(struct gt_save *save, const char *path);

/*
 * The file is made of what that descriptor leads to, perhaps among others: as with cp, nobody may do more with it. What it
 * replaces keeps its mode.
 */
void gt_save_like(struct gt_save *save, int fd);

/* What the target is called in complaints. */
const char *gt_save_name(const struct gt_save *save);

/* Gives the file its name, replacing what has it. False after a complaint; nothing has changed then. */
bool gt_save_commit(struct gt_save *save);

/* Forgets the file. Also after a commit, to free what is left. */
void gt_save_close(struct gt_save *save);

#endif

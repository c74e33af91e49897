/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A directory for the files of one test, made when it is first asked for. Criterion forks for each test, so that each
 * has its own. gt_temp_clean() belongs into .fini; whatever goes wrong ends the test.
 */
#ifndef GT_TEMPDIR_H
#define GT_TEMPDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

const char *gt_temp_dir(void);

/* DIR/name. Lives as long as the test; so many different names at most. */
enum { GT_TEMP_NAMES = 16 };
const char *gt_temp_path(const char *name);

/* A new file with this content; returns its path. */
const char *gt_temp_file(const char *name, const void *bytes, size_t len);

/* An empty file of this mode; one that is there gets the mode. */
void gt_temp_touch(const char *path, mode_t mode);

/* The whole file, for free(). */
uint8_t *gt_temp_read(const char *path, size_t *len);

bool gt_temp_exists(const char *path);
size_t gt_temp_size(const char *path);

/* How many files lie in the directory. */
int gt_temp_count(void);

/* Removes the directory and all that is in it, if there is one. */
void gt_temp_clean(void);

#endif

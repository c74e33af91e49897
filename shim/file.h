/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of ours, found again by its path: we hold no descriptor. The path may lead elsewhere by then (chroot, another
 * mount, somebody's rename), so the file is recognised by what it is, and a stranger is never written or removed.
 */
#ifndef GT_FILE_H
#define GT_FILE_H

#include <stdint.h>

enum { GT_PATH_MAX = 4200 };

struct gt_file_id {
	uint64_t device;
	uint64_t inode; /* 0: there is no file */
	uint64_t born; /* ns; 0: the file system does not say */
	uint32_t mode; /* when it was looked at */
};

struct gt_file {
	char path[GT_PATH_MAX]; /* absolute */
	struct gt_file_id id;
};

/* There is no file. */
void gt_file_forget(struct gt_file *f);

/* Creates a new file, readable by its owner only. Returns a descriptor, or minus an errno (-EEXIST: somebody's). */
int gt_file_create(struct gt_file *f, const char *path, int flags);

/* Takes over one that is open under that path. */
void gt_file_take(struct gt_file *f, const char *path, int fd);

/* Creates a symbolic link to `target`. 0, or minus an errno. It can be removed like a file, not opened. */
long gt_file_link(struct gt_file *f, const char *path, const char *target);

/* Opens it again. Returns a descriptor, or minus an errno (-ESTALE: another file stands there). */
int gt_file_open(const struct gt_file *f, int flags);

/* Gives it, or the link, to another user, if it still is what the path leads to. Where that is forbidden it stays whose it was. */
void gt_file_give(const struct gt_file *f, uint32_t uid);

/* Removes it, if it still is what the path leads to. */
void gt_file_remove(struct gt_file *f);

#endif

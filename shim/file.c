/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include "os.h"

#include <errno.h>
#include <sys/stat.h>

static bool is_it(const struct gt_file *f, const struct stat *st)
{
	return f->inode != 0 && st->st_dev == f->device && st->st_ino == f->inode;
}

int gt_file_create(struct gt_file *f, const char *path, int flags)
{
	size_t len = __builtin_strlen(path);
	struct stat st = {0};
	int fd;

	f->inode = 0;
	if (len >= sizeof(f->path))
		return -ENAMETOOLONG;
	fd = gt_os_open(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	__builtin_memcpy(f->path, path, len + 1);
	GT_SYSCALL(SYS_fstat, fd, &st, 0, 0);
	f->device = st.st_dev;
	f->inode = st.st_ino;
	return fd;
}

int gt_file_open(const struct gt_file *f, int flags)
{
	struct stat st = {0};
	int fd = gt_os_open(f->path, flags | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	if (GT_SYSCALL(SYS_fstat, fd, &st, 0, 0) == 0 && is_it(f, &st))
		return fd;
	gt_os_close(fd);
	return -ESTALE;
}

void gt_file_remove(struct gt_file *f)
{
	struct stat st = {0};

	if (GT_SYSCALL(SYS_newfstatat, AT_FDCWD, f->path, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_it(f, &st))
		GT_SYSCALL(SYS_unlinkat, AT_FDCWD, f->path, 0, 0);
	f->inode = 0;
}

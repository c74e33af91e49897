/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include "os.h"

#include <errno.h>
#include <linux/stat.h>

enum { MODE = 0600 };

/* An inode's number may come back at once; the time of its birth does not, where the file system keeps one. */
static bool look(int fd, const char *path, int flags, struct gt_file_id *seen)
{
	struct statx st = {0};

	if (gt_syscall6(SYS_statx, fd, (long)path, flags, STATX_INO | STATX_MODE | STATX_BTIME, (long)&st, 0) != 0)
		return false;
	seen->device = (uint64_t)st.stx_dev_major << 32 | st.stx_dev_minor;
	seen->inode = st.stx_ino;
	seen->born = (uint64_t)st.stx_btime.tv_sec * 1000000000 + st.stx_btime.tv_nsec;
	seen->mode = st.stx_mode & 07777;
	return true;
}

static bool is_it(const struct gt_file *f, int fd, const char *path, int flags)
{
	struct gt_file_id seen = {0};

	return f->id.inode != 0 && look(fd, path, flags, &seen) && seen.device == f->id.device &&
	       seen.inode == f->id.inode && seen.born == f->id.born;
}

static bool take_path(struct gt_file *f, const char *path)
{
	size_t len = __builtin_strlen(path);

	f->id.inode = 0;
	if (len < sizeof(f->path) && path != f->path)
		__builtin_memcpy(f->path, path, len + 1);
	return len < sizeof(f->path);
}

void gt_file_forget(struct gt_file *f)
{
	f->path[0] = 0;
	f->id.inode = 0;
}

int gt_file_create(struct gt_file *f, const char *path, int flags)
{
	int fd;

	if (!take_path(f, path))
		return -ENAMETOOLONG;
	fd = gt_os_open(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, MODE);
	if (fd < 0)
		return fd;
	if (!look(fd, "", AT_EMPTY_PATH, &f->id) || f->id.mode != MODE)
		GT_SYSCALL(SYS_fchmod, fd, MODE, 0, 0); /* under some umask its owner could not open it again */
	return fd;
}

void gt_file_take(struct gt_file *f, const char *path, int fd)
{
	if (take_path(f, path))
		look(fd, "", AT_EMPTY_PATH, &f->id);
}

long gt_file_link(struct gt_file *f, const char *path, const char *target)
{
	long err;

	if (!take_path(f, path))
		return -ENAMETOOLONG;
	err = GT_SYSCALL(SYS_symlinkat, target, AT_FDCWD, path, 0);
	if (err == 0)
		look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &f->id);
	return err;
}

int gt_file_open(const struct gt_file *f, int flags)
{
	int fd = gt_os_open(f->path, flags | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	if (is_it(f, fd, "", AT_EMPTY_PATH))
		return fd;
	gt_os_close(fd);
	return -ESTALE;
}

/* By a descriptor: somebody may put another file in its place after we have looked. */
void gt_file_give(const struct gt_file *f, uint32_t uid)
{
	int fd = gt_os_open(f->path, O_PATH | O_NOFOLLOW, 0);

	if (fd < 0)
		return;
	if (is_it(f, fd, "", AT_EMPTY_PATH))
		gt_syscall6(SYS_fchownat, fd, (long)"", (long)uid, -1, AT_EMPTY_PATH, 0);
	gt_os_close(fd);
}

void gt_file_remove(struct gt_file *f)
{
	if (is_it(f, AT_FDCWD, f->path, AT_SYMLINK_NOFOLLOW))
		GT_SYSCALL(SYS_unlinkat, AT_FDCWD, f->path, 0, 0);
	f->id.inode = 0;
}

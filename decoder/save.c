/* SPDX-License-Identifier: BSD-3-Clause */
#include "save.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *format(const char *words, const char *first, const char *second)
{
	char *text;

	if (asprintf(&text, words, first, second, (int)getpid()) < 0)
		gt_cli_no_memory();
	return text;
}

/* The folder of a path, for free(). */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = format("%s%s", slash != NULL ? path : ".", "");

	if (slash != NULL)
		folder[slash == path ? 1 : slash - path] = '\0';
	return folder;
}

/* A file in `folder` without a name, or with one that nobody else has. */
static int create(struct gt_save *save, const char *folder)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (fd >= 0)
		return fd;
	save->temporary = format("%s%s/.gtrace-%d-XXXXXX", folder, "");
	fd = mkostemp(save->temporary, O_CLOEXEC);
	if (fd >= 0)
		fchmod(fd, 0666 & ~mask);
	return fd;
}

void gt_save_open(struct gt_save *save, const char *path)
{
	const char *spare = getenv("TMPDIR");
	char *folder;
	struct stat st;

	memset(save, 0, sizeof(*save));
	save->copied = path == NULL || strcmp(path, "-") == 0;
	if (!save->copied) {
		bool there = stat(path, &st) == 0;

		/* A link stays a link. */
		save->copied = there && !S_ISREG(st.st_mode);
		save->target = there && !save->copied ? realpath(path, NULL) : format("%s%s", path, "");
		if (save->target == NULL)
			save->target = format("%s%s", path, "");
	}
	folder = save->copied ? format("%s%s", spare != NULL && *spare != '\0' ? spare : "/tmp", "")
			      : folder_of(save->target);
	save->fd = create(save, folder);
	free(folder);
	if (save->fd < 0) {
		gt_cli_complain("%s: %s", path != NULL ? path : "-", strerror(errno));
		exit(GT_EXIT_BROKEN);
	}
}

void gt_save_like(struct gt_save *save, int fd)
{
	struct stat source, own;

	if (fstat(fd, &source) == 0 && S_ISREG(source.st_mode) && fstat(save->fd, &own) == 0)
		fchmod(save->fd, own.st_mode & source.st_mode & 0777);
}

const char *gt_save_name(const struct gt_save *save)
{
	return save->target != NULL ? save->target : "standard output";
}

static bool complain(const struct gt_save *save)
{
	gt_cli_complain("%s: %s", gt_save_name(save), strerror(errno));
	return false;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static bool copy(struct gt_save *save)
{
	int to = save->target != NULL ? open(save->target, O_WRONLY | O_CLOEXEC) : STDOUT_FILENO;
	char buf[65536];
	off_t at = 0;
	ssize_t n = 0;
	bool good = to >= 0;

	while (good && (n = pread(save->fd, buf, sizeof(buf), at)) > 0) {
		good = write_all(to, buf, (size_t)n);
		at += n;
	}
	if (n < 0)
		good = false;
	/* A reader that went away has what it wanted. */
	if (!good && errno != EPIPE)
		complain(save);
	else
		good = true;
	if (save->target != NULL && to >= 0)
		close(to);
	return good;
}

/* Gives a file without a name one, beside its target. */
static bool name(struct gt_save *save)
{
	char *folder = folder_of(save->target);
	char self[64];
	bool good;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", save->fd);
	save->temporary = format("%s%s/.gtrace-%d", folder, "");
	free(folder);
	unlink(save->temporary);
	good = linkat(AT_FDCWD, self, AT_FDCWD, save->temporary, AT_SYMLINK_FOLLOW) == 0;
	if (!good) {
		free(save->temporary);
		save->temporary = NULL;
	}
	return good;
}

bool gt_save_commit(struct gt_save *save)
{
	struct stat st;

	if (save->copied)
		return copy(save);
	if (stat(save->target, &st) == 0)
		fchmod(save->fd, st.st_mode & 07777);
	if ((save->temporary == NULL && !name(save)) || rename(save->temporary, save->target) != 0)
		return complain(save);
	free(save->temporary);
	save->temporary = NULL;
	return true;
}

void gt_save_close(struct gt_save *save)
{
	if (save->temporary != NULL)
		unlink(save->temporary);
	if (save->fd >= 0)
		close(save->fd);
	free(save->temporary);
	free(save->target);
	memset(save, 0, sizeof(*save));
	save->fd = -1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "mapped.h"

#include "../shim/format/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether it begins as live files do; nobody's pipe is waited for. */
static bool is_live(const char *path)
{
	char magic[GT_LIVE_MAGIC_LEN];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool is = fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		  memcmp(magic, GT_LIVE_MAGIC, sizeof(magic)) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}

/* "from-to rw-s offset device inode path": shared, so that others see what is stored. */
static const char *shared_path(char *line)
{
	char *path = strchr(line, '/');

	if (strstr(line, " rw-s ") == NULL || path == NULL)
		return NULL;
	path[strcspn(path, "\n")] = 0;
	return path;
}

static bool take(struct gt_mapped *mapped, int pid, const char *path)
{
	int len = snprintf(mapped->live, sizeof(mapped->live), "/proc/%d/root%s", pid, path);

	if (len >= (int)sizeof(mapped->live) || !is_live(mapped->live))
		return false;
	memcpy(mapped->trace, mapped->live, (size_t)len + 1);
	if (len > 5 && strcmp(mapped->trace + len - 5, ".live") == 0)
		mapped->trace[len - 5] = 0;
	return true;
}

static void take_program(struct gt_mapped *mapped, int pid)
{
	char path[64];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	in = fopen(path, "re");
	if (in == NULL || fgets(mapped->program, sizeof(mapped->program), in) == NULL)
		snprintf(mapped->program, sizeof(mapped->program), "program");
	mapped->program[strcspn(mapped->program, "\n")] = 0;
	if (in != NULL)
		fclose(in);
}

int gt_mapped_find(int pid, struct gt_mapped *mapped)
{
	char maps[64], *line = NULL;
	bool is_found = false;
	size_t size = 0;
	FILE *in;

	snprintf(maps, sizeof(maps), "/proc/%d/maps", pid);
	in = fopen(maps, "re");
	if (in == NULL)
		return -1;
	errno = 0;
	while (!is_found && getline(&line, &size, in) > 0) {
		const char *path = shared_path(line);

		is_found = path != NULL && take(mapped, pid, path);
	}
	free(line);
	if (ferror(in) != 0 || (!is_found && errno == EACCES)) {
		fclose(in);
		errno = EACCES;
		return -1;
	}
	fclose(in);
	take_program(mapped, pid);
	return is_found;
}

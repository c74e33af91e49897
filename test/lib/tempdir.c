/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of a test, with the plain functions of libc. */
#include "tempdir.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LEN = 512 };

static char dir[] = "/tmp/gtrace-unit.XXXXXX";
static char paths[GT_TEMP_NAMES][PATH_LEN];
static bool made;
static int used;

const char *gt_temp_dir(void)
{
	if (!made)
		cr_assert_not_null(mkdtemp(dir));
	made = true;
	return dir;
}

const char *gt_temp_path(const char *name)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/%s", gt_temp_dir(), name);
	for (int i = 0; i < used; i++) {
		if (strcmp(paths[i], path) == 0)
			return paths[i];
	}
	cr_assert_lt(used, GT_TEMP_NAMES);
	memcpy(paths[used], path, sizeof(path));
	return paths[used++];
}

const char *gt_temp_file(const char *name, const void *bytes, size_t len)
{
	const char *path = gt_temp_path(name);
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(bytes, 1, len, file), len);
	cr_assert_eq(fclose(file), 0);
	return path;
}

void gt_temp_touch(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert(fd >= 0, "%s", path);
	cr_assert_eq(fchmod(fd, mode), 0);
	close(fd);
}

uint8_t *gt_temp_read(const char *path, size_t *len)
{
	size_t size = gt_temp_size(path);
	uint8_t *bytes = malloc(size + 1);
	FILE *file = fopen(path, "r");

	cr_assert_not_null(bytes);
	cr_assert_not_null(file);
	*len = fread(bytes, 1, size, file);
	cr_assert_eq(*len, size);
	fclose(file);
	return bytes;
}

bool gt_temp_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

size_t gt_temp_size(const char *path)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0, "%s", path);
	return (size_t)st.st_size;
}

int gt_temp_count(void)
{
	DIR *d = opendir(gt_temp_dir());
	struct dirent *entry;
	int n = 0;

	while (d && (entry = readdir(d)))
		n += entry->d_type != DT_DIR;
	if (d)
		closedir(d);
	return n;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void gt_temp_clean(void)
{
	if (made)
		nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	made = false;
}

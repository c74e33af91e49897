/* SPDX-License-Identifier: BSD-3-Clause */
/* A program without threads has one task and no new descriptor; the lowest is as natively, close_range is harmless. */
#include "check.h"
#include <dirent.h>

static int count(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	CHECK(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

int main(void)
{
	int fd = open("/dev/null", O_RDONLY);

	printf("lowest %d, descriptors %d, tasks %d\n", fd, count("/proc/self/fd"), count("/proc/self/task"));
	CHECK(close_range(3, ~0U, 0) == 0);
	fd = open("/dev/zero", O_RDONLY);
	for (int i = 0; i < 1000; i++) {
		char c;
		CHECK(read(fd, &c, 1) == 1 && c == 0);
	}
	printf("then %d\n", fd);
	return 0;
}

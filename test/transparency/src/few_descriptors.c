/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The limit of descriptors falls below what is open, after much was done, so nobody can open a file any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void)
{
	struct rlimit none = {0, 0};

	for (int i = 0; i < 50000; i++)
		poll(NULL, 0, 0);
	setrlimit(RLIMIT_NOFILE, &none);
	int fd = open("/dev/null", O_RDONLY);
	printf("open %d errno %d\n", fd, errno);
	return 0;
}

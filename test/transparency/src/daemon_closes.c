/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Daemons: fork twice, setsid, chdir, and close every descriptor in one of the usual ways, before or after threads.
 * What the daemon saw goes to a file in ./result. daemon_closes HOW
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_all(const char *how)
{
	if (!strcmp(how, "loop")) {
		for (int i = 0; i < 4096; i++)
			close(i);
	} else if (!strcmp(how, "range")) {
		close_range(0, ~0U, 0);
	} else {
		DIR *dir = opendir("/proc/self/fd");
		struct dirent *entry;

		while ((entry = readdir(dir)))
			if (atoi(entry->d_name) != dirfd(dir) && entry->d_name[0] != '.')
				close(atoi(entry->d_name));
		closedir(dir);
	}
}

static void *wait_a_little(void *arg)
{
	usleep(2000);
	return arg;
}

static void threads(void)
{
	pthread_t ids[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&ids[i], NULL, wait_a_little, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(ids[i], NULL);
}

/* Lowest free numbers, then everything that is open. */
static void report(int directory)
{
	char line[128];
	int fds[3];
	int out;

	for (int i = 0; i < 3; i++)
		fds[i] = open("/dev/null", O_RDWR);
	out = openat(directory, "daemon.out", O_WRONLY | O_CREAT | O_APPEND, 0644);
	snprintf(line, sizeof(line), "null %d %d %d out %d umask %o sid %d\n", fds[0], fds[1], fds[2], out, umask(022),
		 getsid(0) == getpid());
	if (write(out, line, strlen(line)) < 0)
		_exit(9);
	for (int i = 0; i < 1024; i++)
		if (fcntl(i, F_GETFD) >= 0) {
			snprintf(line, sizeof(line), "open %d\n", i);
			if (write(out, line, strlen(line)) < 0)
				_exit(9);
		}
	close(out);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

int main(int argc, char **argv)
{
	int channel[2];
	char byte;
	const char *how = argc > 1 ? argv[1] : "loop";
	int directory = open("result", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	threads();
	if (pipe(channel) || directory < 0)
		return 1;
	if (fork()) {
		close(channel[1]);
		if (read(channel[0], &byte, 1) != 0)
			return 2;
		wait(NULL);
		puts("daemon is done");
		return 0;
	}
	setsid();
	umask(027);
	int kept = fcntl(directory, F_DUPFD, 900);
	int pipe_kept = fcntl(channel[1], F_DUPFD, 901);
	close_all(how);
	/* Both were closed as well, with close_all; they are had again by path. */
	if (fcntl(kept, F_GETFD) >= 0 || fcntl(pipe_kept, F_GETFD) >= 0)
		_exit(8);
	directory = open("result", O_RDONLY | O_DIRECTORY);
	report(directory);
	threads();
	report(directory);
	exit(0);
}

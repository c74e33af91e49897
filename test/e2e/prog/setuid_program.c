/* SPDX-License-Identifier: BSD-3-Clause */
/* A program that belongs to root and runs with root's rights for everybody is started by nobody: it runs as always. */
#include "check.h"
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void *show(void *arg)
{
	printf("user %u, rights of %u\n", getuid(), geteuid());
	return arg;
}

static void copy(const char *to)
{
	static char bytes[1 << 20];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0700);
	long n = read(in, bytes, sizeof(bytes));

	CHECK(n > 0 && n < (long)sizeof(bytes) && write(out, bytes, (size_t)n) == n);
	CHECK(fchmod(out, 04755) == 0 && close(in) == 0 && close(out) == 0);
}

int main(int argc, char **argv)
{
	char name[] = "/tmp/gtrace-setuid.XXXXXX", path[64];
	pthread_t thread;
	int status;
	pid_t pid;

	if (argc == 2) {
		CHECK(pthread_create(&thread, NULL, show, NULL) == 0 && pthread_join(thread, NULL) == 0);
		return 0;
	}
	if (getuid() != 0)
		SKIP("needs root to make a program that runs as root");
	CHECK(mkdtemp(name) && chmod(name, 0755) == 0);
	snprintf(path, sizeof(path), "%s/program", name);
	copy(path);
	pid = fork();
	if (pid == 0) {
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
		execl(path, argv[0], "again", NULL);
		_exit(97);
	}
	CHECK(waitpid(pid, &status, 0) == pid && unlink(path) == 0 && rmdir(name) == 0);
	printf("ended with %d\n", WEXITSTATUS(status));
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each function of the exec family starts this program again, execl also with 40 arguments. The second image says
 * how many arguments it got, the last one, and the variable that was handed over. A failing exec returns -1 with
 * its errno and the process goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEN "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"

static const char *self;
static char *argv_again[] = {"again", "a", "b", NULL};
static char *envp_again[] = {"HANDED=over", NULL};

static void by_execl(void)
{
	execl(self, "again", TEN, TEN, TEN, TEN, (char *)NULL);
}
static void by_execle(void)
{
	execle(self, "again", "x", (char *)NULL, envp_again);
}
static void by_execlp(void)
{
	execlp(self, "again", "y", "z", (char *)NULL);
}
static void by_execv(void)
{
	execv(self, argv_again);
}
static void by_execve(void)
{
	execve(self, argv_again, envp_again);
}
static void by_execvp(void)
{
	execvp(self, argv_again);
}
static void by_execvpe(void)
{
	execvpe(self, argv_again, envp_again);
}
static void by_fexecve(void)
{
	fexecve(open(self, O_RDONLY | O_CLOEXEC), argv_again, envp_again);
}
static void by_execveat(void)
{
	execveat(AT_FDCWD, self, argv_again, envp_again, 0);
}
static void by_syscall(void)
{
	syscall(SYS_execve, self, argv_again, envp_again);
}

static void by_failing(void)
{
	execl("/nowhere", "again", TEN, (char *)NULL);
	printf("execl of nothing: %s\n", errno == ENOENT ? "ENOENT" : "wrong errno");
	execve("/", argv_again, envp_again);
	printf("execve of a directory: %s\n", errno == EACCES ? "EACCES" : "wrong errno");
	fflush(stdout);
	_exit(7);
}

static void run(const char *name, void (*start)(void))
{
	int status = 0;
	pid_t child;

	printf("%s: ", name);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		start();
		_exit(99);
	}
	waitpid(child, &status, 0);
	printf("%s ended with %d\n", name, WEXITSTATUS(status));
}

int main(int argc, char *argv[])
{
	if (!strcmp(argv[0], "again")) {
		printf("%d arguments, last %s, HANDED=%s\n", argc, argv[argc - 1], getenv("HANDED") ? "over" : "");
		return argc;
	}
	self = "/proc/self/exe";
	run("execl", by_execl);
	run("execle", by_execle);
	run("execlp", by_execlp);
	run("execv", by_execv);
	run("execve", by_execve);
	run("execvp", by_execvp);
	run("execvpe", by_execvpe);
	run("fexecve", by_fexecve);
	run("execveat", by_execveat);
	run("syscall", by_syscall);
	run("failing", by_failing);
	return 0;
}

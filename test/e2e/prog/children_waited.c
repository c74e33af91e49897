/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children started by system, popen, fork and both versions of posix_spawn and posix_spawnp, of which the old ones run
 * a script that names no interpreter; and waited for by every call, with and without WNOHANG, and as a debugger does.
 */
#include "helper.h"
#include <signal.h>
#include <spawn.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

#define SPAWN_ARGS                                                                                                     \
	pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *,           \
		char *const *
int old_spawn(SPAWN_ARGS);
int old_spawnp(SPAWN_ARGS);
__asm__(".symver old_spawn, posix_spawn@GLIBC_2.2.5");
__asm__(".symver old_spawnp, posix_spawnp@GLIBC_2.2.5");

static void spawn(const char *name, int (*function)(SPAWN_ARGS), const char *path)
{
	char *argv[] = {"sh", "-c", "exit 5", NULL};
	int error, status = 0;
	pid_t pid = 0;

	error = function(&pid, path, NULL, NULL, argv, environ);
	printf("%s %s: %s", name, path, error ? strerror(error) : "started");
	if (!error)
		CHECK(waitpid(pid, &status, 0) == pid);
	printf(", %d\n", WEXITSTATUS(status));
}

static void spawns(void)
{
	FILE *script = fopen("script", "w");

	CHECK(script && fputs("exit 6\n", script) >= 0 && fclose(script) == 0 && chmod("script", 0700) == 0);
	spawn("posix_spawn", posix_spawn, "/bin/sh");
	spawn("posix_spawnp", posix_spawnp, "sh");
	spawn("old posix_spawn", old_spawn, "/bin/sh");
	spawn("old posix_spawnp", old_spawnp, "sh");
	spawn("posix_spawn", posix_spawn, "./script");
	spawn("old posix_spawn", old_spawn, "./script");
	spawn("posix_spawnp", posix_spawnp, "./script");
	spawn("old posix_spawnp", old_spawnp, "./script");
	spawn("posix_spawn", posix_spawn, "./none");
	spawn("old posix_spawn", old_spawn, "./none");
}

static void shells(void)
{
	char line[32] = "";
	FILE *pipe;
	int status;

	printf("system: %d, a shell: %d, ", WEXITSTATUS(system("exit 3")), system(NULL) != 0);
	CHECK((pipe = popen("echo from the child; exit 4", "r")) && fgets(line, sizeof(line), pipe));
	status = pclose(pipe);
	printf("popen: %d %s", WEXITSTATUS(status), line);
	CHECK((pipe = popen("read line; [ \"$line\" = good ]", "w")) && fputs("good\n", pipe) >= 0);
	CHECK(pclose(pipe) == 0 && !popen("true", "no such mode") && errno == EINVAL);
}

/* A child that ends with `status` when somebody closes the other end of the pipe. */
static pid_t start(int status, int *end)
{
	int ends[2];
	pid_t pid;
	char byte;

	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		CHECK(read(ends[0], &byte, 1) == 0);
		_exit(status);
	}
	CHECK(pid > 0 && close(ends[0]) == 0);
	*end = ends[1];
	return pid;
}

static void let_go(void *end)
{
	CHECK(close(*(int *)end) == 0);
}

static void waits(void)
{
	struct rusage usage = {0};
	siginfo_t info = {0};
	int end, status = 0;
	pid_t pid = start(1, &end);

	CHECK(waitpid(pid, &status, WNOHANG) == 0 && waitid(P_PID, pid, &info, WEXITED | WNOHANG) == 0 && !info.si_pid);
	CHECK(wait3(&status, WNOHANG, &usage) == 0 && wait4(pid, &status, WNOHANG, &usage) == 0);
	CHECK(AWAITED(wait(&status), let_go, &end) == pid && WEXITSTATUS(status) == 1);
	pid = start(2, &end);
	CHECK(AWAITED(waitpid(pid, &status, 0), let_go, &end) == pid && WEXITSTATUS(status) == 2);
	pid = start(3, &end);
	CHECK(AWAITED(wait3(&status, 0, &usage), let_go, &end) == pid && WEXITSTATUS(status) == 3);
	pid = start(4, &end);
	CHECK(AWAITED(wait4(pid, &status, 0, &usage), let_go, &end) == pid && usage.ru_maxrss > 0);
	pid = start(5, &end);
	CHECK(AWAITED(waitid(P_PID, pid, &info, WEXITED), let_go, &end) == 0 && info.si_status == 5);
	CHECK(wait(&status) == -1 && errno == ECHILD && waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(waitid(P_PID, pid, &info, 0) == -1 && errno == EINVAL);
	puts("waited");
}

static void debugged(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
		raise(SIGSTOP);
		_exit(6);
	}
	CHECK(wait4(pid, &status, __WALL, NULL) == pid && WIFSTOPPED(status));
	printf("stopped by %d, ", WSTOPSIG(status));
	CHECK(ptrace(PTRACE_CONT, pid, NULL, NULL) == 0);
	CHECK(wait4(pid, &status, __WALL, NULL) == pid && WIFEXITED(status));
	printf("ended with %d\n", WEXITSTATUS(status));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	shells();
	spawns();
	waits();
	debugged();
	return 0;
}

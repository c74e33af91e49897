/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Children in every way: fork, vfork, posix_spawn, system, popen, exec with failures, wait in all its forms, and what
 * a child inherits. Without arguments the parent; "child N" exits with N.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void ended(const char *what, pid_t child, pid_t got, int status)
{
	printf("%s: own child %d, exited %d with %d\n", what, got == child, WIFEXITED(status), WEXITSTATUS(status));
	fflush(stdout);
}

static void forks(const char *self)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		execl(self, self, "child", "5", NULL);
	ended("fork and execl", child, waitpid(child, &status, 0), status);
	child = vfork();
	if (!child) {
		execle(self, self, "child", "6", NULL, environ);
		_exit(99);
	}
	ended("vfork and execle", child, wait(&status), status);
	child = vfork();
	if (!child) {
		char *words[] = {"nothing", NULL};

		execvp("/nonexistent/nothing", words);
		_exit(errno == ENOENT ? 77 : 78);
	}
	ended("vfork and a failing execvp", child, wait4(child, &status, 0, &(struct rusage){0}), status);
	child = fork();
	if (!child)
		exit(8);
	ended("fork and exit", child, wait3(&status, 0, NULL), status);
}

static void spawns(const char *self)
{
	char *words[] = {(char *)self, "child", "9", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t set;
	siginfo_t info = {0};
	int status = 0;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 7, "/dev/null", O_RDONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	posix_spawnattr_setsigmask(&attributes, &set);
	int error = posix_spawn(&child, self, &actions, &attributes, words, environ);
	waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
	printf("posix_spawn %d: waitid code %d status %d\n", error, info.si_code == CLD_EXITED, info.si_status);
	ended("posix_spawn", child, waitpid(child, &status, 0), status);
	error = posix_spawnp(&child, "no-such-program-anywhere", NULL, NULL, words, environ);
	printf("posix_spawnp of nothing: %d\n", error);
	fflush(stdout);
	status = system("exit 3");
	printf("system: %d\n", WEXITSTATUS(status));
	fflush(stdout);
	FILE *stream = popen("echo from popen; exit 4", "r");
	char line[64] = "";
	if (!stream || !fgets(line, sizeof(line), stream))
		puts("popen fails");
	status = stream ? pclose(stream) : 0;
	printf("popen: %s status %d\n", strtok(line, "\n"), WEXITSTATUS(status));
	int result = waitpid(-1, &status, 0);
	printf("no children: %d errno %d\n", result, errno);
}

static void *fork_in_thread(void *arg)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		_exit(11);
	waitpid(child, &status, 0);
	*(int *)arg = WEXITSTATUS(status);
	return arg;
}

static int be_child(int number)
{
	sigset_t mask;
	int open_count = 0;

	sigemptyset(&mask);
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	for (int i = 0; i < 64; i++)
		open_count += fcntl(i, F_GETFD) >= 0;
	printf("child %d: blocked %d, open %d, seven %d\n", number, sigismember(&mask, SIGUSR1), open_count,
	       fcntl(7, F_GETFD));
	return number;
}

int main(int argc, char **argv)
{
	pthread_t threads[6];
	int results[6];

	if (argc == 3)
		return be_child(atoi(argv[2]));
	forks(argv[0]);
	spawns(argv[0]);
	fflush(stdout);
	for (int i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, fork_in_thread, &results[i]);
	for (int i = 0; i < 6; i++) {
		pthread_join(threads[i], NULL);
		printf("thread's child %d\n", results[i]);
	}
	fflush(stdout);
	char *words[] = {argv[0], "child", "12", NULL};
	execv(argv[0], words);
	return 1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The child of `gtrace record`. Laws: it gets exactly the signal dispositions and mask that we were started
 * with; we hold no descriptor that it could inherit; our status is its status.
 */
#include "launch.h"

#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef GT_PREFIX
#define GT_PREFIX "/usr/local"
#endif

static volatile sig_atomic_t child;

static bool is_readable_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, R_OK) == 0;
}

/* Resolves directory + rest into `path`; false when there is no such file. */
static bool try_library(const char *directory, const char *rest, char *path, size_t size)
{
	char candidate[PATH_MAX];
	char resolved[PATH_MAX];

	if (snprintf(candidate, sizeof(candidate), "%s%s", directory, rest) >= (int)sizeof(candidate))
		return false;
	if (!is_readable_file(candidate) || realpath(candidate, resolved) == NULL)
		return false;
	return snprintf(path, size, "%s", resolved) < (int)size;
}

bool gt_launch_library(char *path, size_t size)
{
	const char *wish = getenv("GTRACE_LIB");
	char self[PATH_MAX];
	ssize_t n;

	if (wish != NULL && *wish != '\0')
		return try_library(wish, "", path, size);
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		if (try_library(self, "/libgtrace.so", path, size) ||
		    try_library(self, "/../lib/libgtrace.so", path, size))
			return true;
	}
	return try_library(GT_PREFIX, "/lib/libgtrace.so", path, size);
}

bool gt_launch_program(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH");

	if (strchr(name, '/') != NULL)
		return snprintf(path, size, "%s", name) < (int)size && access(path, X_OK) == 0;
	for (dirs = dirs ? dirs : "/usr/bin:/bin"; *dirs != '\0';) {
		size_t n = strcspn(dirs, ":");
		int len = snprintf(path, size, "%.*s/%s", n ? (int)n : 1, n ? dirs : ".", name);

		if (len < (int)size && is_readable_file(path) && access(path, X_OK) == 0)
			return true;
		dirs += n + (dirs[n] == ':');
	}
	return false;
}

/* Whether `list`, separated by colons and blanks, has `item`. */
static bool list_has(const char *list, const char *item)
{
	size_t want = strlen(item);

	while (*list != '\0') {
		size_t n = strcspn(list, ": ");

		if (n == want && memcmp(list, item, n) == 0)
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

bool gt_launch_preload(const char *library)
{
	const char *old = getenv("LD_PRELOAD");
	char *value;
	bool ok;

	if (strpbrk(library, ": ") != NULL)
		return false;
	if (old == NULL || *old == '\0')
		return setenv("LD_PRELOAD", library, 1) == 0;
	if (list_has(old, library))
		return true;
	if (asprintf(&value, "%s:%s", library, old) < 0)
		return false;
	ok = setenv("LD_PRELOAD", value, 1) == 0;
	free(value);
	return ok;
}

static void pass_on(int signal)
{
	if (child > 0)
		kill((pid_t)child, signal);
}

static const int handled[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

enum { HANDLED = sizeof(handled) / sizeof(handled[0]) };

static void listen_while_it_runs(struct sigaction old[HANDLED])
{
	for (int i = 0; i < HANDLED; i++) {
		struct sigaction act = {.sa_flags = SA_RESTART};

		act.sa_handler = i < 2 ? SIG_IGN : pass_on;
		sigaction(handled[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(handled[i], &act, NULL);
	}
}

static void listen_as_before(const struct sigaction old[HANDLED])
{
	for (int i = 0; i < HANDLED; i++)
		sigaction(handled[i], &old[i], NULL);
}

static int run_in_child(char *const argv[], const sigset_t *mask)
{
	int error;

	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	error = errno;
	gt_cli_complain("%s: %s", argv[0],
			error == ENOENT && !strchr(argv[0], '/') ? "command not found" : strerror(error));
	return error == ENOENT ? 127 : 126;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int gt_launch_run(char *const argv[], pid_t *pid)
{
	struct sigaction old[HANDLED];
	sigset_t all;
	sigset_t mask;
	int status = 0;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	listen_while_it_runs(old);
	*pid = fork();
	if (*pid == 0) {
		listen_as_before(old);
		_exit(run_in_child(argv, &mask));
	}
	child = (sig_atomic_t)*pid;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (*pid < 0) {
		gt_cli_complain("%s: %s", argv[0], strerror(errno));
		return 126;
	}
	while (waitpid(*pid, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	listen_as_before(old);
	return status_of(status);
}

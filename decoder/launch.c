/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The child of `gtrace record`. Laws: it gets exactly the signal dispositions and mask that we were started
 * with; we hold no descriptor that it could inherit; our status is its status.
 */
#include "launch.h"

#include "cli.h"
#include "elf.h"

#include <dlfcn.h>
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

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* As execvp() looks: an empty element of PATH, also the last one, is the working directory. */
bool gt_launch_program(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH");

	if (strchr(name, '/') != NULL)
		return snprintf(path, size, "%s", name) < (int)size && is_program(path);
	if (dirs == NULL)
		dirs = "/bin:/usr/bin";
	for (;; dirs++) {
		size_t n = strcspn(dirs, ":");
		int len = snprintf(path, size, "%.*s/%s", n ? (int)n : 1, n ? dirs : ".", name);

		if (len < (int)size && is_program(path))
			return true;
		dirs += n;
		if (*dirs == '\0')
			return false;
	}
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

/*
 * The same library by a path in which the dynamic linker of each child puts its own $LIB: a 32-bit child then finds a
 * library of its class, which does nothing, where it would complain about ours on its stderr. False when this
 * system's $LIB is none that we know.
 */
static bool by_class(const char *library, char *path, size_t size)
{
	static const char *const known[] = {"lib/x86_64-linux-gnu", "lib64"};
	const char *name = strrchr(library, '/');
	char mine[PATH_MAX];
	Dl_info libc;

	if (name == NULL || dladdr((void *)exit, &libc) == 0)
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strstr(libc.dli_fname, known[i]) == NULL)
			continue;
		if (snprintf(mine, sizeof(mine), "%.*s/libgtrace.d/%s%s", (int)(name - library), library, known[i],
			     name) >= (int)sizeof(mine) ||
		    !is_readable_file(mine))
			return false;
		return snprintf(path, size, "%.*s/libgtrace.d/$LIB%s", (int)(name - library), library, name) <
		       (int)size;
	}
	return false;
}

/* The runtime of a sanitizer wants to be the first library; 0 when the program has none. */
static int runtime_of(const char *program, char *name, size_t size)
{
	static const char *const prefixes[] = {"libasan.so", "libtsan.so", "liblsan.so"};

	for (size_t i = 0; program != NULL && i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (gt_elf_needs(program, prefixes[i], name, size))
			return (int)strlen(name);
	}
	return 0;
}

bool gt_launch_preload(const char *library, const char *program)
{
	const char *old = getenv("LD_PRELOAD");
	char chosen[PATH_MAX];
	char runtime[NAME_MAX + 1];
	int first;
	char *value;
	bool ok;

	if (strpbrk(library, ": ") != NULL)
		return false;
	if (!by_class(library, chosen, sizeof(chosen)))
		snprintf(chosen, sizeof(chosen), "%s", library);
	if (old != NULL && (list_has(old, library) || list_has(old, chosen)))
		return true;
	first = runtime_of(program, runtime, sizeof(runtime));
	if (asprintf(&value, "%.*s%s%s%s%s", first, runtime, first ? ":" : "", chosen, old && *old ? ":" : "",
		     old ? old : "") < 0)
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

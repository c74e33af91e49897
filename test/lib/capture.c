/* SPDX-License-Identifier: BSD-3-Clause */
/* A child whose standard streams are files in memory. */
#include "capture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void take(int fd, char *text)
{
	ssize_t n = pread(fd, text, GT_CAPTURE_TEXT - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

/* The first to run at exit, and the last: what Criterion and sanitizers have put there is the parent's. */
static void leave(int status, void *unused)
{
	(void)unused;
	fflush(NULL);
	_exit(status);
}

void gt_capture(int (*fn)(void *arg), void *arg, struct gt_captured *captured)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	int err = memfd_create("err", MFD_CLOEXEC);
	int status = 0;
	pid_t pid;

	cr_assert(out >= 0 && err >= 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		on_exit(leave, NULL);
		exit(fn(arg));
	}
	cr_assert(pid > 0 && waitpid(pid, &status, 0) == pid);
	captured->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	take(out, captured->out);
	take(err, captured->err);
}

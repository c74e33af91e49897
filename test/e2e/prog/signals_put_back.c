/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Daemons and whoever starts other programs put all signals back to their defaults, and unblock them, whatever they were: rsyslogd does so in
 * the child that becomes a helper. A sampler's signal must not end them.
 */
#include "burn.h"
#include "check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void put_back(void)
{
	const struct sigaction back = {.sa_handler = SIG_DFL};

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &back, NULL);
}

static void become_helper(void)
{
	sigset_t none;

	sigemptyset(&none);
	for (int fd = STDERR_FILENO + 1; fd < 1000; fd++)
		close(fd);
	burn_until(0.02);
	put_back();
	sigprocmask(SIG_SETMASK, &none, NULL);
	burn_until(0.04);
	execl("/bin/true", "true", NULL);
	_exit(1);
}

int main(void)
{
	sigset_t all;
	int status;
	pid_t child;

	sigfillset(&all);
	CHECK(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
	burn_until(0.02);
	child = fork();
	CHECK(child >= 0);
	if (child == 0)
		become_helper();
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	put_back();
	CHECK(sigprocmask(SIG_UNBLOCK, &all, NULL) == 0);
	burn_until(0.06);
	return 0;
}

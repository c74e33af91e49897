/* SPDX-License-Identifier: BSD-3-Clause */
/* Children of a process with threads, which it waits for, or which outlive it. None but those that say so execs. */
#include "endings.h"
#include "threads.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void wait_for(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	printf("child: exit %d, signal %d\n", WEXITSTATUS(status), WTERMSIG(status));
	say_with_thread(main_row);
}

void end_spawn(void)
{
	pid_t pid = -1;

	posix_spawn(&pid, program_again[0], NULL, NULL, program_again, environ);
	wait_for(pid);
}

void end_vfork_exec(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execv(program_again[0], program_again);
		_exit(98);
	}
	wait_for(pid);
}

void end_vfork_fails(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execv("/nonexistent/program", program_again);
		_exit(STATUS);
	}
	wait_for(pid);
}

/* A child that says some, also in `threads` threads, and then ends. */
static void fork_one(int threads, void (*end)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		child_begins();
		say_often(main_row, SAID);
		while (threads-- > 0)
			say_with_thread(main_row);
		end();
		_exit(98);
	}
	wait_for(pid);
}

static void leave(void)
{
	_exit(STATUS);
}

static void leave_properly(void)
{
	exit(STATUS);
}

static void kill_self(void)
{
	kill(getpid(), SIGKILL);
}

void end_fork__exit(void)
{
	fork_one(0, leave);
}

void end_fork_exit(void)
{
	fork_one(0, leave_properly);
}

void end_fork_killed(void)
{
	fork_one(1, kill_self);
}

void end_fork_abort(void)
{
	fork_one(1, abort);
}

void end_fork_threads(void)
{
	fork_one(3, leave_properly);
}

void end_fork_return(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		child_begins();
		say_often(main_row, SAID);
	} else {
		wait_for(pid);
	}
}

static void fork_again(void)
{
	fork_one(0, leave);
	fork_one(1, leave_properly);
	exit(STATUS);
}

void end_fork_grandchildren(void)
{
	fork_one(1, fork_again);
}

/* Its parent is gone when it says the rest. */
void end_fork_outlives(void)
{
	int ends[2];
	char byte;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) != 0)
		_exit(98);
	pid = fork();
	if (pid == 0) {
		child_begins();
		say_often(main_row, SAID);
		close(ends[1]);
		if (read(ends[0], &byte, 1) == 0)
			say_with_thread(main_row);
		_exit(STATUS);
	}
}

void end_fork_says_nothing(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(STATUS);
	wait_for(pid);
}

void end_daemon(void)
{
	fflush(stdout);
	if (daemon(1, 1) != 0)
		_exit(98);
	child_begins();
	say_with_thread(main_row);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Another program takes the place of this one, or does not. */
#include "endings.h"
#include "threads.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static int own_file(void)
{
	return open("/proc/self/exe", O_RDONLY);
}

void end_execve(void)
{
	execve(program_again[0], program_again, environ);
}

void end_execv(void)
{
	execv(program_again[0], program_again);
}

void end_exec_among_threads(void)
{
	end_execv();
}

void end_execvp(void)
{
	execvp(program_again[0], program_again);
}

void end_execvpe(void)
{
	execvpe(program_again[0], program_again, environ);
}

void end_execl(void)
{
	execl(program_again[0], program_again[0], program_again[1], NULL);
}

void end_execle(void)
{
	execle(program_again[0], program_again[0], program_again[1], NULL, environ);
}

void end_execlp(void)
{
	execlp(program_again[0], program_again[0], program_again[1], NULL);
}

void end_fexecve(void)
{
	fexecve(own_file(), program_again, environ);
}

void end_execveat(void)
{
	execveat(AT_FDCWD, program_again[0], program_again, environ, 0);
}

void end_exec_call(void)
{
	syscall(SYS_execve, program_again[0], program_again, environ);
}

void end_exec_bare(void)
{
	long result = SYS_execve;

	__asm__ volatile("syscall"
			 : "+a"(result)
			 : "D"(program_again[0]), "S"(program_again), "d"(environ)
			 : "rcx", "r11", "memory");
}

static void *exec_now(void *unused)
{
	say_often(page_row(), SAID);
	end_execv();
	return unused;
}

void end_exec_in_thread(void)
{
	pthread_t thread;

	start(&thread, exec_now, NULL);
	pthread_join(thread, NULL);
}

/* In each way that the kernel knows: no file, a directory, no program, too long. */
static void fail(int how)
{
	static char *args[3] = {"nothing", NULL, NULL};
	static char large[200000];
	int status = 0;

	if (how == 3 && !args[1])
		args[1] = memset(large, 'x', sizeof(large) - 1);
	switch (how) {
	case 0:
		status = execv("/nonexistent/program", args);
		break;
	case 1:
		status = execve("/", args, environ);
		break;
	case 2:
		status = execve("/proc/self/maps", args, environ);
		break;
	case 3:
		status = execv("/bin/true", args);
		break;
	case 4:
		status = execvp("no-such-program-anywhere", args);
		break;
	}
	if (status != -1)
		_exit(98);
	perror("exec");
	args[1] = NULL;
}

static void fail_often(void)
{
	for (int i = 0; i < 5; i++) {
		fail(i);
		say_with_thread(main_row);
	}
}

void end_exec_fails(void)
{
	fail(0);
	say_with_thread(main_row);
}

void end_exec_fails_often(void)
{
	fail_often();
	fail_often();
}

void end_exec_fails_and_sigkill(void)
{
	fail_often();
	kill(getpid(), SIGKILL);
}

void end_exec_fails_alone_and_sigkill(void)
{
	fail(0);
	say_often(main_row, SAID);
	kill(getpid(), SIGKILL);
}

void end_exec_fails_often_alone_and_sigkill(void)
{
	fail_often();
	kill(getpid(), SIGKILL);
}

void end_execl_fails_alone_and_sigkill(void)
{
	if (execl("/nonexistent/program", "program", "and", "more", "arguments", "than", "registers", NULL) != -1 ||
	    execle("/", "program", NULL, environ) != -1 ||
	    execlp("no-such-program-anywhere", "program", "and", "more", "arguments", "than", "registers", NULL) != -1)
		_exit(98);
	perror("exec");
	say_with_thread(main_row);
	kill(getpid(), SIGKILL);
}

void end_exec_call_fails_and_sigkill(void)
{
	if (syscall(SYS_execve, "/nonexistent/program", program_again, environ) != -1)
		_exit(98);
	perror("exec");
	say_with_thread(main_row);
	kill(getpid(), SIGKILL);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Children confine themselves to hardly any system call, and do then for the first time what a recorder would ask the kernel about: one
 * goes down its stack, in one a thread ends that was there before, one makes a coroutine, and one uses processor time.
 */
#include "burn.h"
#include "check.h"
#include "confine.h"
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>

FILTER(ALLOW(SYS_write), ALLOW(SYS_read), ALLOW(SYS_exit), ALLOW(SYS_exit_group), ALLOW(SYS_futex), ALLOW(SYS_madvise),
       ALLOW(SYS_munmap), ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_clock_gettime));
static ucontext_t home, away;
static pthread_t thread;
static int ends[2];

static void confine(void)
{
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0);
}

__attribute__((noinline)) static void go_down(int frames)
{
	volatile char room[4096];

	memset((void *)room, frames, sizeof(room));
	if (frames)
		go_down(frames - 1);
	else
		CHECK(write(ends[1], "x", 1) == 1);
	room[0] = 1;
}

static void deep(void)
{
	confine();
	go_down(40);
}

static void *wait_for_a_byte(void *arg)
{
	char byte;

	CHECK(read(ends[0], &byte, 1) == 1);
	return arg;
}

static void thread_ends(void)
{
	CHECK(pthread_create(&thread, NULL, wait_for_a_byte, NULL) == 0);
	usleep(10000);
	confine();
	CHECK(write(ends[1], "x", 1) == 1);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void there_and_back(void)
{
	swapcontext(&away, &home);
}

static void coroutine(void)
{
	static char stack[65536];

	confine();
	getcontext(&away);
	away.uc_stack.ss_sp = stack;
	away.uc_stack.ss_size = sizeof(stack);
	makecontext(&away, there_and_back, 0);
	swapcontext(&home, &away);
}

static void busy(void)
{
	burn_until(0.1);
	confine();
	burn_until(0.3);
}

static void child(const char *name, void (*act)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		usleep(1000);
		act();
		_exit(7);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	printf("%s: exit %d, signal %d\n", name, WEXITSTATUS(status), WTERMSIG(status));
}

int main(void)
{
	child("deep", deep);
	child("thread ends", thread_ends);
	child("coroutine", coroutine);
	child("busy", busy);
	return 0;
}

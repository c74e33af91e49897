/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every call that waits for a signal, and the ways in which a process stops itself, by raise, kill and a whole group;
 * a child sees it stop and lets it go on.
 * Flags: -Wno-deprecated-declarations
 */
#include "helper.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

static volatile sig_atomic_t caught;
static volatile int *is_about_to;
static pthread_t self;

static void note(int signal)
{
	caught = signal;
}

static void poke(void *signal)
{
	CHECK(pthread_kill(self, *(int *)signal) == 0);
}

static void handled(void)
{
	struct sigaction action = {.sa_handler = note};
	int signal = SIGUSR1;
	sigset_t none, old;

	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	sigemptyset(&none);
	CHECK(AWAITED(pause(), poke, &signal) == -1 && errno == EINTR && caught == SIGUSR1);
	caught = 0;
	CHECK(AWAITED(sigsuspend(&none), poke, &signal) == -1 && errno == EINTR && caught == SIGUSR1);
	caught = 0;
	CHECK(AWAITED(sigpause(SIGUSR2), poke, &signal) == -1 && errno == EINTR && caught == SIGUSR1);
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &old) == 0 && !sigismember(&old, SIGUSR1));
	puts("handled: pause, sigsuspend, sigpause");
}

static void taken(void)
{
	const struct timespec shortly = {0, 1000000}, longer = {1000, 0}, none = {0, 0};
	int signal = SIGUSR2, got = 0;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	CHECK(AWAITED(sigwait(&set, &got), poke, &signal) == 0 && got == SIGUSR2);
	CHECK(AWAITED(sigwaitinfo(&set, &info), poke, &signal) == SIGUSR2 && info.si_pid == getpid());
	CHECK(AWAITED(sigtimedwait(&set, &info, &longer), poke, &signal) == SIGUSR2);
	CHECK(sigtimedwait(&set, &info, &shortly) == -1 && errno == EAGAIN);
	CHECK(sigtimedwait(&set, NULL, &none) == -1 && errno == EAGAIN);
	CHECK(raise(SIGUSR2) == 0 && sigwait(&set, &got) == 0 && got == SIGUSR2);
	CHECK(raise(-1) == -1 && errno == EINVAL && kill(getpid(), -1) == -1 && errno == EINVAL);
	puts("taken: sigwait, sigwaitinfo, sigtimedwait");
}

static char state_of(int pid)
{
	char path[64], text[256];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK((fd = open(path, O_RDONLY)) >= 0 && (n = read(fd, text, sizeof(text) - 1)) > 0);
	close(fd);
	text[n] = 0;
	CHECK(strrchr(text, ')'));
	return strrchr(text, ')')[2];
}

/* Stops by stop() while a child waits for that and says SIGCONT. */
static void stopped(const char *name, int (*stop)(void))
{
	pid_t parent = getpid(), child;
	int status, result;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		*is_about_to = 1;
		while (state_of(parent) != 'T')
			sched_yield();
		CHECK(kill(parent, SIGCONT) == 0);
		_exit(0);
	}
	while (!*is_about_to)
		sched_yield();
	result = stop();
	*is_about_to = 0;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	printf("stopped by %s: %d\n", name, result);
}

static int by_raise(void)
{
	return raise(SIGSTOP);
}

static int by_kill(void)
{
	return kill(getpid(), SIGSTOP);
}

static int by_group(void)
{
	return kill(0, SIGSTOP);
}

int main(void)
{
	self = pthread_self();
	is_about_to = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	handled();
	taken();
	CHECK(setpgid(0, 0) == 0 || getpgrp() == getpid());
	stopped("raise", by_raise);
	stopped("kill", by_kill);
	stopped("kill of the group", by_group);
	return 0;
}

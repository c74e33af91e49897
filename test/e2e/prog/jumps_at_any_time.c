/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A handler at 5 kHz jumps out of whatever its thread does just then, which is always a call that is safe there; each
 * time the thread begins anew. The program notices nothing; a jump out of the middle of the recorder ends the recording.
 */
#include "check.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

enum { JUMPS = 1500 };

static sigjmp_buf back;
static atomic_int jumps;
static int null;

static void jump(int signal)
{
	(void)signal;
	jumps++;
	siglongjmp(back, 1);
}

static void *work(void *arg)
{
	const struct timespec moment = {0, 1000};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigsetjmp(back, 1);
	CHECK(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
	while (jumps < JUMPS) {
		CHECK(write(null, "x", 1) == 1 && sched_yield() == 0);
		nanosleep(&moment, NULL);
	}
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	for (int i = 0; i < 100; i++)
		CHECK(fsync(null) == -1);
	return arg;
}

int main(void)
{
	struct itimerval fast = {{0, 200}, {0, 200}}, off = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = jump};
	pthread_t thread;
	sigset_t set;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sigaction(SIGALRM, &action, NULL) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	CHECK(pthread_create(&thread, NULL, work, NULL) == 0 && setitimer(ITIMER_REAL, &fast, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0 && setitimer(ITIMER_REAL, &off, NULL) == 0);
	puts("began anew each time");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A signal handler jumps out of every kind of wait that holds no lock, three times; what the thread does then works and
 * is recorded.
 */
#include "waits.h"
#include <setjmp.h>

enum { TIMES = 3 };

static volatile int tid;
static __thread sigjmp_buf back;

static void jump(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void *run(void *arg)
{
	const struct wait *wait = arg;
	volatile int jumps = 0;
	int null;

	if (sigsetjmp(back, 1) == 0 || ++jumps < TIMES) {
		tid = my_tid();
		wait->call();
		CHECK(!"came back");
	}
	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && write(null, "abc", 3) == 3 && close(null) == 0);
	CHECK(sem_post(&on.sem) == 0 && sem_wait(&on.sem) == 0 && usleep(1) == 0);
	return NULL;
}

static void jump_out(const struct wait *wait)
{
	pthread_t thread;

	tid = 0;
	CHECK(pthread_create(&thread, NULL, run, (void *)wait) == 0);
	for (int i = 0; i < TIMES; i++) {
		wait_until_blocked(&tid);
		tid = 0;
		CHECK(pthread_kill(thread, SIGUSR1) == 0);
	}
	CHECK(pthread_join(thread, NULL) == 0);
}

int main(void)
{
	struct sigaction action = {.sa_handler = jump};
	int count = 0;

	waits_start();
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	for (int i = 0; i < WAITS_COUNT; i++) {
		if (waits[i].flags & LOCKS_STREAM || (waits[i].flags & NEEDS_MQ && on.mq_empty < 0))
			continue;
		jump_out(&waits[i]);
		count++;
	}
	waits_finish();
	printf("jumped out of %d kinds of wait\n", count);
	return 0;
}

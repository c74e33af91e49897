/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every kind of wait, interrupted by a signal whose handler asks for a restart and by one whose handler does not: which
 * of them come back, and with what. What still waits then is cancelled, or told by its last resort.
 */
#include "waits.h"

static volatile int tid, handled, done, release;
static long result;
static int error;

static void note(int signal)
{
	(void)signal;
	handled++;
}

static void *run(void *arg)
{
	const struct wait *wait = arg;

	tid = my_tid();
	errno = 0;
	result = wait->call();
	error = errno;
	done = 1;
	while (!release)
		sched_yield();
	return NULL;
}

/* Until it waits again, or is back. */
static int is_back_after(pthread_t thread, int signal)
{
	int before = handled;

	CHECK(pthread_kill(thread, signal) == 0);
	while (handled == before)
		sched_yield();
	while (!done && thread_state(tid) != 'S')
		sched_yield();
	return done;
}

static void interrupt(const struct wait *wait)
{
	pthread_t thread;
	void *value;

	tid = done = release = 0;
	CHECK(pthread_create(&thread, NULL, run, (void *)wait) == 0);
	wait_until_blocked(&tid);
	printf("%s:", wait->name);
	if (is_back_after(thread, SIGUSR1))
		printf(" back in spite of the restart, %ld %s\n", result, strerrorname_np(error));
	else if (is_back_after(thread, SIGUSR2))
		printf(" restarted, then %ld %s\n", result, strerrorname_np(error));
	else
		printf(" goes on waiting\n");
	release = 1;
	CHECK(done || pthread_cancel(thread) == 0);
	CHECK(pthread_join(thread, &value) == 0 && value == (done ? NULL : PTHREAD_CANCELED));
}

int main(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};

	waits_start();
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	action.sa_flags = 0;
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
	for (int i = 0; i < WAITS_COUNT; i++) {
		if (!(waits[i].flags & NEEDS_MQ) || on.mq_empty >= 0)
			interrupt(&waits[i]);
	}
	waits_finish();
	return 0;
}

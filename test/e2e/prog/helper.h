/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that does something when another one sleeps: AWAITED(call, act, arg) is the value of `call`, and while it
 * blocks, act(arg) is called, which is to end the wait. process_blocked() is the same between two processes.
 */
#ifndef HELPER_H
#define HELPER_H

#include "check.h"

#include <errno.h>
#include <pthread.h>

struct helper {
	pthread_t thread;
	volatile int tid; /* of who is about to block */
	void (*act)(void *arg);
	void *arg;
};

static void *help(void *arg)
{
	struct helper *helper = (struct helper *)arg;

	wait_until_blocked(&helper->tid);
	helper->act(helper->arg);
	return NULL;
}

static inline void when_blocked(struct helper *helper, void (*act)(void *), void *arg)
{
	helper->tid = 0;
	helper->act = act;
	helper->arg = arg;
	CHECK(pthread_create(&helper->thread, NULL, help, helper) == 0);
	helper->tid = my_tid();
}

#define AWAITED(call, act, arg)                                                                                        \
	({                                                                                                             \
		struct helper helper_;                                                                                 \
		__typeof__(call) result_;                                                                              \
                                                                                                                       \
		when_blocked(&helper_, act, arg);                                                                      \
		result_ = (call);                                                                                      \
		CHECK(pthread_join(helper_.thread, NULL) == 0);                                                        \
		result_;                                                                                               \
	})

/* Until the main thread of `pid`, which says in memory that both share that it is about to, sleeps. */
static inline void process_blocked(int pid, volatile int *is_about_to)
{
	char path[64], state = 0;

	while (!*is_about_to)
		sched_yield();
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (state != 'S' && state != 'T') {
		sched_yield();
		state = state_in(path);
		CHECK(state != '?');
	}
}

#endif

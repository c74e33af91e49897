/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread is cancelled in every kind of wait: destructors of C++ objects and functions of the `cleanup` attribute run,
 * in their order, and joining says that it was cancelled. Once more with a cancellation that is pending when the
 * thread comes to the call.
 */
#include "waits.h"

static volatile int tid, is_pending;
static char order[8];

static void note(char c)
{
	size_t len = strlen(order);

	order[len] = c;
	order[len + 1] = 0;
}

struct object {
	char name;
	~object()
	{
		note(name);
	}
};

static void clean_up(char *name)
{
	note(*name);
}

static void nested(const struct wait *wait)
{
	char mark __attribute__((cleanup(clean_up))) = 'b';
	object inner = {'a'};

	tid = my_tid();
	wait->call();
	note('?');
}

static void *run(void *arg)
{
	object outer = {'c'};

	if (is_pending)
		CHECK(pthread_cancel(pthread_self()) == 0);
	nested((const struct wait *)arg);
	return NULL;
}

static void cancel(const struct wait *wait)
{
	pthread_t thread;
	void *value;

	for (int pending = 0; pending < 2; pending++) {
		is_pending = pending;
		tid = order[0] = 0;
		CHECK(pthread_create(&thread, NULL, run, (void *)wait) == 0);
		if (!is_pending) {
			wait_until_blocked(&tid);
			CHECK(pthread_cancel(thread) == 0);
		}
		CHECK(pthread_join(thread, &value) == 0);
		printf("%s%s: %s, %s\n", wait->name, is_pending ? ", pending" : "", order,
		       value == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
	}
}

int main()
{
	waits_start();
	for (int i = 0; i < WAITS_COUNT; i++) {
		if ((!(waits[i].flags & NEEDS_MQ) || on.mq_empty >= 0) && !(waits[i].flags & NO_CANCEL))
			cancel(&waits[i]);
	}
	waits_finish();
	return 0;
}

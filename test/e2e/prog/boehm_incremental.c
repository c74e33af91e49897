/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Boehm collector in its incremental mode, and two collections at a time for it: one that is asked for while another is
 * half done. What is kept must still be there.
 *
 * Flags: -Wl,--no-as-needed -lgc
 * Needs: gc/gc.h
 */
#define GC_THREADS
#include "check.h"

#include <gc/gc.h>
#include <pthread.h>

enum { KEPT = 20000, ROUNDS = 300000 };

struct node {
	struct node *next;
	long value[6];
};

static int never(void)
{
	return 1;
}

static void *work(void *unused __attribute__((unused)))
{
	struct node *list = NULL;
	long sum = 0;

	for (long i = 0; i < ROUNDS; i++) {
		struct node *n = GC_MALLOC(sizeof(*n));

		CHECK(n);
		n->value[0] = i;
		if (i >= KEPT)
			continue;
		n->next = list;
		list = n;
	}
	for (const struct node *n = list; n; n = n->next)
		sum += n->value[0];
	CHECK(sum == (long)KEPT * (KEPT - 1) / 2);
	return NULL;
}

int main(void)
{
	pthread_t thread[2];

	GC_set_time_limit(1);
	GC_INIT();
	GC_enable_incremental();
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&thread[i], NULL, work, NULL) == 0);
	for (int i = 0; i < 10; i++) {
		GC_collect_a_little();
		GC_try_to_collect(never);
	}
	work(NULL);
	GC_gcollect();
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	GC_gcollect();
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that has a hook of its own in the Boehm collector: it finds there what it has put there, and is called as often
 * as ever, also from a library that was bound later. Other threads run, wait and allocate meanwhile.
 *
 * Flags: -Wl,--no-as-needed -lgc
 * Needs: gc/gc.h
 */
#define GC_THREADS
#include "check.h"

#include <gc/gc.h>
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 3, COLLECTIONS = 20 };

static int calls[16], others[16];
static _Atomic int over;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count(GC_EventType event)
{
	calls[event]++;
}

/* The way of polite programs: whoever was there before is called, too. */
static GC_on_collection_event_proc before;

static void count_and_pass_on(GC_EventType event)
{
	others[event]++;
	if (before)
		before(event);
}

static void *work(void *kind)
{
	while (!atomic_load(&over)) {
		if (kind) {
			pthread_mutex_lock(&lock);
			pthread_mutex_unlock(&lock);
		} else {
			CHECK(GC_MALLOC(64));
		}
	}
	return NULL;
}

static void print(const char *what, const int *seen)
{
	printf("%s:", what);
	for (int i = 0; i <= GC_EVENT_POST_START_WORLD; i++)
		printf(" %d", seen[i]);
	printf("\n");
}

/* With the collector switched off for others, each collection is ours. */
static void collect(void)
{
	for (int i = 0; i < COLLECTIONS; i++) {
		pthread_mutex_lock(&lock);
		GC_gcollect();
		pthread_mutex_unlock(&lock);
	}
}

int main(void)
{
	pthread_t thread[THREADS];

	CHECK(GC_get_on_collection_event() == NULL);
	GC_set_on_collection_event(count);
	CHECK(GC_get_on_collection_event() == count);
	GC_set_on_collection_event(NULL);
	GC_INIT();
	CHECK(GC_get_on_collection_event() == NULL);
	GC_set_free_space_divisor(1);
	GC_expand_hp(256 << 20);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, work, i == 0 ? NULL : &over) == 0);
	collect();
	print("before", calls);
	GC_set_on_collection_event(count);
	collect();
	print("own", calls);
	before = GC_get_on_collection_event();
	CHECK(before == count);
	GC_set_on_collection_event(count_and_pass_on);
	CHECK(GC_get_on_collection_event() == count_and_pass_on);
	collect();
	print("passed on", calls);
	print("others", others);
	GC_set_on_collection_event(NULL);
	CHECK(GC_get_on_collection_event() == NULL);
	collect();
	print("after", calls);
	atomic_store(&over, 1);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	return 0;
}

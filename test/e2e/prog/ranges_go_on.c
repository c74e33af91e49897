/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What lasts longer than a generation: a collection, a stopped world, a sweep, an assist, one in the other; and a call
 * that keeps its slot until it is taken from it.
 */
#include "../../../preload/gtrace.h"
#include "check.h"

#include <pthread.h>
#include <sys/stat.h>

/* In two generations more. */
static void go_on(void)
{
	for (int i = 0; i < 3; i++) {
		sched_yield();
		gtrace_flush();
	}
}

static void *collects(void *unused)
{
	gtrace_gc_begin();
	gtrace_stw_begin("GC sweep termination");
	go_on();
	gtrace_stw_end();
	gtrace_assist_begin();
	go_on();
	gtrace_assist_end();
	gtrace_gc_end();
	gtrace_sweep_begin();
	go_on();
	gtrace_sweep_end(8192, 4096);
	return unused;
}

static void *opens(void *unused)
{
	int fd = open("fifo", O_RDONLY);

	CHECK(fd >= 0 && close(fd) == 0);
	return unused;
}

int main(void)
{
	pthread_t collector, opener;
	int fd;

	CHECK(mkfifo("fifo", 0600) == 0 && pthread_create(&opener, NULL, opens, NULL) == 0);
	CHECK(pthread_create(&collector, NULL, collects, NULL) == 0 && pthread_join(collector, NULL) == 0);
	usleep(400000); /* a call of 20 ms has lasted */
	CHECK((fd = open("fifo", O_WRONLY)) >= 0 && close(fd) == 0 && pthread_join(opener, NULL) == 0);
	puts("went on");
	return 0;
}

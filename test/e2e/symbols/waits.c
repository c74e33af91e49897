/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits that are inlined, in a static function, and in one that a thread starts with. The test knows the lines. */
#include <pthread.h>
#include <unistd.h>

static volatile int microseconds = 1000; /* no copy of a function for it */
static inline __attribute__((always_inline)) void pause_here(int us)
{
	usleep(us); /* line 9 */
}

static inline __attribute__((always_inline)) void pause_twice(int us)
{
	pause_here(us); /* line 14 */
	pause_here(us + 1); /* line 15 */
}

static __attribute__((noinline)) void local_function(int us)
{
	pause_twice(us); /* line 20 */
	__asm__ volatile(""); /* no sibling call */
}

static void *start_routine(void *arg)
{
	local_function(microseconds);
	return arg;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, start_routine, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	usleep(1000); /* line 37 */
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Six threads make many short system calls on few processors: slots are stolen from them all the time. */
#include "check.h"
#include <pthread.h>

static void *storm(void *arg)
{
	int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);
	char c[16];

	CHECK(zero >= 0 && null >= 0);
	for (int i = 0; i < 5000; i++) {
		CHECK(read(zero, c, sizeof(c)) == sizeof(c));
		CHECK(write(null, c, sizeof(c)) == sizeof(c));
		if (i % 64 == 0)
			sched_yield();
	}
	close(zero);
	close(null);
	return arg;
}

int main(void)
{
	pthread_t t[6];

	for (int i = 0; i < 6; i++)
		CHECK(pthread_create(&t[i], NULL, storm, NULL) == 0);
	for (int i = 0; i < 6; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	puts("over");
	return 0;
}

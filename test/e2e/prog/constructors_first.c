/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wrapped functions are called before the recorder's constructor could be expected to have run, by preinit_array and by
 * a library that was linked, and after its destructor, by that library and by atexit.
 */
#include "check.h"
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char early[64];

static void preinit(void)
{
	const struct timespec moment = {0, 1000};
	int fd;

	pthread_mutex_lock(&mutex);
	fd = open("/dev/zero", O_RDONLY);
	nanosleep(&moment, NULL);
	if (read(fd, early, 4) == 4 && close(fd) == 0)
		strcpy(early, "preinit_array\n");
	pthread_mutex_unlock(&mutex);
}

__attribute__((section(".preinit_array"), used)) static void (*const entry)(void) = preinit;

static void at_exit(void)
{
	usleep(1);
	CHECK(write(1, "atexit\n", 7) == 7);
}

int main(void)
{
	CHECK(atexit(at_exit) == 0);
	CHECK(write(1, early, strlen(early)) == 14);
	return 0;
}

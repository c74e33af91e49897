/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ids are changed in a program with threads, for which libc interrupts each of them: it comes back, and all threads
 * have the same ids.
 */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>

static atomic_int is_over;

static void *work(void *arg)
{
	while (!is_over)
		usleep(100);
	CHECK(getuid() == *(uid_t *)arg && geteuid() == *(uid_t *)arg);
	return NULL;
}

int main(int argc, char **argv)
{
	uid_t uid = getuid();
	pthread_t threads[3];

	(void)argv;
	for (int i = 0; i < 3; i++)
		CHECK(pthread_create(&threads[i], NULL, work, &uid) == 0);
	for (int i = 0; i < 50; i++) {
		CHECK(setgid(getgid()) == 0 && setuid(getuid()) == 0 && setegid(getegid()) == 0);
		CHECK(setresuid(getuid(), getuid(), getuid()) == 0 && setregid(-1, getegid()) == 0);
		usleep(200);
	}
	if (argc == 2 && getuid() == 0) { /* "aside": rights are laid aside for a while */
		CHECK(seteuid(65534) == 0 && usleep(50000) == 0 && seteuid(0) == 0);
		usleep(50000);
	}
	is_over = 1;
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	puts("all have the same ids");
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which libraries are there after the program has waited and been interrupted: the same, but for the recorder's own.
 * One that is no plain C, or links the unwinder, brings more with it, into every program.
 */
#include "check.h"
#include <link.h>
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int show(struct dl_phdr_info *info, size_t size, void *unused)
{
	const char *name = strrchr(info->dlpi_name, '/');

	(void)size;
	(void)unused;
	if (name && strcmp(name, "/libgtrace.so") != 0)
		puts(name + 1);
	return 0;
}

static void *wait_for_lock(void *tid)
{
	*(volatile int *)tid = my_tid();
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void nothing(int signal)
{
	(void)signal;
}

int main(void)
{
	volatile int tid = 0;
	pthread_t thread;

	signal(SIGUSR1, nothing);
	pthread_mutex_lock(&lock);
	CHECK(pthread_create(&thread, NULL, wait_for_lock, (void *)&tid) == 0);
	wait_until_blocked(&tid);
	pthread_kill(thread, SIGUSR1);
	usleep(1000);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	dl_iterate_phdr(show, NULL);
	return 0;
}

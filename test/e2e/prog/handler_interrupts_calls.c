/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A signal at 5 kHz whose handler opens, reads, closes and posts, on top of everything that the program calls: stdio,
 * allocation, creating threads.
 */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <sys/wait.h>

enum { TICKS = 2000 };

static atomic_int ticks;
static sem_t sem;

static void handler(int signal)
{
	int saved_errno = errno, fd = open("/dev/zero", O_RDONLY);
	char byte;

	(void)signal;
	CHECK(fd >= 0 && read(fd, &byte, 1) == 1 && close(fd) == 0 && sem_post(&sem) == 0);
	while (sem_trywait(&sem) == 0)
		;
	ticks++;
	errno = saved_errno;
}

static void *use_stdio(void *arg)
{
	FILE *file = fopen(arg, "w+");
	char line[64];

	CHECK(file);
	while (ticks < TICKS) {
		rewind(file);
		CHECK(fprintf(file, "%d %f\n", 42, 1.5) > 0 && fputs("text\n", file) >= 0 && fflush(file) == 0);
		rewind(file);
		CHECK(fgets(line, sizeof(line), file) && strcmp(line, "42 1.500000\n") == 0);
		free(malloc(1000));
	}
	CHECK(fclose(file) == 0);
	return NULL;
}

static void *nothing(void *arg)
{
	return arg;
}

static void *create(void *arg)
{
	pthread_t thread;
	int status;

	while (ticks < TICKS) {
		CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
		for (int i = 0; i < 5; i++)
			usleep(10);
		waitpid(-1, &status, WNOHANG);
	}
	return arg;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct itimerval fast = {{0, 200}, {0, 200}}, off = {{0, 0}, {0, 0}};
	pthread_t threads[3];

	CHECK(sem_init(&sem, 0, 0) == 0 && sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &fast, NULL) == 0);
	CHECK(pthread_create(&threads[0], NULL, use_stdio, "one") == 0);
	CHECK(pthread_create(&threads[1], NULL, use_stdio, "two") == 0);
	CHECK(pthread_create(&threads[2], NULL, create, NULL) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &off, NULL) == 0);
	printf("%d ticks\n", TICKS);
	return 0;
}

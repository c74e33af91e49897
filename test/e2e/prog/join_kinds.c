/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Joining: threads that are over, that still run, that called pthread_exit, with a deadline that passes, oneself;
 * a detached thread; a creation that fails. The main thread leaves by pthread_exit while another thread still
 * runs, which then prints the last line and ends the process.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct timespec past = {1, 0};
static sem_t go, gone;
static pthread_t main_thread;

static const char *answer(int error)
{
	return error ? strerrorname_np(error) : "0";
}

static void *wait_to_go(void *arg)
{
	sem_wait(&go);
	return arg;
}

static void *leave(void *arg)
{
	sem_wait(&go);
	pthread_exit(arg);
}

static void *say_gone(void *arg)
{
	sem_post(&gone);
	return arg;
}

static void *come_last(void *arg)
{
	void *value = NULL;
	int error = pthread_join(main_thread, &value);

	(void)arg;
	printf("main thread: %s %s\n", answer(error), (char *)value);
	exit(4);
}

static void join_late(const char *name, void *(*routine)(void *))
{
	pthread_t thread;
	void *value = NULL;
	int error;

	pthread_create(&thread, NULL, routine, "its value");
	printf("%s: try %s", name, answer(pthread_tryjoin_np(thread, &value)));
	printf(" timed %s", answer(pthread_timedjoin_np(thread, &value, &past)));
	printf(" clock %s", answer(pthread_clockjoin_np(thread, &value, CLOCK_MONOTONIC, &past)));
	printf(" odd clock %s", answer(pthread_clockjoin_np(thread, &value, CLOCK_PROCESS_CPUTIME_ID, &past)));
	sem_post(&go);
	error = pthread_join(thread, &value);
	printf(" join %s %s\n", answer(error), (char *)value);
}

static void join_over(void)
{
	pthread_t thread;
	void *value = NULL;
	int error;

	pthread_create(&thread, NULL, say_gone, "over");
	sem_wait(&gone);
	while ((error = pthread_tryjoin_np(thread, &value)) == EBUSY)
		usleep(1000);
	printf("over: %s %s\n", answer(error), (char *)value);
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	sem_init(&go, 0, 0);
	sem_init(&gone, 0, 0);
	join_late("return", wait_to_go);
	join_late("pthread_exit", leave);
	join_over();
	printf("oneself: %s\n", answer(pthread_join(pthread_self(), NULL)));
	pthread_create(&thread, NULL, say_gone, NULL);
	printf("detach: %s\n", answer(pthread_detach(thread)));
	sem_wait(&gone);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)1 << 46);
	printf("too large: %s\n", answer(pthread_create(&thread, &attr, say_gone, NULL)));
	main_thread = pthread_self();
	pthread_create(&thread, NULL, come_last, NULL);
	fflush(stdout);
	pthread_exit("left");
}

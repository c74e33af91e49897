/* SPDX-License-Identifier: BSD-3-Clause */
/* Its constructor and its destructor make threads, lock, wait and write: before and after anything of the program. */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t sem;

static void say(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(98);
}

static void *post(void *arg)
{
	usleep(1000);
	sem_post(&sem);
	return arg;
}

static void work(const char *name)
{
	char bytes[8];
	pthread_t thread;
	FILE *zero = fopen("/dev/zero", "r");

	sem_init(&sem, 0, 0);
	pthread_mutex_lock(&mutex);
	if (!zero || fread(bytes, 1, 8, zero) != 8 || fclose(zero) != 0 || pthread_create(&thread, NULL, post, NULL))
		say("wrong ");
	sem_wait(&sem);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&mutex);
	say(name);
}

static __attribute__((constructor)) void start(void)
{
	work("the library's constructor\n");
}

static __attribute__((destructor)) void finish(void)
{
	work("the library's destructor\n");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * victim PAGE: threads that wait, wake each other, are born and end, until they are killed. Each counts its yields in PAGE,
 * memory that outlives the process: a yield that is counted there was recorded before.
 * victim -r PAGE: prints "TID YIELDS" for each thread.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 6 };

struct row {
	_Atomic int tid;
	_Atomic unsigned yields;
};

static struct row *page;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static int ends[2];

static void *brief(void *arg)
{
	sem_post(&sem);
	return arg;
}

static void wait_a_moment(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 50000;
	if (until.tv_nsec < 1000000000)
		pthread_cond_timedwait(&cond, &mutex, &until);
}

static void act(unsigned dice)
{
	static const struct timespec moment = {0, 20000};
	pthread_t thread;
	char byte = 0;

	switch (dice % 8) {
	case 0:
		pthread_mutex_lock(&mutex);
		wait_a_moment();
		pthread_mutex_unlock(&mutex);
		break;
	case 1:
		pthread_mutex_lock(&mutex);
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
		break;
	case 2:
		nanosleep(&moment, NULL);
		break;
	case 3:
		if (pthread_create(&thread, NULL, brief, NULL) == 0) {
			sem_wait(&sem);
			pthread_join(thread, NULL);
		}
		break;
	case 4:
		if (write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1)
			break;
		abort();
	case 5:
		pthread_setname_np(pthread_self(), dice % 3 ? "one name" : "another name");
		break;
	default:
		(void)getppid();
	}
}

static void *work(void *arg)
{
	struct row *row = arg;
	unsigned seed = (unsigned)(row - page) + (unsigned)getpid();

	row->tid = (int)gettid();
	for (;;) {
		act((unsigned)rand_r(&seed));
		sched_yield();
		row->yields++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[argc - 1], O_RDWR | O_CREAT, 0600) : -1;
	pthread_t thread;

	if (fd < 0 || ftruncate(fd, 4096) != 0 || pipe(ends) != 0)
		return 2;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return 2;
	if (strcmp(argv[1], "-r") == 0) {
		for (int i = 0; i < THREADS && page[i].tid; i++)
			printf("%d %u\n", page[i].tid, page[i].yields);
		return 0;
	}
	sem_init(&sem, 0, 0);
	for (int i = 1; i < THREADS; i++) {
		if (pthread_create(&thread, NULL, work, &page[i - 1]) != 0)
			return 2;
	}
	return work(&page[THREADS - 1]) != NULL;
}

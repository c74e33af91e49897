/* SPDX-License-Identifier: BSD-3-Clause */
#include "point.h"

#include <poll.h>

sem_t point_sem;
const struct timespec point_moment = {0, 1000000};
volatile int point_tid;

void about_to_wait(const char *name)
{
	CHECK(pthread_setname_np(pthread_self(), name) == 0);
	point_tid = gettid();
}

/* By pread() and ppoll(), which are none of record.py's functions. */
static int is_asleep(int tid)
{
	char path[64], text[256] = "", *name_end;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0 && pread(fd, text, sizeof(text) - 1, 0) > 0 && close(fd) == 0);
	name_end = strrchr(text, ')');
	return name_end && name_end[2] == 'S';
}

void point_run(const pthread_attr_t *attr, void *(*start)(void *), void *arg, void (*wake)(void))
{
	pthread_t thread;

	point_tid = 0;
	CHECK(pthread_create(&thread, attr, start, arg) == 0);
	if (wake) {
		while (!point_tid || !is_asleep(point_tid))
			ppoll(NULL, 0, &(const struct timespec){0, 50000}, NULL);
		wake();
	}
	CHECK(pthread_join(thread, NULL) == 0);
}

void point_post(void)
{
	CHECK(sem_post(&point_sem) == 0);
}

static void *start(void *arg)
{
	const struct point *point = arg;

	point->run(point->name);
	return NULL;
}

void points_run(const struct point *points, size_t count)
{
	CHECK(sem_init(&point_sem, 0, 0) == 0);
	for (size_t i = 0; i < count; i++)
		point_run(NULL, start, (void *)&points[i], point_post);
}

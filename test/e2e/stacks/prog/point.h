/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A point is a wait whose stack both gdb and libgtrace are asked for. It has a thread of its own, for a trace knows only
 * a thread's last name, which takes the name of the point right before it waits: AT(name, call). The first function of
 * record.py's list that it calls then is the point. What runs meanwhile calls none of these in a loop: gdb would stop
 * the program each time.
 */
#ifndef POINT_H
#define POINT_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHECK(x)                                                                                                       \
	do {                                                                                                           \
		if (!(x)) {                                                                                            \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #x);                              \
			_exit(99);                                                                                     \
		}                                                                                                      \
	} while (0)

#define AT(name, call)                                                                                                 \
	({                                                                                                             \
		about_to_wait(name);                                                                                   \
		call;                                                                                                  \
	})
#define WAIT(name) AT(name, sem_wait(&point_sem)) /* point_post() ends it */
#define REST(name) AT(name, nanosleep(&point_moment, NULL))

/* A function that is never inlined; a call before it that is no tail call; an object that lives in no register. */
#define FRAME __attribute__((noinline, noclone))
#define GO_ON_AFTER() __asm__ volatile("" ::: "memory")
#define IN_MEMORY(object) __asm__ volatile("" ::"r"(object) : "memory")

#ifdef __cplusplus
extern "C" {
#endif

extern sem_t point_sem;
extern const struct timespec point_moment;
extern volatile int point_tid;

void about_to_wait(const char *name);

/* Runs start(arg) in a thread and, unless `wake` is null, calls it when that thread sleeps. `attr` may be null. */
void point_run(const pthread_attr_t *attr, void *(*start)(void *), void *arg, void (*wake)(void));

void point_post(void);

/* Each of a program's points, one after the other: run(name), which is to WAIT(name). */
struct point {
	const char *name;
	void (*run)(const char *name);
};

void points_run(const struct point *points, size_t count);

#define POINTS_RUN(points) points_run(points, sizeof(points) / sizeof(*(points)))

#ifdef __cplusplus
}
#endif

#endif

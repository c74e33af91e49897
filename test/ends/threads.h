/* SPDX-License-Identifier: BSD-3-Clause */
/* The threads of which the ending leaves some in every state: running, and in several waits. */
#ifndef THREADS_H
#define THREADS_H

#include "page.h"

#include <pthread.h>

enum { SAID = 40, STATUS = 7 };

extern struct row *main_row;
extern pthread_t waiter; /* in sem_wait for ever */

void start(pthread_t *thread, void *(*routine)(void *), void *arg);

/* A thread's routine: says SAID events, on which it waits for a lock and naps, and ends. */
void *say_some(void *unused);

/* Two threads that go on for ever and three that wait for ever. All have said SAID events when it returns. */
void start_threads(void);

/* The first act of a forked child: it says on main_row, and waits for no lock that a thread of its parent held. */
void child_begins(void);

/* Says events, in a new thread, too, and takes a lock that others hold. */
void say_with_thread(struct row *row);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that do what a test tells them, one thing at a time, so that a test decides the order of everything that
 * several threads do. A puppet is static: what lies on the test's own stack looks to the recorder like the frame of
 * an interrupted operation.
 */
#ifndef GT_PUPPET_H
#define GT_PUPPET_H

#include "shim/sched.h"

#include <pthread.h>
#include <semaphore.h>

struct gt_puppet {
	pthread_t thread;
	sem_t go, done;
	void (*act)(void *); /* NULL: the end */
	void *arg;
	int tid;
	struct gt_op op; /* of gt_puppet_waits() */
	_Atomic int inside;
};

/* A thread that the recorder has not heard of. */
void gt_puppet_start(struct gt_puppet *p);

/* A thread that the calling thread announces, as the wrapper of pthread_create does; its record. */
struct gt_thread *gt_puppet_born(struct gt_puppet *p);

/* Runs act(arg) in the thread and waits for its return; the two halves of it. */
void gt_puppet_do(struct gt_puppet *p, void (*act)(void *), void *arg);
void gt_puppet_begin(struct gt_puppet *p, void (*act)(void *), void *arg);
void gt_puppet_wait(struct gt_puppet *p);

/* The thread returns without a word to the recorder. Afterwards the kernel does not know it any more. */
void gt_puppet_vanish(struct gt_puppet *p);

/* It tells the recorder that it ends, then vanishes. */
void gt_puppet_end(struct gt_puppet *p);

/* The thread starts to wait for a mutex at this address, and ends that; gt_yield(). From GT_PUPPET_PC. */
#define GT_PUPPET_PC ((const void *)0x7000)
void gt_puppet_waits(struct gt_puppet *p, const void *object);
void gt_puppet_wakes(struct gt_puppet *p);
void gt_puppet_yields(struct gt_puppet *p);

/* The thread enters a section and stays inside until it is told to leave; then it writes a yield there and leaves. */
void gt_puppet_enters(struct gt_puppet *p);
void gt_puppet_leaves(struct gt_puppet *p);

/* It switches generations, and the calling thread goes on when it holds the lock and has published the new one. */
void gt_puppet_switches(struct gt_puppet *p);

#endif

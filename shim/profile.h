/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where threads spend processor time: GTRACE_CPU_HZ samples for each second of it, with stacks.
 *
 * A process with a writer thread is sampled by the kernel (perf.h): the program notices nothing, the writer makes stacks of
 * what the kernel copied. Without a writer, or where the kernel refuses, each thread has a timer (cpu_timer.h).
 */
#ifndef GT_PROFILE_H
#define GT_PROFILE_H

#include "thread.h"

/* As the fact Sampling has it. */
enum gt_profile_way { GT_PROFILE_OFF, GT_PROFILE_KERNEL, GT_PROFILE_KERNEL_USER, GT_PROFILE_TIMERS };

/* In a forked child, before anything else: it has inherited nothing of all this. */
void gt_profile_forget(void);

/* At start, and in a forked child: the calling thread is sampled, and those that come. */
void gt_profile_start(uint64_t hz);

/* The writer thread runs, and other threads are about to be created. Outside sections. */
void gt_profile_threaded(void);

/* The calling thread is the only one now, without a writer. */
void gt_profile_alone(void);

/* A recording begins; the process may have run for a while without one. Under the switch lock. */
void gt_profile_skip(void);

/* Nobody is sampled any more, and no signal of ours comes: a filter may forbid to return from one. Outside sections. */
void gt_profile_end(void);

/* Whether the signal has become the program's own: then no more of them come to it. Outside sections. */
void gt_profile_look(void);

/* A thread is there; it is over, or gone. By the thread itself, or for one that is gone. */
void gt_profile_thread_begins(struct gt_thread *t);
void gt_profile_thread_ends(struct gt_thread *t);

/*
 * What the kernel has sampled between these times, into the queue of `gen`: under the switch lock, the generation being
 * under way or closed and not forgotten.
 */
void gt_profile_collect(uint32_t gen, uint64_t began, uint64_t until);

/* How, and how often. */
enum gt_profile_way gt_profile_way(void);
uint64_t gt_profile_hz(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The life of a traced process: start, fork, exec, end. Called by preload/ at the places where the dynamic
 * linker, the program or libc pass through it.
 *
 * States: NONE -> LIVE -> FINISHED; OFF instead of LIVE when GTRACE_DISABLE is set or nothing can be written.
 * A forked child starts as NONE again and becomes LIVE at its first operation.
 */
#ifndef GT_PROCESS_H
#define GT_PROCESS_H

#include "rules.h"
#include "vdso.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/*
 * The functions of libc that the recorder needs and that preload/ wraps: the real ones, resolved.
 * All must be there before gt_process_start().
 */
struct gt_libc {
	int (*pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	int (*pthread_setcanceltype)(int, int *);
	int (*pthread_sigmask)(int, const sigset_t *, sigset_t *);
	gt_clock_gettime_fn *clock_gettime; /* the kernel's own (vdso.h), or NULL */
	const uint32_t *tid; /* where libc has a thread's id (life.h), or NULL */
	gt_find_object_fn *find_object; /* or NULL: older than glibc 2.35 */
	struct gt_starts starts;
	bool is_secure; /* the program has rights that its user has not: nothing is recorded, and no option is read */
};

/*
 * Starts recording: reads GTRACE_* from `envp` (environ is not set yet in an early constructor), creates the
 * trace, registers the calling thread as main. Called once, by the constructor, before other threads exist.
 * Failing leaves the recorder OFF and the program untouched.
 */
void gt_process_start(const struct gt_libc *libc, int argc, char *const argv[], char *envp[]);

/* Whether the options ask for the heap, and there is a trace to write it in. */
bool gt_process_watches_heap(void);

/* Starts the writer thread unless it runs. Called before the program's first own pthread_create. */
void gt_process_threaded(void);

/*
 * The program's own threads, the first one included, as they are created and end. The process ends with the last of
 * them, and libc counts the writer, too: it must be gone by then. May wait for it.
 */
void gt_process_thread_begins(void);
void gt_process_thread_ends(void);

/*
 * The calling thread is about to leave by the system call exit, from `pc`; `is_created`: the program has made it by a
 * function of libc. When it is the last one, the process ends with it, and the trace is completed. In a vfork child does
 * nothing; makes no system call when nothing is recorded any more.
 */
void gt_process_thread_exits(bool is_created, const void *pc);

/*
 * Closes the last generation, writes the rest and removes the live file: the trace is complete afterwards.
 * Called by the destructor and by the _exit family. In a vfork child (same memory, other pid) does nothing.
 */
void gt_process_finish(void);

/*
 * The caller may need to be the only thread (unshare, setns): the writer thread ends, and comes back with the program's
 * next pthread_create.
 */
void gt_process_alone(void);

/*
 * The kernel is about to forbid what recording needs (seccomp, the clock): completes the trace, and nothing is
 * recorded from now on, also not in a forked child that has recorded nothing yet. No system call is made any more.
 */
void gt_process_forbid(void);

/*
 * In the child of a fork, as its first act: it forgets everything inherited and starts its own trace at its first
 * operation. A child in which nobody calls this finds the generation word wiped, and is recorded from the first time it
 * creates a thread. Nothing is locked around fork: the child uses nothing that its parent may have been changing.
 */
void gt_fork_child(void);

/*
 * The file may be out of reach from now on (another user, another root): what was recorded is brought to it, unless that
 * was done within the last second.
 */
void gt_process_flush(void);

/*
 * Before exec: everything recorded so far is brought to the file. After a success nobody could remove the live file: so it
 * goes now, unless other threads may record until they are gone; then it stays beside the trace. Recording goes on. In a
 * vfork child does nothing, and neither where nothing has that path, as in all directories of PATH but one: then exec is about to
 * fail. NULL: it is not known.
 */
void gt_exec_prepare(const char *path);

/* After an exec that came back: there is a live file again. */
void gt_exec_failed(void);

#endif

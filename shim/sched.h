/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What threads do, as events: the whole interface between the entry points (preload/) and the recorder.
 *
 * Every call may come from any thread, also from one that the recorder has never seen, from a signal handler,
 * from a forked child, before the recorder is ready and after it has finished; where it can do nothing it
 * does nothing. No call blocks, allocates from the program's heap, changes errno, prints, or fails visibly.
 *
 * `pc` is where in the program the operation was called: the wrapper's own return address (GT_CALLER).
 */
#ifndef GT_SCHED_H
#define GT_SCHED_H

#include "format/event.h"

#include "objects.h"

#include "waiters.h"

#include <stdbool.h>
#include <stdint.h>

struct gt_thread;

/* Nothing will ever be recorded, in a child neither: entry points go straight to the real function. Written once, at start. */
extern bool gt_is_off;

#define GT_CALLER __builtin_return_address(0)

/*
 * An operation that has begun and not ended: lives in the wrapper's frame. thread == NULL: not recorded.
 * Ending it twice, or never, is allowed (longjmp and exec leave it): the thread's next operation closes what
 * was left open, and a late end of a closed operation is ignored.
 */
struct gt_op {
	struct gt_thread *thread;
	uint64_t serial; /* which of the thread's operations this is */
	int64_t result; /* GT_NO_RESULT unless the wrapper knows better: what a system call returned, a failure
			    as minus the errno; the nanoseconds that a sleep was asked for */
};

#define GT_NO_RESULT INT64_MIN

/* What a wait is: a constant at each place that waits. */
struct gt_waiting {
	uint8_t reason; /* enum gt_block_reason */
	uint8_t primitive; /* enum gt_primitive */
	uint16_t number; /* of the system call that waits, or an enum gt_call; GT_NO_CALL */
};

enum { GT_NO_CALL = UINT16_MAX };

/*
 * Waiting: GoBlock(reason), and the slot is given up. `object` is what the primitive's row says: an address, by which
 * wakers find the waiter and which is never dereferenced, or a number.
 */
void gt_wait_begin(struct gt_op *op, struct gt_waiting what, const void *object, const void *pc);

/*
 * Calls into the kernel, or into libc as a whole: one that is usually short keeps its slot, and others may steal it; one
 * that waits gives it up. `fd`: the descriptor that it works on, or -1.
 */
void gt_syscall_begin(struct gt_op *op, long number, int fd, const void *pc);
void gt_syscall_begin_blocking(struct gt_op *op, long number, int fd, const void *pc);

/* A call that moves data in or out: a wait where the descriptor can wait, else a short call. */
enum gt_direction { GT_IN, GT_OUT };
void gt_io_begin(struct gt_op *op, enum gt_direction direction, long number, int fd, const void *pc);

/* A call that waits, unless `is_instant`. */
void gt_call_begin(struct gt_op *op, struct gt_waiting what, const void *object, bool is_instant, const void *pc);

/* The operation is over, whichever it was: GoUnblock unless a waker wrote it, or GoSyscallEnd; the thread runs again. */
void gt_op_end(struct gt_op *op);

/* What the inline halves of the wake calls below fall back to. */
void gt_wake_one_slow(const void *object, const void *pc);
void gt_wake_all_slow(const void *object, const void *pc);
void gt_release_slow(const void *object);

/*
 * Waking, to be called before the real operation: afterwards the object may be gone.
 *
 * Each first looks at one counter and returns when nobody waits. gt_wake_one() names the waiter when there is
 * exactly one, gt_wake_all() names all of them; gt_release() never does, it only notes who let go, for locks
 * that a third thread may take first.
 */
static inline void gt_wake_one(const void *object, const void *pc)
{
	if (gt_waiters_any(object))
		gt_wake_one_slow(object, pc);
}

static inline void gt_wake_all(const void *object, const void *pc)
{
	if (gt_waiters_any(object))
		gt_wake_all_slow(object, pc);
}

static inline void gt_release(const void *object)
{
	if (gt_waiters_any(object))
		gt_release_slow(object);
}

/* The thread does not wait, but does not run either until the operation is over: GoStop(reason), ProcStop. */
void gt_stop_begin(struct gt_op *op, enum gt_stop_reason reason, const void *pc);

/* sched_yield: GoStop("runtime.Gosched") and GoStart. Call before the real one. */
void gt_yield(const void *pc);

/*
 * Threads. gt_thread_create() emits GoCreate for a thread that is about to be created and returns the record
 * that the new thread passes to gt_thread_start() as its first act; NULL when it can't be recorded (create the
 * thread all the same). When pthread_create fails, gt_thread_create_failed() takes the announcement back.
 * gt_thread_end() emits GoDestroy for the calling thread, wakes who joins it, and hands its buffers over;
 * everything that the thread does later is dropped. `start_pc` is the start routine.
 */
struct gt_thread *gt_thread_create(const void *start_pc, const void *pc);

/* What the wrapper says of a thread: until the new one has read it, and its stack until it ends. */
struct gt_start {
	void *(*routine)(void *);
	void *arg;
	struct gt_stack_memory stack;
};
struct gt_start *gt_thread_start_args(struct gt_thread *child);

void gt_thread_create_failed(struct gt_thread *child);
void gt_thread_start(struct gt_thread *child);
void gt_thread_end(void);

/* The same for a thread that is about to leave by the system call exit. Not for a child of vfork, who borrows a thread. */
void gt_thread_exit(const void *pc);

/*
 * A thread may be cancelled at any instruction from now on: before that begins. Or it may no more: when that is over. Of such a
 * thread the calls above are recorded, and its end; the rest is not.
 */
void gt_thread_async(bool is_async);

/* The object that joiners of a thread wait on: the value of its pthread_t. */
static inline const void *gt_join_object(unsigned long pthread)
{
	return (const void *)pthread;
}

/* The calling thread has given itself this name; at most 15 bytes count. Or it has named another thread. */
void gt_thread_name(const char *name);
void gt_thread_names_another(void);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread records: an M (kernel thread) and the G that it runs (what the program calls a thread, or a coroutine) in one.
 * When it switches to another G, goid, gseq, traced, callable, regions and most ranges are exchanged (fiber.h); all else is the M's.
 *
 * States, by what the trace says; all transitions happen inside a section of the thread:
 *   FREE     not in use
 *   NEW      announced by GoCreate, the kernel thread has not come yet
 *   READY    the thread is there, but does not run: its GoStart could not be written yet, or it is stopped
 *   RUN      runs program code on a slot; without one if it began to run while nobody recorded, until its first event
 *   BLOCKED  waits, or was made ready by a waker and has not noticed
 *   SYSCALL  in a system call; its slot may have been stolen
 *   EXITED   gone from the trace; the record is freed when both buffers are
 *
 * The wait word decides who unblocks the thread: generation 29 bits, serial 33, and NONE (nobody, or itself),
 * WAITING (a waker may claim it), UNBLOCKED (a waker did, in that generation). The waiter sets WAITING in the
 * section of its GoBlock; a waker's compare-and-swap, or the waiter's own, ends it.
 */
#ifndef GT_THREAD_H
#define GT_THREAD_H

#include "buf.h"
#include "format/event.h"
#include "line.h"
#include "proc.h"
#include "sched.h"
#include "stacks.h"

#include <stddef.h>

enum gt_thread_state {
	GT_T_FREE,
	GT_T_NEW,
	GT_T_READY,
	GT_T_RUN,
	GT_T_BLOCKED,
	GT_T_SYSCALL,
	GT_T_EXITED,
};

enum gt_wait_state { GT_WAIT_NONE, GT_WAIT_WAITING, GT_WAIT_UNBLOCKED };

/* Of the first G that left a record in a generation. */
struct gt_left {
	uint64_t goid;
	uint32_t gen; /* in which it left */
	uint32_t traced; /* its mark of the generation before */
};

struct gt_thread {
	/* What each operation of the owner touches. */
	_Atomic uint32_t seq; /* odd inside a section; written by the owner (by nobody else while it lives) */
	_Atomic uint32_t state; /* enum gt_thread_state */
	_Atomic uint32_t tid;
	uint32_t index;
	uintptr_t sp; /* of the section under way; later than that of a handler which interrupts it */
	uintptr_t stack_lo, stack_len; /* where the G's stack is, as far as known; all there is, when nobody knows */
	_Atomic(struct gt_buf *) buf[2]; /* by generation parity; the switcher takes the old one */
	bool wants_flush; /* a buffer filled up and there is no writer thread, or a table fills up */

	/* What a system call needs besides. */
	struct gt_proc *proc GT_OWN_LINE; /* held, or held when the call began */
	uint64_t sys_word; /* of that slot since the call began */
	uint64_t serial; /* of operations */
	const struct gt_op *op; /* the open operation, in some frame of this thread */
	const void *pc; /* where it waits, or called; NULL when that frame may be gone */
	uint64_t began; /* when that call, or the open wait was; 0: while nobody recorded */
	uint64_t begin_buf; /* serial number of the buffer of the last GoSyscallBegin, or GT_NO_BUFFER */
	uint32_t begin_end; /* where in it that ends, with its stack */
	int fd; /* of the system call under way */

	/* What wakers touch, too: all that they need is in one cache line, and none of it in another. */
	_Atomic uint64_t wait GT_OWN_LINE;
	_Atomic(const void *) object; /* waited for; valid while WAITING */
	uint64_t released; /* what the object's bucket said of its last release before the wait */
	uint64_t goid;
	uint32_t traced[2]; /* by generation parity: the generation in which the G's status stands */
	uint32_t gseq; /* of the generation of the last mark */
	uint32_t place; /* in the bucket of the object: see gt_waiters_enter(); or GT_PLACE_NONE */
	uint32_t ranges_in; /* the trace that knows them, by its first generation */
	uint8_t ranges; /* that are open: see ranges.h */
	uint8_t primitive; /* waited for */
	uint64_t blocked; /* when its GoBlock was: `began` of a wait, once more */

	struct gt_memo *memo GT_OWN_LINE; /* its stacks */
	struct gt_proc *last_proc;
	struct gt_proc *kept; /* NULL: none is kept for it */
	gt_stack_t stack; /* of the GoBlock, in generation `stack_gen` */
	uint32_t stack_gen;
	uint32_t named; /* the trace, by its first generation, in which it may have a name */
	uint64_t judged; /* the beginning of what the writer has found too long: see trigger.c */
	uintptr_t resuming; /* the stack pointer in gt_resume(), perhaps outside its section; 0: not there */
	uint16_t number; /* of the call that waits: struct gt_waiting */

	struct gt_known_call calls[GT_CALLS];
	uint64_t first_serial; /* what that of its operations was when it began */
	const void *callable; /* what it began with; NULL: unknown */
	struct gt_regions *regions; /* NULL until it has one */
	uint32_t told[2]; /* as `traced`, of Gs that were in this record before */
	struct gt_left left[2]; /* by generation parity */
	struct gt_fiber *fiber; /* of the G; NULL: it is the one that the thread began with, and was never switched */
	uint64_t home; /* gt_fiber_ref of the G that the thread began with; 0: it has no fiber yet */
	uintptr_t stack_hi; /* 0: nobody knows */
	struct gt_span span; /* of the G's stack, while the thread is elsewhere: gt_fiber_strays() */
	_Atomic uint32_t next_free;
	int cpu_timer; /* the kernel's number of it plus 1; 0: none */
	bool foreign; /* nobody will tell us when it ends */
	bool is_marker; /* a collector's own thread, which marks */
	uint8_t gc_wait; /* why it waits while it does so for a collector: enum gt_block_reason; 0: it does not */
	bool is_label; /* it gave itself that name */
	bool is_noting; /* its operation is an annotation */
	_Atomic bool is_open; /* an operation is under way that a cancellation would tear: see async.h */
	char name[16]; /* as the trace has it, padded with zeroes */
	struct gt_start start;
} GT_OWN_LINES;

_Static_assert(offsetof(struct gt_thread, proc) == 64 && offsetof(struct gt_thread, wait) == 128,
	       "one line for each operation, one for system calls, one for wakers");
_Static_assert(offsetof(struct gt_thread, blocked) < 192, "one line for wakers");

#define GT_NO_BUFFER UINT64_MAX

/* What TLS points to in threads that are not recorded any more, or must not be: the writer. */
extern struct gt_thread gt_thread_ignored;

/* The calling thread's record; NULL: never seen. One word, initial-exec: no allocation, no lock, no call. */
extern _Thread_local struct gt_thread *gt_self __attribute__((tls_model("initial-exec")));

/*
 * Room for `max` records. False without memory. In a forked child the old ones become FREE: threads that still have
 * one are strangers.
 */
bool gt_thread_table_start(uint32_t max);

/* A fresh record in state FREE, or NULL (counted as a drop). Any thread. Lock-free. */
struct gt_thread *gt_thread_take(void);

/* The next G id: small, in the order of creation, never used twice. */
uint64_t gt_thread_next_goid(void);
void gt_thread_number(struct gt_thread *t);

/* Keeps in mind what was mentioned of the G, which leaves the record. Before its id is changed: see snapshot.c. */
void gt_thread_tell(struct gt_thread *t);

void gt_thread_give_back(struct gt_thread *t);

/* Records ever used: indexes 1..count. The switcher walks over them. */
uint32_t gt_thread_count(void);
struct gt_thread *gt_thread_at(uint32_t index);

/*
 * Operations that are missing from the trace, by cause: in the live file while there is one. gt_drops_to() starts them
 * anew; NULL: nowhere that lasts.
 */
extern _Atomic uint64_t *gt_drops;
void gt_drops_to(_Atomic uint64_t *where);

static inline void gt_drop(enum gt_drop cause)
{
	atomic_fetch_add_explicit(&gt_drops[cause], 1, memory_order_relaxed);
}

/* An operation of the thread that can't be recorded now; in its section, so that who changes the counters waits for it. */
static inline void gt_drop_in_gap(const struct gt_thread *t)
{
	gt_drop(t->is_noting ? GT_DROP_NOTES : GT_DROP_GAP);
}

static inline uint64_t gt_wait_word(uint32_t gen, uint64_t serial, enum gt_wait_state state)
{
	return (uint64_t)(gen & 0x1fffffff) << 35 | (serial & UINT64_C(0x1ffffffff)) << 2 | state;
}

static inline enum gt_wait_state gt_wait_word_state(uint64_t word)
{
	return (enum gt_wait_state)(word & 3);
}

static inline uint32_t gt_wait_word_gen(uint64_t word)
{
	return (uint32_t)(word >> 35);
}

#endif

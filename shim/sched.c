/* SPDX-License-Identifier: BSD-3-Clause */
#include "sched.h"

#include "async.h"
#include "descriptors.h"
#include "emit.h"
#include "op.h"
#include "pause.h"
#include "ranges.h"
#include "resume.h"
#include "stacks.h"
#include "wait.h"

bool gt_is_off;

/*
 * A call into the kernel or libc begins: GoSyscallBegin with the call alone for a stack; if it lasts, its end brings the whole one
 * (late_stack.c).
 */
static inline __attribute__((always_inline)) void write_syscall(struct gt_section *s, struct gt_op *op, long number,
								int fd, const void *pc)
{
	struct gt_thread *t = s->t;
	gt_stack_t stack =
		gt_syscall_stacks ? gt_stack_of_call(t->calls, s->gen, pc) : gt_stack_here(&t->memo, s->gen, pc);

	gt_op_open(t, op);
	gt_emit_GoSyscallBegin(s, gt_next_pseq(t->proc), stack);
	t->pc = pc;
	t->fd = fd;
	t->began = s->now;
	t->begin_buf = s->buf->serial;
	t->begin_end = (uint32_t)(s->pos - s->buf->data);
	gt_fact_Syscall(s, (uint64_t)number, fd);
	atomic_store_explicit(&t->state, GT_T_SYSCALL, memory_order_relaxed);
}

/* The slot stays the thread's, unless somebody steals it. */
static inline __attribute__((always_inline)) void keep_proc(struct gt_section *s)
{
	struct gt_proc *p = s->t->proc;

	p->since = s->now;
	s->t->sys_word = gt_proc_word(GT_PROC_SYS, s->gen, s->t->tid);
	gt_section_vouch(s);
	atomic_store_explicit(&p->word, s->t->sys_word, memory_order_release);
}

/* While nobody records neither kind of system call keeps a slot. */
static __attribute__((noinline)) void call_quietly(struct gt_thread *t, struct gt_op *op, long number, int fd,
						   const void *pc)
{
	if (!gt_pause_enter(t)) {
		if (gt_pause_is_over())
			gt_syscall_begin(op, number, fd, pc);
		return;
	}
	gt_op_open(t, op);
	gt_pause_stop_proc(t);
	t->pc = pc;
	t->fd = fd;
	t->began = 0;
	t->begin_buf = GT_NO_BUFFER;
	atomic_store_explicit(&t->state, GT_T_SYSCALL, memory_order_relaxed);
	gt_pause_leave(t);
}

/* What both kinds of system call begin with; leaves the section open. False when nothing is recorded. */
static bool open_syscall(struct gt_section *s, struct gt_op *op, long number, int fd, const void *pc)
{
	struct gt_thread *t = gt_resume_ready();

	op->thread = NULL;
	if (!t)
		return false;
	if (!gt_section_enter_running(s, t)) {
		if (s->gen == 0)
			call_quietly(t, op, number, fd, pc);
		return false;
	}
	gt_status_running(s);
	write_syscall(s, op, number, fd, pc);
	return true;
}

static __attribute__((noinline)) void begin_syscall(struct gt_op *op, long number, int fd, const void *pc)
{
	struct gt_section s;

	GT_UNLESS_ASYNC(gt_syscall_begin(op, number, fd, pc))
	if (!open_syscall(&s, op, number, fd, pc))
		return;
	gt_sweep_break(&s);
	keep_proc(&s);
	gt_section_leave_vouched(&s);
}

void gt_syscall_begin(struct gt_op *op, long number, int fd, const void *pc)
{
	struct gt_section s;

	if (!gt_resume_enter_plain(&s, GT_T_RUN, true)) {
		begin_syscall(op, number, fd, pc);
		return;
	}
	write_syscall(&s, op, number, fd, pc);
	keep_proc(&s);
	gt_section_leave_vouched(&s);
}

void gt_syscall_begin_blocking(struct gt_op *op, long number, int fd, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_section s;

	if (!open_syscall(&s, op, number, fd, pc))
		return;
	gt_resume_stop_proc(&s);
	gt_section_leave_vouched(&s);
}

void gt_call_begin(struct gt_op *op, struct gt_waiting what, const void *object, bool is_instant, const void *pc)
{
	if (is_instant)
		gt_syscall_begin(op, what.number, gt_op_descriptor(what, object), pc);
	else
		gt_wait_begin(op, what, object, pc);
}

void gt_io_begin(struct gt_op *op, enum gt_direction direction, long number, int fd, const void *pc)
{
	struct gt_waiting what = {GT_BLOCK_NET, GT_PRIM_SOCKET, (uint16_t)number};
	enum gt_descriptor kind = gt_descriptor_of(fd);

	if (kind == GT_FD_PIPE) {
		what.reason = direction == GT_IN ? GT_BLOCK_CHAN_RECV : GT_BLOCK_CHAN_SEND;
		what.primitive = GT_PRIM_PIPE;
	}
	if (kind == GT_FD_PLAIN)
		gt_syscall_begin(op, number, fd, pc);
	else
		gt_wait_begin(op, what, (const void *)(intptr_t)fd, pc);
}

/* The end of a short call of which nothing is to be said but that. False: nothing has happened. */
static inline __attribute__((always_inline)) bool end_syscall(struct gt_thread *t, int64_t result)
{
	uint64_t word = t->sys_word;
	struct gt_section s;

	if (!t->proc || t->resuming || !gt_resume_enter_plain(&s, GT_T_SYSCALL, true))
		return false;
	gt_delay();
	if (s.now - t->began >= gt_syscall_long ||
	    !atomic_compare_exchange_strong(&t->proc->word, &word, gt_proc_word(GT_PROC_RUN, s.gen, t->tid))) {
		gt_section_step(t);
		return false;
	}
	gt_emit_GoSyscallEnd(&s);
	if (result != GT_NO_RESULT)
		gt_fact_SyscallResult(&s, result);
	atomic_store_explicit(&t->state, GT_T_RUN, memory_order_relaxed);
	gt_section_leave(&s);
	return true;
}

static inline bool end_plainly(struct gt_thread *t, int64_t result)
{
	if (atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_BLOCKED)
		return gt_wait_end(t, result);
	return end_syscall(t, result);
}

/* Of a thread that is out of sight, which has begun it in sight. */
static __attribute__((noinline)) void end_async(struct gt_op *op)
{
	if (op->thread != gt_async_self)
		return;
	GT_UNLESS_ASYNC(gt_op_end(op))
}

void gt_op_end(struct gt_op *op)
{
	int64_t result = op->result;
	struct gt_thread *t = gt_op_close(op);

	if (!t)
		end_async(op);
	else if (!end_plainly(t, result))
		gt_resume(t, result);
}

static __attribute__((noinline)) void stop_quietly(struct gt_thread *t, struct gt_op *op, enum gt_stop_reason reason,
						   const void *pc)
{
	if (!gt_pause_enter(t)) {
		if (gt_pause_is_over())
			gt_stop_begin(op, reason, pc);
		return;
	}
	gt_op_open(t, op);
	gt_pause_stop_proc(t);
	atomic_store_explicit(&t->state, GT_T_READY, memory_order_relaxed);
	gt_pause_leave(t);
}

void gt_stop_begin(struct gt_op *op, enum gt_stop_reason reason, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	op->thread = NULL;
	if (!t)
		return;
	if (!gt_section_enter_running(&s, t)) {
		if (s.gen == 0)
			stop_quietly(t, op, reason, pc);
		return;
	}
	gt_op_open(t, op);
	gt_status_running(&s);
	gt_emit_GoStop(&s, gt_stop_string(reason), gt_stack_here(&t->memo, s.gen, pc));
	atomic_store_explicit(&t->state, GT_T_READY, memory_order_relaxed);
	gt_resume_stop_proc(&s);
	gt_section_leave_vouched(&s);
}

void gt_yield(const void *pc)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	if (!t || !gt_section_enter_running(&s, t))
		return;
	gt_status_running(&s);
	gt_emit_GoStop(&s, gt_stop_string(GT_STOP_GOSCHED), gt_stack_here(&t->memo, s.gen, pc));
	gt_emit_GoStart(&s, (gt_g_t){t->goid}, gt_next_gseq(t));
	gt_section_leave(&s);
}

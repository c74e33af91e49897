/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread goes only by a system call of its own. So its last event is GoDestroySyscall: in the call that the trace
 * knows it in, else in a call of exit that nobody saw. When it went is not known: the events have the time at which it
 * was missed.
 */
#include "burial.h"

#include "emit.h"
#include "life.h"
#include "lock.h"
#include "notes.h"
#include "os.h"
#include "pause.h"
#include "resume.h"
#include "status.h"

enum { LOOK_NS = 1000000000, PATIENCE_NS = 20000000 };

static struct {
	_Atomic uint32_t expected; /* while there are none, nobody looks for them */
	uint64_t looked; /* at all threads */
} burial;

void gt_burial_clear(void)
{
	__builtin_memset(&burial, 0, sizeof(burial));
}

void gt_burial_expect(struct gt_thread *t)
{
	if (!t->foreign) {
		t->foreign = true;
		atomic_fetch_add(&burial.expected, 1);
	}
}

void gt_burial_cancel(struct gt_thread *t)
{
	if (t->foreign)
		atomic_fetch_sub(&burial.expected, 1);
	t->foreign = false;
}

void gt_burial_write_exit(struct gt_section *s, gt_stack_t stack)
{
	gt_emit_GoSyscallBegin(s, gt_next_pseq(s->t->proc), stack);
	gt_fact_Syscall(s, SYS_exit, -1);
	gt_resume_stop_proc(s);
	gt_emit_GoDestroySyscall(s);
}

/* Takes the slot out of the dead thread's call, in the section, unless a thief is faster: as gt_proc_steal(). */
static bool regain(const struct gt_section *s)
{
	struct gt_proc *p = s->t->proc;
	uint64_t word = atomic_load_explicit(&p->word, memory_order_acquire);

	gt_delay();
	return gt_proc_word_state(word) == GT_PROC_SYS && gt_proc_word_tid(word) == s->t->tid &&
	       atomic_compare_exchange_strong(&p->word, &word, gt_proc_word(GT_PROC_CLAIM, s->gen, s->t->tid));
}

/* The slot goes first: one that a dead thread took along could come back by a theft only. */
static bool write_end_in_call(struct gt_thread *t)
{
	struct gt_section s;

	if (!gt_section_enter(&s, t))
		return false;
	if (t->proc && !regain(&s)) {
		t->proc = NULL;
		gt_section_leave(&s); /* ordering rule 3: the thief's generation may be newer than ours */
		if (!gt_section_enter(&s, t))
			return false;
	}
	if (t->proc) {
		gt_status_first_in_syscall(&s);
		gt_resume_stop_proc(&s);
	}
	gt_status_go(&s, t, t->tid, GT_G_Syscall);
	gt_emit_GoDestroySyscall(&s);
	gt_life_close(&s);
	return true;
}

/* A thread that waited has run since: something that it called in a signal handler ended it. */
static bool write_end(struct gt_thread *t)
{
	struct gt_section s;

	if (t->state == GT_T_SYSCALL)
		return write_end_in_call(t);
	if (t->state != GT_T_RUN && !gt_resume(t, GT_NO_RESULT))
		return false;
	if (!gt_section_enter(&s, t))
		return false;
	gt_status_running(&s);
	gt_burial_write_exit(&s, (gt_stack_t){0});
	gt_life_close(&s);
	return true;
}

static void bury(struct gt_thread *t)
{
	if (atomic_load(&t->seq) & 1)
		gt_section_step(t); /* it died inside a section */
	t->resuming = 0;
	t->op = NULL;
	t->pc = NULL;
	if (!write_end(t) && !gt_pause_end(t))
		return;
	gt_burial_cancel(t);
	gt_notes_end(t->regions);
	gt_life_release(t);
}

static bool is_live(struct gt_thread *t)
{
	uint32_t state = atomic_load(&t->state);

	return state != GT_T_FREE && state != GT_T_NEW && state != GT_T_EXITED && t->tid && t->goid;
}

void gt_burial_of_namesake(const struct gt_thread *t)
{
	uint32_t n = gt_thread_count();

	if (atomic_load_explicit(&burial.expected, memory_order_relaxed) == 0 ||
	    !gt_lock_wait(GT_LOCK_BURIAL, PATIENCE_NS))
		return;
	for (uint32_t i = 1; i <= n; i++) {
		struct gt_thread *other = gt_thread_at(i);

		if (other != t && other->foreign && other->tid == t->tid && is_live(other))
			bury(other);
	}
	gt_lock_release(GT_LOCK_BURIAL);
}

/*
 * Whether its thread is gone and has not said so. Asked twice who it is: a thread that ends properly meanwhile leaves its
 * record to another, with another G.
 */
static bool has_vanished(struct gt_thread *t, int pid)
{
	uint64_t goid = *(volatile uint64_t *)&t->goid;

	return is_live(t) && !gt_os_thread_exists(pid, (int)t->tid) && is_live(t) &&
	       *(volatile uint64_t *)&t->goid == goid;
}

void gt_burial_look(int pid, bool all)
{
	uint64_t now = gt_clock_monotonic();
	uint32_t n = gt_thread_count();

	all |= now - burial.looked >= LOOK_NS;
	if ((!all && atomic_load_explicit(&burial.expected, memory_order_relaxed) == 0) || !gt_lock_try(GT_LOCK_BURIAL))
		return;
	if (all)
		burial.looked = now;
	for (uint32_t i = 1; i <= n; i++) {
		struct gt_thread *t = gt_thread_at(i);

		if ((all || t->foreign) && has_vanished(t, pid))
			bury(t);
	}
	gt_lock_release(GT_LOCK_BURIAL);
}

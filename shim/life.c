/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Birth and death of threads as events: announced by the parent, adopted when nobody announced them, ended by
 * themselves. Who vanishes without a word is buried by others (burial.c).
 */
#include "life.h"

#include "adopt.h"
#include "async.h"
#include "burial.h"
#include "collector.h"
#include "emit.h"
#include "fiber_switch.h"
#include "heap_level.h"
#include "notes.h"
#include "os.h"
#include "pause.h"
#include "process_state.h"
#include "ranges.h"
#include "profile.h"
#include "resume.h"
#include "stacks.h"
#include "status.h"
#include "texts.h"
#include "wake.h"

#include <sys/prctl.h>

enum { BLOCK_MAX = 2048 }; /* bytes of libc's control block of a thread, where its id is looked for */

static uint32_t tid_at; /* offset in the control block; 0: not known */

/* The value of pthread_self(): the thread control block's own address. */
static const char *control_block(void)
{
	const char *self;

	__asm__("mov %%fs:0x10, %0" : "=r"(self));
	return self;
}

/* Of a thread that libc has created. */
static uint32_t own_tid(void)
{
	return tid_at ? *(const uint32_t *)(control_block() + tid_at) : (uint32_t)gt_os_gettid();
}

void gt_life_source(const uint32_t *tid)
{
	tid_at = tid && tid[0] == 32 && tid[1] == 1 && tid[2] < BLOCK_MAX ? tid[2] : 0;
	if (own_tid() != (uint32_t)gt_os_gettid())
		tid_at = 0;
}

/* A new G is known to its generation from its creation on. */
static void born(struct gt_section *s, struct gt_thread *g)
{
	gt_thread_number(g);
	g->traced[s->gen & 1] = s->gen;
	g->gseq = 0;
}

/* Nobody records: it is announced to the recording that begins next. */
static bool announce_quietly(struct gt_thread *t, struct gt_thread *child, const void *start_pc)
{
	if (!gt_pause_enter(t))
		return false;
	gt_thread_number(child);
	child->callable = start_pc;
	atomic_store_explicit(&child->state, GT_T_NEW, memory_order_release);
	gt_pause_leave(t);
	return true;
}

static struct gt_thread *create_quietly(struct gt_thread *t, struct gt_thread *child, const void *start_pc,
					const void *pc)
{
	if (announce_quietly(t, child, start_pc))
		return child;
	gt_thread_give_back(child);
	return gt_pause_is_over() ? gt_thread_create(start_pc, pc) : NULL;
}

struct gt_thread *gt_thread_create(const void *start_pc, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_thread *child = t ? gt_thread_take() : NULL;
	struct gt_section s;

	if (!child)
		return NULL;
	__builtin_memcpy(child->name, t->name,
			 sizeof(child->name)); /* as the kernel does; looked at again when it ends */
	if (!gt_section_enter_running(&s, t)) {
		if (s.gen == 0)
			return create_quietly(t, child, start_pc, pc);
		gt_thread_give_back(child);
		return NULL;
	}
	gt_status_running(&s);
	born(&s, child);
	gt_emit_GoCreate(&s, (gt_new_g_t){child->goid}, (gt_new_stack_t){gt_stack_of_start(s.gen, start_pc).v},
			 gt_stack_here(&t->memo, s.gen, pc));
	child->callable = start_pc;
	atomic_store_explicit(&child->state, GT_T_NEW, memory_order_release);
	gt_section_leave(&s);
	return child;
}

struct gt_start *gt_thread_start_args(struct gt_thread *child)
{
	return &child->start;
}

static void unannounce_quietly(struct gt_thread *t, struct gt_thread *child)
{
	if (gt_pause_enter(t)) {
		atomic_store_explicit(&child->state, GT_T_EXITED, memory_order_relaxed);
		gt_pause_leave(t);
		gt_thread_give_back(child);
	} else if (gt_pause_is_over()) {
		gt_thread_create_failed(child);
	}
}

/* The child runs on our slot for no time at all. Where nothing can be written it stays announced for ever. */
void gt_thread_create_failed(struct gt_thread *child)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	if (!t)
		return;
	if (!gt_section_enter_running(&s, t)) {
		if (s.gen == 0)
			unannounce_quietly(t, child);
		return;
	}
	gt_status_running(&s);
	gt_emit_GoStop(&s, gt_stop_string(GT_STOP_GENERIC), (gt_stack_t){0});
	gt_status_go(&s, child, GT_NONE, GT_G_Runnable);
	gt_emit_GoStart(&s, (gt_g_t){child->goid}, gt_next_gseq(child));
	gt_emit_GoDestroy(&s);
	gt_emit_GoStart(&s, (gt_g_t){t->goid}, gt_next_gseq(t));
	atomic_store_explicit(&child->state, GT_T_EXITED, memory_order_relaxed);
	gt_section_leave(&s);
	gt_thread_give_back(child);
}

void gt_thread_start(struct gt_thread *child)
{
	atomic_store(&child->tid, own_tid());
	gt_burial_of_namesake(child);
	gt_self = child;
	gt_heap_thread_begins();
	gt_stack_begin(&child->memo, child->goid, (const char *)__builtin_frame_address(0) + 16);
	gt_fiber_begin(child, (uintptr_t)__builtin_frame_address(0) + 16);
	atomic_store_explicit(&child->state, GT_T_READY, memory_order_relaxed);
	gt_resume(child, GT_NO_RESULT);
	gt_stack_memory_taken(child->start.stack);
	if (!child->name[0])
		gt_life_name();
	gt_profile_thread_begins(child);
}

struct gt_thread *gt_adopt(void)
{
	struct gt_thread *t;
	struct gt_section s;

	if (!gt_process_is_recording())
		return NULL;
	if (gt_self) /* a forked child: that started its trace, with this thread as main */
		return gt_self;
	t = gt_thread_take();
	if (!t)
		return NULL;
	atomic_store(&t->tid, (uint32_t)gt_os_gettid());
	gt_burial_of_namesake(t);
	t->callable = t->pc = NULL;
	atomic_store_explicit(&t->state, GT_T_NEW, memory_order_relaxed);
	gt_self = t; /* before the section: a signal handler in between must not adopt us again */
	if (!gt_section_enter(&s, t)) {
		gt_self = NULL;
		gt_thread_give_back(t);
		return NULL;
	}
	born(&s, t);
	gt_emit_GoCreateSyscall(&s, (gt_new_g_t){t->goid});
	atomic_store_explicit(&t->state, GT_T_SYSCALL, memory_order_release);
	gt_section_leave(&s);
	gt_burial_expect(t);
	gt_stack_begin(&t->memo, t->goid, NULL);
	gt_life_name();
	gt_profile_thread_begins(t);
	return t;
}

/*
 * The buffer of the last section goes to the queue now, because the id of the kernel thread may come back in this very
 * generation and one id's batches must be in order. The other one, if the switcher has not taken it yet, keeps the record
 * busy until it does.
 */
void gt_life_close(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	struct gt_buf *b;

	gt_fiber_forget(t);
	gt_ranges_forget(t);
	gt_section_commit(s);
	atomic_store_explicit(&t->state, GT_T_EXITED, memory_order_relaxed);
	b = atomic_exchange(&t->buf[s->gen & 1], NULL);
	if (b)
		gt_buf_push(b);
	gt_section_step(t);
}

/* `exit_pc`: where it calls exit(2), or NULL. */
static bool write_end(struct gt_thread *t, const void *exit_pc)
{
	struct gt_section s;
	bool newer = false;

	if (!gt_section_enter_running(&s, t))
		return false;
	gt_status_running(&s);
	gt_wake_claim(&s, control_block(), exit_pc, &newer);
	gt_section_room(&s);
	gt_fiber_go_home(&s);
	gt_ranges_close(&s);
	if (exit_pc) {
		gt_burial_write_exit(&s, gt_stack_here(&t->memo, s.gen, exit_pc));
	} else {
		gt_emit_GoDestroy(&s);
		gt_resume_stop_proc(&s);
	}
	gt_life_close(&s);
	return true;
}

/* Whoever joins it learns from its wait's end who it waited for, if that is recorded. */
static bool end_quietly(struct gt_thread *t)
{
	if (gt_pause_is_over())
		return false;
	gt_release(control_block());
	return gt_pause_end(t);
}

static void end(struct gt_thread *t, const void *exit_pc)
{
	gt_burial_cancel(t);
	gt_profile_thread_ends(t);
	if (!write_end(t, exit_pc) && !end_quietly(t) && !write_end(t, exit_pc)) {
		gt_burial_expect(t); /* the switcher tries again when the thread is gone */
		return;
	}
	gt_notes_end(t->regions);
	gt_self = &gt_thread_ignored; /* a signal handler must not find a record that is somebody else's by then */
	gt_life_release(t);
}

/* EXITED is stored inside the last section: only an even sequence word after it says that the owner is out. */
void gt_life_release(struct gt_thread *t)
{
	uint32_t exited = GT_T_EXITED;

	if (atomic_load(&t->state) != GT_T_EXITED || atomic_load(&t->seq) & 1)
		return;
	if (atomic_load(&t->buf[0]) || atomic_load(&t->buf[1]))
		return;
	if (!atomic_compare_exchange_strong(&t->state, &exited, GT_T_FREE))
		return;
	gt_profile_thread_ends(t); /* of one that vanished */
	gt_proc_unkeep(t->kept);
	gt_thread_give_back(t);
}

void gt_thread_async(bool is_async)
{
	struct gt_thread *t = is_async ? gt_resume_ready() : NULL;

	if (t)
		gt_async_begin(t);
	else if (!is_async)
		gt_async_end();
}

/* Whether a thread was named by another one. Until then a thread without operations has its creator's name. */
static _Atomic bool any_is_named;

void gt_thread_names_another(void)
{
	atomic_store(&any_is_named, true);
}

static void end_self(const void *exit_pc)
{
	struct gt_thread *t;

	gt_async_end();
	gt_heap_thread_ends();
	t = gt_self;
	if (!t || t == &gt_thread_ignored)
		return;
	t->op = NULL; /* whatever was open, its frame is gone or going */
	if (t->serial != t->first_serial || t->foreign || atomic_load_explicit(&any_is_named, memory_order_relaxed))
		gt_life_name();
	gt_stack_memory_freed(t->start.stack);
	if (gt_resume_ready() == t)
		end(t, exit_pc);
	else
		gt_burial_expect(t);
	gt_self = &gt_thread_ignored;
}

void gt_thread_end(void)
{
	end_self(NULL);
}

void gt_thread_exit(const void *pc)
{
	end_self(pc);
}

static void set_name(struct gt_thread *t, const char *name, bool is_own)
{
	char padded[sizeof(t->name)] = "";

	for (size_t len = 0; name[len] && len < sizeof(padded) - 1; len++)
		padded[len] = name[len];
	__builtin_memcpy(t->name, padded, sizeof(padded));
	t->is_label |= is_own;
}

static void name_quietly(struct gt_thread *t, const char *name, bool is_own)
{
	char label[sizeof(t->name)];

	if (!gt_pause_enter(t))
		return;
	set_name(t, name, is_own);
	if (is_own)
		gt_collector_label(t, t->name, label);
	gt_pause_leave(t);
}

/* A name that the thread gave itself is its label, too. A reader keeps a label until there is another one. */
static void name_thread(const char *name, bool is_own)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;
	char label[sizeof(t->name)];

	if (!t)
		return;
	if (!gt_section_enter_running(&s, t)) {
		if (s.gen == 0)
			name_quietly(t, name, is_own);
		return;
	}
	gt_status_running(&s);
	set_name(t, name, is_own);
	if (is_own) {
		gt_collector_label(t, t->name, label);
		gt_status_label(&s, label, gt_text_of(label, s.gen));
	}
	gt_fact_ThreadName(&s, t->goid, t->tid, t->name);
	gt_section_leave(&s);
}

void gt_thread_name(const char *name)
{
	name_thread(name, true);
}

void gt_life_name(void)
{
	struct gt_thread *t = gt_self;
	char name[sizeof(t->name)] = "";

	if (GT_SYSCALL(SYS_prctl, PR_GET_NAME, name, 0, 0) == 0 && t && t != &gt_thread_ignored &&
	    __builtin_memcmp(name, t->name, sizeof(name)) != 0)
		name_thread(name, false);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "status.h"

#include "gc.h"
#include "collector.h"
#include "pause.h"
#include "texts.h"

_Atomic uint64_t gt_status_announced GT_OWN_LINE;

void gt_status_start(void)
{
	atomic_store(&gt_status_announced, 0);
	gt_heap_level_start();
}

/* The clock is read between what was announced and the number: whoever announces last has the last number. */
static __attribute__((noinline)) void announce(struct gt_section *s, gt_stack_t stack)
{
	uint64_t seen = atomic_load_explicit(&gt_status_announced, memory_order_acquire);
	uint64_t now = gt_clock_after(s->gen);
	uint32_t number = gt_proc_limit();
	uint64_t want = (uint64_t)s->gen << 32 | number;

	if (seen == want || gt_gen_after((uint32_t)(seen >> 32), s->gen) ||
	    !atomic_compare_exchange_strong(&gt_status_announced, &seen, want))
		return;
	gt_section_time(s, now);
	gt_emit_ProcsChange(s, (gt_procs_value_t){number}, stack);
	gt_gc_mention(s);
}

void gt_status_procs(struct gt_section *s, gt_stack_t stack)
{
	uint64_t seen = atomic_load_explicit(&gt_status_announced, memory_order_relaxed);

	gt_proc_uses(s->t->proc);
	gt_heap_level_first(s);
	if (seen != ((uint64_t)s->gen << 32 | gt_proc_limit()))
		announce(s, stack);
}

/* Before the thread can come back on a slot that was not announced yet: it does that only on its own, or old ones. */
void gt_status_keep_proc(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	if (t->kept)
		return;
	t->kept = gt_proc_keep(t->tid);
	gt_status_procs(s, (gt_stack_t){0});
}

void gt_status_label(struct gt_section *s, const char *label, uint64_t string)
{
	if (__builtin_strncmp(label, "GC ", 3) == 0)
		gt_status_keep_proc(s);
	gt_emit_GoLabel(s, (gt_label_string_t){string});
}

void gt_status_first_running(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	struct gt_proc *p = t->proc ? t->proc : gt_pause_start_proc(s);

	gt_status_proc(s, p, GT_P_Running);
	if ((gt_ranges_of(t) & (GT_RANGE_SWEEP | GT_RANGE_SWEEP_BROKEN)) == GT_RANGE_SWEEP)
		gt_emit_GCSweepActive(s, (gt_p_t){p->id});
	gt_status_go(s, t, t->tid, GT_G_Running);
	gt_heap_add_pending();
	gt_status_procs(s, (gt_stack_t){0});
	gt_status_name(s);
}

void gt_status_name_slow(struct gt_section *s)
{
	struct gt_thread *t = s->t;
	char label[sizeof(t->name)];

	t->named = atomic_load_explicit(&gt_gate.first, memory_order_relaxed);
	if (t->is_label) {
		gt_collector_label(t, t->name, label);
		gt_status_label(s, label, gt_text_of(label, s->gen));
	}
	if (t->name[0])
		gt_fact_ThreadName(s, t->goid, t->tid, t->name);
}

void gt_status_first_in_syscall(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	gt_status_proc(s, t->proc, GT_P_Syscall);
	gt_status_go(s, t, t->tid, GT_G_Syscall);
}

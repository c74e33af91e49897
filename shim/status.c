/* SPDX-License-Identifier: BSD-3-Clause */
#include "status.h"

#include "heap_level.h"

/* The last announcement: generation and count in one word, so that growth is announced too. */
static _Atomic uint64_t announced;

void gt_status_start(void)
{
	atomic_store(&announced, 0);
	gt_heap_level_start();
}

void gt_status_procs(struct gt_section *s)
{
	uint32_t count = gt_proc_count();
	uint64_t want = (uint64_t)s->gen << 32 | count;
	uint64_t seen = atomic_load_explicit(&announced, memory_order_relaxed);

	gt_heap_level_first(s);
	if (seen >= want || !atomic_compare_exchange_strong(&announced, &seen, want))
		return;
	gt_emit_ProcsChange(s, (gt_procs_value_t){count}, (gt_stack_t){0});
}

void gt_status_first_running(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	gt_status_proc(s, t->proc, GT_P_Running);
	gt_status_go(s, t, t->tid, GT_G_Running);
	gt_status_procs(s);
}

void gt_status_first_in_syscall(struct gt_section *s)
{
	struct gt_thread *t = s->t;

	gt_status_proc(s, t->proc, GT_P_Syscall);
	gt_status_go(s, t, t->tid, GT_G_Syscall);
}

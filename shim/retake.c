/* SPDX-License-Identifier: BSD-3-Clause */
#include "retake.h"

#include "emit.h"
#include "status.h"

enum { LONG_NS = 20000000 };

/* A record without a G: it holds the buffers, and the switcher finds it among the others. */
static struct gt_thread *helper;

void gt_retake_reset(void)
{
	helper = NULL;
}

static bool any_is_long(uint64_t before)
{
	uint32_t n = gt_proc_count();

	for (uint32_t i = 0; i < n; i++) {
		struct gt_proc *p = gt_proc_at(i);

		if (gt_proc_word_state(atomic_load(&p->word)) == GT_PROC_SYS && p->since < before)
			return true;
	}
	return false;
}

static void take(struct gt_section *s, struct gt_proc *p, uint64_t before)
{
	uint32_t victim;

	if (!gt_section_room(s) || !gt_proc_retake(p, s->gen, s->t->tid, before, &victim))
		return;
	gt_status_proc(s, p, GT_P_SyscallAbandoned);
	gt_emit_ProcSteal(s, (gt_p_t){p->id}, gt_next_pseq(p), (gt_m_t){victim});
	gt_section_vouch(s);
	atomic_store_explicit(&p->word, gt_proc_word(GT_PROC_IDLE, s->gen, 0), memory_order_release);
}

struct gt_thread *gt_retake_helper(uint32_t tid)
{
	if (!helper)
		helper = gt_thread_take();
	if (helper)
		atomic_store(&helper->tid, tid);
	return helper;
}

void gt_retake(uint32_t tid)
{
	uint64_t before = gt_clock_now(gt_gate.gen) - LONG_NS;
	struct gt_section s;
	uint32_t n;

	if (!any_is_long(before))
		return;
	if (!gt_retake_helper(tid) || !gt_section_enter(&s, helper))
		return;
	n = gt_proc_count();
	for (uint32_t i = 0; i < n; i++)
		take(&s, gt_proc_at(i), before);
	gt_section_leave(&s);
}

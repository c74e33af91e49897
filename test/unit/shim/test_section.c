/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sections: when nothing may be written, the bytes of an event and of its facts, and what a full buffer turns into.
 */
#include "shim/advance.h"
#include "shim/live.h"
#include "shim/emit.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <string.h>

/* Generation 1, with the plain clock. */
static struct gt_thread *record(void)
{
	struct gt_thread *t;

	gt_test_live(4 << 20);
	cr_assert(gt_thread_table_start(4));
	t = gt_thread_take();
	cr_assert_not_null(t);
	atomic_store(&gt_gate.gen, 1);
	return t;
}

Test(section, nothing_is_recorded_in_generation_0, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	atomic_store(&gt_gate.gen, 0);
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&t->seq) & 1, 0);
}

Test(section, a_handler_inside_a_section_is_refused_and_counted, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s, handler;

	cr_assert(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&t->seq) & 1, 1);
	cr_assert_not(gt_section_enter(&handler, t));
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_HANDLER]), 1);
	gt_section_leave(&s);
	cr_assert_eq(atomic_load(&t->seq) & 1, 0);
	cr_assert(gt_section_enter(&s, t));
}

Test(section, an_event_is_its_number_the_time_and_its_arguments, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	static const uint8_t want[] = {GT_EV_ProcStart, 0, 3, 0xac, 2};
	struct gt_section s;
	struct gt_buf *b;

	cr_assert(gt_section_enter(&s, t));
	s.last = s.now;
	gt_emit_ProcStart(&s, (gt_p_t){3}, (gt_p_seq_t){300});
	gt_section_leave(&s);
	b = atomic_load(&t->buf[1]);
	cr_assert_eq(b->events, 1);
	cr_assert_eq(b->used, sizeof(want));
	cr_assert_eq(memcmp(b->data, want, sizeof(want)), 0);
}

Test(section, a_full_buffer_is_queued_and_replaced, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_buf *first = NULL;
	struct gt_section s;

	for (int i = 0; i < GT_BUF_SMALL && !gt_buf_queued(1); i++) {
		cr_assert(gt_section_enter(&s, t));
		first = first ? first : s.buf;
		gt_emit_ProcStop(&s);
		gt_section_commit(&s);
		gt_section_step(t);
	}
	cr_assert_eq(gt_buf_take_full(1), first);
	cr_assert_neq(atomic_load(&t->buf[1]), first);
}

Test(section, a_fact_stands_below_the_others_with_the_position_of_its_event, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	static const uint8_t want[] = {
		GT_FACT_SyscallResult, 5, 0x81, 0, 0x80, 0x80, 1, GT_FACT_Waker,   4, 0x81, 0, 0x89, 0,
		GT_FACT_Syscall,       5, 0x80, 0, 0xc8, 1,    1, GT_FACT_Syscall, 4, 0x80, 0, 3,    1,
	};
	struct gt_section s;
	struct gt_buf *b;

	cr_assert(gt_section_enter(&s, t));
	gt_emit_ProcStop(&s);
	gt_fact_Syscall(&s, 3, -1);
	gt_fact_Syscall(&s, 200, -1);
	gt_emit_ProcStop(&s);
	gt_fact_Waker(&s, (gt_g_t){9});
	gt_fact_SyscallResult(&s, 1 << 13);
	gt_section_leave(&s);
	b = atomic_load(&t->buf[1]);
	cr_assert_eq(b->events, 2);
	cr_assert_eq(b->top, b->bytes - sizeof(want));
	cr_assert_eq(memcmp((uint8_t *)b + b->top, want, sizeof(want)), 0);
}

/* What was not committed is not there: a thread may die inside a section. */
Test(section, events_are_published_by_leaving, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	cr_assert(gt_section_enter(&s, t));
	gt_emit_ProcStop(&s);
	cr_assert_eq(s.buf->used, 0);
	gt_section_leave(&s);
	cr_assert_neq(s.buf->used, 0);
	cr_assert_eq(s.buf->last, s.now);
}

Test(section, time_goes_forward_only, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;
	uint64_t now;

	cr_assert(gt_section_enter(&s, t));
	now = s.now;
	gt_section_time(&s, now - 1);
	cr_assert_eq(s.now, now);
	gt_section_time(&s, now + 3600000000000);
	cr_assert_eq(s.now, now + 3600000000000);
	gt_emit_ProcStop(&s);
	gt_section_leave(&s);
	cr_assert(gt_section_enter(&s, t));
	cr_assert_eq(s.now, now + 3600000000000);
}

/* Its generation is lost; an annotation is counted apart. */
Test(section, without_a_free_buffer_nothing_is_entered_and_that_is_counted, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	cr_assert(gt_advance_try_lock());
	while (gt_buf_take(true, 1, 7, 0))
		;
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&t->seq) & 1, 0);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_GAP]), 1);
	cr_assert(gt_buf_is_lost(1));
	cr_assert_not(gt_buf_is_lost(2));
	cr_assert_eq(atomic_load(&gt_live_head()->lost), 1);
	t->is_noting = true;
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_GAP]), 1);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_NOTES]), 1);
}

Test(section, what_is_not_recorded_is_counted_in_a_gap_alone, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	atomic_store(&gt_gate.gen, 0);
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_GAP]), 0);
	atomic_store(&gt_gate.gap, 1);
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(s.gen, 0);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_GAP]), 1);
}

/* The old buffer is let go only when there is a new one: a section that fails has lost nothing. */
Test(section, a_full_buffer_stays_when_there_is_no_other, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_buf *first = NULL;
	struct gt_section s;

	cr_assert(gt_advance_try_lock());
	while (gt_section_enter(&s, t)) {
		if (!first)
			while (gt_buf_take(true, 1, 7, 0))
				;
		first = s.buf;
		gt_emit_ProcStop(&s);
		gt_section_commit(&s);
		gt_section_step(t);
	}
	cr_assert_not_null(first);
	cr_assert_eq(atomic_load(&t->buf[1]), first);
	cr_assert_not(gt_buf_queued(1));
	cr_assert_geq(first->bytes - first->used, GT_BUF_GAP);
}

Test(section, each_generation_has_a_buffer_of_its_own, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	for (uint32_t gen = 1; gen <= 2; gen++) {
		atomic_store(&gt_gate.gen, gen);
		cr_assert(gt_section_enter(&s, t));
		cr_assert_eq(s.gen, gen);
		gt_emit_ProcStop(&s);
		gt_section_leave(&s);
	}
	cr_assert_eq(atomic_load(&t->buf[1])->gen, 1);
	cr_assert_eq(atomic_load(&t->buf[0])->gen, 2);
}

Test(section, one_for_a_running_thread_is_not_entered_in_another_state, .fini = gt_temp_clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	atomic_store(&gt_gate.gen, 1);
	atomic_store(&t->state, GT_T_RUN);
	cr_assert(gt_section_enter_running(&s, t));
	gt_section_leave(&s);
	atomic_store(&t->state, GT_T_BLOCKED);
	cr_assert(!gt_section_enter_running(&s, t));
	cr_assert_eq(s.gen, GT_GEN_UNKNOWN, "that is not what a pause looks like");
	cr_assert(!(t->seq & 1));
	cr_assert_eq(gt_drops[GT_DROP_HANDLER], 1);
}

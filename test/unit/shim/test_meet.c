/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The switcher and the threads: what is published, and what is taken from them.
 */
#include "shim/meet.h"
#include "shim/gate.h"
#include "shim/os.h"
#include "shim/section.h"
#include "test/lib/live.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>

/* gtrace.h goes on calling in a gap: what it says is counted. */
Test(meet, the_flag_of_annotations_follows_the_generation_but_not_into_a_gap)
{
	gt_meet_publish(3);
	cr_assert(atomic_load(&gt_gate.gen) == 3 && atomic_load(&gt_gate_flag) == 1);
	gt_meet_publish(0);
	cr_assert(atomic_load(&gt_gate.gen) == 0 && atomic_load(&gt_gate_flag) == 0);
	gt_meet_publish(4);
	atomic_store(&gt_gate.gap, 1);
	gt_meet_publish(0);
	cr_assert(atomic_load(&gt_gate.gen) == 0 && atomic_load(&gt_gate_flag) == 1);
}

static struct gt_thread *record_with_buffer(uint32_t gen)
{
	struct gt_thread *t = gt_thread_take();

	atomic_store(&t->tid, (uint32_t)gt_os_gettid());
	atomic_store(&t->state, GT_T_RUN);
	atomic_store(&t->buf[gen & 1], gt_buf_take(false, gen, 7, 0));
	cr_assert_not_null(t->buf[gen & 1]);
	return t;
}

Test(meet, buffers_of_the_closed_generation_are_taken_and_no_others, .fini = gt_temp_clean)
{
	struct gt_thread *old, *new;

	cr_assert(gt_thread_table_start(4));
	gt_test_live(1 << 20);
	old = record_with_buffer(5);
	new = record_with_buffer(6);
	cr_assert(gt_meet_collect(5, 0));
	cr_assert_null(atomic_load(&old->buf[1]));
	cr_assert_not_null(atomic_load(&new->buf[0]));
	cr_assert(gt_buf_queued(5));
	cr_assert_not(gt_buf_queued(6));
}

/* Its kernel thread is there, and it never leaves its section. */
Test(meet, a_thread_that_stays_in_its_section_keeps_its_buffer, .fini = gt_temp_clean)
{
	struct gt_thread *t;

	cr_assert(gt_thread_table_start(4));
	gt_test_live(1 << 20);
	t = record_with_buffer(5);
	atomic_store(&t->seq, 1);
	cr_assert_not(gt_meet_all(1));
	cr_assert_not(gt_meet_collect(5, 1));
	cr_assert_not_null(atomic_load(&t->buf[1]));
	atomic_store(&t->seq, 2);
	cr_assert(gt_meet_all(1));
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Buffers and the sections that fill them: order, scarcity, refused entries, and the bytes of an event.
 */
#include "shim/buf.h"
#include "shim/emit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char dir[] = "/tmp/gtrace-unit.XXXXXX";
static char path[64];

static bool start(uint64_t bytes)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/live", dir);
	return gt_buf_start(path, bytes);
}

static void clean(void)
{
	unlink(path);
	rmdir(dir);
}

Test(buf, full_buffers_come_out_in_their_order_and_by_generation, .fini = clean)
{
	struct gt_buf *a, *b, *c;

	cr_assert(start(4 << 20));
	a = gt_buf_take(false, 1, 7, 100);
	b = gt_buf_take(true, 1, 7, 200);
	c = gt_buf_take(false, 2, 7, 300);
	cr_assert(a && b && c);
	cr_assert_eq(a->bytes, GT_BUF_SMALL);
	cr_assert_eq(b->bytes, GT_BUF_LARGE);
	gt_buf_push(a);
	gt_buf_push(b);
	cr_assert(gt_buf_queued(1));
	cr_assert_not(gt_buf_queued(2));
	gt_buf_push(c);
	cr_assert_eq(gt_buf_take_full(1), a);
	cr_assert_eq(gt_buf_next(a), b);
	cr_assert_null(gt_buf_next(b));
	cr_assert_null(gt_buf_take_full(1));
	cr_assert_eq(gt_buf_take_full(2), c);
}

Test(buf, scarcity_is_told_once_and_ends_with_a_buffer_given_back, .fini = clean)
{
	struct gt_buf *b, *last = NULL;

	cr_assert(start(1 << 20));
	while ((b = gt_buf_take(true, 1, 7, 0)))
		last = b;
	cr_assert_not_null(last);
	cr_assert(gt_buf_scarce());
	cr_assert_not(gt_buf_scarce());
	gt_buf_give_back(last);
	cr_assert_eq(gt_buf_take(true, 2, 8, 5), last);
	cr_assert_eq(last->gen, 2);
}

Test(buf, a_file_that_may_not_grow_is_refused_and_removed, .fini = clean)
{
	struct rlimit tiny = {4096, 4096};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	cr_assert_not(start(4 << 20));
	cr_assert_neq(access(path, F_OK), 0);
}

/* Generation 1, with the plain clock. */
static struct gt_thread *record(void)
{
	struct gt_thread *t;

	cr_assert(start(4 << 20));
	cr_assert(gt_thread_table_start(4));
	t = gt_thread_take();
	cr_assert_not_null(t);
	atomic_store(&gt_gate.gen, 1);
	return t;
}

Test(section, nothing_is_recorded_in_generation_0, .fini = clean)
{
	struct gt_thread *t = record();
	struct gt_section s;

	atomic_store(&gt_gate.gen, 0);
	cr_assert_not(gt_section_enter(&s, t));
	cr_assert_eq(atomic_load(&t->seq) & 1, 0);
}

Test(section, a_handler_inside_a_section_is_refused_and_counted, .fini = clean)
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

Test(section, an_event_is_its_number_the_time_and_its_arguments, .fini = clean)
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

Test(section, a_full_buffer_is_queued_and_replaced, .fini = clean)
{
	struct gt_thread *t = record();
	struct gt_buf *first = NULL;
	struct gt_section s;

	for (int i = 0; i < GT_BUF_SMALL && !gt_buf_queued(1); i++) {
		cr_assert(gt_section_enter(&s, t));
		first = first ? first : s.buf;
		gt_emit_ProcStop(&s);
		gt_section_commit(&s);
		gt_section_seq(t, 1, memory_order_release);
	}
	cr_assert_eq(gt_buf_take_full(1), first);
	cr_assert_neq(atomic_load(&t->buf[1]), first);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The switch of generations: what belongs to which, whom it waits for, and what ends it.
 */
#include "shim/advance.h"
#include "shim/ranges.h"
#include "shim/emit.h"
#include "shim/format/header.h"
#include "shim/output.h"
#include "shim/sink.h"
#include "shim/status.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No thread has this id. */
enum { WRITER = 0x7ffffff0 };

static struct gt_puppet one, two;

static uint32_t generation(void)
{
	return atomic_load(&gt_gate.gen);
}

static void yields(int n)
{
	for (int i = 0; i < n; i++)
		gt_yield(GT_REC_PC);
}

Test(advance, what_was_before_a_switch_is_in_the_old_generation, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	cr_assert_eq(generation(), 1);
	for (int gen = 1; gen <= 3; gen++) {
		yields(gen);
		gt_advance_now();
	}
	cr_assert_eq(generation(), 4);
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 3; gen++)
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_GoStop, 1), gen);
	cr_assert_eq(gt_rec_count(t, 0, 0, GT_REC_ANY), 4, "each generation has an end");
}

/* Everything up to there can be read, whatever happens then. */
Test(advance, a_closed_generation_is_complete_in_the_file, .fini = gt_rec_clean)
{
	uint8_t *bytes;
	size_t len;

	gt_rec_start(NULL);
	yields(3);
	gt_advance_now();
	yields(2);
	cr_assert_eq(gt_sink_pending(), 0);
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 5, "the live file has the rest");
	bytes = gt_temp_read(gt_output_path(), &len);
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_temp_file("copy", bytes, len)), 0, GT_EV_GoStop, 1), 3);
	free(bytes);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 5);
}

Test(advance, time_does_not_go_back_at_a_switch, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	for (int i = 0; i < 50; i++) {
		yields(5);
		gt_advance_now();
	}
	t = gt_rec_finish();
	for (size_t i = 1; i < t->events; i++)
		cr_assert_gt(t->event[i].time, t->event[i - 1].time);
}

Test(advance, each_generation_has_an_anchor_of_its_own, .fini = gt_rec_clean)
{
	struct gt_clock first;

	gt_rec_start(NULL);
	if (gt_clocks[1].mult == 0)
		cr_skip_test("the kernel does not trust the counter");
	first = gt_clocks[0];
	gt_advance_now();
	cr_assert_gt(gt_clocks[0].tsc0, first.tsc0);
	gt_rec_finish();
}

static const char *live(void)
{
	static char path[PATH_MAX + sizeof(".live")];

	snprintf(path, sizeof(path), "%s.live", gt_output_path());
	return path;
}

Test(advance, after_the_last_switch_nothing_is_recorded, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	yields(1);
	gt_advance_finish();
	cr_assert_eq(generation(), 0);
	cr_assert_not(gt_temp_exists(live()));
	yields(1);
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 1);
}

Test(advance, a_tick_switches_when_the_generation_is_due, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1ms"));
	yields(1);
	for (uint32_t gen = 1; gen <= 3; gen++) {
		cr_assert_eq(generation(), gen);
		usleep(2000);
		gt_advance_tick(WRITER);
	}
	gt_rec_finish();
}

Test(advance, a_tick_before_that_switches_nothing, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1h"));
	for (int i = 0; i < 10; i++) {
		yields(1);
		gt_advance_tick(WRITER);
		gt_advance_inline();
	}
	cr_assert_eq(generation(), 1);
	gt_rec_finish();
}

Test(advance, a_stopped_world_puts_the_end_of_a_generation_off_for_a_while, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1ms"));
	gt_stw_begin("GC mark", GT_REC_PC);
	usleep(5000);
	gt_advance_tick(WRITER);
	gt_advance_inline();
	cr_assert_eq(generation(), 1);
	gt_stw_end();
	gt_advance_tick(WRITER);
	cr_assert_eq(generation(), 2);
	gt_stw_begin("GC mark", GT_REC_PC);
	usleep(1010000);
	gt_advance_tick(WRITER);
	cr_assert_eq(generation(), 3);
	gt_rec_finish();
}

Test(advance, a_generation_without_free_buffers_is_due, .fini = gt_rec_clean)
{
	struct gt_buf *taken = NULL, *b;

	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1h", "GTRACE_ARENA=1M"));
	while ((b = gt_buf_take(true, 1, 1, 0))) {
		atomic_store(&b->next, 0);
		taken = b;
	}
	cr_assert_not_null(taken);
	gt_advance_tick(WRITER);
	cr_assert_eq(generation(), 2);
	gt_buf_give_back(taken);
	gt_rec_finish();
}

Test(advance, a_tick_brings_full_buffers_to_the_file, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1h"));
	while (!gt_buf_queued(1)) {
		struct gt_section s;

		cr_assert(gt_section_enter(&s, gt_self));
		gt_status_running(&s);
		gt_emit_GoStop(&s, gt_stop_string(GT_STOP_GOSCHED), (gt_stack_t){0});
		gt_emit_GoStart(&s, (gt_g_t){1}, gt_next_gseq(gt_self));
		gt_section_commit(&s);
		gt_section_step(gt_self);
	}
	cr_assert_eq(gt_sink_pending(), 0);
	gt_advance_tick(WRITER);
	cr_assert_not(gt_buf_queued(1));
	cr_assert_gt(gt_sink_pending(), 0);
	cr_assert_eq(generation(), 1);
	gt_rec_finish();
}

Test(advance, threads_without_a_writer_bring_their_buffers_themselves, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1h", "GTRACE_ARENA=1M"));
	yields(200000);
	cr_assert_gt(gt_temp_size(gt_output_path()), 1 << 20);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 200000);
}

/* G 2 is inside a section of generation 1, and G 3 holds the lock and waits for it. */
static void stop_in_a_switch(const char *const env[])
{
	gt_rec_start(env);
	gt_puppet_born(&one);
	gt_puppet_born(&two);
	gt_puppet_enters(&one);
	gt_puppet_switches(&two);
	cr_assert_eq(generation(), 2);
}

static const struct gt_rec_trace *go_on(void)
{
	gt_puppet_leaves(&one);
	gt_puppet_wait(&two);
	gt_puppet_end(&one);
	gt_puppet_end(&two);
	return gt_rec_finish();
}

/* The law of the section. */
Test(advance, a_switch_waits_for_a_thread_that_is_inside_a_section, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	stop_in_a_switch(NULL);
	yields(1);
	cr_assert_eq(gt_temp_size(gt_output_path()), GT_HEADER_LEN, "nothing of the old generation is written yet");
	t = go_on();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoStop, 2), 1);
	cr_assert_eq(gt_rec_count(t, 2, GT_EV_GoStop, 1), 1);
}

Test(advance, while_one_switches_the_others_do_not, .fini = gt_rec_clean)
{
	stop_in_a_switch(GT_REC_ENV("GTRACE_PERIOD=1ms"));
	usleep(2000);
	gt_advance_tick(WRITER);
	gt_advance_inline();
	cr_assert_eq(generation(), 2);
	gt_puppet_leaves(&one);
	gt_puppet_wait(&two);
	usleep(2000);
	gt_advance_tick(WRITER);
	cr_assert_eq(generation(), 3);
	gt_rec_finish();
}

static void die_inside(void *unused)
{
	struct gt_section s;

	(void)unused;
	gt_yield(GT_REC_PC);
	if (gt_section_enter(&s, gt_self))
		gt_emit_GoDestroy(&s);
}

Test(advance, a_thread_that_died_inside_a_section_is_helped_out, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_thread *record;

	gt_rec_start(NULL);
	record = gt_puppet_born(&one);
	gt_puppet_do(&one, die_inside, NULL);
	gt_puppet_vanish(&one);
	cr_assert_eq(atomic_load(&record->seq) & 1, 1);
	gt_advance_now();
	cr_assert_eq(atomic_load(&record->seq) & 1, 0);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoStop, 2), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroy, 2), 0, "what it had not published is not there");
}

Test(advance, the_record_of_an_ended_thread_is_free_at_the_latest_then, .fini = gt_rec_clean)
{
	struct gt_thread *t;

	gt_rec_start(NULL);
	t = gt_thread_take();
	atomic_store(&t->buf[1], gt_buf_take(false, 1, WRITER, gt_clock_now(1)));
	atomic_store(&t->state, GT_T_EXITED);
	gt_advance_now();
	cr_assert_null(atomic_load(&t->buf[1]));
	cr_assert_eq(atomic_load(&t->state), GT_T_FREE);
	gt_rec_finish();
}

static void take_lock(void *unused)
{
	(void)unused;
	cr_assert(gt_advance_lock());
}

static void release_lock(void *unused)
{
	(void)unused;
	gt_advance_release();
}

/* Its holder may be the switcher, who waits for that very section. */
Test(advance, on_top_of_a_section_nobody_waits_for_the_lock, .fini = gt_rec_clean)
{
	uint64_t before;

	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_do(&one, take_lock, NULL);
	gt_section_step(gt_self);
	before = gt_clock_monotonic();
	cr_assert_not(gt_advance_lock());
	cr_assert_lt(gt_clock_monotonic() - before, 1000000000);
	gt_section_step(gt_self);
	gt_puppet_do(&one, release_lock, NULL);
	cr_assert(gt_advance_lock());
	gt_advance_release();
}

Test(advance, a_generation_goes_on_while_the_file_is_out_of_reach, .fini = gt_rec_clean)
{
	char aside[PATH_MAX];

	gt_rec_start(NULL);
	yields(1);
	snprintf(aside, sizeof(aside), "%s.aside", gt_output_path());
	cr_assert_eq(rename(gt_output_path(), aside), 0);
	gt_advance_now();
	cr_assert_eq(generation(), 1);
	cr_assert_eq(rename(aside, gt_output_path()), 0);
	gt_advance_now();
	cr_assert_eq(generation(), 2);
	gt_rec_finish();
}

Test(advance, a_file_that_is_gone_is_not_made_anew, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	yields(1);
	cr_assert_eq(unlink(gt_output_path()), 0);
	gt_advance_tick(WRITER);
	gt_advance_now();
	gt_advance_finish();
	cr_assert_eq(generation(), 0);
	cr_assert(gt_temp_exists(live()));
	cr_assert_not(gt_temp_exists(gt_output_path()));
}

Test(advance, a_generation_is_due_when_it_is_large, .fini = gt_rec_clean)
{
	struct gt_buf *b;

	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=1h"));
	for (int i = 0; generation() == 1 && i < 1000; i++) {
		b = gt_buf_take(true, 1, WRITER, gt_clock_now(1));
		cr_assert_not_null(b);
		b->used = b->bytes - sizeof(*b) - GT_BUF_GAP;
		memset(b->data, GT_EV_ProcStop, b->used);
		gt_buf_push(b);
		gt_advance_tick(WRITER);
	}
	cr_assert_eq(generation(), 2);
	cr_assert_geq(gt_temp_size(gt_output_path()), 16 << 20);
	cr_assert_leq(gt_temp_size(gt_output_path()), 18 << 20);
}

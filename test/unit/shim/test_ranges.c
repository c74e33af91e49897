/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stopped worlds, assists and sweeps: in pairs, over generations and waits; a sweep goes with the slot.
 */
#include "shim/ranges.h"
#include "shim/advance.h"
#include "shim/output.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

static struct gt_puppet other;
static int object;

static void stop_world(void *unused __attribute__((unused)))
{
	gt_stw_begin("GC mark", GT_PUPPET_PC);
}

static void assist(void *unused __attribute__((unused)))
{
	gt_assist_begin(GT_PUPPET_PC);
}

static void end_assist(void *unused __attribute__((unused)))
{
	gt_assist_end();
}

static void sweep(void *unused __attribute__((unused)))
{
	gt_sweep_begin(GT_PUPPET_PC);
}

static void end_sweep(void *unused __attribute__((unused)))
{
	gt_sweep_end(70, 7);
}

Test(ranges, a_stopped_world_says_why_in_another_generation_too, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_stw_begin("GC mark", GT_REC_PC);
	cr_assert(gt_range_is_open(GT_RANGE_STW));
	gt_advance_now();
	gt_stw_end();
	cr_assert_not(gt_range_is_open(GT_RANGE_STW));
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_STWBegin, GT_REC_ANY);
	cr_assert_str_eq(ev->reason, "GC mark");
	cr_assert_eq(ev->pc, (uintptr_t)GT_REC_PC);
	cr_assert_str_eq(gt_rec_find(t, 2, GT_EV_STWEnd, GT_REC_ANY)->reason, "GC mark");
}

static off_t written(void)
{
	struct stat st;

	cr_assert_eq(stat(gt_output_path(), &st), 0);
	return st.st_size;
}

/* There is no writer thread here, so that the thread itself brings its buffers to the file. */
Test(ranges, nothing_goes_to_the_file_while_the_world_is_stopped, .fini = gt_rec_clean)
{
	off_t before;

	gt_rec_start(NULL);
	gt_stw_begin("GC mark", GT_REC_PC);
	before = written();
	for (int i = 0; i < 50000; i++)
		gt_yield(GT_REC_PC);
	cr_assert_eq(written(), before);
	gt_stw_end();
	cr_assert_gt(written(), before);
	gt_rec_finish();
}

Test(ranges, an_assist_lasts_over_waits_and_is_said_anew, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_puppet_do(&other, assist, NULL);
	gt_advance_now(); /* 2: it says so itself */
	gt_puppet_waits(&other, &object);
	gt_advance_now(); /* 3: nobody mentions it */
	gt_advance_now(); /* 4: by its waker */
	gt_wake_all(&object, GT_REC_PC);
	gt_advance_now();
	gt_puppet_wakes(&other);
	gt_puppet_do(&other, end_assist, NULL);
	gt_advance_now();
	gt_puppet_end(&other);
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 6; gen++) {
		const struct gt_rec_event *ev = gt_rec_find(t, gen, GT_EV_GCMarkAssistActive, GT_REC_ANY);

		cr_assert_eq(ev != NULL, gen >= 2 && gen <= 5, "%d", (int)gen);
		cr_assert(!ev || ev->args[0] == 2);
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_GCMarkAssistActive, GT_REC_ANY), ev ? 1 : 0);
	}
	cr_assert_eq(gt_rec_count(t, 5, GT_EV_GCMarkAssistEnd, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 0);
}

Test(ranges, a_sweep_is_broken_off_where_the_thread_waits, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_sweep_begin(GT_REC_PC);
	gt_rec_wait(&op, &object);
	gt_op_end(&op);
	gt_sweep_end(100, 40);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "GCSweepBegin GoBlock GCSweepEnd ProcStop GoUnblock ProcStart GoStart "
				   "GCSweepBegin GCSweepEnd");
	ev = gt_rec_find(t, 1, GT_EV_GCSweepEnd, GT_REC_ANY);
	cr_assert(ev->args[0] == 0 && ev->args[1] == 0);
	ev = gt_rec_after(t, ev, GT_EV_GCSweepEnd, GT_REC_ANY);
	cr_assert(ev->args[0] == 100 && ev->args[1] == 40);
}

Test(ranges, a_sweep_is_broken_off_in_a_system_call, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_start(NULL);
	gt_sweep_begin(GT_REC_PC);
	gt_rec_call(&op);
	gt_op_end(&op);
	gt_sweep_end(1, 1);
	gt_rec_call(&op);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "GCSweepBegin GoSyscallBegin GCSweepEnd GoSyscallEnd GCSweepBegin GCSweepEnd "
				   "GoSyscallBegin GoSyscallEnd");
}

Test(ranges, a_sweep_is_said_anew_by_the_thread_and_for_it, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_puppet_do(&other, sweep, NULL);
	gt_advance_now();
	gt_puppet_yields(&other);
	gt_advance_now(); /* 3: silent */
	gt_yield(GT_REC_PC);
	gt_advance_now();
	gt_puppet_do(&other, end_sweep, NULL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 4; gen++)
		cr_assert_eq(gt_rec_count(t, gen, GT_EV_GCSweepActive, GT_REC_ANY), gen > 1);
}

Test(ranges, one_that_waits_does_not_sweep, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_puppet_do(&other, sweep, NULL);
	gt_puppet_waits(&other, &object);
	gt_advance_now();
	gt_advance_now();
	gt_puppet_wakes(&other);
	gt_puppet_do(&other, end_sweep, NULL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GCSweepActive, GT_REC_ANY), 0);
	cr_assert_eq(gt_rec_find(t, 3, GT_EV_GCSweepEnd, GT_REC_ANY)->args[0], 70);
}

Test(ranges, what_a_thread_leaves_open_is_closed_at_its_end, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_puppet_do(&other, stop_world, NULL);
	gt_puppet_do(&other, assist, NULL);
	gt_puppet_do(&other, sweep, NULL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert(strstr(gt_rec_story(t, 1, other.tid), "STWEnd GCMarkAssistEnd GCSweepEnd GoDestroy ProcStop"));
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 1);
}

Test(ranges, mistakes_are_counted_and_not_written, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&other);
	gt_stw_end();
	gt_assist_end();
	gt_sweep_end(1, 1);
	gt_stw_begin("one", GT_REC_PC);
	gt_stw_begin("two", GT_REC_PC);
	gt_assist_begin(GT_REC_PC);
	gt_puppet_do(&other, end_assist, NULL);
	gt_puppet_do(&other, end_sweep, NULL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoCreate STWBegin ProcsChange GCMarkAssistBegin");
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_MISUSE), 6);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots of long system calls are taken away, those of short ones are not. How long a call lasts is what the slot says.
 */
#include "shim/retake.h"
#include "shim/advance.h"
#include "shim/clock.h"
#include "shim/thread.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

/* No thread has this id. */
enum { WRITER = 0x7ffffff0 };

static const uint64_t hour = UINT64_C(3600000000000);

static struct gt_op op;

/* G 1 is in a system call, since the machine started or since an hour from now. */
static void call(bool is_long)
{
	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_rec_call(&op);
	gt_self->proc->since = is_long ? 1 : gt_clock_monotonic() + hour;
}

static enum gt_proc_state slot(void)
{
	return gt_proc_word_state(atomic_load(&gt_proc_at(0)->word));
}

Test(retake, the_slot_of_a_long_call_is_free_again, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	call(true);
	gt_retake(WRITER);
	cr_assert_eq(slot(), GT_PROC_IDLE);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, WRITER), "ProcSteal");
	ev = gt_rec_find(t, 1, GT_EV_ProcSteal, 0);
	cr_assert_eq(ev->args[2], (uint64_t)getpid());
	cr_assert_not_null(gt_rec_after(t, ev, GT_EV_GoSyscallEndBlocked, 1));
}

Test(retake, the_slot_of_a_short_call_is_left_alone, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	call(false);
	gt_retake(WRITER);
	cr_assert_eq(slot(), GT_PROC_SYS);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, WRITER), "");
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoSyscallEnd, 1), 1);
}

Test(retake, who_runs_keeps_its_slot_however_long, .fini = gt_rec_clean)
{
	call(true);
	gt_op_end(&op);
	gt_retake(WRITER);
	cr_assert_eq(slot(), GT_PROC_RUN);
	gt_rec_finish();
}

Test(retake, one_slot_is_taken_once, .fini = gt_rec_clean)
{
	call(true);
	gt_retake(WRITER);
	gt_retake(WRITER);
	gt_op_end(&op);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_ProcSteal, GT_REC_ANY), 1);
}

Test(retake, in_a_later_generation_the_call_is_told_first, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	call(true);
	gt_advance_now();
	gt_retake(WRITER);
	gt_op_end(&op);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 2, GT_EV_ProcStatus, 0);
	cr_assert(ev->m == getpid() && ev->args[1] == GT_P_Syscall);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_ProcSteal, 0)->m, WRITER);
}

/* A thread of the program could be there only when it was recorded. */
Test(retake, the_writer_has_one_record_and_a_new_one_after_a_fork, .fini = gt_rec_clean)
{
	call(true);
	cr_assert_eq(gt_thread_count(), 1);
	gt_retake(WRITER);
	cr_assert_eq(gt_thread_count(), 2);
	cr_assert_eq(atomic_load(&gt_thread_at(2)->tid), WRITER);
	gt_op_end(&op);
	gt_rec_call(&op);
	gt_self->proc->since = 1;
	gt_retake(WRITER);
	cr_assert_eq(gt_thread_count(), 2);
	gt_retake_reset();
	gt_op_end(&op);
	gt_rec_call(&op);
	gt_self->proc->since = 1;
	gt_retake(WRITER + 1);
	cr_assert_eq(gt_thread_count(), 3);
	gt_rec_finish();
}

Test(retake, where_nothing_is_long_the_writer_has_no_record, .fini = gt_rec_clean)
{
	call(false);
	gt_retake(WRITER);
	cr_assert_eq(gt_thread_count(), 1);
	gt_rec_finish();
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two ways in which a wait ends: in one go where everything is as it mostly is, else the long way; and whose end it is.
 */
#include "shim/wait.h"
#include "shim/advance.h"
#include "shim/resume.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>

static int object;

static void expect_one_wait(void)
{
	const struct gt_rec_trace *t = gt_rec_finish();

	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoBlock, 1), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoUnblock, 1), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStart, 1), 1);
}

Test(wait, ends_in_one_go, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	cr_assert(gt_wait_end(gt_self, GT_NO_RESULT));
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_RUN);
	cr_assert_eq(gt_self->resuming, 0);
	expect_one_wait();
}

/* The generation that it began in is closed: its status comes first, and its stack is taken once more. */
Test(wait, that_outlasts_its_generation_ends_the_long_way, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	gt_advance_now();
	cr_assert_not(gt_wait_end(gt_self, GT_NO_RESULT));
	cr_assert_eq(atomic_load(&gt_self->state), GT_T_BLOCKED);
	cr_assert_eq(gt_proc_word_state(atomic_load(&gt_self->last_proc->word)), GT_PROC_IDLE);
	cr_assert(gt_resume(gt_self, GT_NO_RESULT));
	expect_one_wait();
}

Test(wait, that_a_handler_interrupts_is_left_to_whom_it_interrupted, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_rec_wait(&op, &object);
	gt_self->resuming = 1;
	cr_assert_not(gt_wait_end(gt_self, GT_NO_RESULT));
	gt_self->resuming = 0;
	gt_op_end(&op);
	expect_one_wait();
}

/* Nobody could find it: no place, and no word that a waker may change. */
Test(wait, for_a_number_is_ended_by_the_thread_alone, .fini = gt_rec_clean)
{
	struct gt_op op;

	gt_rec_start(NULL);
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_NET, GT_PRIM_SOCKET, SYS_read}, (const void *)3, GT_REC_PC);
	cr_assert_eq(gt_self->place, GT_PLACE_NONE);
	cr_assert_eq(gt_wait_word_state(atomic_load(&gt_self->wait)), GT_WAIT_NONE);
	cr_assert_not(gt_waiters_any((const void *)3));
	gt_op_end(&op);
	expect_one_wait();
}

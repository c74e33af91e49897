/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that vanish without a word: others write their end.
 */
#include "shim/burial.h"
#include "shim/advance.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct gt_puppet one, two;
static struct gt_op op;
static int object;

static void reap(void)
{
	gt_burial_look((int)getpid(), false);
}

Test(burial, who_vanished_is_buried_and_not_before, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_yields(&one);
	reap();
	cr_assert_eq(atomic_load(&gt_thread_at(2)->state), GT_T_RUN);
	gt_puppet_vanish(&one);
	reap();
	cr_assert_eq(atomic_load(&gt_thread_at(2)->state), GT_T_FREE);
	reap();
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroySyscall, 2), 1);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoDestroySyscall, 2)->m, one.tid);
}

Test(burial, who_vanished_in_a_wait_is_buried_too, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_waits(&one, &object);
	gt_puppet_vanish(&one);
	reap(); /* which every switch does */
	cr_assert_not(gt_waiters_any(&object));
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid),
			 "GoCreateSyscall ProcStatus ProcStart GoSyscallEndBlocked GoStart ProcsChange "
			 "GoBlock ProcStop GoUnblock ProcStart GoStart GoSyscallBegin ProcStop GoDestroySyscall");
}

static void syscall_begin(void *unused)
{
	(void)unused;
	gt_rec_call(&op);
}

Test(burial, who_vanished_in_a_system_call_gives_its_slot_back, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_do(&one, syscall_begin, NULL);
	gt_puppet_vanish(&one);
	reap();
	cr_assert_eq(gt_proc_word_state(atomic_load(&gt_proc_at(1)->word)), GT_PROC_IDLE);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid),
			 "GoCreateSyscall ProcStatus ProcStart GoSyscallEndBlocked GoStart ProcsChange "
			 "GoSyscallBegin ProcStop GoDestroySyscall");
}

Test(burial, who_vanished_in_a_system_call_is_buried_in_a_later_generation, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_do(&one, syscall_begin, NULL);
	gt_advance_now();
	gt_puppet_vanish(&one);
	reap();
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 2, one.tid), "ProcStatus GoStatus ProcStop GoDestroySyscall");
}

/* Its slot must not end with it. */
Test(burial, whose_slot_was_taken_is_buried_without, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_one_slot();
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_do(&one, syscall_begin, NULL);
	gt_puppet_vanish(&one);
	gt_puppet_start(&two);
	gt_puppet_yields(&two);
	reap();
	gt_puppet_end(&two);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_ProcSteal, 1)->m, two.tid);
	cr_assert_str_eq(gt_rec_story(t, 1, one.tid),
			 "GoCreateSyscall ProcStatus ProcStart GoSyscallEndBlocked GoStart ProcsChange "
			 "GoSyscallBegin GoDestroySyscall");
}

/* Of an announced thread nobody expects it: it is found when all are looked at. */
Test(burial, who_was_announced_may_vanish_too, .fini = gt_rec_clean)
{
	const struct gt_rec_event *call;
	const struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_yields(&one);
	reap();
	gt_puppet_vanish(&one);
	reap();
	cr_assert_eq(atomic_load(&gt_thread_at(2)->state), GT_T_RUN);
	gt_burial_look((int)getpid(), true);
	cr_assert_eq(atomic_load(&gt_thread_at(2)->state), GT_T_FREE);
	t = gt_rec_finish();
	call = gt_rec_find(t, 1, GT_EV_GoSyscallBegin, 2);
	cr_assert_eq(gt_rec_tied(call, GT_FACT_Syscall)->v[0], SYS_exit);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoDestroySyscall, 2)->m, one.tid);
}

static void enter_section(void *unused)
{
	(void)unused;
	gt_yield(GT_REC_PC);
	gt_section_step(gt_self);
}

Test(burial, who_vanished_inside_a_section_is_buried_too, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_do(&one, enter_section, NULL);
	gt_puppet_vanish(&one);
	reap();
	cr_assert_eq(atomic_load(&gt_thread_at(2)->seq) & 1, 0);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 1, GT_EV_GoDestroySyscall, 2), 1);
}

/* To the recorder this is a new kernel thread that got the id of one which said nothing. */
static void come_again(void *record)
{
	gt_self = NULL;
	if (record)
		gt_thread_start(record);
	gt_yield(GT_REC_PC);
}

Test(burial, an_id_comes_back_with_an_announced_thread, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *end;

	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_yields(&one);
	gt_puppet_do(&one, come_again, gt_thread_create(GT_REC_PC, GT_REC_PC));
	gt_puppet_end(&one);
	t = gt_rec_finish();
	end = gt_rec_find(t, 1, GT_EV_GoDestroySyscall, 2);
	cr_assert_not_null(end);
	cr_assert_eq(gt_rec_after(t, end, GT_EV_GoStart, 3)->m, one.tid);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroy, 3), 1);
}

Test(burial, an_id_comes_back_with_an_adopted_thread, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *end;

	gt_rec_start(NULL);
	gt_puppet_start(&one);
	gt_puppet_waits(&one, &object);
	gt_puppet_do(&one, come_again, NULL);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	end = gt_rec_find(t, 1, GT_EV_GoDestroySyscall, 2);
	cr_assert_not_null(end);
	cr_assert_eq(gt_rec_after(t, end, GT_EV_GoCreateSyscall, 3)->m, one.tid);
}

/* As when there is no buffer. */
static void end_unheard(void *unused)
{
	(void)unused;
	atomic_store(&gt_gate.gen, 0);
	gt_thread_end();
	atomic_store(&gt_gate.gen, 1);
	gt_yield(GT_REC_PC);
}

Test(burial, last_words_that_could_not_be_written_are_written_later, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_thread *record;

	gt_rec_start(NULL);
	record = gt_puppet_born(&one);
	gt_puppet_do(&one, end_unheard, NULL);
	gt_puppet_vanish(&one);
	cr_assert_eq(atomic_load(&record->state), GT_T_RUN);
	reap();
	cr_assert_eq(atomic_load(&record->state), GT_T_FREE);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoDestroySyscall, 2), 1);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoStop, 2), 0);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the stack of a system call that lasts is written. */
#include "shim/late_stack.h"
#include "shim/advance.h"
#include "shim/sched.h"
#include "shim/stack_table.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

static bool has_late_stack(const struct gt_rec_event *ev)
{
	for (size_t i = 0; i < ev->nfacts; i++) {
		if (ev->fact[i].number == GT_FACT_SyscallStack)
			return ev->fact[i].v[0] != 0;
	}
	return false;
}

/* The first one outlasts its generation, the second one does not, the third one is short. */
Test(late_stack, a_long_call_has_its_stack_beside_its_end_when_its_beginning_is_out_of_reach, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_start(GT_REC_ENV("GTRACE_SYSCALL_STACKS=10ms"));
	gt_rec_call(&op);
	gt_advance_now();
	usleep(20000);
	gt_op_end(&op);
	gt_rec_call(&op);
	usleep(20000);
	gt_op_end(&op);
	gt_rec_call(&op);
	gt_op_end(&op);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 2, GT_EV_GoSyscallEnd, 1);
	cr_assert(has_late_stack(ev));
	ev = gt_rec_after(t, ev, GT_EV_GoSyscallEnd, 1);
	cr_assert_not(has_late_stack(ev));
	ev = gt_rec_after(t, ev, GT_EV_GoSyscallEnd, 1);
	cr_assert_not(has_late_stack(ev));
}

/* Numbers of one byte are used up while the call lasts. */
static void take_short_numbers(void)
{
	struct gt_section s;

	cr_assert(gt_section_enter(&s, gt_self));
	for (uint64_t pc = 0x1000; pc < 0x1080; pc++)
		gt_stack_intern(s.gen, &pc, 1);
	gt_section_leave(&s);
}

Test(late_stack, a_stack_with_a_longer_number_takes_the_place_of_the_call_alone, .fini = gt_rec_clean)
{
	const struct gt_rec_event *ev;
	struct gt_rec_trace *t;
	const uint8_t *last;
	struct gt_op op;

	gt_rec_start(GT_REC_ENV("GTRACE_SYSCALL_STACKS=1ms"));
	gt_rec_call(&op);
	last = gt_self->buf[1]->data + gt_self->begin_end - 1;
	cr_assert(*last > 0 && *last < 0x80);
	take_short_numbers();
	gt_self->pc = (const char *)GT_REC_PC + 1; /* another stack than the call's */
	usleep(2000);
	gt_op_end(&op);
	cr_assert(*last >= 0x80 && last[1] > 0 && last[1] < 0x80);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoSyscallBegin GoSyscallEnd");
	ev = gt_rec_find(t, 1, GT_EV_GoSyscallEnd, 1);
	cr_assert_not(has_late_stack(ev));
}

/* The slot was taken, and that is told behind its beginning. */
Test(late_stack, a_stack_that_has_no_room_in_the_beginning_stands_beside_the_end, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	struct gt_op op;

	gt_rec_one_slot();
	gt_rec_start(GT_REC_ENV("GTRACE_SYSCALL_STACKS=1ms"));
	gt_syscall_begin_blocking(&op, SYS_read, 3, GT_REC_PC);
	take_short_numbers();
	gt_self->pc = (const char *)GT_REC_PC + 1; /* another stack than the call's */
	usleep(2000);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "GoSyscallBegin ProcStop ProcStart GoSyscallEndBlocked GoStart");
	cr_assert(has_late_stack(gt_rec_find(t, 1, GT_EV_GoSyscallEndBlocked, 1)));
}

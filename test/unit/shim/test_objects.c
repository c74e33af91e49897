/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects and stacks as events: in order, with their sizes, in whatever state the thread is.
 */
#include "shim/objects.h"
#include "shim/advance.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <unistd.h>

#define BEGINNING "ProcStatus GoStatus ProcsChange "

static const struct gt_heap_object small = {(const void *)0x10020, 48, false};
static const struct gt_heap_object large = {(const void *)0x20010, 3 * 4096, true};
static struct gt_puppet other;
static int object;

static void start(void)
{
	gt_rec_start(GT_REC_ENV("GTRACE_ALLOCFREE=1"));
}

static void check(const struct gt_rec_event *ev, uint64_t id, uint64_t bytes)
{
	const struct gt_rec_fact *size = gt_rec_tied(ev, GT_FACT_Size);

	cr_assert_eq(ev->args[0], id);
	cr_assert_eq(size ? (uint64_t)size->v[0] : 0, bytes);
}

Test(objects, come_and_go_in_order_with_their_sizes, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	start();
	gt_object_taken(small);
	gt_object_taken(large);
	gt_object_freed(small);
	gt_object_freed(large);
	gt_object_stays(small);
	gt_object_stays(large);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()),
			 BEGINNING "HeapObjectAlloc SpanAlloc HeapObjectAlloc HeapObjectFree HeapObjectFree SpanFree "
				   "HeapObject Span HeapObject");
	check(gt_rec_find(t, 1, GT_EV_HeapObjectAlloc, GT_REC_ANY), 0x10020 / 8, 48);
	check(gt_rec_find(t, 1, GT_EV_HeapObjectFree, GT_REC_ANY), 0x10020 / 8, 0);
	check(gt_rec_find(t, 1, GT_EV_HeapObject, GT_REC_ANY), 0x10020 / 8, 48);
	check(gt_rec_find(t, 1, GT_EV_SpanFree, GT_REC_ANY), 0x20, 0);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_SpanAlloc, GT_REC_ANY)->args[1], 3);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_Span, GT_REC_ANY)->args[1], 3);
}

/* In libc, under a wait or a call: also as the first word of a generation. */
Test(objects, of_threads_that_do_not_run, .fini = gt_rec_clean)
{
	static struct gt_op op;
	struct gt_rec_trace *t;

	start();
	gt_rec_call(&op);
	gt_object_taken(small);
	gt_advance_now();
	gt_object_freed(small);
	gt_op_end(&op);
	gt_rec_wait(&op, &object);
	gt_object_taken(small);
	gt_advance_now();
	gt_object_freed(small);
	gt_op_end(&op);
	t = gt_rec_finish();
	cr_assert_str_eq(gt_rec_story(t, 1, getpid()), BEGINNING "GoSyscallBegin HeapObjectAlloc");
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_HeapObjectFree, GT_REC_ANY), 2);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoSyscallEnd, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NESTED), 0);
}

static void take(void *arg)
{
	(void)arg;
	gt_object_taken(small);
}

Test(objects, of_a_thread_that_nobody_announced, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	start();
	gt_puppet_start(&other);
	gt_puppet_do(&other, take, NULL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoCreateSyscall, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_HeapObjectAlloc, GT_REC_ANY), 1);
}

static void end_and_take(void *arg)
{
	gt_thread_end();
	take(arg);
}

Test(objects, after_a_threads_last_word_are_counted_as_dropped, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	start();
	gt_puppet_born(&other);
	gt_puppet_do(&other, end_and_take, NULL);
	gt_puppet_vanish(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_HeapObjectAlloc, GT_REC_ANY), 0);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_EXIT), 1);
}

Test(objects, stacks_are_there_as_long_as_their_threads, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	start();
	gt_stack_memory_taken((struct gt_stack_memory){0x100000, 0x10000});
	gt_stack_memory_freed((struct gt_stack_memory){0x100000, 0x10000});
	gt_stack_memory_taken((struct gt_stack_memory){0, 0x10000}); /* nobody knows where */
	t = gt_rec_finish();
	check(gt_rec_find(t, 1, GT_EV_GoroutineStackAlloc, GT_REC_ANY), 0x100000 / 2048, 0x10000);
	cr_assert_eq(gt_rec_find(t, 1, GT_EV_GoroutineStackAlloc, GT_REC_ANY)->args[1], 17);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoroutineStackAlloc, GT_REC_ANY), 1);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoroutineStackFree, GT_REC_ANY), 1);
}

Test(objects, nothing_is_written_of_stacks_unless_asked_for, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_stack_memory_taken((struct gt_stack_memory){0x100000, 0x10000});
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoroutineStack, GT_REC_ANY), 0);
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoroutineStackAlloc, GT_REC_ANY), 0);
}

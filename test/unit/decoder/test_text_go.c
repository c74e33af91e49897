/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events as Go prints them, down to the byte. What was printed by Go itself is compared by test/oracle.
 */
#include "decoder/text_go.h"

#include "decoder/reader.h"
#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

static const struct gt_string first = GT_TEXT("a\"b"), second = GT_TEXT("two");

static void prints(const struct gt_trace_event *ev, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_text_go(&out, ev, 23);
	gt_expect_text(&out, expected);
}

static void prints_newer(const struct gt_trace_event *ev, const char *expected)
{
	struct gt_out out;

	gt_out_open(&out, -1);
	gt_text_go(&out, ev, 25);
	gt_expect_text(&out, expected);
}

static struct gt_trace_event on_go(enum gt_kind kind, uint8_t type, int64_t g)
{
	struct gt_trace_event ev = gt_decode_example(kind, type);

	ev.resource = GT_RES_GO;
	ev.id = g;
	return ev;
}

Test(text_go, a_transition)
{
	struct gt_trace_event ev = on_go(GT_KIND_TRANSITION, GT_EV_GoStart, 7);

	ev.g = -1;
	ev.from = GT_GO_RUNNABLE;
	ev.to = GT_GO_RUNNING;
	prints(&ev, "M=1 P=2 G=-1 StateTransition Time=5 Resource=Goroutine(7) Reason=\"\" GoID=7 "
		    "Runnable->Running\n");
	ev.resource = GT_RES_PROC;
	ev.from = GT_PROC_IDLE;
	ev.to = GT_PROC_RUNNING;
	ev.text[0] = &first;
	prints(&ev, "M=1 P=2 G=-1 StateTransition Time=5 Resource=Proc(7) Reason=\"a\\\"b\" "
		    "ProcID=7 Idle->Running\n");
}

Test(text_go, stacks)
{
	static const struct gt_string file = GT_TEXT("/x/y.c"), func = GT_TEXT("work");
	static const struct gt_stack_frame leaf = {0xabc, 17, &func, &file};
	static const struct gt_stack_frame root = {0xdef, 0, &gt_string_empty, &gt_string_empty};
	static const struct gt_stack_frame *frames[] = {&leaf, &root};
	struct gt_stack stack = {1, 2, frames}, other = {2, 1, frames};
	struct gt_trace_event ev = on_go(GT_KIND_TRANSITION, GT_EV_GoCreate, 7);

	ev.from = GT_GO_NOT_EXIST;
	ev.to = GT_GO_RUNNABLE;
	ev.stack = &stack;
	ev.transition_stack = &other;
	prints(&ev, "M=1 P=2 G=3 StateTransition Time=5 Resource=Goroutine(7) Reason=\"\" GoID=7 "
		    "NotExist->Runnable\n"
		    "TransitionStack=\n\twork @ 0xabc\n\t\t/x/y.c:17\n"
		    "\nStack=\n\twork @ 0xabc\n\t\t/x/y.c:17\n\t @ 0xdef\n\t\t:0\n\n");
}

Test(text_go, metrics)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_ProcsChange);

	ev.args[0] = UINT64_MAX;
	prints(&ev, "M=1 P=2 G=3 Metric Time=5 Name=\"/sched/gomaxprocs:threads\" "
		    "Value=Uint64(18446744073709551615)\n");
	ev.type = GT_EV_HeapAlloc;
	prints(&ev, "M=1 P=2 G=3 Metric Time=5 Name=\"/memory/classes/heap/objects:bytes\" "
		    "Value=Uint64(18446744073709551615)\n");
	ev.type = GT_EV_HeapGoal;
	prints(&ev, "M=1 P=2 G=3 Metric Time=5 Name=\"/gc/heap/goal:bytes\" "
		    "Value=Uint64(18446744073709551615)\n");
}

Test(text_go, ranges_of_threads_and_slots)
{
	struct gt_trace_event ev = on_go(GT_KIND_RANGE_BEGIN, GT_EV_STWBegin, 3);

	ev.text[0] = &first;
	prints(&ev, "M=1 P=2 G=3 RangeBegin Time=5 Name=\"stop-the-world (a\\\"b)\" "
		    "Scope=Goroutine(3)\n");
	ev.type = GT_EV_GCMarkAssistBegin;
	prints(&ev, "M=1 P=2 G=3 RangeBegin Time=5 Name=\"GC mark assist\" Scope=Goroutine(3)\n");
	ev.resource = GT_RES_PROC;
	ev.kind = GT_KIND_RANGE_ACTIVE;
	ev.type = GT_EV_GCSweepActive;
	prints(&ev, "M=1 P=2 G=3 RangeActive Time=5 Name=\"GC incremental sweep\" "
		    "Scope=Proc(3)\n");
}

Test(text_go, ranges_that_end)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_RANGE_END, GT_EV_GCEnd);

	prints(&ev, "M=1 P=2 G=3 RangeEnd Time=5 Name=\"GC concurrent mark phase\" Scope=None "
		    "Attributes=[]\n");
	ev.type = GT_EV_GCSweepEnd;
	ev.resource = GT_RES_PROC;
	ev.id = 2;
	ev.args[0] = 100;
	ev.args[1] = 50;
	prints(&ev, "M=1 P=2 G=3 RangeEnd Time=5 Name=\"GC incremental sweep\" Scope=Proc(2) "
		    "Attributes=[\"bytes swept\"=Uint64(100) \"bytes reclaimed\"=Uint64(50)]\n");
}

Test(text_go, a_stopped_world_is_quoted_as_a_whole)
{
	static const struct gt_string broken = GT_TEXT("\xc3");
	struct gt_trace_event ev = on_go(GT_KIND_RANGE_BEGIN, GT_EV_STWBegin, 3);

	ev.text[0] = &broken;
	prints(&ev, "M=1 P=2 G=3 RangeBegin Time=5 Name=\"stop-the-world (\\xc3)\" "
		    "Scope=Goroutine(3)\n");
}

Test(text_go, what_users_write)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TASK_BEGIN, GT_EV_UserTaskBegin);

	ev.task = 4;
	ev.parent = GT_NONE;
	ev.text[0] = &first;
	ev.text[1] = &second;
	prints(&ev, "M=1 P=2 G=3 TaskBegin Time=5 ID=4 Parent=18446744073709551615 "
		    "Type=\"a\\\"b\"\n");
	ev.kind = GT_KIND_REGION_END;
	prints(&ev, "M=1 P=2 G=3 RegionEnd Time=5 Task=4 Type=\"a\\\"b\"\n");
	ev.kind = GT_KIND_LOG;
	prints(&ev, "M=1 P=2 G=3 Log Time=5 Task=4 Category=\"a\\\"b\" Message=\"two\"\n");
	ev.kind = GT_KIND_LABEL;
	ev.resource = GT_RES_GO;
	ev.id = 3;
	prints(&ev, "M=1 P=2 G=3 Label Time=5 Label=\"a\\\"b\" Resource=Goroutine(3)\n");
}

Test(text_go, experiments)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_EXPERIMENTAL, GT_EV_Span);

	ev.args[0] = 1;
	ev.args[1] = 22;
	ev.args[2] = 333;
	prints(&ev, "M=1 P=2 G=3 Experimental Time=5 Name=Span "
		    "ArgNames=[id npages_value kindclass] Args=[1 22 333]\n");
	ev.type = GT_EV_SpanFree;
	prints(&ev, "M=1 P=2 G=3 Experimental Time=5 Name=SpanFree ArgNames=[id] Args=[1]\n");
}

Test(text_go, samples_and_ends_of_generations)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	prints(&ev, "M=1 P=2 G=3 Sync Time=5\n");
	ev.kind = GT_KIND_STACK_SAMPLE;
	prints(&ev, "M=1 P=2 G=3 StackSample Time=5\n");
}

Test(text_go, a_transition_of_a_newer_trace)
{
	struct gt_trace_event ev = on_go(GT_KIND_TRANSITION, GT_EV_GoBlock, 7);

	ev.from = GT_GO_RUNNING;
	ev.to = GT_GO_WAITING;
	ev.text[0] = &first;
	prints_newer(&ev, "M=1 P=2 G=3 StateTransition Time=5 GoID=7 Running->Waiting Reason=\"a\\\"b\"\n");
	ev.text[0] = &gt_string_empty;
	ev.resource = GT_RES_PROC;
	ev.from = GT_PROC_IDLE;
	ev.to = GT_PROC_RUNNING;
	prints_newer(&ev, "M=1 P=2 G=3 StateTransition Time=5 ProcID=7 Idle->Running Reason=\"\"\n");
}

Test(text_go, values_of_a_newer_trace)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_ProcsChange);

	ev.args[0] = 4;
	prints_newer(&ev, "M=1 P=2 G=3 Metric Time=5 Name=\"/sched/gomaxprocs:threads\" Value=Value{Uint64(4)}\n");
	ev = gt_decode_example(GT_KIND_EXPERIMENTAL, GT_EV_Span);
	ev.args[0] = 1;
	ev.args[1] = 22;
	ev.args[2] = 333;
	prints_newer(&ev, "M=1 P=2 G=3 Experimental Time=5 Name=Span Args=[id=Value{Uint64(1)}, "
			  "npages_value=Value{Uint64(22)}, kindclass=Value{Uint64(333)}]\n");
}

Test(text_go, starts_of_generations_and_the_end_of_a_newer_trace)
{
	struct gt_snapshot snapshot = {.known = true, .mono = 99, .sec = 1740755049, .nsec = 120};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	setenv("TZ", "UTC", 1);
	tzset();
	ev.args[0] = 2;
	ev.args[2] = 10;
	ev.snapshot = &snapshot;
	prints_newer(&ev, "M=1 P=2 G=3 Sync Time=5 N=2 Trace=10 Mono=99 Wall=2025-02-28T15:04:09.00000012Z\n");
	ev.snapshot = NULL;
	prints_newer(&ev, "M=1 P=2 G=3 Sync Time=5 N=2\n");
}

/* Prints all events as far as they are sound, each from scratch, or those that look like one before as that. */
static void print_all(const char *path, bool again, struct gt_out *out)
{
	struct gt_error err;
	struct gt_reader *reader = gt_reader_open(path, &err);
	struct gt_text_memo memo = {.version = gt_reader_version(reader)};
	const struct gt_placed_event *placed;
	struct gt_trace_event ev;
	int known = 0;

	gt_out_open(out, -1);
	while (gt_reader_find(reader, &placed) > 0) {
		if (again && gt_text_go_knows(&memo, placed)) {
			gt_text_go_again(out, gt_reader_pass(reader), &memo);
			known++;
		} else if (gt_reader_tell(reader, &ev) > 0 && again) {
			gt_text_go_next(out, &ev, &memo);
		} else {
			gt_text_go(out, &ev, memo.version);
		}
	}
	cr_expect_eq(known > 0, again);
	gt_text_go_end(&memo);
	gt_reader_close(reader);
}

static void block_and_wake(struct gt_builder *b, uint64_t seq)
{
	gt_add_GoBlock(b, 10, 7, 3);
	gt_add_GoUnblock(b, 10, 1, seq, 0);
	gt_add_GoStart(b, 10, 1, seq + 1);
}

Test(text_go, what_was_printed_before_is_the_same_again)
{
	struct gt_builder b = {0};
	struct gt_out again, each;

	gt_build_start(&b);
	for (uint64_t i = 0; i < 5; i++)
		block_and_wake(&b, 1 + 2 * i);
	gt_build_end(&b);
	gt_build_string(&b, 1, 7, "a reason", 8);
	gt_build_stack(&b, 1, 3, 0xabc, 2);
	/* Ids mean something else in the next generation. */
	gt_build_running(&b, 2, 100000000000);
	for (uint64_t i = 0; i < 5; i++)
		block_and_wake(&b, 1 + 2 * i);
	gt_build_end(&b);
	gt_build_string(&b, 2, 7, "another one", 11);
	gt_build_stack(&b, 2, 3, 0xdef, 1);
	print_all(gt_build_path(&b), true, &again);
	print_all(gt_build_path(&b), false, &each);
	gt_build_free(&b);
	gt_out_char(&each, 0);
	cr_expect_not_null(strstr(each.buf, "another one"));
	gt_expect_text(&again, each.buf);
	gt_out_close(&each);
}

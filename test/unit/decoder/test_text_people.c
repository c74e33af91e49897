/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines for people: columns, names while a thread lives, what was waited for, and for how long.
 */
#include "decoder/text_people.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_out out;
static struct gt_lives *lives;
static struct gt_line line;

/* Everything that a test prints starts with an event at time 5. */
#define FIRST "     0.000000ms G3/1                    P2   HeapAlloc            0\n"

static void print(struct gt_trace_event *ev)
{
	gt_lives_event(lives, ev, &line.moment);
	line.time = ev->time - 5;
	gt_text_people(&out, &line, NULL);
	gt_out_char(&out, '\n');
	gt_text_people_stack(&out, &line);
}

static void set_up(void)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	gt_out_open(&out, -1);
	lives = gt_lives_new();
	line.lives = lives;
	print(&ev);
}

static void tear_down(void)
{
	gt_lives_free(lives);
}

TestSuite(text_people, .init = set_up, .fini = tear_down);

/* An event of G 3 itself, so many milliseconds after the first one. */
static struct gt_trace_event own(uint8_t type, unsigned from, unsigned to, int64_t ms)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TRANSITION, type);

	ev.time += ms * 1000000;
	ev.resource = GT_RES_GO;
	ev.id = 3;
	ev.from = (uint8_t)from;
	ev.to = (uint8_t)to;
	return ev;
}

static void print_with(struct gt_trace_event ev, const struct gt_fact_record *fact)
{
	ev.facts = fact;
	ev.nfacts = fact != NULL;
	print(&ev);
}

static void name(uint64_t g, const char *text, size_t len)
{
	struct gt_fact_record fact = {.number = GT_FACT_ThreadName, .field = {{.u = g}, {.u = 77}}};

	fact.field[2].t = (struct gt_string){text, len};
	gt_lives_fact(lives, &fact);
}

Test(text_people, times_start_with_the_first_event)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapGoal);

	ev.time = 5 + 1234567890;
	ev.args[0] = 4096;
	print(&ev);
	gt_expect_text(&out, FIRST "  1234.567890ms G3/1                    P2   HeapGoal             "
				   "4096\n");
}

Test(text_people, who_it_was_as_far_as_that_is_known)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.g = ev.p = -1;
	print(&ev);
	ev.m = -1;
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms -/1                     -    HeapAlloc            0\n"
				   "     0.000000ms -                       -    HeapAlloc            0\n");
}

Test(text_people, a_column_that_is_too_narrow_keeps_its_blank)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	name(3, "fifteen letters", 15);
	ev.m = 1234567;
	ev.p = 12345;
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms G3 fifteen letters/1234567 P12345 "
				   "HeapAlloc            0\n");
}

Test(text_people, threads_have_the_name_that_was_said_last)
{
	struct gt_fact_record other = {.number = GT_FACT_Dropped, .field = {{.u = 3}, {.u = 1}}};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	name(3, "first", 5);
	name(3, "main!", 4);
	name(4, "other", 5);
	gt_lives_fact(lives, &other);
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms G3 main/1               P2   HeapAlloc            0\n");
}

Test(text_people, a_name_ends_with_its_thread)
{
	name(3, "main", 4);
	print_with(own(GT_EV_GoDestroy, GT_GO_RUNNING, GT_GO_NOT_EXIST, 0), NULL);
	print_with(own(GT_EV_GoCreate, GT_GO_NOT_EXIST, GT_GO_RUNNABLE, 0), NULL);
	gt_expect_text(&out, FIRST "     0.000000ms G3 main/1               P2   GoDestroy            "
				   "G3 main -> NotExist\n"
				   "     0.000000ms G3/1                    P2   GoCreate             "
				   "G3 -> Runnable\n");
}

Test(text_people, slots_change_hands)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TRANSITION, GT_EV_ProcStart);

	ev.resource = GT_RES_PROC;
	ev.id = 6;
	ev.from = GT_PROC_IDLE;
	ev.to = GT_PROC_RUNNING;
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms G3/1                    P2   ProcStart            "
				   "P6 -> Running\n");
}

Test(text_people, a_wait_says_on_what_and_why)
{
	static const struct gt_string reason = GT_TEXT("sync");
	static const struct gt_fact_record wait = {.number = GT_FACT_Wait,
						   .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}};
	static const struct gt_fact_record nameless = {.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_POLL}}};
	static const struct gt_fact_record newer = {.number = GT_FACT_Wait, .field = {{.u = GT_PRIMITIVES}, {.u = 1}}};
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING, 0);

	ev.text[0] = &reason;
	print_with(ev, &wait);
	print_with(ev, &nameless);
	print_with(ev, &newer);
	gt_expect_text(&out, FIRST "     0.000000ms G3/1                    P2   GoBlock              "
				   "G3 -> Waiting, sync on mutex 0xab0\n"
				   "     0.000000ms G3/1                    P2   GoBlock              "
				   "G3 -> Waiting, sync on descriptors  after 0ns\n"
				   "     0.000000ms G3/1                    P2   GoBlock              "
				   "G3 -> Waiting, sync  after 0ns\n");
}

Test(text_people, sleeps_and_wakers)
{
	static const struct gt_fact_record nap = {.number = GT_FACT_SleepTime, .field = {{.u = 1500000}}};
	static const struct gt_fact_record waker = {.number = GT_FACT_Waker, .field = {{.u = 8}}};

	name(8, "boss", 4);
	print_with(own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING, 1), NULL);
	print_with(own(GT_EV_GoUnblock, GT_GO_WAITING, GT_GO_RUNNABLE, 3), &waker);
	print_with(own(GT_EV_GoStart, GT_GO_RUNNABLE, GT_GO_RUNNING, 4), &nap);
	gt_expect_text(&out, FIRST "     1.000000ms G3/1                    P2   GoBlock              G3 -> Waiting\n"
				   "     3.000000ms G3/1                    P2   GoUnblock            "
				   "G3 -> Runnable released by G8 boss  after 2.00ms\n"
				   "     4.000000ms G3/1                    P2   GoStart              "
				   "G3 -> Running asked for 1.50ms  after 1.00ms\n");
}

Test(text_people, a_system_call_is_named_at_both_ends)
{
	static const struct gt_fact_record call = {.number = GT_FACT_Syscall, .field = {{.u = 0}, {.s = -1}}};
	static const struct gt_fact_record result = {.number = GT_FACT_SyscallResult, .field = {{.s = -11}}};

	print_with(own(GT_EV_GoSyscallBegin, GT_GO_RUNNING, GT_GO_SYSCALL, 1), &call);
	print_with(own(GT_EV_GoSyscallEnd, GT_GO_SYSCALL, GT_GO_RUNNING, 2), &result);
	print_with(own(GT_EV_GoStop, GT_GO_RUNNING, GT_GO_RUNNABLE, 3), NULL);
	gt_expect_text(&out, FIRST "     1.000000ms G3/1                    P2   GoSyscallBegin       "
				   "G3 -> Syscall read\n"
				   "     2.000000ms G3/1                    P2   GoSyscallEnd         "
				   "G3 -> Running read = EAGAIN  after 1.00ms\n"
				   "     3.000000ms G3/1                    P2   GoStop               "
				   "G3 -> Runnable  after 1.00ms\n");
}

Test(text_people, a_system_call_that_nobody_named_is_not_the_one_before)
{
	static const struct gt_fact_record call = {.number = GT_FACT_Syscall, .field = {{.u = 0}, {.s = 5}}};

	print_with(own(GT_EV_GoSyscallBegin, GT_GO_RUNNING, GT_GO_SYSCALL, 1), &call);
	print_with(own(GT_EV_GoSyscallEnd, GT_GO_SYSCALL, GT_GO_RUNNING, 2), NULL);
	print_with(own(GT_EV_GoSyscallBegin, GT_GO_RUNNING, GT_GO_SYSCALL, 3), NULL);
	gt_expect_text(&out, FIRST "     1.000000ms G3/1                    P2   GoSyscallBegin       "
				   "G3 -> Syscall read, descriptor 5\n"
				   "     2.000000ms G3/1                    P2   GoSyscallEnd         "
				   "G3 -> Running read  after 1.00ms\n"
				   "     3.000000ms G3/1                    P2   GoSyscallBegin       "
				   "G3 -> Syscall  after 1.00ms\n");
}

Test(text_people, a_wait_inside_a_call_says_which_and_what_came_of_it)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_PIPE}, {.u = 0}}},
		{.number = GT_FACT_Syscall, .field = {{.u = 0}, {.s = 0}}},
	};
	static const struct gt_fact_record result = {.number = GT_FACT_SyscallResult, .field = {{.s = 7}}};
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING, 1);

	ev.facts = facts;
	ev.nfacts = 2;
	print(&ev);
	print_with(own(GT_EV_GoUnblock, GT_GO_WAITING, GT_GO_RUNNABLE, 2), NULL);
	print_with(own(GT_EV_GoStart, GT_GO_RUNNABLE, GT_GO_RUNNING, 2), &result);
	gt_expect_text(&out, FIRST "     1.000000ms G3/1                    P2   GoBlock              "
				   "G3 -> Waiting on pipe, descriptor 0 in read\n"
				   "     2.000000ms G3/1                    P2   GoUnblock            "
				   "G3 -> Runnable  after 1.00ms\n"
				   "     2.000000ms G3/1                    P2   GoStart              "
				   "G3 -> Running read = 7  after 0ns\n");
}

Test(text_people, what_a_trace_says_stays_on_its_line)
{
	static const struct gt_string reason = GT_TEXT("a\nb\033[31m\\\"");
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING, 0);

	name(3, "x\ty", 3);
	ev.text[0] = &reason;
	print_with(ev, NULL);
	gt_expect_text(&out, FIRST "     0.000000ms G3 x\\ty/1               P2   GoBlock              "
				   "G3 x\\ty -> Waiting, a\\nb\\x1b[31m\\\\\"\n");
}

Test(text_people, a_new_generation_does_not_end_a_stay)
{
	print_with(own(GT_EV_GoStart, GT_GO_RUNNABLE, GT_GO_RUNNING, 1), NULL);
	print_with(own(GT_EV_GoStatus, GT_GO_RUNNING, GT_GO_RUNNING, 2), NULL);
	print_with(own(GT_EV_GoStop, GT_GO_RUNNING, GT_GO_RUNNABLE, 4), NULL);
	gt_expect_text(&out, FIRST "     1.000000ms G3/1                    P2   GoStart              "
				   "G3 -> Running\n"
				   "     2.000000ms G3/1                    P2   GoStatus             "
				   "G3 -> Running\n"
				   "     4.000000ms G3/1                    P2   GoStop               "
				   "G3 -> Runnable  after 3.00ms\n");
}

Test(text_people, ends_of_generations_and_samples)
{
	struct gt_snapshot snapshot = {.known = true};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	ev.m = ev.p = ev.g = -1;
	print(&ev);
	ev.snapshot = &snapshot;
	print(&ev);
	ev.snapshot = NULL;
	ev.args[0] = 1;
	print(&ev);
	ev.kind = GT_KIND_STACK_SAMPLE;
	ev.type = GT_FR_CPUSample;
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms -                       -    -- end of generation\n"
				   "     0.000000ms -                       -    -- start of generation\n"
				   "     0.000000ms -                       -    -- end of the trace\n"
				   "     0.000000ms -                       -    StackSample         \n");
}

Test(text_people, what_users_write)
{
	static const struct gt_string key = GT_TEXT("key"), value = GT_TEXT("some value");
	struct gt_trace_event ev = gt_decode_example(GT_KIND_LOG, GT_EV_UserLog);

	ev.text[0] = &key;
	ev.text[1] = &value;
	ev.task = 0;
	ev.parent = GT_NONE;
	print(&ev);
	ev.kind = GT_KIND_TASK_BEGIN;
	ev.task = 7;
	ev.parent = 5;
	print(&ev);
#define USER_LOG "     0.000000ms G3/1                    P2   UserLog              "
	gt_expect_text(&out, FIRST USER_LOG "key: some value\n" USER_LOG "key  (task 7 of task 5)\n");
}

Test(text_people, a_range_says_what_came_of_it_or_whose_it_is)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_RANGE_END, GT_EV_GCSweepEnd);

	ev.args[0] = 100;
	ev.args[1] = 40;
	print(&ev);
	ev = gt_decode_example(GT_KIND_RANGE_ACTIVE, GT_EV_GCSweepActive);
	ev.args[0] = 5;
	print(&ev);
	ev = gt_decode_example(GT_KIND_RANGE_ACTIVE, GT_EV_GCMarkAssistActive);
	ev.args[0] = 6;
	print(&ev);
	gt_expect_text(&out, FIRST "     0.000000ms G3/1                    P2   GCSweepEnd           "
				   "bytes swept 100, reclaimed 40\n"
				   "     0.000000ms G3/1                    P2   GCSweepActive        P5\n"
				   "     0.000000ms G3/1                    P2   GCMarkAssistActive   G6\n");
}

Test(text_people, stacks_on_lines_of_their_own)
{
	static const struct gt_string func = GT_TEXT("work"), file = GT_TEXT("/x/app");
	static const struct gt_stack_frame frame = {1, 2, &func, &file};
	static const struct gt_stack_frame *frames[] = {&frame};
	static const struct gt_stack stack = {1, 1, frames}, none = {0, 0, NULL};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.stack = &stack;
	print(&ev);
	line.stacks = true;
	print(&ev);
	ev.transition_stack = &none;
	print(&ev);
	gt_expect_text(&out, FIRST FIRST FIRST "                    work  /x/app:2\n" FIRST);
}

Test(text_people, a_frame_without_a_name_has_its_address)
{
	static const struct gt_string file = GT_TEXT("/x/app");
	static const struct gt_stack_frame frame = {0x1234, 0, &gt_string_empty, &file};
	static const struct gt_stack_frame *frames[] = {&frame};
	static const struct gt_stack stack = {1, 1, frames};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.stack = &stack;
	line.stacks = true;
	print(&ev);
	gt_expect_text(&out, FIRST FIRST "                    0x1234  /x/app\n");
}

Test(text_people, times_on_other_clocks)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapGoal);

	setenv("TZ", "UTC", 1);
	ev.time = 1234567890123;
	line.mode = GT_TIME_RAW;
	print(&ev);
	line.mode = GT_TIME_WALL;
	print(&ev);
	line.mode = GT_TIME_RELATIVE;
	ev.time = 5 - 1234567;
	print(&ev);
	gt_expect_text(&out,
		       FIRST "      1234567890118 G3/1                    P2   HeapGoal             0\n"
			     "1970-01-01T00:20:34.567890118+00:00 G3/1                    P2   HeapGoal             0\n"
			     "    -1.234567ms G3/1                    P2   HeapGoal             0\n");
}

Test(text_people, of_several_processes_each_line_says_which)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapGoal);

	line.process = "pigz[123]";
	print(&ev);
	line.process = "a name that is\na little long[1]";
	print(&ev);
	line.process = NULL;
	gt_expect_text(
		&out, FIRST
		"     0.000000ms pigz[123]           G3/1                    P2   HeapGoal             0\n"
		"     0.000000ms a name that is\\na little long[1] G3/1                    P2   HeapGoal             0\n");
}

Test(text_people, colours_change_no_letter)
{
	static const struct gt_string reason = GT_TEXT("sync");
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING, 0);
	struct gt_paint paint;

	ev.text[0] = &reason;
	gt_lives_event(lives, &ev, &line.moment);
	gt_paint_start(&paint, &out);
	line.time = 0;
	gt_text_people(&out, &line, &paint);
	cr_expect_eq(paint.marks, 4);
	cr_expect_eq(paint.mark[0].colour, GT_COLOUR_TIME);
	gt_paint_apply(&paint, &out);
	gt_expect_text(&out, FIRST "\033[2m     0.000000ms \033[36mG3/1                    \033[0mP2   "
				   "GoBlock              G3 -> Waiting\033[33m, sync\033[0m");
}

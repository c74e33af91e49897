/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events as columns: what each kind of event has, and what it does not.
 */
#include "decoder/record.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct gt_lives *lives;
static struct gt_record record;

static void set_up(void)
{
	lives = gt_lives_new();
}

static void tear_down(void)
{
	gt_lives_free(lives);
}

TestSuite(record, .init = set_up, .fini = tear_down);

static void fill(struct gt_trace_event *ev)
{
	struct gt_line line = {.lives = lives, .time = 9};

	gt_lives_event(lives, ev, &line.moment);
	gt_record_fill(&record, &line);
}

/* G 3 of itself. */
static struct gt_trace_event own(uint8_t type, unsigned from, unsigned to)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TRANSITION, type);

	ev.resource = GT_RES_GO;
	ev.id = 3;
	ev.from = (uint8_t)from;
	ev.to = (uint8_t)to;
	return ev;
}

#define NUMBER(column, v)                                                                                              \
	cr_expect(record.cell[GT_COLUMN_##column].kind == GT_CELL_NUMBER && record.cell[GT_COLUMN_##column].u == (v))
#define SIGNED(column, v)                                                                                              \
	cr_expect(record.cell[GT_COLUMN_##column].kind == GT_CELL_SIGNED && record.cell[GT_COLUMN_##column].s == (v))
#define NONE(column) cr_expect_eq(record.cell[GT_COLUMN_##column].kind, GT_CELL_NONE)
#define TEXT(column, text)                                                                                             \
	do {                                                                                                           \
		cr_assert_eq(record.cell[GT_COLUMN_##column].kind, GT_CELL_TEXT);                                      \
		gt_expect_string(&record.cell[GT_COLUMN_##column].t, text);                                            \
	} while (0)

Test(record, where_and_when)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);

	ev.gen = 4;
	ev.args[0] = 4096;
	fill(&ev);
	SIGNED(time_ns, 9);
	NONE(wall);
	NONE(process);
	NUMBER(generation, 4);
	TEXT(event, "HeapAlloc");
	TEXT(kind, "Metric");
	SIGNED(tid, 1);
	SIGNED(proc, 2);
	SIGNED(goroutine, 3);
	NONE(thread);
	NONE(subject);
	NONE(duration_ns);
	NUMBER(value, 4096);
}

Test(record, nobody_is_left_out)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);

	ev.m = ev.p = ev.g = -1;
	fill(&ev);
	TEXT(event, "Sync");
	NONE(tid);
	NONE(proc);
	NONE(goroutine);
}

Test(record, processes_and_the_wall_clock)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_SYNC, 0);
	struct gt_line line = {.lives = lives, .mode = GT_TIME_WALL, .process = "app[7]", .pid = 7};

	setenv("TZ", "UTC", 1);
	gt_lives_event(lives, &ev, &line.moment);
	gt_record_fill(&record, &line);
	TEXT(process, "app[7]");
	NUMBER(pid, 7);
	TEXT(wall, "1970-01-01T00:00:00.000000000+00:00");
}

Test(record, a_wait_and_its_end)
{
	static const struct gt_string reason = GT_TEXT("sync");
	static const struct gt_fact_record wait = {.number = GT_FACT_Wait,
						   .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}};
	static const struct gt_fact_record waker = {.number = GT_FACT_Waker, .field = {{.u = 8}}};
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING);

	ev.text[0] = &reason;
	ev.facts = &wait;
	ev.nfacts = 1;
	fill(&ev);
	TEXT(subject, "goroutine");
	SIGNED(id, 3);
	TEXT(from, "Running");
	TEXT(to, "Waiting");
	NONE(duration_ns);
	NONE(text);
	ev = own(GT_EV_GoUnblock, GT_GO_WAITING, GT_GO_RUNNABLE);
	ev.time += 50;
	ev.facts = &waker;
	ev.nfacts = 1;
	fill(&ev);
	SIGNED(duration_ns, 50);
	TEXT(reason, "sync");
	TEXT(primitive, "mutex");
	TEXT(object, "0xab0");
	NONE(descriptor);
	NUMBER(released_by, 8);
}

Test(record, calls_and_their_results)
{
	static const struct gt_fact_record call = {.number = GT_FACT_Syscall, .field = {{.u = 0}, {.s = 5}}};
	static const struct gt_fact_record failed = {.number = GT_FACT_SyscallResult, .field = {{.s = -11}}};
	static const struct gt_fact_record odd = {.number = GT_FACT_SyscallResult, .field = {{.s = -4000}}};
	static const struct gt_fact_record slept = {.number = GT_FACT_SleepTime, .field = {{.u = 1500}}};
	struct gt_trace_event ev = own(GT_EV_GoSyscallBegin, GT_GO_RUNNING, GT_GO_SYSCALL);

	ev.facts = &call;
	ev.nfacts = 1;
	fill(&ev);
	TEXT(syscall, "read");
	SIGNED(descriptor, 5);
	NONE(result);
	NONE(primitive);
	ev = own(GT_EV_GoSyscallEnd, GT_GO_SYSCALL, GT_GO_RUNNING);
	ev.facts = &failed;
	ev.nfacts = 1;
	fill(&ev);
	TEXT(syscall, "read");
	SIGNED(result, -11);
	TEXT(error, "EAGAIN");
	ev.facts = &odd;
	fill(&ev);
	SIGNED(result, -4000);
	NONE(error);
	ev.facts = &slept;
	fill(&ev);
	NUMBER(asked_ns, 1500);
}

Test(record, objects_that_are_numbers)
{
	static const struct gt_fact_record queue = {.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_QUEUE}, {.u = 7}}};
	static const struct gt_fact_record timer = {.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_SLEEP}, {.u = 7}}};
	struct gt_trace_event ev = own(GT_EV_GoBlock, GT_GO_RUNNING, GT_GO_WAITING);

	ev.facts = &queue;
	ev.nfacts = 1;
	fill(&ev);
	TEXT(primitive, "message queue");
	TEXT(object, "7");
	ev.facts = &timer;
	fill(&ev);
	TEXT(primitive, "timer");
	NONE(object);
}

Test(record, slots)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TRANSITION, GT_EV_ProcStart);

	ev.resource = GT_RES_PROC;
	ev.id = 6;
	ev.from = GT_PROC_IDLE;
	ev.to = GT_PROC_RUNNING;
	fill(&ev);
	TEXT(subject, "proc");
	SIGNED(id, 6);
	TEXT(from, "Idle");
	TEXT(to, "Running");
	NONE(name);
}

Test(record, a_sweep_says_what_came_of_it)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_RANGE_END, GT_EV_GCSweepEnd);

	ev.args[0] = 100;
	ev.args[1] = 40;
	fill(&ev);
	NUMBER(swept, 100);
	NUMBER(reclaimed, 40);
}

Test(record, what_users_write)
{
	static const struct gt_string key = GT_TEXT("key"), value = GT_TEXT("some value");
	struct gt_trace_event ev = gt_decode_example(GT_KIND_LOG, GT_EV_UserLog);

	ev.text[0] = &key;
	ev.text[1] = &value;
	ev.task = 12;
	fill(&ev);
	TEXT(text, "key");
	TEXT(message, "some value");
	NUMBER(task, 12);
}

Test(record, stacks_when_they_are_wanted)
{
	static const struct gt_stack_frame frame = {1, 2, &gt_string_empty, &gt_string_empty};
	static const struct gt_stack_frame *frames[] = {&frame};
	static const struct gt_stack stack = {1, 1, frames};
	struct gt_trace_event ev = gt_decode_example(GT_KIND_METRIC, GT_EV_HeapAlloc);
	struct gt_line line = {.lives = lives, .stacks = true};

	ev.stack = &stack;
	fill(&ev);
	NONE(stack);
	gt_lives_event(lives, &ev, &line.moment);
	gt_record_fill(&record, &line);
	cr_expect(record.cell[GT_COLUMN_stack].kind == GT_CELL_STACK && record.cell[GT_COLUMN_stack].stack == &stack);
}

Test(record, every_column_has_a_name_and_a_meaning)
{
	for (int i = 0; i < GT_COLUMNS; i++)
		cr_expect(*gt_column_name[i] != '\0' && *gt_column_help[i] != '\0');
	cr_expect_str_eq(gt_column_name[GT_COLUMN_released_by], "released_by");
}

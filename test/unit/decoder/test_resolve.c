/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an event means: its kind, whose it is, from which state to which, and its ids as texts and stacks.
 */
#include "decoder/resolve.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

#include "shim/format/spec.h"

static struct gt_generation *gen;
static struct gt_error err;
static struct gt_trace_event ev;

/* A generation in which strings and stacks 10 and 11 are there. */
static void set_up(void)
{
	struct gt_builder b = {0};

	gt_build_header(&b, 23);
	gt_build_frequency(&b, 7, 1000000000);
	gt_build_string(&b, 7, 10, "ten", 3);
	gt_build_string(&b, 7, 11, "eleven", 6);
	gt_build_stack(&b, 7, 10, 0x1000, 1);
	gt_build_stack(&b, 7, 11, 0x2000, 1);
	gen = gt_decode_generation(&b, &err);
	cr_assert_not_null(gen, "%s", err.words);
}

static void tear_down(void)
{
	gt_generation_free(gen);
}

TestSuite(resolve, .init = set_up, .fini = tear_down);

/* An event of M 1 with P 2 and G 3. */
static struct gt_placed_event placed(uint8_t type, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct gt_placed_event p = {.raw = {.type = type, .time = 99, .args = {a, b, c, d}}, .m = 1, .p = 2, .g = 3};

	return p;
}

static void resolve(uint8_t type, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct gt_placed_event p = placed(type, a, b, c, d);

	cr_assert_eq(gt_resolve(&p, gen, &ev, &err), 0, "%s: %s", gt_event_spec[type].name, err.words);
}

struct meaning {
	uint8_t type, kind, resource;
	int64_t id;
	uint8_t from, to;
};

static void means(const struct meaning *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct meaning *row = &rows[i];
		const char *name = gt_event_spec[row->type].name;

		resolve(row->type, 10, 11, 10, 11);
		cr_expect_eq(ev.type, row->type);
		cr_expect_eq(ev.kind, row->kind, "%s is a %s", name, gt_kind_name(ev.kind));
		cr_expect_eq(ev.resource, row->resource, "%s is of %d", name, ev.resource);
		cr_expect_eq(ev.id, row->id, "%s is of id %d", name, (int)ev.id);
		cr_expect(ev.from == row->from && ev.to == row->to, "%s: %d to %d", name, ev.from, ev.to);
		cr_expect(ev.m == 1 && ev.p == 2 && ev.g == 3 && ev.time == 99 && ev.gen == 7);
		cr_expect(ev.args[0] == 10 && ev.args[3] == 11);
	}
}

#define MEANS(rows) means(rows, sizeof(rows) / sizeof((rows)[0]))
#define GO(type, id, from, to)                                                                                         \
	{                                                                                                              \
		GT_EV_##type, GT_KIND_TRANSITION, GT_RES_GO, id, GT_GO_##from, GT_GO_##to                              \
	}
#define PROC(type, id, from, to)                                                                                       \
	{                                                                                                              \
		GT_EV_##type, GT_KIND_TRANSITION, GT_RES_PROC, id, GT_PROC_##from, GT_PROC_##to                        \
	}

Test(resolve, transitions_of_threads_and_slots)
{
	static const struct meaning rows[] = {
		GO(GoCreate, 10, NOT_EXIST, RUNNABLE),
		GO(GoCreateBlocked, 10, NOT_EXIST, WAITING),
		GO(GoCreateSyscall, 10, NOT_EXIST, SYSCALL),
		GO(GoStart, 10, RUNNABLE, RUNNING),
		GO(GoDestroy, 3, RUNNING, NOT_EXIST),
		GO(GoDestroySyscall, 3, SYSCALL, NOT_EXIST),
		GO(GoStop, 3, RUNNING, RUNNABLE),
		GO(GoBlock, 3, RUNNING, WAITING),
		GO(GoUnblock, 10, WAITING, RUNNABLE),
		GO(GoSwitch, 10, WAITING, RUNNABLE),
		GO(GoSwitchDestroy, 10, WAITING, RUNNABLE),
		GO(GoSyscallEnd, 3, SYSCALL, RUNNING),
		GO(GoSyscallEndBlocked, 3, SYSCALL, RUNNABLE),
		GO(GoSyscallBegin, 3, RUNNING, SYSCALL),
		PROC(ProcStart, 10, IDLE, RUNNING),
		PROC(ProcStop, 2, RUNNING, IDLE),
	};

	MEANS(rows);
}

Test(resolve, events_that_are_no_transitions)
{
	static const struct meaning rows[] = {
		{GT_EV_ProcsChange, GT_KIND_METRIC, GT_RES_NONE, -1, 0, 0},
		{GT_EV_HeapAlloc, GT_KIND_METRIC, GT_RES_NONE, -1, 0, 0},
		{GT_EV_HeapGoal, GT_KIND_METRIC, GT_RES_NONE, -1, 0, 0},
		{GT_EV_GoLabel, GT_KIND_LABEL, GT_RES_GO, 3, 0, 0},
		{GT_EV_UserTaskBegin, GT_KIND_TASK_BEGIN, GT_RES_NONE, -1, 0, 0},
		{GT_EV_UserTaskEnd, GT_KIND_TASK_END, GT_RES_NONE, -1, 0, 0},
		{GT_EV_UserRegionBegin, GT_KIND_REGION_BEGIN, GT_RES_NONE, -1, 0, 0},
		{GT_EV_UserRegionEnd, GT_KIND_REGION_END, GT_RES_NONE, -1, 0, 0},
		{GT_EV_UserLog, GT_KIND_LOG, GT_RES_NONE, -1, 0, 0},
		{GT_EV_STWBegin, GT_KIND_RANGE_BEGIN, GT_RES_GO, 3, 0, 0},
		{GT_EV_STWEnd, GT_KIND_RANGE_END, GT_RES_GO, 3, 0, 0},
		{GT_EV_GCActive, GT_KIND_RANGE_ACTIVE, GT_RES_NONE, -1, 0, 0},
		{GT_EV_GCBegin, GT_KIND_RANGE_BEGIN, GT_RES_NONE, -1, 0, 0},
		{GT_EV_GCEnd, GT_KIND_RANGE_END, GT_RES_NONE, -1, 0, 0},
		{GT_EV_GCSweepActive, GT_KIND_RANGE_ACTIVE, GT_RES_PROC, 2, 0, 0},
		{GT_EV_GCSweepBegin, GT_KIND_RANGE_BEGIN, GT_RES_PROC, 2, 0, 0},
		{GT_EV_GCSweepEnd, GT_KIND_RANGE_END, GT_RES_PROC, 2, 0, 0},
		{GT_EV_GCMarkAssistActive, GT_KIND_RANGE_ACTIVE, GT_RES_GO, 10, 0, 0},
		{GT_EV_GCMarkAssistBegin, GT_KIND_RANGE_BEGIN, GT_RES_GO, 3, 0, 0},
		{GT_EV_GCMarkAssistEnd, GT_KIND_RANGE_END, GT_RES_GO, 3, 0, 0},
		{GT_EV_Span, GT_KIND_EXPERIMENTAL, GT_RES_NONE, -1, 0, 0},
		{GT_EV_GoroutineStackFree, GT_KIND_EXPERIMENTAL, GT_RES_NONE, -1, 0, 0},
	};

	MEANS(rows);
}

/* The status events and a theft start from the state that was known before. */
static void from_known(uint8_t type, uint8_t old, uint64_t status, uint8_t to)
{
	struct gt_placed_event p = placed(type, 10, status, status, 0);

	p.old = old;
	cr_assert_eq(gt_resolve(&p, gen, &ev, &err), 0);
	cr_expect(ev.kind == GT_KIND_TRANSITION && ev.id == 10);
	cr_expect(ev.from == old && ev.to == to, "%s: %d to %d", gt_event_spec[type].name, ev.from, ev.to);
}

Test(resolve, status_and_theft_know_what_was_before)
{
	from_known(GT_EV_GoStatus, GT_GO_UNDETERMINED, GT_G_Waiting, GT_GO_WAITING);
	from_known(GT_EV_GoStatus, GT_GO_SYSCALL, GT_G_Syscall, GT_GO_SYSCALL);
	from_known(GT_EV_GoStatusStack, GT_GO_RUNNABLE, GT_G_Runnable, GT_GO_RUNNABLE);
	from_known(GT_EV_ProcStatus, GT_PROC_NOT_EXIST, GT_P_Idle, GT_PROC_IDLE);
	from_known(GT_EV_ProcStatus, GT_PROC_UNDETERMINED, GT_P_Syscall, GT_PROC_RUNNING);
	from_known(GT_EV_ProcSteal, GT_PROC_RUNNING, 0, GT_PROC_IDLE);
	from_known(GT_EV_ProcSteal, GT_PROC_IDLE, 0, GT_PROC_IDLE);
}

Test(resolve, texts)
{
	resolve(GT_EV_GoBlock, 10, 0, 0, 0);
	gt_expect_string(ev.text[0], "ten");
	gt_expect_string(ev.text[1], "");
	resolve(GT_EV_GoLabel, 11, 0, 0, 0);
	gt_expect_string(ev.text[0], "eleven");
	resolve(GT_EV_UserLog, 5, 10, 11, 0);
	cr_expect_eq(ev.task, 5);
	gt_expect_string(ev.text[0], "ten");
	gt_expect_string(ev.text[1], "eleven");
	resolve(GT_EV_STWEnd, 10, 0, 0, 0);
	gt_expect_string(ev.text[0], "ten");
	resolve(GT_EV_HeapAlloc, 10, 0, 0, 0);
	gt_expect_string(ev.text[0], "");
}

Test(resolve, tasks_and_regions)
{
	struct gt_placed_event p = placed(GT_EV_UserTaskEnd, 5, 0, 0, 0);

	resolve(GT_EV_UserTaskBegin, 5, 6, 10, 0);
	cr_expect(ev.task == 5 && ev.parent == 6);
	gt_expect_string(ev.text[0], "ten");
	resolve(GT_EV_UserRegionBegin, 5, 11, 0, 0);
	cr_expect(ev.task == 5 && ev.parent == GT_NONE);
	gt_expect_string(ev.text[0], "eleven");
	p.parent = 77;
	p.name = gt_table_string(gen->table, 11);
	cr_assert_eq(gt_resolve(&p, gen, &ev, &err), 0);
	cr_expect(ev.task == 5 && ev.parent == 77);
	gt_expect_string(ev.text[0], "eleven");
}

Test(resolve, stacks)
{
	resolve(GT_EV_GoCreate, 10, 11, 10, 0);
	cr_expect(ev.stack != NULL && ev.stack->id == 10);
	cr_expect(ev.transition_stack != NULL && ev.transition_stack->id == 11);
	resolve(GT_EV_GoBlock, 0, 11, 0, 0);
	cr_expect(ev.stack != NULL && ev.stack->id == 11);
	cr_expect_eq(ev.transition_stack, ev.stack, "an own transition happens where it is");
	resolve(GT_EV_GoUnblock, 10, 1, 11, 0);
	cr_expect(ev.stack != NULL && ev.stack->id == 11);
	cr_expect_null(ev.transition_stack);
	resolve(GT_EV_GoBlock, 0, 0, 0, 0);
	cr_expect(ev.stack == NULL && ev.transition_stack == NULL);
	resolve(GT_EV_GoStart, 10, 1, 0, 0);
	cr_expect(ev.stack == NULL && ev.transition_stack == NULL);
}

static void names_nothing(uint8_t type, uint64_t a, uint64_t b, uint64_t c, const char *words)
{
	struct gt_placed_event p = placed(type, a, b, c, 0);

	gt_error_clear(&err);
	cr_expect_eq(gt_resolve(&p, gen, &ev, &err), -1);
	cr_expect_eq(err.code, GT_ERR_FORMAT);
	cr_expect_str_eq(err.words, words);
	cr_expect(err.gen == 7 && err.m == 1);
	gt_error_clear(&err);
	cr_expect_eq(gt_resolve_check(&p, gen, &err), -1);
	cr_expect_str_eq(err.words, words);
}

Test(resolve, ids_that_are_not_there)
{
	names_nothing(GT_EV_GoBlock, 9, 0, 0, "GoBlock names string 9, which is not there");
	names_nothing(GT_EV_GoBlock, 0, 9, 0, "GoBlock names stack 9, which is not there");
	names_nothing(GT_EV_GoCreate, 1, 9, 0, "GoCreate names stack 9, which is not there");
	names_nothing(GT_EV_GoCreate, 1, 0, 9, "GoCreate names stack 9, which is not there");
	names_nothing(GT_EV_UserLog, 1, 10, 9, "UserLog names string 9, which is not there");
	names_nothing(GT_EV_STWEnd, 9, 0, 0, "STWEnd names string 9, which is not there");
}

Test(resolve, facts_are_handed_on)
{
	static const struct gt_fact_record fact = {.number = GT_FACT_Waker};
	struct gt_placed_event p = placed(GT_EV_GoUnblock, 10, 1, 0, 0);

	p.raw.facts = &fact;
	p.raw.nfacts = 1;
	cr_assert_eq(gt_resolve(&p, gen, &ev, &err), 0);
	cr_expect(ev.facts == &fact && ev.nfacts == 1);
}

Test(resolve, samples_and_ends_of_generations)
{
	static const struct gt_sample sample = {.time = 8, .m = 4, .p = -1, .g = 6, .stack = 11};

	gt_resolve_sample(&sample, gen, &ev);
	cr_expect(ev.kind == GT_KIND_STACK_SAMPLE && ev.type == GT_FR_CPUSample);
	cr_expect(ev.time == 8 && ev.m == 4 && ev.p == -1 && ev.g == 6 && ev.gen == 7);
	cr_expect(ev.stack != NULL && ev.stack->id == 11);
	gt_resolve_sync(gen, 55, &ev);
	cr_expect(ev.kind == GT_KIND_SYNC && ev.type == 0 && ev.time == 55 && ev.gen == 7);
	cr_expect(ev.m == -1 && ev.p == -1 && ev.g == -1 && ev.stack == NULL);
	gt_expect_string(ev.text[0], "");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which frames get full names, and what becomes of a stack.
 */
#include "decoder/full_names.h"

#include "test/lib/own.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>

static struct gt_symbols *symbols;
static struct gt_full_names *names;

static void set_up(void)
{
	struct gt_fact_record fact = gt_own_fact();

	symbols = gt_symbols_new(NULL);
	names = gt_full_names_new(symbols);
	gt_full_names_fact(names, 1, &fact);
}

static void tear_down(void)
{
	gt_full_names_free(names);
	gt_symbols_free(symbols);
}

TestSuite(full_names, .init = set_up, .fini = tear_down);

static const struct gt_string as_recorded = GT_TEXT("test+0x123"), elsewhere = GT_TEXT("/src/app.c"),
			      mangled = GT_TEXT("_Z3fooi");

/* A stack of `n` equal frames. */
static const struct gt_stack *full(struct gt_stack_frame frame, size_t n, enum gt_pc_kind kind)
{
	static uint64_t id;
	const struct gt_stack_frame *frames[GT_MAX_FRAMES];
	struct gt_stack stack = {++id, n, frames};

	for (size_t i = 0; i < n; i++)
		frames[i] = &frame;
	return gt_full_names_stack(names, 1, &stack, kind);
}

/* The frame stays as it is. */
static void expect_kept(struct gt_stack_frame frame, const char *func)
{
	const struct gt_stack *stack = full(frame, 1, GT_PC_RETURN);

	cr_assert_eq(stack->nframes, 1);
	gt_expect_string(stack->frames[0]->func, func);
	cr_expect_eq(stack->frames[0]->file, frame.file);
	cr_expect(stack->frames[0]->line == frame.line && stack->frames[0]->pc == frame.pc);
}

/* As the recorder writes it. */
static struct gt_stack_frame plain(uint64_t pc)
{
	return (struct gt_stack_frame){pc, 0, &as_recorded, &gt_own()->path};
}

Test(full_names, an_inlined_function_has_a_frame_of_its_own)
{
	const struct gt_stack *stack = full(plain(gt_own_pc()), 1, GT_PC_RETURN);

	cr_assert_eq(stack->nframes, 2);
	gt_expect_string(stack->frames[0]->func, "gt_own_inlined");
	gt_expect_string(stack->frames[1]->func, "gt_own_pc");
	cr_expect_eq(stack->frames[0]->pc, gt_own_pc());
	cr_expect_eq(stack->frames[1]->pc, gt_own_pc());
	cr_expect_eq(stack->frames[1]->line, gt_own_pc_line);
}

Test(full_names, a_frame_without_any_name_is_looked_up)
{
	struct gt_stack_frame frame = {gt_own_pc(), 0, &gt_string_empty, &gt_string_empty};

	cr_expect_eq(full(frame, 1, GT_PC_RETURN)->nframes, 2);
}

Test(full_names, a_start_routine_is_looked_up_where_it_begins)
{
	const struct gt_stack *stack = full(plain((uint64_t)(uintptr_t)gt_own_pc + 1), 1, GT_PC_START);

	gt_expect_string(stack->frames[stack->nframes - 1]->func, "gt_own_pc");
}

Test(full_names, what_has_a_source_already_stays)
{
	expect_kept((struct gt_stack_frame){gt_own_pc(), 0, &as_recorded, &elsewhere}, "test+0x123");
	expect_kept((struct gt_stack_frame){gt_own_pc() + 1, 12, &as_recorded, &gt_own()->path}, "test+0x123");
	expect_kept((struct gt_stack_frame){gt_own_pc() + 2, 0, &as_recorded, &gt_string_empty}, "test+0x123");
}

Test(full_names, outside_of_all_files_names_stay_and_become_readable)
{
	expect_kept((struct gt_stack_frame){0x1000, 0, &as_recorded, &elsewhere}, "test+0x123");
	expect_kept((struct gt_stack_frame){0x2000, 0, &mangled, &elsewhere}, "foo(int)");
}

Test(full_names, pseudo_frames_stay)
{
	static const struct gt_string all = GT_TEXT("/x");
	struct gt_fact_record fact = {.number = GT_FACT_Module,
				      .field = {{.u = 0}, {.u = 100}, {.t = GT_TEXT("")}, {.t = all}}};

	gt_full_names_fact(names, 1, &fact);
	for (uint64_t pc = 0; pc < GT_MARKS; pc++)
		expect_kept((struct gt_stack_frame){pc, 0, &as_recorded, &gt_string_empty}, "test+0x123");
}

Test(full_names, what_gets_too_deep_says_so)
{
	const struct gt_stack *stack = full(plain(gt_own_pc()), GT_MAX_FRAMES / 2, GT_PC_RETURN);

	cr_expect_eq(stack->nframes, GT_MAX_FRAMES);
	gt_expect_string(stack->frames[GT_MAX_FRAMES - 1]->func, "gt_own_pc");
	stack = full(plain(gt_own_pc()), GT_MAX_FRAMES / 2 + 1, GT_PC_RETURN);
	cr_assert_eq(stack->nframes, GT_MAX_FRAMES);
	gt_expect_string(stack->frames[GT_MAX_FRAMES - 2]->func, "gt_own_inlined");
	gt_expect_string(stack->frames[GT_MAX_FRAMES - 1]->func, "[deeper]");
	cr_expect_eq(stack->frames[GT_MAX_FRAMES - 1]->pc, GT_MARK_DEEPER);
}

Test(full_names, a_stack_is_the_same_until_its_generation_ends)
{
	const struct gt_stack_frame frame = plain(gt_own_pc()), *frames[] = {&frame};
	const struct gt_stack stack = {7, 1, frames};
	const struct gt_stack *first = gt_full_names_stack(names, 1, &stack, GT_PC_RETURN);

	cr_expect_eq(gt_full_names_stack(names, 1, &stack, GT_PC_RETURN), first);
	cr_expect_neq(gt_full_names_stack(names, 1, &stack, GT_PC_START), first);
	first = gt_full_names_stack(names, 2, &stack, GT_PC_RETURN);
	cr_expect_eq(first->id, 7);
	gt_expect_string(first->frames[0]->func, "gt_own_inlined");
}

Test(full_names, of_a_created_thread_the_start_routine_is_no_call)
{
	const struct gt_stack_frame start = plain((uint64_t)(uintptr_t)gt_own_pc + 1), call = plain(gt_own_pc());
	const struct gt_stack_frame *starts[] = {&start}, *calls[] = {&call};
	const struct gt_stack of_start = {1, 1, starts}, of_call = {2, 1, calls};
	struct gt_trace_event ev = {.type = GT_EV_GoCreate, .gen = 1, .stack = &of_call, .transition_stack = &of_start};

	gt_full_names_event(names, &ev);
	gt_expect_string(ev.stack->frames[0]->func, "gt_own_inlined");
	gt_expect_string(ev.transition_stack->frames[ev.transition_stack->nframes - 1]->func, "gt_own_pc");
	cr_expect_eq(ev.transition_stack, gt_full_names_stack(names, 1, &of_start, GT_PC_START));
}

Test(full_names, an_event_without_stacks_stays_so)
{
	struct gt_trace_event ev = {.type = GT_EV_GoStart, .gen = 1};

	gt_full_names_event(names, &ev);
	cr_expect_null(ev.stack);
	cr_expect_null(ev.transition_stack);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of goroutines: names, stays, waits and calls, from birth to death.
 */
#include "decoder/life.h"

#include "test/lib/decode.h"

#include <criterion/criterion.h>

static struct gt_lives *lives;
static struct gt_moment moment;
static struct gt_trace_event event;

static void set_up(void)
{
	lives = gt_lives_new();
}

static void tear_down(void)
{
	gt_lives_free(lives);
}

TestSuite(life, .init = set_up, .fini = tear_down);

static void name(uint64_t g, uint64_t tid, const char *text)
{
	struct gt_fact_record fact = {.number = GT_FACT_ThreadName, .field = {{.u = g}, {.u = tid}}};

	fact.field[2].t = (struct gt_string){text, strlen(text)};
	gt_lives_fact(lives, &fact);
}

/* G 3 of M 1 changes its state. */
static void tell(unsigned from, unsigned to, int64_t time, const struct gt_fact_record *facts, size_t n)
{
	event = gt_decode_example(GT_KIND_TRANSITION, GT_EV_GoBlock);
	event.resource = GT_RES_GO;
	event.id = 3;
	event.from = (uint8_t)from;
	event.to = (uint8_t)to;
	event.time = time;
	event.facts = facts;
	event.nfacts = n;
	gt_lives_event(lives, &event, &moment);
}

/* In a file that is damaged a G may have the number that stands for none. */
Test(life, the_number_of_nobody_is_not_the_author)
{
	event = gt_decode_example(GT_KIND_TRANSITION, GT_EV_GoStatus);
	event.resource = GT_RES_GO;
	event.id = event.g = event.m = -1;
	event.to = GT_GO_RUNNING;
	gt_lives_event(lives, &event, &moment);
	cr_expect_null(moment.author);
	cr_assert_not_null(moment.subject);
	cr_expect_eq(moment.subject->g, UINT64_MAX);
}

Test(life, a_stay_is_known_from_its_beginning_on)
{
	tell(GT_GO_UNDETERMINED, GT_GO_RUNNING, 100, NULL, 0);
	cr_expect_eq(moment.stay, -1);
	tell(GT_GO_RUNNING, GT_GO_WAITING, 130, NULL, 0);
	cr_expect_eq(moment.stay, 30);
	tell(GT_GO_WAITING, GT_GO_WAITING, 150, NULL, 0);
	cr_expect_eq(moment.stay, -1, "a new generation says the same again");
	tell(GT_GO_WAITING, GT_GO_RUNNABLE, 200, NULL, 0);
	cr_expect_eq(moment.stay, 70);
	cr_expect(moment.subject != NULL && moment.subject->g == 3 && moment.author == moment.subject);
}

Test(life, at_time_zero_a_stay_may_begin)
{
	tell(GT_GO_UNDETERMINED, GT_GO_RUNNING, 0, NULL, 0);
	tell(GT_GO_RUNNING, GT_GO_RUNNABLE, 9, NULL, 0);
	cr_expect_eq(moment.stay, 9);
}

Test(life, a_wait_that_is_older_than_the_trace)
{
	const struct gt_fact_record fact = {.number = GT_FACT_Waiting,
					    .field = {{.u = 3}, {.u = GT_PRIM_MUTEX}, {.u = 0xab0}}};

	gt_lives_fact(lives, &fact);
	tell(GT_GO_UNDETERMINED, GT_GO_WAITING, 1, NULL, 0);
	cr_expect(moment.pause->primitive == GT_PRIM_MUTEX && moment.pause->object == 0xab0);
	tell(GT_GO_WAITING, GT_GO_RUNNABLE, 5, NULL, 0);
	cr_expect(moment.pause->object == 0xab0 && moment.stay == 4);
	tell(GT_GO_RUNNABLE, GT_GO_RUNNING, 6, NULL, 0);
	tell(GT_GO_RUNNING, GT_GO_WAITING, 7, NULL, 0);
	cr_expect_eq(moment.pause->primitive, GT_PRIM_NONE, "the next wait is another one");
}

Test(life, a_wait_is_known_up_to_its_end)
{
	static const struct gt_string reason = GT_TEXT("sync");
	static const struct gt_fact_record wait = {.number = GT_FACT_Wait,
						   .field = {{.u = GT_PRIM_MUTEX}, {.u = 0xab0}}};

	tell(GT_GO_RUNNABLE, GT_GO_RUNNING, 1, NULL, 0);
	cr_expect_null(moment.pause);
	event.text[0] = &reason;
	event.from = GT_GO_RUNNING;
	event.to = GT_GO_WAITING;
	event.facts = &wait;
	event.nfacts = 1;
	gt_lives_event(lives, &event, &moment);
	cr_assert_not_null(moment.pause);
	tell(GT_GO_WAITING, GT_GO_WAITING, 2, NULL, 0);
	tell(GT_GO_WAITING, GT_GO_RUNNABLE, 3, NULL, 0);
	cr_assert_not_null(moment.pause);
	cr_expect_str_eq(moment.pause->reason, "sync");
	cr_expect(moment.pause->primitive == GT_PRIM_MUTEX && moment.pause->object == 0xab0);
	cr_expect_eq(moment.pause->descriptor, -1);
	tell(GT_GO_RUNNABLE, GT_GO_RUNNING, 4, NULL, 0);
	cr_expect_null(moment.pause);
}

Test(life, a_primitive_that_is_not_known_is_none)
{
	static const struct gt_fact_record wait = {.number = GT_FACT_Wait, .field = {{.u = GT_PRIMITIVES}, {.u = 7}}};

	tell(GT_GO_RUNNING, GT_GO_WAITING, 1, &wait, 1);
	cr_expect_eq(moment.pause->primitive, GT_PRIM_NONE);
}

Test(life, descriptors_come_from_objects_and_calls)
{
	static const struct gt_fact_record facts[] = {
		{.number = GT_FACT_Wait, .field = {{.u = GT_PRIM_PIPE}, {.u = 8}}},
		{.number = GT_FACT_Syscall, .field = {{.u = 0}, {.s = 6}}},
	};

	tell(GT_GO_RUNNING, GT_GO_WAITING, 1, facts, 1);
	cr_expect_eq(moment.pause->descriptor, 8);
	tell(GT_GO_RUNNING, GT_GO_SYSCALL, 1, facts + 1, 1);
	cr_expect_eq(moment.pause->descriptor, 6);
	tell(GT_GO_RUNNING, GT_GO_SYSCALL, 1, NULL, 0);
	cr_expect_eq(moment.pause->descriptor, -1);
}

Test(life, a_call_is_known_where_it_begins_ends_and_has_its_result)
{
	static const struct gt_fact_record call = {.number = GT_FACT_Syscall, .field = {{.u = 61}, {.s = -1}}};
	static const struct gt_fact_record result = {.number = GT_FACT_SyscallResult, .field = {{.s = 0}}};

	tell(GT_GO_RUNNING, GT_GO_SYSCALL, 1, &call, 1);
	cr_expect_eq(moment.call, 61);
	tell(GT_GO_SYSCALL, GT_GO_SYSCALL, 2, NULL, 0);
	cr_expect_eq(moment.call, 61, "a new generation does not end it");
	tell(GT_GO_SYSCALL, GT_GO_RUNNING, 3, NULL, 0);
	cr_expect_eq(moment.call, 61);
	tell(GT_GO_RUNNING, GT_GO_RUNNABLE, 4, NULL, 0);
	cr_expect_eq(moment.call, GT_NONE);
	tell(GT_GO_RUNNING, GT_GO_WAITING, 5, &call, 1);
	tell(GT_GO_WAITING, GT_GO_RUNNABLE, 6, NULL, 0);
	cr_expect_eq(moment.call, GT_NONE);
	tell(GT_GO_RUNNABLE, GT_GO_RUNNING, 7, &result, 1);
	cr_expect_eq(moment.call, 61);
	tell(GT_GO_RUNNING, GT_GO_SYSCALL, 8, NULL, 0);
	cr_expect_eq(moment.call, GT_NONE, "a call that nobody named is not the one before");
}

Test(life, the_last_name_counts_and_ends_with_its_goroutine)
{
	struct gt_fact_record other = {.number = GT_FACT_Dropped, .field = {{.u = 3}, {.u = 1}}};

	cr_expect_str_eq(gt_lives_name(lives, 3), "");
	name(3, 77, "first");
	name(3, 77, "a name of more than fifteen");
	gt_lives_fact(lives, &other);
	cr_expect_str_eq(gt_lives_name(lives, 3), "a name of more ");
	tell(GT_GO_RUNNING, GT_GO_NOT_EXIST, 1, NULL, 0);
	cr_expect_str_eq(gt_lives_name(lives, 3), "a name of more ", "its last event still has it");
	tell(GT_GO_NOT_EXIST, GT_GO_RUNNABLE, 2, NULL, 0);
	cr_expect_str_eq(gt_lives_name(lives, 3), "");
}

/* G 3 gets a label. */
static void label(const char *text)
{
	struct gt_string string = {text, strlen(text)};

	event = gt_decode_example(GT_KIND_LABEL, GT_EV_GoLabel);
	event.id = 3;
	event.text[0] = &string;
	gt_lives_event(lives, &event, &moment);
}

Test(life, a_coroutine_is_called_like_its_function_or_its_label)
{
	static const struct gt_string func = {"generate", 8};
	static const struct gt_stack_frame frame = {.func = &func, .file = &func};
	static const struct gt_stack_frame *const frames[] = {&frame};
	static const struct gt_stack start = {.nframes = 1, .frames = frames};

	label("of no coroutine");
	cr_expect_str_eq(gt_lives_name(lives, 3), "");
	event = gt_decode_example(GT_KIND_TRANSITION, GT_EV_GoCreateBlocked);
	event.resource = GT_RES_GO;
	event.id = 3;
	event.from = GT_GO_NOT_EXIST;
	event.to = GT_GO_WAITING;
	gt_lives_event(lives, &event, &moment);
	cr_expect_str_eq(gt_lives_name(lives, 3), "");
	event.transition_stack = &start;
	gt_lives_event(lives, &event, &moment);
	cr_expect_str_eq(gt_lives_name(lives, 3), "generate");
	label("fetcher");
	cr_expect_str_eq(gt_lives_name(lives, 3), "fetcher");
}

Test(life, a_thread_without_its_goroutine_is_found_by_number)
{
	struct gt_trace_event ev = gt_decode_example(GT_KIND_TRANSITION, GT_EV_ProcStop);

	ev.resource = GT_RES_PROC;
	ev.g = -1;
	gt_lives_event(lives, &ev, &moment);
	cr_expect(moment.author == NULL && moment.subject == NULL);
	name(3, 1, "main");
	gt_lives_event(lives, &ev, &moment);
	cr_assert_not_null(moment.author);
	cr_expect_eq(moment.author->g, 3);
	name(9, 1, "reuser");
	name(3, 0, "nobody");
	gt_lives_event(lives, &ev, &moment);
	cr_expect_eq(moment.author->g, 9, "the number has gone to another");
	ev.m = -1;
	gt_lives_event(lives, &ev, &moment);
	cr_expect_null(moment.author);
}

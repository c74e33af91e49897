/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Filters: every kind, alternatives within a kind, agreement between kinds, and what is refused.
 */
#include "decoder/filter.h"

#include "test/lib/decode.h"

#include <criterion/criterion.h>

static struct gt_filter *filter;
static struct gt_life author, subject;
static struct gt_pause pause_here;
static struct gt_trace_event ev;
static struct gt_moment moment;

/* GoUnblock of G 7 "worker/1" (thread 70) by G 3 "main" (thread 1), which ends its wait for a mutex. */
static void set_up(void)
{
	filter = gt_filter_new();
	author = (struct gt_life){.g = 3, .tid = 1, .name = "main"};
	subject = (struct gt_life){.g = 7, .tid = 70, .name = "worker/1"};
	pause_here = (struct gt_pause){.reason = "sync", .primitive = GT_PRIM_MUTEX, .object = 0xab0, .descriptor = -1};
	ev = gt_decode_example(GT_KIND_TRANSITION, GT_EV_GoUnblock);
	ev.resource = GT_RES_GO;
	ev.id = 7;
	ev.gen = 5;
	moment = (struct gt_moment){.ev = &ev, .author = &author, .subject = &subject, .pause = &pause_here};
}

static void tear_down(void)
{
	gt_filter_free(filter);
}

TestSuite(filter, .init = set_up, .fini = tear_down);

static void add(enum gt_filter_kind kind, const char *text)
{
	const char *complaint = gt_filter_add(filter, kind, text);

	cr_assert_null(complaint, "'%s' is refused: %s", text, complaint);
}

/* With this one term, the event passes or not. */
static void alone(enum gt_filter_kind kind, const char *text, bool passes)
{
	gt_filter_free(filter);
	filter = gt_filter_new();
	add(kind, text);
	cr_expect_eq(gt_filter_event(filter, &moment), passes, "'%s'", text);
}

Test(filter, without_terms_everything_passes)
{
	cr_expect(gt_filter_event(filter, &moment));
	cr_expect(gt_filter_line(filter, "any", 3));
	cr_expect(gt_filter_life(filter, &author));
	gt_filter_free(NULL);
}

Test(filter, threads_by_number_and_by_name)
{
	alone(GT_FILTER_THREAD, "1", true);
	alone(GT_FILTER_THREAD, "70", true);
	alone(GT_FILTER_THREAD, "7", false);
	alone(GT_FILTER_THREAD, "main", true);
	alone(GT_FILTER_THREAD, "worker*", true);
	alone(GT_FILTER_THREAD, "work?r/[0-9]", true);
	alone(GT_FILTER_THREAD, "worker", false);
	alone(GT_FILTER_THREAD, "7up", false);
	moment.author = moment.subject = NULL;
	alone(GT_FILTER_THREAD, "1", true);
	alone(GT_FILTER_THREAD, "*", false);
	subject.tid = 0;
	moment.subject = &subject;
	alone(GT_FILTER_THREAD, "0", false);
}

Test(filter, goroutines_and_procs_as_actors_and_as_subjects)
{
	alone(GT_FILTER_GOROUTINE, "3", true);
	alone(GT_FILTER_GOROUTINE, "7", true);
	alone(GT_FILTER_GOROUTINE, "2", false);
	alone(GT_FILTER_PROC, "2", true);
	alone(GT_FILTER_PROC, "7", false);
	ev.resource = GT_RES_PROC;
	alone(GT_FILTER_PROC, "7", true);
	alone(GT_FILTER_GOROUTINE, "7", false);
	ev.g = -1;
	alone(GT_FILTER_GOROUTINE, "18446744073709551615", false);
}

Test(filter, events_by_pattern)
{
	alone(GT_FILTER_EVENT, "GoUnblock", true);
	alone(GT_FILTER_EVENT, "ProcStart,GoUn*", true);
	alone(GT_FILTER_EVENT, "GoBlock,Proc*", false);
	ev.type = GT_FR_CPUSample;
	ev.kind = GT_KIND_STACK_SAMPLE;
	alone(GT_FILTER_EVENT, "StackSample", true);
	alone(GT_FILTER_EVENT, "Go*", false);
	ev.type = 0;
	ev.kind = GT_KIND_SYNC;
	alone(GT_FILTER_EVENT, "Sync", true);
	cr_expect_str_eq(gt_moment_event(&ev), "Sync");
}

Test(filter, reasons_of_waits_are_those_of_their_ends)
{
	static const struct gt_string own = GT_TEXT("runtime.Gosched");

	alone(GT_FILTER_REASON, "sync", true);
	alone(GT_FILTER_REASON, "sync*", true);
	alone(GT_FILTER_REASON, "chan*", false);
	ev.text[0] = &own;
	alone(GT_FILTER_REASON, "sync", false);
	alone(GT_FILTER_REASON, "runtime.*", true);
	ev.text[0] = &gt_string_empty;
	moment.pause = NULL;
	alone(GT_FILTER_REASON, "*", false);
}

Test(filter, objects_by_address_number_and_descriptor)
{
	alone(GT_FILTER_OBJECT, "0xab0", true);
	alone(GT_FILTER_OBJECT, "2736", true);
	alone(GT_FILTER_OBJECT, "0xab1", false);
	alone(GT_FILTER_OBJECT, "descriptor 3", false);
	pause_here.primitive = GT_PRIM_PIPE;
	pause_here.object = 3;
	pause_here.descriptor = 3;
	alone(GT_FILTER_OBJECT, "descriptor 3", true);
	alone(GT_FILTER_OBJECT, "3", false);
	pause_here.primitive = GT_PRIM_QUEUE;
	pause_here.descriptor = -1;
	alone(GT_FILTER_OBJECT, "3", true);
	alone(GT_FILTER_OBJECT, "descriptor 18446744073709551615", false);
	moment.pause = NULL;
	alone(GT_FILTER_OBJECT, "3", false);
}

Test(filter, generations_are_ranges)
{
	alone(GT_FILTER_GENERATION, "5", true);
	alone(GT_FILTER_GENERATION, "4-6", true);
	alone(GT_FILTER_GENERATION, "5-5", true);
	alone(GT_FILTER_GENERATION, "1-4", false);
	alone(GT_FILTER_GENERATION, "6-9", false);
}

Test(filter, terms_of_a_kind_are_alternatives_and_kinds_must_agree)
{
	add(GT_FILTER_GOROUTINE, "2");
	cr_expect_not(gt_filter_event(filter, &moment));
	add(GT_FILTER_GOROUTINE, "7");
	cr_expect(gt_filter_event(filter, &moment));
	add(GT_FILTER_EVENT, "GoStart");
	cr_expect_not(gt_filter_event(filter, &moment));
	add(GT_FILTER_EVENT, "GoUnblock");
	cr_expect(gt_filter_event(filter, &moment));
	add(GT_FILTER_GENERATION, "6");
	cr_expect_not(gt_filter_event(filter, &moment));
}

Test(filter, lines_by_extended_regular_expressions)
{
	static const char line[] = "G3 main -> Waiting\nnext";

	add(GT_FILTER_GREP, "^G[0-9]+ (main|other) -> W.*g$");
	cr_expect(gt_filter_line(filter, line, 18), "what stands behind the line does not count");
	cr_expect_not(gt_filter_line(filter, line, sizeof(line) - 1));
	add(GT_FILTER_GREP, "next");
	cr_expect(gt_filter_line(filter, line, sizeof(line) - 1), "one of them is enough");
	cr_expect(gt_filter_event(filter, &moment), "events pass whatever their lines are");
}

Test(filter, lives_by_thread_and_goroutine_only)
{
	add(GT_FILTER_EVENT, "GoStart");
	cr_expect(gt_filter_life(filter, &subject));
	add(GT_FILTER_THREAD, "worker*");
	cr_expect(gt_filter_life(filter, &subject));
	cr_expect_not(gt_filter_life(filter, &author));
	add(GT_FILTER_GOROUTINE, "3");
	cr_expect_not(gt_filter_life(filter, &subject));
}

Test(filter, what_makes_no_sense_is_refused)
{
	static const struct {
		enum gt_filter_kind kind;
		const char *text;
	} bad[] = {
		{GT_FILTER_THREAD, ""},
		{GT_FILTER_GOROUTINE, "x"},
		{GT_FILTER_GOROUTINE, "1x"},
		{GT_FILTER_GOROUTINE, "-1"},
		{GT_FILTER_GOROUTINE, "1-2"},
		{GT_FILTER_GOROUTINE, "18446744073709551616"},
		{GT_FILTER_PROC, ""},
		{GT_FILTER_EVENT, "NoSuchEvent"},
		{GT_FILTER_EVENT, "GoBlock,"},
		{GT_FILTER_OBJECT, "mutex"},
		{GT_FILTER_OBJECT, "descriptor"},
		{GT_FILTER_OBJECT, "descriptor x"},
		{GT_FILTER_OBJECT, "0x"},
		{GT_FILTER_GENERATION, "2-1"},
		{GT_FILTER_GENERATION, "1-"},
		{GT_FILTER_GENERATION, "1-2-3"},
		{GT_FILTER_GREP, "("},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *complaint = gt_filter_add(filter, bad[i].kind, bad[i].text);

		cr_assert_not_null(complaint, "'%s' is taken", bad[i].text);
		cr_expect(*complaint != '\0' && strchr(complaint, '\n') == NULL);
	}
	cr_expect(gt_filter_line(filter, "", 0), "what was refused is not there");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts of a generation: which events their batch belongs to, and who wants them.
 */
#include "decoder/generation.h"

#include "test/lib/decode.h"

#include "shim/format/facts.h"

#include <criterion/criterion.h>

static struct gt_generation *gen;
static struct gt_error err;
static struct gt_builder b;

static void tear_down(void)
{
	gt_generation_free(gen);
	gt_build_free(&b);
}

TestSuite(generation_facts, .fini = tear_down);

/* The generation is sound, and so far that is all. */
static void read_it(void)
{
	gt_generation_free(gen);
	gen = gt_decode_generation(&b, &err);
	cr_assert_not_null(gen, "%s", err.words);
	cr_expect_eq(err.code, GT_ERR_NONE);
}

/* A batch with one event. */
static void one_event(uint64_t number, uint64_t m, uint64_t time)
{
	gt_build_batch(&b, number, m, time);
	gt_add_ProcStatus(&b, 1, m, GT_P_Idle);
	gt_build_end(&b);
}

/* A batch of facts of `m`, with a Waker at position 0. */
static void waker(uint64_t m)
{
	static const struct gt_fact_record fact = {.number = GT_FACT_Waker, .field = {{.u = 9}}};

	gt_build_facts(&b, 1, m);
	gt_build_fact(&b, &fact);
	gt_build_end(&b);
}

static void start_with_events(void)
{
	gt_build_header(&b, 23);
	gt_build_frequency(&b, 1, 1000);
	one_event(1, 1, 1);
}

/* How many batches of facts are tied to a batch of events. */
static int tied_to(const struct gt_batch *batch)
{
	int n = 0;

	for (batch = batch->tied; batch != NULL; batch = batch->tied)
		n++;
	return n;
}

Test(generation_facts, facts_belong_to_the_batch_before_them)
{
	start_with_events();
	waker(1);
	waker(1);
	one_event(1, 1, 2);
	waker(1);
	read_it();
	cr_expect_eq(tied_to(gen->streams->first), 2);
	cr_expect_eq(tied_to(gen->streams->last), 1);
	cr_assert_not_null(gen->facts);
	cr_expect_not_null(gen->facts->next);
	cr_expect_null(gen->facts->next->next->next);
}

Test(generation_facts, facts_of_another_thread_belong_to_nothing)
{
	start_with_events();
	waker(2);
	read_it();
	cr_expect_eq(tied_to(gen->streams->first), 0);
}

Test(generation_facts, facts_behind_another_batch_belong_to_nothing)
{
	start_with_events();
	gt_build_string(&b, 1, 1, "x", 1);
	waker(1);
	read_it();
	cr_expect_eq(tied_to(gen->streams->first), 0);
	start_with_events();
	gt_build_experiment(&b, 1, 1, 1);
	gt_build_bytes(&b, "GTF0", 4);
	gt_build_end(&b);
	waker(1);
	read_it();
	cr_expect_eq(tied_to(gen->streams->first), 0);
}

Test(generation_facts, batches_with_free_facts_are_known)
{
	static const struct gt_fact_record name = {.number = GT_FACT_ThreadName,
						   .field = {{.u = 9}, {.u = 8}, {.t = GT_TEXT("x")}}};

	start_with_events();
	waker(1);
	gt_build_facts(&b, 1, 1);
	gt_build_fact(&b, &name);
	gt_build_end(&b);
	read_it();
	cr_expect_not(gen->facts->tells);
	cr_expect(gen->facts->next->tells);
}

Test(generation_facts, who_wants_no_facts_gets_none)
{
	struct gt_error later;
	struct gt_input in;

	gt_error_clear(&later);
	start_with_events();
	waker(1);
	gt_decode_open(&b, &in);
	gen = gt_generation_new();
	gen->no_facts = true;
	cr_assert(gt_input_header(&in, &err) >= 0);
	cr_assert_eq(gt_generation_read(gen, &in, &err, &later), 1);
	cr_expect_null(gen->facts);
	cr_expect_eq(tied_to(gen->streams->first), 0);
	gt_input_close(&in);
}

Test(generation_facts, experiments_of_others_are_passed_over)
{
	start_with_events();
	gt_build_experiment(&b, 2, 1, 1);
	gt_build_bytes(&b, "GTF1", 4);
	gt_build_end(&b);
	gt_build_experiment(&b, 1, 1, GT_NONE);
	gt_build_end(&b);
	read_it();
	cr_expect_null(gen->facts);
	cr_expect_eq(HASH_COUNT(gen->streams), 1);
}

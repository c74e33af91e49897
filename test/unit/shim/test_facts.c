/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a trace says about itself, as the decoder hears it: process, options, clock, modules, drops.
 */
#include "shim/facts.h"
#include "shim/advance.h"
#include "shim/clock.h"
#include "shim/modules.h"
#include "shim/origin.h"
#include "shim/output.h"
#include "shim/sched.h"
#include "shim/thread.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static const struct gt_rec_fact *option(const struct gt_rec_trace *t, const char *name)
{
	const struct gt_rec_fact *fact = NULL;

	while ((fact = gt_rec_fact(t, fact, GT_FACT_Option)) && strcmp(fact->text[0], name) != 0)
		;
	return fact;
}

static int count(const struct gt_rec_trace *t, enum gt_fact number)
{
	const struct gt_rec_fact *fact = NULL;
	int n = 0;

	while ((fact = gt_rec_fact(t, fact, number)))
		n++;
	return n;
}

/* Generations 1 to 3. */
static const struct gt_rec_trace *three_generations(void)
{
	for (int i = 0; i < 2; i++) {
		gt_yield(GT_REC_PC);
		gt_advance_now();
	}
	return gt_rec_finish();
}

Test(facts, the_process_is_named_once, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_fact *fact;

	gt_rec_start(NULL);
	t = three_generations();
	cr_assert_eq(count(t, GT_FACT_Process), 1);
	fact = gt_rec_fact(t, NULL, GT_FACT_Process);
	cr_assert_eq(fact->gen, 1);
	cr_assert_eq(fact->v[0], getpid());
	cr_assert_eq(fact->v[1], getppid());
	cr_assert_str_eq(fact->text[2], gt_output_program());
	cr_assert_str_eq(fact->text[3], GT_VERSION);
	cr_assert_eq(count(t, GT_FACT_Origin), 1);
	fact = gt_rec_fact(t, NULL, GT_FACT_Origin);
	cr_assert_eq((uint64_t)fact->v[0], gt_origin.started);
	cr_assert_eq((uint64_t)fact->v[1], gt_origin.parent_started);
	cr_assert_str_eq(fact->text[2], "");
}

Test(facts, options_are_told_as_they_are_in_force, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=2h", "GTRACE_ARENA=2M", "GTRACE_NOSUCH=thing"));
	t = three_generations();
	cr_assert_str_eq(option(t, "PERIOD")->text[1], "2h");
	cr_assert_eq(option(t, "PERIOD")->v[2], 2);
	cr_assert_str_eq(option(t, "ARENA")->text[1], "2M");
	cr_assert_eq(option(t, "ARENA")->v[2], 1);
	cr_assert_str_eq(option(t, "CLOCK")->text[1], "auto");
	cr_assert_eq(option(t, "CLOCK")->v[2], 0);
	cr_assert_str_eq(option(t, "NOSUCH")->text[1], "thing");
	cr_assert_eq(option(t, "NOSUCH")->v[2], 3);
	cr_assert_null(option(t, "THING"));
}

/* Programs overwrite their environment, for a title. */
Test(facts, options_are_kept_when_the_environment_is_overwritten, .fini = gt_rec_clean)
{
	static char fence[] = "GTRACE_FENCE=full", unknown[] = "GTRACE_NOSUCH=thing";
	const struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV(fence, unknown));
	memset(fence, 'x', sizeof(fence) - 1);
	memset(unknown, 'x', sizeof(unknown) - 1);
	t = three_generations();
	cr_assert_str_eq(option(t, "FENCE")->text[1], "full");
	cr_assert_not_null(option(t, "NOSUCH"));
}

Test(facts, each_generation_reads_the_clocks_together, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_fact *fact = NULL;
	int64_t before, wall = (int64_t)(gt_clock_realtime() / 1000000000);

	gt_rec_start(GT_REC_ENV("GTRACE_CLOCK=monotonic"));
	before = (int64_t)gt_clock_monotonic();
	t = three_generations();
	cr_assert_eq(count(t, GT_FACT_Clock), 3);
	for (uint64_t gen = 1; gen <= 3; gen++) {
		fact = gt_rec_fact(t, fact, GT_FACT_Clock);
		cr_assert_eq(fact->gen, gen);
		cr_assert_geq(fact->v[0], before);
		cr_assert_geq(fact->v[1], fact->v[0]);
		cr_assert_leq(fact->v[1], (int64_t)gt_clock_monotonic());
		cr_assert(fact->v[2] >= wall && fact->v[2] <= (int64_t)(gt_clock_realtime() / 1000000000));
		cr_assert_lt(fact->v[3], 1000000000);
		before = fact->v[1];
	}
}

Test(facts, drops_are_told_when_they_changed, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_fact *fact;

	gt_rec_start(NULL);
	gt_drop(GT_DROP_STACKS);
	gt_yield(GT_REC_PC);
	gt_advance_now();
	gt_yield(GT_REC_PC);
	gt_advance_now();
	gt_drop(GT_DROP_STACKS);
	gt_drop(GT_DROP_BUFFER);
	t = gt_rec_finish();
	fact = gt_rec_fact(t, NULL, GT_FACT_Dropped);
	cr_assert(fact->gen == 1 && fact->v[0] == GT_DROP_STACKS && fact->v[1] == 1);
	cr_assert_eq(count(t, GT_FACT_Dropped), 3);
	cr_assert_eq(gt_rec_fact(t, fact, GT_FACT_Dropped)->gen, 3);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_STACKS), 2);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_BUFFER), 1);
}

/* Where this code is, a yield here makes the recorder look. */
Test(facts, a_module_is_told_once_with_its_place, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_fact *fact = NULL;
	struct gt_module *m;
	int n = 0;

	gt_rec_start(NULL);
	for (int i = 0; i < 3; i++) {
		gt_yield((const void *)three_generations);
		gt_advance_now();
	}
	t = gt_rec_finish();
	m = gt_modules_at(gt_modules_find((uintptr_t)three_generations));
	while ((fact = gt_rec_fact(t, fact, GT_FACT_Module))) {
		if ((uint64_t)fact->v[0] != m->base)
			continue;
		n++;
		cr_assert_eq((uint64_t)fact->v[1], m->end);
		cr_assert_str_eq(fact->text[2], m->build_id);
		cr_assert_str_eq(fact->text[3], m->path);
	}
	cr_assert_eq(n, 1);
}

Test(facts, starting_again_tells_everything_again, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_fact *fact;
	int modules;

	gt_rec_start(NULL);
	gt_drop(GT_DROP_STACKS);
	gt_yield((const void *)three_generations);
	gt_advance_now();
	gt_advance_now();
	modules = gt_modules_count();
	gt_facts_start("a name that is longer than the sixty-three characters that are kept of it");
	t = gt_rec_finish();
	cr_assert_eq(count(t, GT_FACT_Process), 2);
	fact = gt_rec_fact(t, gt_rec_fact(t, NULL, GT_FACT_Process), GT_FACT_Process);
	cr_assert(fact->gen == 3 && fact->v[0] == getpid());
	cr_assert_eq(strlen(fact->text[2]), 63);
	cr_assert_eq(count(t, GT_FACT_Dropped), 2);
	cr_assert_gt(modules, 0);
	cr_assert_eq(count(t, GT_FACT_Module), 2 * modules);
}

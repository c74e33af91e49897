/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock: close to CLOCK_MONOTONIC whatever it is read from, and without a jump where an anchor takes over.
 */
#include "shim/clock.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

enum { SLACK_NS = 200000 };

static void start_with_counter(void)
{
	gt_clock_start(GT_CLOCK_TSC);
	gt_clock_begin();
	if (gt_clocks[0].mult == 0)
		cr_skip_test("the processor does not say that its counter is invariant");
}

static uint64_t line(const struct gt_clock *c, uint64_t tsc)
{
	return c->ns0 + (uint64_t)(((unsigned __int128)(tsc - c->tsc0) * c->mult) >> 32);
}

/* Lets some time pass. */
static void spin(uint64_t ns)
{
	uint64_t until = gt_clock_monotonic() + ns;

	while (gt_clock_monotonic() < until)
		;
}

/* However long this thread does not run in between. */
static void stays_close(uint32_t gen)
{
	uint64_t before = gt_clock_monotonic();
	uint64_t now = gt_clock_now(gen);

	cr_assert_geq(now + SLACK_NS, before);
	cr_assert_leq(now, gt_clock_monotonic() + SLACK_NS);
}

Test(clock, without_the_counter_it_is_the_kernels_clock)
{
	uint64_t before, now;

	gt_clock_start(GT_CLOCK_MONOTONIC);
	cr_assert(gt_clocks[0].mult == 0 && gt_clocks[1].mult == 0);
	before = gt_clock_monotonic();
	now = gt_clock_now(1);
	cr_assert(before <= now && now <= gt_clock_monotonic());
	gt_clock_anchor(2);
	cr_assert_eq(gt_clocks[0].mult, 0);
}

static uint64_t kernel(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

Test(clock, what_the_kernel_says)
{
	uint64_t before = kernel(CLOCK_MONOTONIC), now = gt_clock_monotonic();

	cr_assert(before <= now && now <= kernel(CLOCK_MONOTONIC));
	before = kernel(CLOCK_REALTIME);
	now = gt_clock_realtime();
	cr_assert(before <= now && now <= kernel(CLOCK_REALTIME));
}

Test(clock, the_counter_keeps_to_the_kernels_clock)
{
	start_with_counter();
	for (int i = 0; i < 1000; i++)
		stays_close(1);
}

Test(clock, both_anchors_are_there_from_the_start)
{
	start_with_counter();
	cr_assert_eq(gt_clocks[0].mult, gt_clocks[1].mult);
	cr_assert_eq(gt_clocks[0].ns0, gt_clocks[1].ns0);
	cr_assert_eq(gt_clocks[0].tsc0, gt_clocks[1].tsc0);
}

Test(clock, time_grows_over_many_anchors_and_stays_close)
{
	uint64_t last = 0;

	start_with_counter();
	for (uint32_t gen = 1; gen < 100; gen++) {
		for (int i = 0; i < 50; i++) {
			uint64_t now = gt_clock_now(gen);

			cr_assert_geq(now, last);
			last = now;
		}
		spin(20000);
		gt_clock_anchor(gen + 1);
	}
	stays_close(100);
}

Test(clock, an_anchor_continues_the_line_of_the_last_generation)
{
	start_with_counter();
	for (uint32_t gen = 1; gen < 10; gen++) {
		struct gt_clock old = gt_clocks[gen & 1];

		spin(50000);
		gt_clock_anchor(gen + 1);
		cr_assert_gt(gt_clocks[(gen + 1) & 1].tsc0, old.tsc0);
		cr_assert_eq(gt_clocks[(gen + 1) & 1].ns0, line(&old, gt_clocks[(gen + 1) & 1].tsc0));
		cr_assert_eq(gt_clocks[gen & 1].ns0, old.ns0);
	}
}

/* The slope of the anchor that follows a line which is `off` ns away from the kernel's clock. */
static int64_t slope_after(int64_t off)
{
	gt_clocks[1].ns0 += (uint64_t)off;
	gt_clock_anchor(2);
	gt_clocks[1].ns0 -= (uint64_t)off;
	return (int64_t)gt_clocks[0].mult;
}

Test(clock, an_anchor_steers_towards_the_kernels_clock)
{
	int64_t fast, slow, step;

	start_with_counter();
	spin(2000000);
	slow = slope_after(500000);
	fast = slope_after(-500000);
	/* A second from then both lines meet the kernel's clock: a millisecond apart, so a thousandth in slope. */
	step = (fast - slow) * 1000000 / slow;
	cr_assert(step > 900 && step < 1100, "%ld", (long)step);
}

Test(clock, a_jump_of_the_machine_is_not_steered_after)
{
	int64_t plain, after_jump;

	start_with_counter();
	spin(1000000);
	plain = slope_after(0);
	after_jump = slope_after(-3600000000000);
	cr_assert_leq(plain - after_jump, plain / 1000);
	cr_assert_leq(after_jump - plain, plain / 1000);
}

/* The kernel's clock for the tests of jumps: `shift` ns from the real one, as if the counter had jumped the other way. */
static int64_t shift;

static int shifted(clockid_t id, struct timespec *ts)
{
	uint64_t ns = kernel(id) + (uint64_t)shift;

	*ts = (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
	return 0;
}

/* How far the rate is from one that was right, in millionths. */
static int64_t parts_off(uint64_t mult, uint64_t right)
{
	return ((int64_t)mult - (int64_t)right) * 1000000 / (int64_t)right;
}

/* The rate, and how far the clock is ahead of the real time, over some generations. */
static void keeps_its_rate(uint32_t gen, uint64_t right, int64_t ahead)
{
	for (uint32_t last = gen + 5; gen < last; gen++) {
		int64_t off = (int64_t)(gt_clock_now(gen) - kernel(CLOCK_MONOTONIC)) - ahead;

		cr_assert(off < SLACK_NS && off > -SLACK_NS, "generation %u: %ld", gen, (long)off);
		spin(2000000);
		gt_clock_anchor(gen + 1);
		off = parts_off(gt_clocks[(gen + 1) & 1].mult, right);
		cr_assert(off < 1000 && off > -1000, "generation %u: %ld", gen, (long)off);
	}
}

static const int64_t jumps[] = {3600000000000, 50000000, -50000000, -3600000000000};

/* A machine that was suspended, or moved: time goes on from the later of the two, neither back nor at another speed. */
Test(clock, a_jump_leaves_the_rate_as_it_is)
{
	gt_clock_source(shifted);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		uint64_t right, before;

		shift = 0;
		start_with_counter();
		spin(2000000);
		right = gt_clocks[1].mult;
		shift = jumps[i];
		before = gt_clock_now(1);
		gt_clock_anchor(2);
		cr_assert_geq(gt_clock_now(2), before);
		keeps_its_rate(2, right, shift > 0 ? shift : 0);
	}
}

/* As after a suspension in which the counter was lost. */
Test(clock, a_counter_that_begins_anew_is_measured_anew)
{
	uint64_t right;

	start_with_counter();
	spin(2000000);
	right = gt_clocks[1].mult;
	gt_clocks[1].tsc0 += UINT64_C(1) << 50;
	gt_clock_anchor(2);
	keeps_its_rate(2, right, 0);
}

/* A recording that begins long after the last one, or after the start. */
Test(clock, a_jump_between_two_recordings_leaves_the_rate_as_it_is)
{
	gt_clock_source(shifted);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		uint64_t right;

		shift = 0;
		start_with_counter();
		right = gt_clocks[1].mult;
		shift = jumps[i];
		gt_clock_begin();
		keeps_its_rate(1, right, shift);
		shift = 0;
		gt_clock_start(GT_CLOCK_TSC);
		shift = 10 * jumps[i];
		gt_clock_begin();
		keeps_its_rate(1, right, shift);
	}
}

/* Fork may have come in the middle of an anchor. */
Test(clock, a_restarted_clock_is_right_whatever_the_anchors_were)
{
	start_with_counter();
	spin(1000000);
	memset(gt_clocks, 0x55, sizeof(gt_clocks));
	gt_clock_begin();
	stays_close(1);
	stays_close(2);
	cr_assert_eq(memcmp(&gt_clocks[0], &gt_clocks[1], sizeof(gt_clocks[0])), 0);
}

Test(clock, a_restart_does_not_turn_to_the_counter)
{
	gt_clock_start(GT_CLOCK_MONOTONIC);
	gt_clock_begin();
	cr_assert(gt_clocks[0].mult == 0 && gt_clocks[1].mult == 0);
}

/* Counters of two processors may differ by a little. */
Test(clock, a_counter_behind_the_anchor_gives_the_anchors_time)
{
	gt_clocks[1] = (struct gt_clock){gt_rdtsc() + (UINT64_C(1) << 40), 777, UINT64_C(1) << 32};
	cr_assert_eq(gt_clock_now(3), 777 / GT_UNIT_NS * GT_UNIT_NS);
}

/* What is written loses nothing, and what depends on an event is later even in the same unit. */
Test(clock, times_are_whole_units_and_one_after_another_is_a_unit_later)
{
	gt_clock_start(GT_CLOCK_TSC);
	gt_clock_begin();
	for (int i = 0; i < 1000; i++) {
		uint64_t before = gt_clock_now(1), after = gt_clock_after(1);

		cr_assert_eq(before % GT_UNIT_NS, 0);
		cr_assert_eq(after % GT_UNIT_NS, 0);
		cr_assert_gt(after, before);
	}
	gt_clock_start(GT_CLOCK_MONOTONIC);
	cr_assert_eq(gt_clock_now(1) % GT_UNIT_NS, 0);
}

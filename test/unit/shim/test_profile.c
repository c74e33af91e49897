/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who takes the samples: timers as long as there is no writer, the kernel with one, and what the trace says of it.
 */
#include "shim/profile.h"
#include "shim/advance.h"
#include "shim/process.h"
#include "shim/process_state.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <time.h>

static struct gt_puppet one;

static void burn(void *seconds)
{
	static volatile int turns;
	struct timespec t;
	double end;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	end = (double)t.tv_sec + (double)t.tv_nsec / 1e9 + *(double *)seconds;
	do {
		for (int i = 0; i < 10000; i++)
			turns++;
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	} while ((double)t.tv_sec + (double)t.tv_nsec / 1e9 < end);
}

static void need_kernel(void)
{
	if (gt_profile_way() == GT_PROFILE_TIMERS || gt_profile_way() == GT_PROFILE_OFF)
		cr_skip_test("the kernel allows no perf events");
}

/* Of the G, as a share of what its processor time should have. */
static double share(struct gt_rec_trace *t, int64_t g, double wanted)
{
	const struct gt_rec_event *ev = gt_rec_find(t, 0, GT_FR_CPUSample, GT_REC_ANY);
	int n = 0;

	for (; ev; ev = gt_rec_after(t, ev, GT_FR_CPUSample, GT_REC_ANY))
		n += ev->g == g;
	return n / wanted;
}

Test(profile, threads_are_sampled_by_the_kernel, .fini = gt_rec_clean)
{
	static double seconds = 0.4;
	struct gt_rec_trace *t;
	double found;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=200"));
	cr_assert_eq(gt_profile_way(), GT_PROFILE_TIMERS);
	gt_process_threaded();
	need_kernel();
	cr_assert_eq(gt_self->cpu_timer, 0);
	gt_puppet_born(&one);
	gt_puppet_do(&one, burn, &seconds);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	found = share(t, 2, seconds * 200);
	cr_assert(found > 0.6 && found < 1.1, "%f", found);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Sampling)->v[1], 200);
}

Test(profile, timers_where_they_are_wanted, .fini = gt_rec_clean)
{
	static double seconds = 0.4;
	struct gt_rec_trace *t;
	double found;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100", "GTRACE_CPU_SOURCE=timers"));
	gt_process_threaded();
	cr_assert_eq(gt_profile_way(), GT_PROFILE_TIMERS);
	gt_puppet_born(&one);
	gt_puppet_do(&one, burn, &seconds);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	found = share(t, 2, seconds * 100);
	cr_assert(found > 0.5 && found < 1.3, "%f", found);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Sampling)->v[0], GT_PROFILE_TIMERS);
}

Test(profile, no_signal_where_only_the_kernel_is_wanted, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100", "GTRACE_CPU_SOURCE=perf"));
	cr_assert_eq(gt_profile_way(), GT_PROFILE_OFF);
	cr_assert_eq(gt_self->cpu_timer, 0);
	gt_process_threaded();
	need_kernel();
	gt_rec_finish();
}

Test(profile, alone_again_there_is_a_timer, .fini = gt_rec_clean)
{
	static double seconds = 0.2;
	struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	gt_process_threaded();
	need_kernel();
	gt_process_alone();
	cr_assert_not(gt_writer_runs());
	cr_assert_eq(gt_profile_way(), GT_PROFILE_TIMERS);
	burn(&seconds);
	gt_process_threaded();
	cr_assert_neq(gt_profile_way(), GT_PROFILE_TIMERS);
	burn(&seconds);
	t = gt_rec_finish();
	cr_assert_gt(share(t, 1, 2 * seconds * 100), 0.6);
}

Test(profile, off_is_off, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(NULL);
	gt_process_threaded();
	cr_assert_eq(gt_profile_way(), GT_PROFILE_OFF);
	t = gt_rec_finish();
	cr_assert_null(gt_rec_fact(t, NULL, GT_FACT_Sampling));
}

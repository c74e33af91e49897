/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Samples by timers: as often as the thread uses processor time, with whole stacks, and no signal of the program's own means
 * anything else than before.
 */
#include "shim/cpu_timer.h"
#include "shim/gate.h"
#include "shim/profile.h"
#include "test/lib/capture.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <time.h>

enum { HERTZ = 100, REAL_TIME = 63 };

static double used(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static __attribute__((noinline)) void burn(double seconds)
{
	static volatile int turns;
	double end = used() + seconds;

	while (used() < end) {
		for (int i = 0; i < 10000; i++)
			turns++;
	}
}

Test(cpu_timer, a_thread_is_sampled_as_long_as_it_runs, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev = NULL;
	int64_t n;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	burn(0.5);
	t = gt_rec_finish();
	n = (int64_t)gt_rec_count(t, 1, GT_FR_CPUSample, GT_REC_ANY) + gt_rec_dropped(t, GT_DROP_SAMPLES);
	cr_assert(n >= 0.5 * HERTZ * 0.6 && n <= 0.5 * HERTZ * 1.3, "%d samples", (int)n);
	ev = gt_rec_find(t, 1, GT_FR_CPUSample, GT_REC_ANY);
	cr_assert(ev->g == 1 && ev->p == 0 && ev->m == getpid());
	cr_assert_neq(ev->pc, 0);
}

Test(cpu_timer, a_disarmed_timer_is_silent, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	cr_assert_neq(gt_self->cpu_timer, 0);
	gt_cpu_timer_disarm(gt_self);
	burn(0.1);
	t = gt_rec_finish();
	cr_assert_leq(gt_rec_count(t, 1, GT_FR_CPUSample, GT_REC_ANY), 1);
}

static bool is_default(int signal)
{
	struct sigaction now;

	cr_assert_eq(sigaction(signal, NULL, &now), 0);
	return now.sa_handler == SIG_DFL;
}

Test(cpu_timer, without_the_option_nothing_is_there, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_eq(gt_self->cpu_timer, 0);
	cr_assert(is_default(SIGURG) && is_default(REAL_TIME));
	gt_rec_finish();
}

Test(cpu_timer, one_signal_is_taken, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	cr_assert_not(is_default(SIGURG));
	cr_assert(is_default(REAL_TIME) && is_default(SIGPROF));
	gt_rec_finish();
}

Test(cpu_timer, signals_that_the_program_uses_are_not_taken, .fini = gt_rec_clean)
{
	struct sigaction now;

	signal(SIGURG, SIG_IGN);
	signal(REAL_TIME, SIG_IGN);
	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	sigaction(SIGURG, NULL, &now);
	cr_assert_eq(now.sa_handler, SIG_IGN);
	sigaction(REAL_TIME, NULL, &now);
	cr_assert_eq(now.sa_handler, SIG_IGN);
	cr_assert_not(is_default(REAL_TIME - 1));
	cr_assert(is_default(SIGPROF));
	gt_rec_finish();
}

Test(cpu_timer, a_program_that_puts_its_signals_back_goes_on, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=1000"));
	burn(0.02);
	for (int i = 1; i <= SIGRTMAX; i++)
		signal(i, SIG_DFL);
	burn(0.05);
	gt_rec_finish();
}

static int raise_urgent(void *arg)
{
	(void)arg;
	gt_cpu_timer_start(1000000);
	raise(SIGURG);
	return is_default(SIGURG) ? 1 : 0;
}

static int raise_real_time(void *arg)
{
	(void)arg;
	signal(SIGURG, SIG_IGN);
	gt_cpu_timer_start(1000000);
	raise(REAL_TIME);
	return 0;
}

Test(cpu_timer, the_signal_of_somebody_else_does_what_it_always_did)
{
	struct gt_captured c;

	gt_capture(raise_urgent, NULL, &c);
	cr_assert_eq(c.status, 0);
	gt_capture(raise_real_time, NULL, &c);
	cr_assert_eq(c.status, 128 + REAL_TIME);
}

Test(cpu_timer, when_it_is_over_the_signal_is_the_programs, .fini = gt_rec_clean)
{
	struct sigaction now;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	cr_assert_neq(gt_self->cpu_timer, 0);
	gt_profile_end();
	cr_assert_eq(gt_self->cpu_timer, 0);
	cr_assert_eq(sigaction(SIGURG, NULL, &now), 0);
	cr_assert_eq(now.sa_handler, SIG_DFL);
	gt_profile_thread_begins(gt_self);
	cr_assert_eq(gt_self->cpu_timer, 0);
	gt_rec_finish();
}

static void count(int signal)
{
	(void)signal;
}

Test(cpu_timer, a_handler_of_the_programs_own_stays, .fini = gt_rec_clean)
{
	struct sigaction now;

	gt_rec_start(GT_REC_ENV("GTRACE_CPU_HZ=100"));
	gt_profile_look();
	cr_assert_neq(gt_self->cpu_timer, 0);
	signal(SIGURG, count);
	gt_profile_look();
	cr_assert_eq(gt_self->cpu_timer, 0);
	cr_assert_eq(gt_drops[GT_DROP_SAMPLES], 1);
	cr_assert_eq(sigaction(SIGURG, NULL, &now), 0);
	cr_assert_eq(now.sa_handler, count);
	gt_rec_finish();
}

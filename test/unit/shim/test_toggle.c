/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which signals may be chosen, and what their arrival does.
 */
#include "shim/toggle.h"
#include "shim/gate.h"
#include "shim/output.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <signal.h>

static uint64_t number;

static bool is(const char *text, uint64_t want)
{
	return gt_toggle_parse(text, &number) && number == want;
}

Test(toggle, a_signal_has_a_name_or_a_number)
{
	cr_assert(is("USR2", SIGUSR2));
	cr_assert(is("SIGUSR2", SIGUSR2));
	cr_assert(is("12", SIGUSR2));
	cr_assert(is("RTMIN", 34));
	cr_assert(is("35", 35));
	cr_assert(is("64", 64));
	cr_assert(is("none", 0));
}

Test(toggle, some_signals_can_not_be_chosen)
{
	static const char *const bad[] = {"KILL", "SIGSTOP",   "SEGV",  "BUS",        "9",    "11",
					  "0",    "32",        "33",    "65",         "",     "SIG",
					  "usr2", "SIGSIGHUP", "USR2 ", "4294967308", "1000", "-1"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(gt_toggle_parse(bad[i], &number), "'%s' is no signal to choose", bad[i]);
}

Test(toggle, each_arrival_stops_or_starts, .fini = gt_rec_clean)
{
	struct sigaction action;

	gt_rec_start(GT_REC_ENV("GTRACE_SIGNAL=USR2"));
	cr_assert_eq(sigaction(SIGUSR2, NULL, &action), 0);
	cr_assert(action.sa_flags & SA_RESTART && action.sa_flags & SA_ONSTACK);
	cr_assert_eq(atomic_load(&gt_gate.gen), 1);
	raise(SIGUSR2);
	cr_assert_eq(atomic_load(&gt_gate.gen), 0);
	cr_assert_not(gt_temp_exists(gt_output_live()));
	gt_rec_read(gt_output_path());
	raise(SIGUSR2);
	cr_assert_eq(atomic_load(&gt_gate.gen), 2);
	gt_rec_finish();
	raise(SIGUSR2);
	cr_assert_eq(atomic_load(&gt_gate.gen), 0);
}

Test(toggle, without_the_option_no_signal_is_touched, .fini = gt_rec_clean)
{
	struct sigaction action;

	gt_rec_start(GT_REC_ENV("GTRACE_SIGNAL=SEGV"));
	for (int i = 1; i < 32; i++) {
		cr_assert_eq(sigaction(i, NULL, &action), 0);
		if (i != SIGSEGV && i != SIGBUS && i != SIGILL && i != SIGFPE && i != SIGABRT)
			cr_expect(action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN, "signal %d", i);
	}
	gt_rec_finish();
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recordings of one process, one after the other: each has a whole file of its own.
 */
#include "shim/recording.h"
#include "shim/advance.h"
#include "shim/buf.h"
#include "shim/clock.h"
#include "shim/gap.h"
#include "shim/notes.h"
#include "shim/gate.h"
#include "shim/live.h"
#include "shim/output.h"
#include "shim/process.h"
#include "shim/process_state.h"
#include "shim/sink.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gt_puppet one, two;

static const struct gt_rec_fact *process_of(const struct gt_rec_trace *t)
{
	return gt_rec_fact(t, NULL, GT_FACT_Process);
}

Test(recording, the_second_one_has_a_file_of_its_own, .fini = gt_rec_clean)
{
	struct gt_rec_trace *first, *second;
	char path[4096];

	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_is_on());
	cr_assert_not(gt_recording_is_late());
	cr_assert(gt_recording_stop());
	cr_assert(gt_recording_stop(), "there is none");
	cr_assert_not(gt_recording_is_on());
	cr_assert_not(gt_temp_exists(gt_output_live()));
	first = gt_rec_read(gt_output_path());
	strcpy(path, gt_output_path());
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_start());
	cr_assert(gt_recording_start(), "there is one");
	cr_assert(gt_recording_is_late());
	cr_assert(gt_temp_exists(gt_output_live()));
	cr_assert_str_neq(gt_output_path(), path);
	gt_yield(GT_REC_PC);
	gt_yield(GT_REC_PC);
	second = gt_rec_finish();
	cr_assert_eq(gt_rec_count(first, 0, GT_EV_GoStop, 1), 1);
	cr_assert_eq(gt_rec_count(second, 0, GT_EV_GoStop, 1), 2);
	cr_assert_eq(gt_rec_count(second, 1, 0, GT_REC_ANY), 0, "generations go on");
	cr_assert_eq(gt_rec_count(second, 2, 0, GT_REC_ANY), 1);
	cr_assert_eq(process_of(first)->v[0], process_of(second)->v[0]);
	cr_assert_not_null(gt_rec_fact(second, NULL, GT_FACT_Module));
	cr_assert_not_null(gt_rec_fact(second, NULL, GT_FACT_Option));
}

Test(recording, options_and_drops_are_said_anew, .fini = gt_rec_clean)
{
	const struct gt_rec_fact *option;
	const struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV("GTRACE_PERIOD=2s"));
	gt_drop(GT_DROP_STACKS);
	gt_recording_stop();
	cr_assert_eq(gt_rec_dropped(gt_rec_read(gt_output_path()), GT_DROP_STACKS), 1);
	gt_recording_start();
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_STACKS), 0);
	option = gt_rec_fact(t, NULL, GT_FACT_Option);
	while (option && strcmp(option->text[0], "PERIOD") != 0)
		option = gt_rec_fact(t, option, GT_FACT_Option);
	cr_assert_str_eq(option->text[1], "2s");
}

Test(recording, flushing_brings_everything_to_the_file, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_flush());
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 1);
	cr_assert(gt_recording_stop());
	cr_assert(gt_recording_flush(), "everything is there");
}

Test(recording, a_paused_process_has_no_files, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	cr_assert(gt_recording_is_paused());
	cr_assert(gt_process_may_record());
	cr_assert_not(gt_process_is_recording());
	gt_yield(GT_REC_PC);
	gt_process_finish();
	cr_assert_eq(gt_temp_count(), 0);
	cr_assert_not(gt_recording_start());
	cr_assert(!gt_recording_stop() && !gt_recording_flush());
	gt_recording_toggle();
	cr_assert_eq(gt_temp_count(), 0);
}

Test(recording, without_a_place_it_waits_for_another_chance, .fini = gt_rec_clean)
{
	struct rlimit limit = {4096, RLIM_INFINITY};

	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert_not(gt_recording_start());
	cr_assert_eq(gt_temp_count(), 0);
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert(gt_recording_start());
	gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
}

/* What is complete stays; what is not recorded then is counted, and the next recording says so. */
Test(recording, a_full_disk_ends_one_recording, .fini = gt_rec_clean)
{
	struct rlimit limit = {0, RLIM_INFINITY};
	const struct gt_rec_trace *t;
	char live[4200];

	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_flush());
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	gt_yield(GT_REC_PC);
	cr_assert_not(gt_recording_flush());
	cr_assert_not(gt_recording_is_on());
	cr_assert(gt_gap_is_on());
	strcpy(live, gt_output_live());
	cr_assert_eq(gt_temp_size(live), 4096);
	gt_yield(GT_REC_PC);
	gt_log(0, "a", "b", GT_REC_PC);
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 1);
	cr_assert(gt_recording_start());
	cr_assert_not(gt_gap_is_on());
	cr_assert_not(gt_temp_exists(live));
	gt_yield(GT_REC_PC);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoStop, 1), 2);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[2], GT_DROP_DISK);
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Gap)->v[3], EFBIG);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_GAP), 1);
	cr_assert_eq(gt_rec_dropped(t, GT_DROP_NOTES), 1);
	cr_assert_geq(gt_rec_dropped(t, GT_DROP_EVENTS), 2);
}

/* The trace is somebody else's now; the live file stays for whoever finds both. */
Test(recording, a_file_out_of_reach_ends_one_recording, .fini = gt_rec_clean)
{
	char live[4200];

	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	strcpy(live, gt_output_live());
	cr_assert_eq(rename(gt_output_path(), gt_temp_path("moved")), 0);
	cr_assert_not(gt_recording_stop());
	cr_assert(gt_temp_exists(live));
	cr_assert(gt_recording_start());
	gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
}

Test(recording, another_thread_in_a_section_is_waited_for, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_puppet_born(&one);
	gt_puppet_enters(&one);
	cr_assert_not(gt_recording_stop(), "it never leaves, and nothing is recorded any more");
	cr_assert(gt_temp_exists(gt_output_live()));
	cr_assert_not(gt_process_may_record());
	cr_assert_not(gt_recording_start());
	gt_puppet_leaves(&one);
}

static void toggle(void *unused)
{
	(void)unused;
	gt_recording_toggle();
}

/* As by a handler in the thread that holds the lock. */
Test(recording, who_holds_the_lock_is_not_waited_for, .fini = gt_rec_clean)
{
	uint64_t before;

	gt_rec_start(NULL);
	gt_puppet_start(&two);
	cr_assert(gt_advance_lock());
	before = gt_clock_monotonic();
	cr_assert_not(gt_recording_stop());
	cr_assert_lt(gt_clock_monotonic() - before, 1000000000);
	gt_recording_toggle();
	gt_puppet_do(&two, toggle, NULL);
	gt_puppet_do(&two, toggle, NULL);
	cr_assert(gt_recording_is_on());
	gt_advance_unlock();
	cr_assert_not(gt_recording_is_on(), "three times is once");
}

Test(recording, the_writer_does_what_a_signal_asks_for, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	gt_process_threaded();
	cr_assert(gt_writer_runs());
	for (int i = 0; i < 4; i++) {
		bool was_on = gt_recording_is_on();

		gt_recording_toggle();
		while (gt_recording_is_on() == was_on)
			usleep(100);
	}
	cr_assert_eq(atomic_load(&gt_gate.next), 3);
}

/* Threads that run already, while the writer is not there yet. */
Test(recording, many_may_begin_at_once, .fini = gt_rec_clean)
{
	enum { MANY = 32 };

	cr_assert_gt(MANY * GT_BUF_LARGE, GT_LIVE_FIRST);
	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	gt_process_threaded();
	cr_assert(gt_recording_start());
	for (int i = 0; i < MANY; i++)
		cr_assert_not_null(gt_buf_take(true, atomic_load(&gt_gate.gen), 7, 1000), "buffer %d", i);
}

/* A child inherits whether its parent is recorded, and starts by itself. */
Test(recording, a_forked_child_is_paused_too, .fini = gt_rec_clean)
{
	int status;
	pid_t pid;

	gt_rec_start(GT_REC_ENV("GTRACE_START=off"));
	pid = fork();
	if (pid == 0) {
		gt_fork_child();
		gt_yield(GT_REC_PC);
		if (gt_recording_is_on() || !gt_self || gt_temp_count() != 0)
			_exit(1);
		if (!gt_recording_start() || gt_temp_count() != 2)
			_exit(2);
		gt_yield(GT_REC_PC);
		_exit(!gt_recording_stop());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	cr_assert_eq(gt_temp_count(), 1);
	cr_assert_not(gt_recording_is_on());
}

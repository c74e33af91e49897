/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The life of a recorded process from start to finish, with exec between, and the lives that are not recorded.
 */
#include "shim/process.h"
#include "shim/gap.h"
#include "shim/advance.h"
#include "shim/clock.h"
#include "shim/gate.h"
#include "shim/os.h"
#include "shim/output.h"
#include "shim/process_state.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gt_puppet one;

/* The finished trace is taken by Go's own parser, where there is one; a pipe's status is the parser's. */
static void check_with_go(void)
{
	static const char go[] = "/usr/lib/go-1.23/bin/go";
	char command[512];

	if (access(go, X_OK) != 0)
		return;
	snprintf(command, sizeof(command), "%s tool trace -d=1 %s >/dev/null", go, gt_output_path());
	cr_assert_eq(system(command), 0);
}

/* Whether a file of this name is mapped, still or without a name. */
static bool is_mapped(const char *path)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[1024];
	bool found = false;

	cr_assert_not_null(maps);
	while (fgets(line, sizeof(line), maps))
		found = found || strstr(line, path);
	fclose(maps);
	return found;
}

static void finish_without_memory(const char *env)
{
	gt_rec_start(env ? GT_REC_ENV(env) : NULL);
	cr_assert(is_mapped(".live") || is_mapped("/dev/shm/gtrace."));
	gt_process_finish();
	cr_assert_not(is_mapped(".live") || is_mapped("/dev/shm/gtrace."));
	gt_yield(GT_REC_PC); /* as destructors do */
	gt_drop(GT_DROP_NESTED);
}

Test(process, what_it_has_finished_takes_no_memory, .fini = gt_rec_clean)
{
	finish_without_memory(NULL);
}

Test(process, nor_does_what_was_kept_in_memory, .fini = gt_rec_clean)
{
	finish_without_memory("GTRACE_FLIGHT=1M");
}

Test(process, a_short_life_is_a_complete_trace, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	char want[64];
	struct gt_op op;

	gt_rec_start(NULL);
	snprintf(want, sizeof(want), "/%d.trace", (int)getpid());
	cr_assert_str_eq(gt_output_path() + strlen(gt_temp_dir()), want);
	cr_assert(gt_temp_exists(gt_output_live()));
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SLEEP, GT_PRIM_SLEEP, GT_NO_CALL}, NULL, GT_REC_PC);
	gt_op_end(&op);
	gt_process_threaded();
	cr_assert(gt_writer_runs());
	gt_puppet_born(&one);
	gt_puppet_end(&one);
	t = gt_rec_finish();
	cr_assert_not(gt_temp_exists(gt_output_live()));
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoBlock, 1), 1);
	cr_assert_eq(gt_rec_count(t, 0, GT_EV_GoDestroy, 2), 1);
	for (int i = 0; i < GT_DROPS; i++)
		cr_assert_eq(gt_rec_dropped(t, (enum gt_drop)i), 0);
	check_with_go();
}

Test(process, nothing_is_added_after_the_end, .fini = gt_rec_clean)
{
	struct gt_op op;
	struct stat before, after;

	gt_rec_start(NULL);
	gt_process_finish();
	cr_assert_eq(stat(gt_output_path(), &before), 0);
	gt_wait_begin(&op, (struct gt_waiting){GT_BLOCK_SLEEP, GT_PRIM_SLEEP, GT_NO_CALL}, NULL, GT_REC_PC);
	gt_op_end(&op);
	gt_process_finish();
	gt_exec_prepare(NULL);
	gt_process_threaded();
	cr_assert_not(gt_writer_runs());
	cr_assert_eq(stat(gt_output_path(), &after), 0);
	cr_assert_eq(before.st_size, after.st_size);
}

Test(process, the_caller_is_main_and_named, .fini = gt_rec_clean)
{
	const struct gt_rec_fact *name;
	char comm[16];

	gt_rec_start(NULL);
	cr_assert_not_null(gt_self);
	cr_assert_eq(gt_self->goid, 1);
	cr_assert_eq(atomic_load(&gt_self->tid), (uint32_t)getpid());
	cr_assert(gt_process_is_recording());
	cr_assert_eq(pthread_getname_np(pthread_self(), comm, sizeof(comm)), 0);
	name = gt_rec_fact(gt_rec_finish(), NULL, GT_FACT_ThreadName);
	cr_assert(name->v[0] == 1 && name->v[1] == getpid());
	cr_assert_str_eq(name->text[2], comm);
}

/* Nothing is recorded, nothing is left, and everything may still be called. */
static void is_off(void)
{
	cr_assert_not(gt_process_is_recording());
	cr_assert_null(gt_self);
	gt_yield(GT_REC_PC);
	gt_process_threaded();
	gt_exec_prepare(NULL);
	gt_process_forbid();
	gt_process_finish();
	cr_assert_not(gt_writer_runs());
	cr_assert_null(gt_self);
	cr_assert_eq(gt_temp_count(), 0);
}

Test(process, what_is_forbidden_is_not_tried, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_not(gt_os_is_forbidden);
	gt_process_forbid();
	cr_assert(gt_os_is_forbidden);
}

/* It has our memory, and what is forbidden to it is not forbidden to us. */
Test(process, a_vfork_child_forbids_nothing_to_its_parent, .fini = gt_rec_clean)
{
	int status;
	pid_t pid;

	gt_rec_start(NULL);
	pid = vfork();
	if (pid == 0) {
		gt_process_forbid();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_not(gt_os_is_forbidden);
	gt_yield(GT_REC_PC);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
}

Test(process, before_the_start_nothing_is_recorded, .fini = gt_temp_clean)
{
	is_off();
}

Test(process, a_disabled_recorder_does_nothing, .fini = gt_temp_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_DISABLE=1"));
	is_off();
}

Test(process, a_program_with_other_rights_is_not_recorded, .fini = gt_temp_clean)
{
	const struct gt_libc libc = {.pthread_create = pthread_create, .is_secure = true};
	char output[256];
	char *argv[] = {"unit", NULL};
	char *envp[] = {output, "GTRACE_SIGNAL=USR2", NULL};
	struct sigaction action;

	snprintf(output, sizeof(output), "GTRACE_OUTPUT=%s/trace", gt_temp_dir());
	gt_process_start(&libc, 1, argv, envp);
	is_off();
	cr_assert_eq(sigaction(SIGUSR2, NULL, &action), 0);
	cr_assert_eq(action.sa_handler, SIG_DFL);
}

Test(process, without_a_place_for_the_trace_nothing_is_recorded, .fini = gt_temp_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_OUTPUT=/nonexistent/trace"));
	is_off();
}

/* There may be room later: it begins with a gap. */
Test(process, without_room_for_buffers_nothing_is_left, .fini = gt_temp_clean)
{
	struct rlimit limit = {4096, 4096};

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	gt_rec_start(NULL);
	cr_assert(gt_gap_is_on());
	cr_assert_not(gt_process_is_recording());
	gt_yield(GT_REC_PC);
	gt_exec_prepare(NULL);
	gt_process_finish();
	cr_assert_eq(gt_temp_count(), 0);
}

Test(process, a_bad_name_is_as_good_as_none, .fini = gt_rec_clean)
{
	char want[128];

	cr_assert_eq(chdir(gt_temp_dir()), 0);
	gt_rec_start(GT_REC_ENV("GTRACE_OUTPUT="));
	snprintf(want, sizeof(want), "gtrace.%s.%d.trace", gt_output_program(), (int)getpid());
	cr_assert_str_eq(gt_output_path(), gt_temp_path(want));
	gt_rec_finish();
}

Test(process, a_program_with_another_name_is_not_wanted, .fini = gt_temp_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_MATCH=no-such-*"));
	is_off();
}

Test(process, the_options_of_clock_and_fence_are_obeyed, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_CLOCK=monotonic", "GTRACE_FENCE=full"));
	cr_assert_eq(gt_clocks[1].mult, 0);
	cr_assert_eq(gt_gate.fences, 1);
	gt_yield(GT_REC_PC);
	gt_advance_now();
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 1, GT_EV_GoStop, 1), 1);
}

/* unshare(2) may ask for that. */
Test(process, alone_means_without_a_writer, .fini = gt_rec_clean)
{
	gt_process_alone();
	gt_rec_start(NULL);
	gt_process_threaded();
	cr_assert(gt_writer_runs());
	gt_process_alone();
	cr_assert_not(gt_writer_runs());
	gt_yield(GT_REC_PC);
	gt_process_threaded();
	cr_assert(gt_writer_runs());
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
}

/* The child shares the memory: what it does would happen to the parent's trace. */
Test(process, the_end_of_a_vfork_child_is_not_the_end_of_the_trace, .fini = gt_rec_clean)
{
	int status = -1;
	pid_t pid;

	gt_rec_start(NULL);
	pid = vfork();
	if (pid == 0) {
		gt_exec_prepare(NULL);
		gt_process_finish();
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(gt_temp_exists(gt_output_live()));
	gt_yield(GT_REC_PC);
	cr_assert_eq(atomic_load(&gt_gate.gen), 1);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 1);
}

/* They may record until the moment at which they are gone. */
Test(process, an_exec_among_threads_leaves_the_live_file, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	gt_exec_prepare(NULL); /* Criterion has a thread */
	cr_assert(gt_temp_exists(gt_output_live()));
	gt_yield(GT_REC_PC);
	gt_exec_failed();
	cr_assert_eq(gt_rec_count(gt_rec_read(gt_output_path()), 0, GT_EV_GoStop, 1), 2);
	gt_rec_finish();
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "process.h"

#include "advance.h"
#include "async.h"
#include "batch.h"
#include "burial.h"
#include "facts.h"
#include "file.h"
#include "fiber_stack.h"
#include "fiber_switch.h"
#include "flight.h"
#include "following.h"
#include "gap.h"
#include "heap_level.h"
#include "life.h"
#include "live.h"
#include "lock.h"
#include "modules.h"
#include "names.h"
#include "objects.h"
#include "options.h"
#include "origin.h"
#include "os.h"
#include "output.h"
#include "process_state.h"
#include "profile.h"
#include "recording.h"
#include "resume.h"
#include "retake.h"
#include "snapshot.h"
#include "stacks.h"
#include "status.h"
#include "stopped.h"
#include "tables.h"
#include "texts.h"
#include "toggle.h"
#include "trigger.h"
#include "usable.h"
#include "waiters.h"
#include "writer.h"

#include <sys/mman.h>
#include <sys/resource.h>

enum { FLUSH_NS = 1000000000, LONG_NS = 1000000000, SHORT_NS = 20000000, FIRST_STACK = 8 << 20 };

enum { START_OFF = 1, STACKS_FP, STACKS_OFF }; /* as the words of their rows */

enum state { NONE, STARTING, LIVE, FINISHED, OFF };

static struct {
	_Atomic int state; /* enum state */
	_Atomic uint32_t threads; /* of the program, as far as they come by here */
	struct gt_libc libc;
	const char *stack_end; /* of the first thread */
	bool lacks_live; /* an exec is under way, or a signal handler jumped out of one that had failed */
} process;

/* Where membarrier(2) can't be had, every section pays for a fence. */
static void start_gate(void)
{
	bool full = gt_options.value[GT_OPT_FENCE] == 2;

	gt_gate.fences = full || !gt_os_membarrier_register();
	GT_SYSCALL(SYS_madvise, &gt_gate, sizeof(gt_gate), MADV_WIPEONFORK, 0);
	atomic_store(&gt_gate.next, 1);
	gt_gate.alive = 1;
}

static bool start_stacks(void)
{
	struct gt_stack_options options = {
		.off = gt_options.value[GT_OPT_STACKS] == STACKS_OFF,
		.fp = gt_options.value[GT_OPT_STACKS] == STACKS_FP,
		.depth = (int)gt_options.value[GT_OPT_STACK_DEPTH],
		.find = process.libc.find_object,
		.starts = process.libc.starts,
	};

	gt_syscall_stacks = gt_options.value[GT_OPT_SYSCALL_STACKS];
	gt_syscall_long = gt_syscall_stacks && gt_syscall_stacks < gt_trigger_limits.syscall
				  ? gt_syscall_stacks
				  : gt_trigger_limits.syscall;
	return gt_stacks_start(&options) && gt_names_start();
}

static bool start_memory(void)
{
	uint32_t threads = (uint32_t)gt_options.value[GT_OPT_THREADS];
	uint32_t cpus = gt_usable_start();

	return gt_batch_start() && gt_thread_table_start(threads) && gt_proc_start(cpus, threads + cpus) &&
	       start_stacks() && gt_texts_start() && gt_modules_start() && gt_stopped_start(threads + 1) &&
	       gt_snapshot_start(threads + 1, threads + cpus);
}

/* A child may be forked by any thread, on any stack. */
static bool is_first_stack(void)
{
	const char *here = __builtin_frame_address(0);

	return here < process.stack_end && process.stack_end - here < FIRST_STACK;
}

/* It may grow so far. */
static struct gt_stack_memory first_stack(void)
{
	struct rlimit64 limit = {0};
	uint64_t end = (uint64_t)process.stack_end;
	bool is_limited = GT_SYSCALL(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &limit) == 0 && limit.rlim_cur < end;
	uint64_t bytes = is_limited ? limit.rlim_cur : FIRST_STACK;

	return (struct gt_stack_memory){end - bytes, bytes};
}

/* It is running already: the only thread that begins with a status in a trace that begins with the process. */
static bool write_main(struct gt_thread *t)
{
	struct gt_section s;

	t->proc = t->last_proc = gt_proc_claim(NULL, t->tid);
	if (!gt_section_enter(&s, t))
		return false;
	gt_status_proc(&s, t->proc, GT_P_Running);
	gt_status_go(&s, t, t->tid, GT_G_Running);
	gt_status_procs(&s, (gt_stack_t){0});
	atomic_store(&t->proc->word, gt_proc_word(GT_PROC_RUN, s.gen, t->tid));
	gt_section_leave(&s);
	return true;
}

/* The calling thread is G 1, running. */
static bool start_main(void)
{
	const char *stack_end = is_first_stack() ? process.stack_end : NULL;
	struct gt_thread *t = gt_thread_take();

	if (!t)
		return false;
	atomic_store(&t->tid, (uint32_t)gt_os_gettid());
	gt_thread_number(t);
	if (gt_recording_is_on() && !write_main(t))
		return false;
	t->named = atomic_load(&gt_gate.first);
	atomic_store(&t->state, GT_T_RUN);
	gt_self = t;
	gt_stack_begin(&t->memo, t->goid, stack_end);
	gt_fiber_begin(t, (uintptr_t)stack_end);
	if (stack_end && gt_objects_on)
		gt_stack_memory_exists(first_stack());
	gt_life_name();
	return true;
}

/* Whether its trace begins now. When nothing is recorded it waits for its first one. */
static bool start_recording(bool is_paused)
{
	if (!is_paused)
		return gt_recording_open();
	gt_recording_await();
	return true;
}

/*
 * Everything that a process and a forked child do alike; `forked_from` is the parent's trace. On failure nothing is
 * recorded, and nothing is left.
 */
static void start(const char *forked_from, bool is_paused)
{
	atomic_store(&process.threads, 1);
	process.lacks_live = false;
	gt_origin_learn(forked_from);
	start_gate();
	gt_burial_clear();
	gt_fiber_start();
	gt_fiber_stack_clear();
	gt_retake_reset();
	gt_gap_reset();
	if (!start_memory() || !start_recording(is_paused)) {
		atomic_store(&gt_gate.next, 0);
		atomic_store(&process.state, OFF);
		return;
	}
	atomic_store(&process.state, LIVE);
	if (!start_main())
		gt_process_finish();
	gt_recording_serve();
	gt_profile_start(gt_options.value[GT_OPT_CPU_HZ]);
}

static void start_flight(void)
{
	uint64_t *period = &gt_options.value[GT_OPT_PERIOD];

	if (gt_options.verdict[GT_OPT_FLIGHT] == GT_VERDICT_SET)
		gt_flight_set(gt_options.text[GT_OPT_FLIGHT]);
	*period = gt_flight_period(*period);
	if (gt_flight_is_on() && gt_options.verdict[GT_OPT_TRIGGER] == GT_VERDICT_SET)
		gt_trigger_set(gt_options.text[GT_OPT_TRIGGER]);
}

void gt_process_start(const struct gt_libc *libc, int argc, char *const argv[], char *envp[])
{
	process.libc = *libc;
	process.stack_end = (const char *)envp;
	gt_async_source(libc->pthread_setcanceltype);
	gt_clock_source(libc->clock_gettime);
	gt_life_source(libc->tid);
	gt_function_source(libc->find_object);
	gt_gate.alive = 1;
	atomic_store(&process.state, OFF);
	if (!libc->is_secure)
		gt_options_read(envp);
	gt_is_off = libc->is_secure || gt_options.value[GT_OPT_DISABLE];
	if (gt_is_off)
		return;
	gt_following_hide(envp);
	gt_output_name(gt_options.verdict[GT_OPT_OUTPUT] == GT_VERDICT_BAD ? "gtrace.%e.%p.trace"
									   : gt_options.text[GT_OPT_OUTPUT],
		       argc > 0 ? argv[0] : "");
	gt_is_off = !gt_following_wants(gt_output_program());
	if (gt_is_off)
		return;
	gt_objects_on = gt_options.value[GT_OPT_ALLOCFREE];
	gt_facts_keep_options();
	start_flight();
	gt_toggle_start((int)gt_options.value[GT_OPT_SIGNAL]); /* bare, it would kill the program */
	gt_clock_start((enum gt_clock_choice)gt_options.value[GT_OPT_CLOCK]);
	start("", gt_options.value[GT_OPT_START] == START_OFF);
}

/* The child of a fork: what was inherited is forgotten, its shared part unmapped; it begins alone. */
static void start_child(void)
{
	static char parent[GT_PATH_MAX]; /* the stack may be small */
	bool is_async = gt_async_self;

	gt_async_end();
	gt_self = NULL;
	__builtin_memcpy(parent, gt_output_path(), __builtin_strlen(gt_output_path()) + 1);
	gt_drops_to(NULL);
	gt_live_detach();
	gt_lock_reset();
	gt_advance_reset();
	gt_writer_reset();
	gt_profile_forget();
	gt_waiters_clear();
	start(parent, gt_recording_is_paused());
	if (is_async)
		gt_thread_async(true);
}

bool gt_process_is_recording(void)
{
	int live = LIVE;

	if (atomic_load_explicit(&process.state, memory_order_relaxed) != LIVE)
		return false;
	if (gt_gate.alive)
		return atomic_load(&gt_gate.gen) != 0;
	if (!atomic_compare_exchange_strong(&process.state, &live, gt_following_forks() ? STARTING : OFF))
		return false;
	if (gt_following_forks())
		start_child();
	return atomic_load(&process.state) == LIVE;
}

bool gt_process_watches_heap(void)
{
	return atomic_load(&process.state) == LIVE && (gt_objects_on || gt_options.value[GT_OPT_HEAP]);
}

/* Also when nobody records: it does what a signal asks for. */
void gt_process_threaded(void)
{
	gt_process_is_recording();
	if (!gt_process_may_record())
		return;
	gt_exec_failed();
	gt_writer_start(&process.libc);
	gt_profile_threaded();
}

bool gt_process_may_record(void)
{
	return atomic_load_explicit(&process.state, memory_order_relaxed) == LIVE &&
	       (atomic_load(&gt_gate.gen) != 0 || atomic_load(&gt_gate.next) != 0);
}

bool gt_process_is_ours(void)
{
	return atomic_load(&process.state) == LIVE && gt_gate.alive && gt_os_getpid() == (int)gt_origin.pid;
}

void gt_process_thread_begins(void)
{
	atomic_fetch_add(&process.threads, 1);
}

void gt_process_thread_ends(void)
{
	if (atomic_fetch_sub(&process.threads, 1) == 1)
		gt_process_alone();
}

/* Threads that nobody counted may be there, and some of those that were may have vanished: the kernel is asked. */
static bool is_alone(void)
{
	int own = gt_writer_runs() ? 2 : 1;

	return gt_os_threads(own) <= own;
}

void gt_process_thread_exits(bool is_created, const void *pc)
{
	if (!gt_process_is_ours())
		return;
	gt_thread_exit(pc);
	if (is_created || gt_os_getpid() == gt_os_gettid())
		gt_process_thread_ends();
	if (!is_alone())
		return;
	gt_process_alone();
	gt_process_finish();
}

void gt_process_alone(void)
{
	if (!gt_process_is_ours())
		return;
	gt_writer_stop(LONG_NS);
	if (atomic_load(&process.threads) == 1) {
		gt_advance_inline();
		gt_profile_alone();
	}
}

void gt_process_finish(void)
{
	if (!gt_process_is_ours())
		return;
	gt_life_name();
	gt_heap_level_flush();
	gt_recording_mend_now();
	gt_advance_finish();
	atomic_store(&process.state, FINISHED);
	gt_writer_stop(SHORT_NS); /* the last thread takes all memory down: after the descriptors */
}

void gt_process_forbid(void)
{
	gt_process_alone(); /* a filter may be put over all threads */
	gt_profile_end();
	gt_process_finish();
	if (!gt_gate.alive)
		atomic_store(&process.state, OFF);
	if (atomic_load(&process.state) != LIVE)
		gt_os_forbid();
}

/* A handler of pthread_atfork() may have begun the child's trace before we get here. */
void gt_fork_child(void)
{
	if (!gt_gate.alive)
		gt_self = NULL;
}

void gt_process_flush(void)
{
	static _Atomic uint64_t last;
	uint64_t now = gt_clock_monotonic(), seen = atomic_load(&last);

	if (gt_process_is_ours() && now - seen >= FLUSH_NS && atomic_compare_exchange_strong(&last, &seen, now))
		gt_advance_now();
}

void gt_exec_prepare(const char *path)
{
	if (!gt_process_is_ours() || (path && gt_os_is_missing(path)))
		return;
	gt_life_name();
	gt_recording_mend_now();
	if (!is_alone()) {
		gt_advance_now();
		return;
	}
	if (!gt_advance_leave())
		return;
	gt_live_remove();
	process.lacks_live = true;
}

void gt_exec_failed(void)
{
	if (!process.lacks_live || !gt_process_is_ours())
		return;
	process.lacks_live = false;
	gt_recording_renew();
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "process.h"

#include "advance.h"
#include "batch.h"
#include "burial.h"
#include "facts.h"
#include "file.h"
#include "following.h"
#include "gc.h"
#include "life.h"
#include "lock.h"
#include "modules.h"
#include "names.h"
#include "options.h"
#include "origin.h"
#include "os.h"
#include "output.h"
#include "process_state.h"
#include "resume.h"
#include "retake.h"
#include "sink.h"
#include "snapshot.h"
#include "stacks.h"
#include "status.h"
#include "stopped.h"
#include "tables.h"
#include "tasks.h"
#include "texts.h"
#include "usable.h"
#include "waiters.h"
#include "writer.h"

#include <sys/mman.h>

enum { FLUSH_NS = 1000000000, FIRST_STACK = 8 << 20 };

enum state { NONE, STARTING, LIVE, FINISHED, OFF };

static struct {
	_Atomic int state; /* enum state */
	_Atomic uint32_t threads; /* of the program, as far as they come by here */
	struct gt_libc libc;
	const char *stack_end; /* of the first thread */
} process;

/* Where membarrier(2) can't be had, every section pays for a fence. */
static void start_gate(void)
{
	bool full = gt_options.value[GT_OPT_FENCE] == 2;

	gt_gate.fences = full || !gt_os_membarrier_register();
	GT_SYSCALL(SYS_madvise, &gt_gate, sizeof(gt_gate), MADV_WIPEONFORK, 0);
	gt_gate.alive = 1;
}

enum { STACKS_FP = 2, STACKS_OFF };

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
	return gt_stacks_start(&options) && gt_names_start();
}

static bool start_memory(void)
{
	uint32_t threads = (uint32_t)gt_options.value[GT_OPT_THREADS];
	uint32_t cpus = gt_usable_start();

	return gt_batch_start() && gt_thread_table_start(threads) && gt_proc_start(cpus, threads + cpus) &&
	       start_stacks() && gt_texts_start() && gt_tasks_start() && gt_modules_start() && gt_tables_start() &&
	       gt_stopped_start(threads + 1) && gt_snapshot_start(threads + 1, threads + cpus);
}

/* A child may be forked by any thread, on any stack. */
static bool is_first_stack(void)
{
	const char *here = __builtin_frame_address(0);

	return here < process.stack_end && process.stack_end - here < FIRST_STACK;
}

/* The calling thread is G 1, running: the only thread that may begin with a status. */
static bool start_main(void)
{
	struct gt_thread *t = gt_thread_take();
	struct gt_section s;

	if (!t)
		return false;
	atomic_store(&t->tid, (uint32_t)gt_os_gettid());
	gt_thread_number(t);
	t->proc = t->last_proc = gt_proc_claim(NULL, t->tid);
	if (!gt_section_enter(&s, t))
		return false;
	gt_status_proc(&s, t->proc, GT_P_Running);
	gt_status_go(&s, t, t->tid, GT_G_Running);
	gt_status_procs(&s, (gt_stack_t){0});
	atomic_store(&t->proc->word, gt_proc_word(GT_PROC_RUN, s.gen, t->tid));
	atomic_store(&t->state, GT_T_RUN);
	gt_section_leave(&s);
	gt_self = t;
	gt_stack_begin(&t->memo, is_first_stack() ? process.stack_end : NULL);
	gt_life_name();
	return true;
}

static bool start_output(void)
{
	uint64_t bytes = gt_options.value[GT_OPT_BUFFER];

	if (!gt_output_create())
		return false;
	if (gt_buf_start(gt_output_live(), bytes))
		return true;
	gt_sink_remove();
	return false;
}

/*
 * Everything that a process and a forked child do alike; `forked_from` is the parent's trace. On failure nothing is
 * recorded, and nothing is left.
 */
static void start(const char *forked_from)
{
	atomic_store(&process.threads, 1);
	gt_origin_learn(forked_from);
	start_gate();
	gt_burial_clear();
	gt_retake_reset();
	gt_status_start();
	gt_gc_start();
	if (!start_memory() || !start_output()) {
		atomic_store(&process.state, OFF);
		return;
	}
	gt_facts_start(gt_output_program());
	gt_advance_start();
	atomic_store(&process.state, LIVE);
	if (!start_main())
		gt_process_finish();
}

void gt_process_start(const struct gt_libc *libc, int argc, char *const argv[], char *envp[])
{
	process.libc = *libc;
	process.stack_end = (const char *)envp;
	gt_clock_source(libc->clock_gettime);
	gt_function_source(libc->find_object);
	gt_options_read(envp);
	if (gt_options.value[GT_OPT_DISABLE]) {
		atomic_store(&process.state, OFF);
		return;
	}
	gt_following_hide(envp);
	gt_output_name(gt_options.verdict[GT_OPT_OUTPUT] == GT_VERDICT_BAD ? "gtrace.%e.%p.trace"
									   : gt_options.text[GT_OPT_OUTPUT],
		       argc > 0 ? argv[0] : "");
	if (!gt_following_wants(gt_output_program())) {
		atomic_store(&process.state, OFF);
		return;
	}
	gt_clock_start(gt_options.value[GT_OPT_CLOCK] != 2);
	start("");
}

/* The child of a fork: what was inherited is forgotten, its shared part unmapped; it begins alone. */
static void start_child(void)
{
	static char parent[GT_PATH_MAX]; /* the stack may be small */

	gt_self = NULL;
	__builtin_memcpy(parent, gt_output_path(), __builtin_strlen(gt_output_path()) + 1);
	gt_buf_detach();
	gt_lock_reset();
	gt_advance_reset();
	gt_writer_reset();
	gt_waiters_clear();
	gt_clock_restart();
	start(parent);
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

void gt_process_threaded(void)
{
	if (gt_process_is_recording())
		gt_writer_start(&process.libc);
}

/* In a vfork child the memory is the parent's, and so is the trace. */
static bool is_ours(void)
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
void gt_process_thread_exits(bool is_created, const void *pc)
{
	int own;

	if (!is_ours())
		return;
	gt_thread_exit(pc);
	if (is_created || gt_os_getpid() == gt_os_gettid())
		gt_process_thread_ends();
	own = gt_writer_runs() ? 2 : 1;
	if (gt_os_threads(own) > own)
		return;
	gt_process_alone();
	gt_process_finish();
}

void gt_process_alone(void)
{
	if (is_ours())
		gt_writer_stop();
}

void gt_process_finish(void)
{
	if (!is_ours())
		return;
	gt_life_name();
	if (gt_advance_finish() || gt_sink_failed())
		gt_buf_remove();
	atomic_store(&process.state, FINISHED);
}

void gt_process_forbid(void)
{
	gt_process_alone(); /* a filter may be put over all threads */
	gt_process_finish();
	if (!gt_gate.alive)
		atomic_store(&process.state, OFF);
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
	uint64_t now = gt_clock_monotonic();
	uint64_t seen = atomic_load(&last);

	if (is_ours() && now - seen >= FLUSH_NS && atomic_compare_exchange_strong(&last, &seen, now))
		gt_advance_now();
}

void gt_exec_prepare(void)
{
	if (!is_ours())
		return;
	gt_life_name();
	gt_advance_now();
	gt_buf_remove();
}

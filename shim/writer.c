/* SPDX-License-Identifier: BSD-3-Clause */
#include "writer.h"

#include "advance.h"
#include "gap.h"
#include "gate.h"
#include "options.h"
#include "os.h"
#include "process_state.h"
#include "recording.h"
#include "schedule.h"
#include "stopped.h"
#include "thread.h"

#include <sys/prctl.h>

enum {
	TICK_NS = 10000000,
	PAUSE_NS = 200000000, /* between two looks whether all other threads are gone */
	STACK_BYTES = 256 << 10,
	AHEAD = 8 << 20,
	NAP_NS = 50000,
	YIELDS = 100,
	CLOSE_RANGE_OWN_TABLE = 2, /* CLOSE_RANGE_UNSHARE of linux/close_range.h */
};

enum { STOPPED, RUNS, STOPPING };

static struct {
	_Atomic uint32_t state;
	_Atomic uint32_t tid;
	_Atomic uint32_t calls; /* so many times somebody wanted it to look at once */
} writer;

bool gt_writer_runs(void)
{
	return atomic_load_explicit(&writer.state, memory_order_relaxed) == RUNS;
}

uint32_t gt_writer_tid(void)
{
	return atomic_load_explicit(&writer.tid, memory_order_relaxed);
}

void gt_writer_reset(void)
{
	atomic_store(&writer.state, STOPPED);
}

/* Nobody records: until it is called, or it is time to look whether anybody else is left, or whether a gap can end. */
static void wait_in_pause(uint32_t calls)
{
	uint64_t wait = gt_gap_is_on() ? gt_gap_wait() : PAUSE_NS;

	gt_os_wait(&writer.calls, calls, wait < PAUSE_NS ? wait : PAUSE_NS);
}

/*
 * An empty descriptor table of its own: what we open never takes a number that the program might get, and we
 * keep nothing of the program's open. Where the kernel can't, opening and closing at once must do.
 */
static void *write_on(void *unused)
{
	uint64_t period = gt_options.value[GT_OPT_PERIOD];
	uint64_t tick = period < TICK_NS ? period : TICK_NS;
	uint32_t tid = (uint32_t)gt_os_gettid();

	(void)unused;
	gt_self = &gt_thread_ignored;
	atomic_store(&writer.tid, tid);
	GT_SYSCALL(SYS_prctl, PR_SET_NAME, "gtrace-writer", 0, 0);
	gt_schedule_own();
	GT_SYSCALL(SYS_close_range, 0, ~0u, CLOSE_RANGE_OWN_TABLE, 0);
	while (gt_process_may_record() && gt_writer_runs() && gt_os_threads(1) > 1) {
		uint32_t calls = atomic_load(&writer.calls);

		gt_recording_serve();
		gt_recording_mend();
		gt_advance_tick(tid);
		if (gt_recording_is_on())
			gt_stopped_wait(&writer.calls, calls, tick);
		else
			wait_in_pause(calls);
	}
	return NULL; /* if nobody else is left, libc ends the process now */
}

/* It may not have begun yet, and libc may have failed to make it. */
static bool is_gone(void)
{
	uint32_t tid = atomic_load(&writer.tid);

	return tid && !gt_os_thread_exists(gt_os_getpid(), (int)tid);
}

void gt_writer_call(void)
{
	atomic_fetch_add(&writer.calls, 1);
	gt_os_wake(&writer.calls);
}

/* Most often it is gone before a nap would be over. */
void gt_writer_stop(uint64_t patience)
{
	int naps = (int)(patience / NAP_NS);
	uint32_t runs = RUNS;

	if (!atomic_compare_exchange_strong(&writer.state, &runs, STOPPING))
		return;
	gt_writer_call();
	for (int i = 0; i < YIELDS + naps && atomic_load(&writer.state) == STOPPING && !is_gone(); i++) {
		if (i < YIELDS)
			gt_os_yield();
		else
			gt_os_sleep(NAP_NS);
	}
	atomic_store(&writer.state, STOPPED);
}

static bool create(const struct gt_libc *libc)
{
	pthread_attr_t attr;
	sigset_t all, old;
	pthread_t thread;
	bool ok;

	sigfillset(&all);
	if (!libc->pthread_create || !libc->pthread_sigmask || pthread_attr_init(&attr) != 0)
		return false;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	libc->pthread_sigmask(SIG_BLOCK, &all, &old);
	ok = libc->pthread_create(&thread, &attr, write_on, NULL) == 0;
	libc->pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return ok;
}

void gt_writer_start(const struct gt_libc *libc)
{
	uint32_t stopped = STOPPED;

	if (gt_writer_runs() || !atomic_compare_exchange_strong(&writer.state, &stopped, RUNS))
		return;
	atomic_store(&writer.tid, 0);
	gt_advance_reserve(AHEAD);
	if (!create(libc))
		atomic_store(&writer.state, STOPPED);
}

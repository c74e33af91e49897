/* SPDX-License-Identifier: BSD-3-Clause */
#include "writer.h"

#include "advance.h"
#include "gate.h"
#include "options.h"
#include "os.h"
#include "process_state.h"
#include "thread.h"

#include <sys/prctl.h>

enum {
	TICK_NS = 10000000,
	STACK_BYTES = 256 << 10,
	CLOSE_RANGE_OWN_TABLE = 2, /* CLOSE_RANGE_UNSHARE of linux/close_range.h */
};

static _Atomic uint32_t running;

bool gt_writer_runs(void)
{
	return atomic_load_explicit(&running, memory_order_relaxed) != 0;
}

void gt_writer_reset(void)
{
	atomic_store(&running, 0);
}

/*
 * An empty descriptor table of its own: what we open never takes a number that the program might get, and we
 * keep nothing of the program's open. Where the kernel can't, opening and closing at once must do.
 */
static void *write_on(void *unused)
{
	uint64_t period = gt_options.value[GT_OPT_PERIOD];
	uint32_t tid = (uint32_t)gt_os_gettid();

	(void)unused;
	gt_self = &gt_thread_ignored;
	GT_SYSCALL(SYS_prctl, PR_SET_NAME, "gtrace-writer", 0, 0);
	GT_SYSCALL(SYS_close_range, 0, ~0u, CLOSE_RANGE_OWN_TABLE, 0);
	while (atomic_load(&gt_gate.gen) != 0) {
		gt_advance_tick(tid);
		gt_os_sleep(period < TICK_NS ? period : TICK_NS);
	}
	return NULL;
}

void gt_writer_start(const struct gt_libc *libc)
{
	pthread_attr_t attr;
	sigset_t all, old;
	pthread_t thread;

	if (atomic_exchange(&running, 1))
		return;
	gt_buf_reserve(8 << 20);
	sigfillset(&all);
	if (pthread_attr_init(&attr) != 0)
		return;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	libc->pthread_sigmask(SIG_BLOCK, &all, &old);
	if (libc->pthread_create(&thread, &attr, write_on, NULL) != 0)
		atomic_store(&running, 0);
	libc->pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "cpu_timer.h"

#include "async.h"
#include "format/event.h"
#include "options.h"
#include "os.h"
#include "process_state.h"
#include "samples.h"
#include "section.h"
#include "stacks.h"

#include <signal.h>
#include <time.h>
#include <ucontext.h>

enum {
	FIRST_REAL_TIME = 63, /* valgrind wants the last one for itself */
	LAST_REAL_TIME = 40,
	TIMERS_MAX = 1024, /* the kernel keeps a queued signal for each, of which a user has only so many */
	SHALLOW = 256 << 10,
	MASK_BYTES = 8,
	RESTORER = 0x04000000, /* SA_RESTORER of the kernel */
};

/* As the kernel has it. */
struct action {
	void (*handler)(int, siginfo_t *, void *);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static struct {
	uint64_t period;
	int signal; /* 0: none is free */
	_Atomic uint32_t count;
} timers;

/* Debuggers know the end of a handler by these very instructions. */
void gt_cpu_timer_restore(void);
__asm__(".pushsection .text\n"
	".hidden gt_cpu_timer_restore\n"
	".globl gt_cpu_timer_restore\n"
	".type gt_cpu_timer_restore,@function\n"
	"gt_cpu_timer_restore:\n"
	"	mov $15, %rax\n"
	"	syscall\n"
	".size gt_cpu_timer_restore,.-gt_cpu_timer_restore\n"
	".popsection\n");

static long act(int signal, const struct action *action, struct action *old)
{
	return GT_SYSCALL(SYS_rt_sigaction, signal, action, old, MASK_BYTES);
}

/* As a section, but of no event: nothing of the thread's changes. No other handler runs on top of ours. True: many wait now. */
static bool take(struct gt_thread *t, const struct gt_registers *at)
{
	bool are_many = false;
	uint32_t gen;

	gt_section_step(t);
	if (gt_gate.fences)
		atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	gen = atomic_load_explicit(&gt_gate.gen, memory_order_acquire);
	if (gen) {
		gt_samples_put(gen, &(struct gt_live_sample){
					    .time = gt_clock_now(gen),
					    .goid = t->goid,
					    .proc = t->proc ? t->proc->id : GT_NONE,
					    .stack = gt_stack_interrupted(&t->memo, gen, at).v,
					    .tid = t->tid,
				    });
		are_many = gt_samples_are_many(gen);
	}
	gt_section_step(t);
	return are_many;
}

static void lose(uint64_t samples)
{
	if (atomic_load_explicit(&gt_gate.gen, memory_order_relaxed))
		atomic_fetch_add_explicit(&gt_drops[GT_DROP_SAMPLES], samples, memory_order_relaxed);
}

/* Somebody sent this signal, and nobody but us has said what it should do: what it does to any program. SIGURG does nothing. */
static void pass_on(int signal)
{
	const struct action dfl = {0};

	if (signal == SIGURG)
		return;
	act(signal, &dfl, NULL);
	GT_SYSCALL(SYS_tgkill, gt_os_getpid(), gt_os_gettid(), signal, 0);
}

/*
 * Nobody else may come by for long, to bring what waits to the file. It takes some stack: the first thread has megabytes,
 * a coroutine or an alternate stack may not.
 */
static void flush(struct gt_thread *t, const struct gt_registers *at)
{
	uint64_t used = gt_stack_used(t->memo, at->sp);

	if (!gt_writer_runs() && t->goid == 1 && used && used < SHALLOW && !gt_os_on_signal_stack())
		gt_section_flush(t);
}

static void handle(int signal, siginfo_t *info, void *context)
{
	GT_IN_SIGHT;
	const greg_t *reg = ((const ucontext_t *)context)->uc_mcontext.gregs;
	struct gt_registers at = {(uint64_t)reg[REG_RIP], (uint64_t)reg[REG_RSP], (uint64_t)reg[REG_RBP]};
	struct gt_thread *t = gt_self;

	if (info->si_code != SI_TIMER) {
		pass_on(signal);
		return;
	}
	if (info->si_overrun > 0)
		lose((uint64_t)info->si_overrun);
	if (!t || t->cpu_timer == 0 || atomic_load_explicit(&t->seq, memory_order_relaxed) & 1) {
		lose(1);
		return;
	}
	if (take(t, &at))
		flush(t, &at);
}

/* Takes a signal that nobody uses. */
static bool occupy(int signal)
{
	const struct action action = {
		.handler = handle,
		.flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK | RESTORER,
		.restorer = gt_cpu_timer_restore,
		.mask = ~UINT64_C(0),
	};
	struct action now = {0};

	return (uint64_t)signal != gt_options.value[GT_OPT_SIGNAL] && act(signal, NULL, &now) == 0 && !now.handler &&
	       act(signal, &action, NULL) == 0;
}

bool gt_cpu_timer_has_signal(void)
{
	struct action now = {0};

	return timers.signal && act(timers.signal, NULL, &now) == 0 && now.handler == handle;
}

void gt_cpu_timer_start(uint64_t period)
{
	timers.period = period;
	atomic_store(&timers.count, 0);
	if (gt_cpu_timer_has_signal()) /* the parent's */
		return;
	timers.signal = occupy(SIGURG) ? SIGURG : 0;
	for (int signal = FIRST_REAL_TIME; signal >= LAST_REAL_TIME && !timers.signal; signal--) {
		if (occupy(signal))
			timers.signal = signal;
	}
}

/* The first time at any moment of a period, so that threads that end before are not always missed. */
static bool arm(int id)
{
	uint64_t first = gt_rdtsc() % timers.period + 1;
	struct itimerspec when = {
		.it_interval = {.tv_sec = (time_t)(timers.period / 1000000000),
				.tv_nsec = (long)(timers.period % 1000000000)},
		.it_value = {.tv_nsec = (long)(first % 1000000000)},
	};

	return GT_SYSCALL(SYS_timer_settime, id, 0, &when, NULL) == 0;
}

static bool create(int *id)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = timers.signal};

	event._sigev_un._tid = gt_os_gettid();
	return GT_SYSCALL(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, &event, id, 0) == 0;
}

void gt_cpu_timer_arm(struct gt_thread *t)
{
	int id;

	if (t->cpu_timer)
		return;
	if (!gt_cpu_timer_has_signal() || atomic_load(&timers.count) >= TIMERS_MAX || !create(&id)) {
		lose(1);
		return;
	}
	atomic_fetch_add(&timers.count, 1);
	t->cpu_timer = id + 1;
	if (!arm(id))
		lose(1);
}

void gt_cpu_timer_disarm(struct gt_thread *t)
{
	int id = __atomic_exchange_n(&t->cpu_timer, 0, __ATOMIC_RELAXED) - 1;

	if (id < 0)
		return;
	GT_SYSCALL(SYS_timer_delete, id, 0, 0, 0);
	atomic_fetch_sub(&timers.count, 1);
}

void gt_cpu_timer_end(void)
{
	const struct action ignore = {.handler = (void *)SIG_IGN}, dfl = {0};

	if (!gt_cpu_timer_has_signal())
		return;
	act(timers.signal, &ignore, NULL);
	act(timers.signal, &dfl, NULL);
}

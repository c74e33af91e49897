/* SPDX-License-Identifier: BSD-3-Clause */
#include "usable.h"

#include "cgroup.h"
#include "clock.h"
#include "os.h"
#include "resume.h"
#include "schedule.h"
#include "stacks.h"
#include "status.h"

enum { LOOK_NS = 1000000000, THREADS_MAX = 256, MASK_WORDS = 128 /* 8192 processors, the kernel's own limit */ };

static struct {
	_Atomic uint32_t most; /* processors that were seen at once */
	_Atomic uint32_t quota; /* 0: none */
	uint64_t looked; /* 0: nobody did */
} usable;

struct mask {
	unsigned long word[MASK_WORDS];
};

static uint32_t smaller(uint32_t cpus, uint32_t quota)
{
	return quota && quota < cpus ? quota : cpus;
}

static void learn_quota(void)
{
	static struct gt_cgroup group; /* the stack may be small */

	atomic_store(&usable.quota, gt_cgroup_own(&group, "cpu") ? gt_cgroup_cpus(&group) : 0);
}

/* A forked child has its parent's quota until it looks for the first time. */
uint32_t gt_usable_start(void)
{
	uint32_t cpus = gt_schedule_learn();

	atomic_store(&usable.most, cpus);
	if (usable.looked == 0) {
		usable.looked = gt_clock_monotonic();
		learn_quota();
	}
	return smaller(cpus, atomic_load(&usable.quota));
}

/* Adds a thread's processors; how many there are then. */
static uint32_t add(struct mask *all, uint32_t tid)
{
	struct mask own = {0};
	uint32_t cpus = 0;

	GT_SYSCALL(SYS_sched_getaffinity, tid, sizeof(own), &own, 0); /* writes what there is, or nothing */
	for (int i = 0; i < MASK_WORDS; i++) {
		all->word[i] |= own.word[i];
		cpus += (uint32_t)__builtin_popcountl(all->word[i]);
	}
	return cpus;
}

static bool is_there(struct gt_thread *t)
{
	uint32_t state = atomic_load(&t->state);

	return state != GT_T_FREE && state != GT_T_EXITED && atomic_load(&t->tid);
}

/* The processors of all threads, `first` before the others; no more than `enough` are looked for. 0: nobody knows. */
static uint32_t count(uint32_t first, uint32_t enough)
{
	struct mask all = {0};
	uint32_t cpus = first ? add(&all, first) : 0;
	uint32_t n = gt_thread_count();
	uint32_t threads = 0;

	for (uint32_t i = 1; i <= n && cpus < enough && threads < THREADS_MAX; i++) {
		struct gt_thread *t = gt_thread_at(i);

		if (!is_there(t))
			continue;
		cpus = add(&all, atomic_load(&t->tid));
		threads++;
	}
	return cpus;
}

/* Whether the number of slots has changed. */
static bool set(uint32_t cpus)
{
	if (cpus == 0)
		return false;
	if (cpus > atomic_load(&usable.most))
		atomic_store(&usable.most, cpus);
	return gt_proc_set_usable(smaller(cpus, atomic_load(&usable.quota)));
}

void gt_usable_look(void)
{
	uint64_t now = gt_clock_monotonic();

	if (now - usable.looked < LOOK_NS)
		return;
	usable.looked = now;
	learn_quota();
	set(count(0, UINT32_MAX));
}

/* The thread may be another process's. */
void gt_usable_changed(uint32_t tid, const void *pc)
{
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	if (!t || (tid && !gt_os_thread_exists(gt_os_getpid(), (int)tid)) ||
	    !set(count(tid ? tid : atomic_load(&t->tid), atomic_load(&usable.most))) ||
	    !gt_section_enter_running(&s, t))
		return;
	gt_status_running(&s);
	gt_status_procs(&s, gt_stack_here(&t->memo, s.gen, pc));
	gt_section_leave(&s);
}

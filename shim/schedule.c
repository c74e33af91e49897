/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"

#include "os.h"

#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

enum {
	MASK_BYTES = 1024, /* 8192 processors, the kernel's own limit */
	SLICE_NS = 100000, /* the shortest that there is */
	NICER = 20,
	NICEST = -20,
};

/* The kernel's struct sched_attr, as it was at first. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

/* The kernel refuses masks that are shorter than its own; what it does not fill in stays 0. */
struct mask {
	unsigned long word[MASK_BYTES / sizeof(long)];
};

static struct mask started;
static bool is_known;

static bool get_mask(struct mask *mask)
{
	return GT_SYSCALL(SYS_sched_getaffinity, 0, sizeof(*mask), mask, 0) > 0;
}

uint32_t gt_schedule_learn(void)
{
	static struct mask now; /* the stack may be small */
	uint32_t cpus = 0;
	bool done = get_mask(&now);

	if (done && !is_known)
		started = now;
	is_known |= done;
	for (size_t i = 0; done && i < MASK_BYTES / sizeof(long); i++)
		cpus += (uint32_t)__builtin_popcountl(now.word[i]);
	return cpus ? cpus : 1;
}

static bool is_real_time(long policy)
{
	policy &= ~SCHED_RESET_ON_FORK;
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/*
 * Among hundreds of threads that are ready, one that wakes up waits for those that are owed as much, and then gets a share of
 * hundreds: too little for the writer, who brings away what all of them say. Whoever asks for short slices has his turn
 * earlier, and no more of the processor (kernels before 6.12 have one length for all). More of it is given to who may ask.
 */
static void ask_for_the_processor(void)
{
	struct attributes a = {0};

	if (GT_SYSCALL(SYS_sched_getattr, 0, &a, sizeof(a), 0) != 0 ||
	    (a.policy != SCHED_OTHER && a.policy != SCHED_BATCH))
		return;
	a.runtime = SLICE_NS;
	GT_SYSCALL(SYS_sched_setattr, 0, &a, 0, 0);
	a.nice = a.nice - NICER > NICEST ? a.nice - NICER : NICEST;
	GT_SYSCALL(SYS_sched_setattr, 0, &a, 0, 0);
}

void gt_schedule_own(void)
{
	const struct sched_param none = {0};
	struct mask now = {0};

	if (GT_SYSCALL(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0) != 0)
		return;
	if (is_real_time(GT_SYSCALL(SYS_sched_getscheduler, 0, 0, 0, 0)))
		GT_SYSCALL(SYS_sched_setscheduler, 0, SCHED_OTHER, &none, 0);
	if (is_known && get_mask(&now) && memcmp(&now, &started, sizeof(now)) != 0)
		GT_SYSCALL(SYS_sched_setaffinity, 0, sizeof(started), &started, 0);
	ask_for_the_processor();
}

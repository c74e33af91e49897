/* SPDX-License-Identifier: BSD-3-Clause */
#include "schedule.h"

#include "os.h"

#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

enum { MASK_BYTES = 1024 }; /* 8192 processors, the kernel's own limit */

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
}

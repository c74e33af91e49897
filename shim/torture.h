/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Test builds only. GT_TORTURE puts a random delay around every load of the generation and every hand-over of a
 * resource, and makes slots be stolen that need not be; GT_BREAK_RULE=n removes ordering rule n of docs/invariants.md, so
 * that the stress test can show that it would notice. In a release build all of this is nothing.
 */
#ifndef GT_TORTURE_H
#define GT_TORTURE_H

#include <stdbool.h>

#ifndef GT_BREAK_RULE
#define GT_BREAK_RULE 0
#endif

#define GT_RULE_HOLDS(n) (GT_BREAK_RULE != (n))

#ifdef GT_TORTURE
#include "clock.h"
#include "os.h"

/* 0 to 4095. */
static inline uint64_t gt_dice(void)
{
	return (gt_rdtsc() * UINT64_C(0x9e3779b97f4a7c15)) >> 52;
}

/* Mostly nothing, often a short spin, sometimes the processor is given away, rarely for a whole generation. */
static inline void gt_delay(void)
{
	uint64_t dice = gt_dice();

	if (dice < 8)
		gt_os_sleep(1500000);
	else if (dice < 200)
		gt_os_yield();
	else if (dice < 1000)
		for (volatile int i = 0; i < 200; i++)
			;
}

/* Whether to look for a slot that is in use although there may be an idle one. */
static inline bool gt_denied(void)
{
	return gt_dice() < 400;
}
#else
static inline void gt_delay(void)
{
}

static inline bool gt_denied(void)
{
	return false;
}
#endif

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The trace's clock: nanoseconds of CLOCK_MONOTONIC, read from the processor's counter where the kernel itself
 * trusts it (clocksource tsc), or the user vouches for it, else from clock_gettime().
 *
 * Readings are whole units of the file (GT_UNIT_NS), since a reader rounds every difference on its own and a raw counter
 * would lose up to a nanosecond an event. The rate is measured briefly at start and corrected at every generation switch: each
 * generation has an anchor of its own, continuous with the one before.
 *
 * Counter and kernel may part by a jump: the counter goes on while the machine is suspended and CLOCK_MONOTONIC is not, or
 * it begins anew; a virtual machine is moved. Time then goes on from the later of the two, with the rate from before.
 */
#ifndef GT_CLOCK_H
#define GT_CLOCK_H

#include "format/event.h"
#include "vdso.h"

#include <stdbool.h>
#include <stdint.h>

struct gt_clock {
	uint64_t tsc0;
	uint64_t ns0;
	uint64_t mult; /* ns per counter unit, times 2^32; 0: no counter, ask clock_gettime */
} __attribute__((aligned(32)));

/* One anchor per generation parity; written by the switcher before it publishes the generation. */
extern struct gt_clock gt_clocks[2];

/* What clock_gettime says, in ns. */
uint64_t gt_clock_monotonic(void);
uint64_t gt_clock_realtime(void);

/* The kernel's clock, or NULL: then each reading is a system call. Before all others. */
void gt_clock_source(gt_clock_gettime_fn *fn);

/* In the order of GTRACE_CLOCK in format/options.def. */
enum gt_clock_choice { GT_CLOCK_AUTO, GT_CLOCK_TSC, GT_CLOCK_MONOTONIC };

/*
 * AUTO takes the counter if the kernel does; TSC if only the processor says that it counts at one rate whatever happens.
 * That rate is measured from here on, beside the rest of the start.
 */
void gt_clock_start(enum gt_clock_choice choice);

/*
 * Where a recording begins: sets both anchors anew, whatever a forked child's parent has left of them. Waits until the rate was
 * measured for 200 us: since gt_clock_start(), unless that was long ago or there was a jump.
 */
void gt_clock_begin(void);

/* Makes the anchor for generation `next`, steering towards CLOCK_MONOTONIC. Switcher only. */
void gt_clock_anchor(uint32_t next);

static inline uint64_t gt_rdtsc(void)
{
	uint32_t lo;
	uint32_t hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

/* Down to whole units of the file, so that nothing is lost where differences are written. */
static inline uint64_t gt_clock_whole(uint64_t ns)
{
	return ns & ~(uint64_t)(GT_UNIT_NS - 1);
}

/* By an anchor that has a rate. */
static inline uint64_t gt_clock_by(const struct gt_clock *c)
{
	uint64_t delta = gt_rdtsc() - c->tsc0;

	if (__builtin_expect((int64_t)delta < 0, 0)) /* the anchor comes from a processor a few ns ahead */
		delta = 0;
	return gt_clock_whole(c->ns0 + (uint64_t)(((unsigned __int128)delta * c->mult) >> 32));
}

/* Now, for an event of generation `gen`. The processor may read it before earlier loads are done. */
static inline uint64_t gt_clock_now(uint32_t gen)
{
	const struct gt_clock *c = &gt_clocks[gen & 1];

	return __builtin_expect(c->mult != 0, 1) ? gt_clock_by(c) : gt_clock_whole(gt_clock_monotonic());
}

/* The same, read when all earlier loads are done, and a unit more: so later than the event that they saw. */
static inline uint64_t gt_clock_after(uint32_t gen)
{
	__asm__ volatile("lfence" ::: "memory");
	return gt_clock_now(gen) + GT_UNIT_NS;
}

#endif

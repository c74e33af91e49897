/* SPDX-License-Identifier: BSD-3-Clause */
#include "clock.h"

#include "line.h"
#include "os.h"

#include <cpuid.h>
#include <string.h>

struct gt_clock gt_clocks[2] GT_OWN_LINE; /* read with each event */

/* What the counter is compared with the kernel's clock by. */
static struct {
	uint64_t tsc, ns; /* since when its rate is measured: the longer, the better the measure; tsc 0: no counter */
	uint64_t rate; /* the last one; 0: not measured yet */
	uint64_t ahead; /* of the kernel's clock: what the trace's has gained by jumps of the counter */
} origin;

enum { CALIBRATION_NS = 200000, BRACKETS = 40, STALE_NS = 100000000, JUMP_NS = 1000000 };

/* How the kernel is asked without entering it, or NULL. */
static gt_clock_gettime_fn *ask;

void gt_clock_source(gt_clock_gettime_fn *fn)
{
	ask = fn;
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts = {0};

	if (!ask || ask(id, &ts) != 0)
		GT_SYSCALL(SYS_clock_gettime, id, &ts, 0, 0);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t gt_clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t gt_clock_realtime(void)
{
	return read_clock(CLOCK_REALTIME);
}

/* Reads both clocks together: of several tries the one whose two counter reads are closest. */
static void read_pair(uint64_t *tsc, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < BRACKETS; i++) {
		uint64_t a = gt_rdtsc();
		uint64_t t = gt_clock_monotonic();
		uint64_t b = gt_rdtsc();

		if (b - a < best) {
			best = b - a;
			*tsc = a + (b - a) / 2;
			*ns = t;
		}
	}
}

static bool is_invariant(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(0x80000007, &a, &b, &c, &d) && d & 1u << 8;
}

static bool is_the_kernels(void)
{
	char source[32];

	return gt_os_slurp("/sys/devices/system/clocksource/clocksource0/current_clocksource", source,
			   sizeof(source)) >= 3 &&
	       memcmp(source, "tsc", 3) == 0;
}

static uint64_t rate(uint64_t ns, uint64_t tsc)
{
	return tsc ? (uint64_t)(((unsigned __int128)ns << 32) / tsc) : 0;
}

static void measure_from(uint64_t tsc, uint64_t ns)
{
	origin.tsc = tsc;
	origin.ns = ns;
}

void gt_clock_start(enum gt_clock_choice choice)
{
	uint64_t tsc = 0, ns = 0;

	gt_clocks[0] = gt_clocks[1] = (struct gt_clock){0};
	if (choice != GT_CLOCK_MONOTONIC && is_invariant() && (choice == GT_CLOCK_TSC || is_the_kernels()))
		read_pair(&tsc, &ns);
	measure_from(tsc, ns);
	origin.rate = 0;
}

/* Whether there may have been a jump since the measure began: a known rate differs by more than a thousandth, or none is known. */
static bool is_stale(uint64_t tsc, uint64_t ns)
{
	int64_t off = (int64_t)(rate(ns - origin.ns, tsc - origin.tsc) - origin.rate);
	int64_t most = (int64_t)(origin.rate / 1000);

	return origin.rate ? off > most || off < -most : ns - origin.ns > STALE_NS;
}

void gt_clock_begin(void)
{
	struct gt_clock c = {0};
	uint64_t tsc = 0, ns = 0;

	if (origin.tsc) {
		read_pair(&tsc, &ns);
		if (is_stale(tsc, ns))
			measure_from(tsc, ns);
		while (ns - origin.ns < CALIBRATION_NS)
			read_pair(&tsc, &ns);
		origin.rate = rate(ns - origin.ns, tsc - origin.tsc);
		origin.ahead = 0;
		c = (struct gt_clock){tsc, ns, origin.rate};
	}
	gt_clocks[0] = gt_clocks[1] = c;
}

/* What the line of an anchor says; 0 of a counter that has begun anew. */
static uint64_t on_line(const struct gt_clock *c, uint64_t tsc)
{
	int64_t delta = (int64_t)(tsc - c->tsc0);

	return delta < 0 ? 0 : c->ns0 + (uint64_t)(((unsigned __int128)delta * c->mult) >> 32);
}

/*
 * The new anchor continues the old line at this moment, so that time never jumps by our doing; its slope is chosen to meet
 * the kernel's clock a second from now. After a jump the rate is measured from here, and that distance is kept.
 */
void gt_clock_anchor(uint32_t next)
{
	const struct gt_clock *old = &gt_clocks[(next - 1) & 1];
	struct gt_clock c = {0};
	uint64_t tsc = 0, ns = 0, now;
	int64_t error;

	if (old->mult == 0) {
		gt_clocks[next & 1] = c;
		return;
	}
	read_pair(&tsc, &ns);
	now = on_line(old, tsc);
	error = (int64_t)(ns + origin.ahead - now);
	if (error > JUMP_NS || error < -JUMP_NS) {
		if (error > 0)
			now = ns + origin.ahead;
		origin.ahead = now - ns;
		measure_from(tsc, ns);
		error = 0;
	} else if (ns - origin.ns >= CALIBRATION_NS) {
		origin.rate = rate(ns - origin.ns, tsc - origin.tsc);
	}
	c = (struct gt_clock){tsc, now, origin.rate};
	c.mult += (uint64_t)((__int128)origin.rate * error / 1000000000);
	gt_clocks[next & 1] = c;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "clock.h"

#include "line.h"
#include "os.h"

#include <cpuid.h>
#include <string.h>

struct gt_clock gt_clocks[2] GT_OWN_LINE; /* read with each event */

/* Where the rate was last measured from: the longer ago, the better the next measure. */
static struct {
	uint64_t tsc;
	uint64_t ns;
} origin;

enum { CALIBRATION_NS = 200000, BRACKETS = 40 };

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

static bool counter_is_invariant(void)
{
	unsigned a, b, c, d;
	char source[32];

	if (!__get_cpuid(0x80000007, &a, &b, &c, &d) || !(d & (1u << 8)))
		return false;
	if (gt_os_slurp("/sys/devices/system/clocksource/clocksource0/current_clocksource", source, sizeof(source)) < 3)
		return false;
	return memcmp(source, "tsc", 3) == 0;
}

static uint64_t rate(uint64_t ns, uint64_t tsc)
{
	return tsc ? (uint64_t)(((unsigned __int128)ns << 32) / tsc) : 0;
}

void gt_clock_start(bool want_tsc)
{
	gt_clocks[0] = gt_clocks[1] = (struct gt_clock){0};
	origin.tsc = 0;
	if (want_tsc && counter_is_invariant())
		read_pair(&origin.tsc, &origin.ns);
}

void gt_clock_begin(void)
{
	struct gt_clock c = {0};
	uint64_t tsc = 0, ns = 0;

	if (origin.tsc) {
		do
			read_pair(&tsc, &ns);
		while (ns - origin.ns < CALIBRATION_NS);
		c = (struct gt_clock){tsc, ns, rate(ns - origin.ns, tsc - origin.tsc)};
	}
	gt_clocks[0] = gt_clocks[1] = c;
}

/*
 * The new anchor continues the old line at this moment, so that time never jumps; its slope is chosen to meet
 * CLOCK_MONOTONIC a second from now.
 */
void gt_clock_anchor(uint32_t next)
{
	const struct gt_clock *old = &gt_clocks[(next - 1) & 1];
	struct gt_clock c = {0};
	uint64_t tsc = 0, ns = 0, now, true_rate;
	int64_t error;

	if (old->mult == 0) {
		gt_clocks[next & 1] = c;
		return;
	}
	read_pair(&tsc, &ns);
	now = old->ns0 + (uint64_t)(((unsigned __int128)(tsc - old->tsc0) * old->mult) >> 32);
	true_rate = rate(ns - origin.ns, tsc - origin.tsc);
	error = (int64_t)(ns - now);
	if (error > 1000000 || error < -1000000) /* the machine slept or moved: do not steer that far */
		error = 0;
	c = (struct gt_clock){tsc, now, true_rate};
	c.mult += (uint64_t)((__int128)true_rate * error / 1000000000);
	gt_clocks[next & 1] = c;
}

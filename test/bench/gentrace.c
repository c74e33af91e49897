/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * gentrace GIGABYTES: a sound trace of that size on standard output, in generations of 16 MB, for showing what readers
 * do with huge ones. Four threads enter and leave system calls, no two events at the same time. Fast: a generation is
 * put together once, and only its number and its times are changed.
 */
#include "../../shim/format/header.h"
#include "../../shim/format/varint.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 64, PAYLOAD = 65000, BATCHES = 1 + THREADS * ROUNDS, STEP = 248 };
enum { EVENT_MOST = 64, TIME_UNITS = 1000000000 };

static uint8_t bytes[(size_t)BATCHES * (PAYLOAD + 256)];
static uint8_t *end = bytes;
static struct {
	uint8_t *gen, *time; /* where they stand in the head */
	uint64_t since; /* the generation began */
} batches[BATCHES];
static int nbatches;
static uint64_t seq[THREADS], now[THREADS];

static void event(uint8_t type, uint64_t dt, int n, const uint64_t *args)
{
	*end++ = type;
	end = gt_varint_put(end, dt);
	for (int i = 0; i < n; i++)
		end = gt_varint_put(end, args[i]);
}

/* A head whose size is filled in later: returns where. */
static uint8_t *head(uint64_t m, uint64_t since)
{
	*end++ = GT_FR_EventBatch;
	batches[nbatches].gen = end;
	end = gt_varint_put(end + GT_MAX_VARINT, m);
	batches[nbatches].time = end;
	batches[nbatches++].since = since;
	end += 2 * GT_MAX_VARINT;
	return end - GT_MAX_VARINT;
}

static void finish(uint8_t *size)
{
	gt_varint_put_padded(size, (uint64_t)(end - size) - GT_MAX_VARINT, GT_MAX_VARINT);
}

static void clock_batch(void)
{
	uint8_t *size = head(GT_NONE, 0);

	*end++ = GT_FR_Frequency;
	end = gt_varint_put(end, TIME_UNITS);
	finish(size);
}

static void thread_batch(int t, int first)
{
	uint8_t *size = head(1000 + (uint64_t)t, now[t]);
	const uint8_t *full = end + PAYLOAD - EVENT_MOST;
	uint64_t p[2] = {(uint64_t)t, GT_P_Running}, g[3] = {1 + (uint64_t)t, 1000 + (uint64_t)t, GT_G_Running};

	if (first) {
		event(GT_EV_ProcStatus, 0, 2, p);
		event(GT_EV_GoStatus, THREADS, 3, g);
		now[t] += THREADS;
	}
	while (end < full) {
		uint64_t begin[2] = {++seq[t], 0};

		event(GT_EV_GoSyscallBegin, STEP, 2, begin);
		event(GT_EV_GoSyscallEnd, STEP + THREADS * (uint64_t)t, 0, NULL);
		now[t] += 2 * STEP + THREADS * (uint64_t)t;
	}
	finish(size);
}

static int put(const void *from, size_t n)
{
	for (const char *p = from; n > 0;) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (done <= 0)
			return 0;
		p += done;
		n -= (size_t)done;
	}
	return 1;
}

int main(int argc, char **argv)
{
	double left = argc == 2 ? atof(argv[1]) * 1e9 : 0;

	if (left <= 0) {
		fprintf(stderr, "usage: gentrace GIGABYTES\n");
		return 2;
	}
	clock_batch();
	/* All times of a thread leave the same remainder, so that no two threads meet. */
	for (int t = 0; t < THREADS; t++)
		now[t] = (uint64_t)t;
	for (int round = 0; round < ROUNDS; round++) {
		for (int t = 0; t < THREADS; t++)
			thread_batch(t, round == 0);
	}
	if (!put(gt_header, sizeof(gt_header)))
		return 1;
	for (uint64_t gen = 1; left > 0; gen++, left -= (double)(end - bytes)) {
		for (int i = 0; i < nbatches; i++) {
			gt_varint_put_padded(batches[i].gen, gen, GT_MAX_VARINT);
			gt_varint_put_padded(batches[i].time,
					     gen * (now[THREADS - 1] + STEP) / THREADS * THREADS + batches[i].since,
					     GT_MAX_VARINT);
		}
		if (!put(bytes, (size_t)(end - bytes)))
			return 1;
	}
	return 0;
}

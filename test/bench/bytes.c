/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bytes TRACE: where the bytes of a trace are: for each event, and for facts, tables and heads of batches, how many there are,
 * bytes of each, and what that makes for one event of the whole trace. The trace is taken to be sound.
 */
#include "../../shim/format/header.h"
#include "../../shim/format/pack.h"
#include "../../shim/format/spec.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct part {
	uint64_t count, bytes;
};

static struct part events[256], packed, plain, stacks, strings, samples, heads;
static uint64_t all, times; /* events, and bytes of their times */

static const uint8_t *get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
	p = gt_varint_get(p, end, v);
	if (p == NULL) {
		fprintf(stderr, "bytes: the trace is broken\n");
		exit(1);
	}
	return p;
}

static void add(struct part *part, uint64_t bytes)
{
	part->count++;
	part->bytes += bytes;
}

static void take_events(const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		const uint8_t *from = p;
		uint8_t type = *p++;
		uint64_t v;

		p = get(p, end, &v);
		times += (uint64_t)(p - from) - 1;
		for (int i = 0; i < gt_event_spec[type].nargs; i++)
			p = get(p, end, &v);
		add(&events[type], (uint64_t)(p - from));
		all++;
	}
}

static void take_payload(bool is_experiment, const uint8_t *p, const uint8_t *end)
{
	uint64_t len = (uint64_t)(end - p);

	if (len == 0)
		return;
	if (is_experiment)
		add(len >= GT_FACTS_MAGIC_LEN && memcmp(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN) == 0 ? &packed : &plain,
		    len);
	else if (*p == GT_FR_Stacks || *p == GT_FR_Strings || *p == GT_FR_CPUSamples)
		add(*p == GT_FR_Stacks ? &stacks : *p == GT_FR_Strings ? &strings : &samples, len);
	else if (*p == GT_FR_Frequency)
		heads.bytes += len;
	else
		take_events(p, end);
}

static void take_batches(const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		const uint8_t *from = p;
		bool is_experiment = *p++ == GT_FR_ExperimentalBatch;
		uint64_t v;

		p += is_experiment;
		for (int i = 0; i < 4; i++) /* generation, thread, time, size */
			p = get(p, end, &v);
		add(&heads, (uint64_t)(p - from));
		if (v > (uint64_t)(end - p))
			v = (uint64_t)(end - p);
		take_payload(is_experiment, p, p + v);
		p += v;
	}
}

static void say(const char *name, const struct part *part)
{
	if (part->count > 0)
		printf("  %-22s %10" PRIu64 " %10.2f %12.3f\n", name, part->count,
		       (double)part->bytes / (double)part->count, (double)part->bytes / (double)all);
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	struct stat st = {0};
	const uint8_t *file;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= GT_HEADER_LEN) {
		fprintf(stderr, "usage: bytes TRACE\n");
		return 2;
	}
	file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return 1;
	take_batches(file + GT_HEADER_LEN, file + st.st_size);
	printf("  %-22s %10s %10s %12s\n", "", "count", "of each", "of an event");
	for (int i = 0; i < 256; i++)
		say(gt_event_spec[i].name != NULL ? gt_event_spec[i].name : "?", &events[i]);
	say("batches of facts", &packed);
	say("batches of plain facts", &plain);
	say("batches of stacks", &stacks);
	say("batches of strings", &strings);
	say("batches of samples", &samples);
	say("heads of batches", &heads);
	printf("  %-22s %10" PRIu64 " %10s %12.3f, of which %.3f are times\n", "the trace", all, "",
	       (double)st.st_size / (double)all, (double)times / (double)all);
	return 0;
}

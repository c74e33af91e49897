/* SPDX-License-Identifier: BSD-3-Clause */
/* Gathering bytes, and handing them to the reader through a memory file. */
#include "builder.h"

#include "decoder/input.h"
#include "decoder/reader.h"
#include "shim/format/varint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char path[32];
static int file = -1;

void gt_build_bytes(struct gt_builder *b, const void *bytes, size_t len)
{
	if (b->size - b->len < len) {
		b->size = 2 * b->size + len;
		b->bytes = realloc(b->bytes, b->size);
		if (b->bytes == NULL)
			abort();
	}
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
}

void gt_build_byte(struct gt_builder *b, int byte)
{
	uint8_t c = (uint8_t)byte;

	gt_build_bytes(b, &c, 1);
}

void gt_build_varint(struct gt_builder *b, uint64_t v)
{
	uint8_t bytes[GT_MAX_VARINT];

	gt_build_bytes(b, bytes, (size_t)(gt_varint_put(bytes, v) - bytes));
}

void gt_build_header(struct gt_builder *b, int minor)
{
	char header[17] = {0};

	snprintf(header, sizeof(header), "go 1.%d trace", minor);
	gt_build_bytes(b, header, 16);
}

static void open_batch(struct gt_builder *b, uint64_t gen, uint64_t m, uint64_t time)
{
	gt_build_varint(b, gen);
	gt_build_varint(b, m);
	gt_build_varint(b, time);
	b->size_at = b->len;
	gt_build_bytes(b, "\0\0\0\0\0\0\0\0\0", GT_MAX_VARINT);
}

void gt_build_batch(struct gt_builder *b, uint64_t gen, uint64_t m, uint64_t time)
{
	gt_build_byte(b, GT_FR_EventBatch);
	open_batch(b, gen, m, time);
}

void gt_build_experiment(struct gt_builder *b, int experiment, uint64_t gen, uint64_t m)
{
	gt_build_byte(b, GT_FR_ExperimentalBatch);
	gt_build_byte(b, experiment);
	open_batch(b, gen, m, 0);
}

void gt_build_end(struct gt_builder *b)
{
	gt_varint_put_padded(b->bytes + b->size_at, b->len - b->size_at - GT_MAX_VARINT, GT_MAX_VARINT);
}

void gt_build_frequency(struct gt_builder *b, uint64_t gen, uint64_t frequency)
{
	gt_build_batch(b, gen, GT_NONE, 0);
	gt_build_byte(b, GT_FR_Frequency);
	gt_build_varint(b, frequency);
	gt_build_end(b);
}

void gt_build_sync(struct gt_builder *b, uint64_t gen, uint64_t time)
{
	gt_build_batch(b, gen, GT_NONE, time);
	gt_build_byte(b, GT_FR_Sync);
	gt_build_byte(b, GT_FR_Frequency);
	gt_build_varint(b, 1000000000);
	gt_build_byte(b, GT_FR_ClockSnapshot);
	gt_build_varint(b, 10);
	gt_build_varint(b, 1000 + gen);
	gt_build_varint(b, 1000 + gen);
	gt_build_varint(b, 0);
	gt_build_end(b);
}

void gt_build_string(struct gt_builder *b, uint64_t gen, uint64_t id, const char *text, size_t len)
{
	gt_build_batch(b, gen, GT_NONE, 0);
	gt_build_byte(b, GT_FR_Strings);
	gt_build_byte(b, GT_FR_String);
	gt_build_varint(b, id);
	gt_build_varint(b, len);
	gt_build_bytes(b, text, len);
	gt_build_end(b);
}

void gt_build_stack(struct gt_builder *b, uint64_t gen, uint64_t id, uint64_t pc, uint64_t n)
{
	gt_build_batch(b, gen, GT_NONE, 0);
	gt_build_byte(b, GT_FR_Stacks);
	gt_build_byte(b, GT_FR_Stack);
	gt_build_varint(b, id);
	gt_build_varint(b, n);
	for (uint64_t i = 0; i < n; i++) {
		gt_build_varint(b, pc);
		gt_build_bytes(b, "\0\0\7", 3);
	}
	gt_build_end(b);
}

void gt_build_sample(struct gt_builder *b, uint64_t gen, uint64_t time, uint64_t g, uint64_t stack)
{
	gt_build_batch(b, gen, GT_NONE, 0);
	gt_build_byte(b, GT_FR_CPUSamples);
	gt_build_byte(b, GT_FR_CPUSample);
	gt_build_varint(b, time);
	gt_build_varint(b, 5);
	gt_build_varint(b, GT_NONE);
	gt_build_varint(b, g);
	gt_build_varint(b, stack);
	gt_build_end(b);
}

void gt_build_running(struct gt_builder *b, uint64_t gen, uint64_t time)
{
	gt_build_frequency(b, gen, 1000000000);
	gt_build_batch(b, gen, 1, time);
	gt_add_ProcStatus(b, 1, 0, GT_P_Running);
	gt_add_GoStatus(b, 1, 1, 1, GT_G_Running);
}

void gt_build_start(struct gt_builder *b)
{
	gt_build_header(b, 23);
	gt_build_running(b, 1, 100);
}

void gt_build_second(struct gt_builder *b)
{
	gt_build_end(b);
	gt_build_frequency(b, 2, 1000000000);
	gt_build_batch(b, 2, 1, 1000);
}

void gt_build_other(struct gt_builder *b, uint64_t m, uint64_t time)
{
	gt_build_end(b);
	gt_build_batch(b, 1, m, time);
}

void gt_build_facts(struct gt_builder *b, uint64_t gen, uint64_t m)
{
	gt_build_experiment(b, GT_FACTS_EXPERIMENT, gen, m);
	gt_build_bytes(b, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN);
}

void gt_build_fact(struct gt_builder *b, const struct gt_fact_record *fact)
{
	const struct gt_fact_spec *spec = &gt_fact_spec[fact->number];
	struct gt_builder body = {0};

	if (spec->tied == GT_TIE_EVENT)
		gt_build_varint(&body, fact->position);
	for (int i = 0; i < spec->nfields; i++) {
		const struct gt_string *text = &fact->field[i].t;

		if (spec->fields[i].kind == 't') {
			gt_build_varint(&body, text->len);
			gt_build_bytes(&body, text->bytes, text->len);
		} else {
			gt_build_varint(&body,
					spec->fields[i].kind == 's' ? gt_zigzag(fact->field[i].s) : fact->field[i].u);
		}
	}
	gt_build_byte(b, fact->number);
	gt_build_varint(b, body.len);
	gt_build_bytes(b, body.bytes, body.len);
	free(body.bytes);
}

const char *gt_build_path(struct gt_builder *b)
{
	if (file >= 0)
		close(file);
	file = memfd_create("trace", MFD_CLOEXEC);
	if (file < 0 || write(file, b->bytes, b->len) != (ssize_t)b->len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return path;
}

void gt_build_free(struct gt_builder *b)
{
	if (file >= 0)
		close(file);
	file = -1;
	free(b->bytes);
	memset(b, 0, sizeof(*b));
}

/* Reading without looking says the same. */
static void check_again(struct gt_builder *b, int n, const struct gt_error *expected)
{
	struct gt_error err;
	struct gt_reader *reader = gt_reader_open(gt_build_path(b), &err);
	uint64_t events = 0, generations = 0, syncs = 0;

	if (reader != NULL) {
		gt_reader_check(reader, UINT64_MAX, &events, &generations);
		syncs = generations + (gt_reader_version(reader) >= GT_GO_SYNC && n > 0);
	}
	gt_reader_close(reader);
	cr_assert_eq(events + syncs, n);
	cr_assert(err.code == expected->code && err.offset == expected->offset && err.index == expected->index);
	cr_assert_str_eq(err.words, expected->words);
}

int gt_build_verdict(struct gt_builder *b, struct gt_error *err)
{
	struct gt_reader *reader = gt_reader_open(gt_build_path(b), err);
	struct gt_trace_event ev;
	int n = 0;

	while (reader != NULL && gt_reader_next(reader, &ev) > 0)
		n++;
	gt_reader_close(reader);
	check_again(b, n, err);
	gt_build_free(b);
	return n;
}

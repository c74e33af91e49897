/* SPDX-License-Identifier: BSD-3-Clause */
#include "left.h"

#include "shim/format/header.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FACTS = 4096, TEXTS = FACTS + 2 * GT_LIVE_FACTS, TEXTS_EACH = 64 << 10, STACKS_EACH = 8192 };
enum {
	STACKS = TEXTS + 2 * TEXTS_EACH,
	SAMPLES = STACKS + 2 * STACKS_EACH,
	RING = SAMPLES + 2 * GT_LIVE_SAMPLES,
	BUFFERS = RING + GT_LEFT_RING,
	SIZE = 8 << 20
};

static void *at(struct gt_left *l, uint64_t place)
{
	return (uint8_t *)l->head + place;
}

void gt_left_start(struct gt_left *l)
{
	memset(l, 0, sizeof(*l));
	l->head = calloc(1, SIZE);
	cr_assert_not_null(l->head);
	l->size = SIZE;
	l->len = BUFFERS;
	memcpy(l->head->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN);
	l->head->version = GT_LIVE_VERSION;
	l->head->drops = GT_DROPS;
	l->head->complete = GT_HEADER_LEN;
	l->head->ring = RING;
	l->head->buffers = l->head->carved = BUFFERS;
	for (int i = 0; i < 2; i++) {
		l->head->facts[i] = FACTS + GT_LIVE_FACTS * (uint64_t)i;
		l->head->texts[i] = TEXTS + TEXTS_EACH * (uint64_t)i;
		l->head->stacks[i] = STACKS + STACKS_EACH * (uint64_t)i;
		l->head->samples[i] = SAMPLES + GT_LIVE_SAMPLES * (uint64_t)i;
		((struct gt_live_stacks *)at(l, l->head->stacks[i]))->used = 1;
	}
}

static void empty(struct gt_builder *b)
{
	if (b)
		gt_build_free(b);
}

struct gt_buf *gt_left_buf(struct gt_left *l, uint32_t gen, uint32_t tid, uint64_t time, struct gt_builder *events,
			   struct gt_builder *facts)
{
	struct gt_buf *buf = at(l, l->len);
	uint32_t used = events ? (uint32_t)events->len : 0, most = facts ? (uint32_t)facts->len : 0;

	buf->bytes = used + most + sizeof(*buf) > GT_BUF_SMALL ? GT_BUF_LARGE : GT_BUF_SMALL;
	buf->gen = gen;
	buf->tid = tid;
	buf->base = time * GT_UNIT_NS;
	buf->serial = l->serial++;
	buf->used = used;
	buf->top = buf->bytes - most;
	cr_assert_leq(used + most + sizeof(*buf), buf->bytes);
	if (used)
		memcpy(buf->data, events->bytes, used);
	if (most)
		memcpy((uint8_t *)buf + buf->top, facts->bytes, most);
	empty(events);
	empty(facts);
	l->len += buf->bytes;
	l->head->carved = l->len;
	cr_assert_leq(l->len, l->size);
	return buf;
}

uint64_t gt_left_stack(struct gt_left *l, uint32_t gen, const uint64_t *pc, uint32_t n)
{
	struct gt_live_stacks *stacks = at(l, l->head->stacks[gen & 1]);
	uint64_t id = stacks->used;

	stacks->word[id] = n | UINT64_C(77) << 32;
	memcpy(&stacks->word[id + 1], pc, n * sizeof(*pc));
	stacks->used += 1 + n;
	return id;
}

uint64_t gt_left_text(struct gt_left *l, uint32_t gen, uint32_t number, const char *text)
{
	struct gt_live_texts *texts = at(l, l->head->texts[gen & 1]);
	uint32_t used = texts->used;

	strcpy(texts->byte + used, text);
	texts->at[number] = used + 1;
	texts->used = used + (uint32_t)strlen(text) + 1;
	return GT_STRING_TEXT + number;
}

struct gt_live_sample *gt_left_sample(struct gt_left *l, uint32_t gen, uint64_t time, uint64_t stack)
{
	struct gt_live_samples *samples = at(l, l->head->samples[gen & 1]);
	struct gt_live_sample *to = &samples->place[samples->head++ % GT_LIVE_SAMPLES_MAX];

	*to = (struct gt_live_sample){
		.time = time * GT_UNIT_NS, .goid = 1, .proc = GT_NONE, .stack = stack, .tid = 5, .filled = 1};
	return to;
}

void gt_left_facts(struct gt_left *l, struct gt_builder *records)
{
	uint32_t turn = ++l->head->turn;
	struct gt_live_facts *facts = at(l, l->head->facts[turn & 1]);

	facts->len = (uint32_t)records->len;
	memcpy(facts->record, records->bytes, records->len);
	gt_build_free(records);
}

void gt_left_fly(struct gt_left *l, uint64_t from, const void *bytes, size_t len, size_t complete)
{
	uint8_t *ring = at(l, RING);

	cr_assert_leq(len, GT_LEFT_RING);
	for (size_t i = 0; i < len; i++)
		ring[(from + i) % GT_LEFT_RING] = ((const uint8_t *)bytes)[i];
	l->head->ring_bytes = GT_LEFT_RING;
	l->head->ring_from = from;
	l->head->complete = from + complete;
	l->head->ring_end = from + len;
}

void gt_left_write(struct gt_left *l, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, l->head, l->len), (ssize_t)l->len);
	close(fd);
	free(l->head);
	memset(l, 0, sizeof(*l));
}

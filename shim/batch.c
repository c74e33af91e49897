/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch.h"

#include "lock.h"
#include "heap.h"
#include "sink.h"

enum { HEAD_ROOM = 64 };

static struct {
	uint8_t *bytes; /* HEAD_ROOM, then the payload */
	size_t len; /* of the payload */
	uint64_t gen, m, time;
	const char *lead;
	size_t lead_len;
	bool facts;
} batch;

bool gt_batch_start(void)
{
	batch.bytes = gt_heap_take(HEAD_ROOM + GT_MAX_PAYLOAD);
	return batch.bytes != NULL;
}

static void reset(void)
{
	if (batch.lead_len)
		__builtin_memcpy(batch.bytes + HEAD_ROOM, batch.lead, batch.lead_len);
	batch.len = batch.lead_len;
}

void gt_batch_begin(uint32_t gen, uint64_t m, uint64_t time, const char *lead, size_t lead_len, bool facts)
{
	gt_lock_needed(GT_LOCK_ADVANCE);
	batch.gen = gen;
	batch.m = m;
	batch.time = time;
	batch.lead = lead;
	batch.lead_len = lead_len;
	batch.facts = facts;
	reset();
}

void gt_batch_end(void)
{
	uint8_t head[HEAD_ROOM];
	size_t len;

	if (batch.len == batch.lead_len)
		return;
	len = (size_t)(gt_batch_head(head, batch.facts, batch.gen, batch.m, batch.time, batch.len) - head);
	__builtin_memcpy(batch.bytes + HEAD_ROOM - len, head, len);
	gt_sink_copy(batch.bytes + HEAD_ROOM - len, len + batch.len);
	reset();
}

void gt_batch_room(size_t room)
{
	if (batch.len + room > GT_MAX_PAYLOAD)
		gt_batch_end();
}

void gt_batch_byte(uint8_t byte)
{
	batch.bytes[HEAD_ROOM + batch.len++] = byte;
}

void gt_batch_varint(uint64_t v)
{
	uint8_t *at = batch.bytes + HEAD_ROOM + batch.len;

	batch.len += (size_t)(gt_varint_put(at, v) - at);
}

void gt_batch_bytes(const void *bytes, size_t len)
{
	__builtin_memcpy(batch.bytes + HEAD_ROOM + batch.len, bytes, len);
	batch.len += len;
}

void gt_batch_text(const char *text, size_t max)
{
	size_t len = __builtin_strlen(text);

	len = len < max ? len : max;
	gt_batch_varint(len);
	gt_batch_bytes(text, len);
}

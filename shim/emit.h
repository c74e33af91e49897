/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The typed emitters: gt_emit_<Event>(section, arguments...), one per row of format/events.def, and
 * gt_fact_<...> for what belongs to the event written last.
 *
 * The caller is inside the section and has room for the operation (GT_OP_ROOM). An argument in a wrong place
 * does not compile.
 */
#ifndef GT_EMIT_H
#define GT_EMIT_H

#include "section.h"

static inline uint8_t *gt_emit_head(struct gt_section *s, enum gt_event type)
{
	uint8_t *p = s->pos;

	*p++ = (uint8_t)type;
	p = gt_varint_put(p, (s->now - s->last) / GT_UNIT_NS);
	s->last = s->now;
	s->events++;
	return p;
}

#define EV0(no, name, ctx, grp, help)                                                                                  \
	static inline void gt_emit_##name(struct gt_section *s)                                                        \
	{                                                                                                              \
		s->pos = gt_emit_head(s, GT_EV_##name);                                                                \
	}
#define EV1(no, name, ctx, grp, n1, help)                                                                              \
	static inline void gt_emit_##name(struct gt_section *s, gt_##n1##_t a1)                                        \
	{                                                                                                              \
		s->pos = gt_varint_put(gt_emit_head(s, GT_EV_##name), a1.v);                                           \
	}
#define EV2(no, name, ctx, grp, n1, n2, help)                                                                          \
	static inline void gt_emit_##name(struct gt_section *s, gt_##n1##_t a1, gt_##n2##_t a2)                        \
	{                                                                                                              \
		uint8_t *p = gt_varint_put(gt_emit_head(s, GT_EV_##name), a1.v);                                       \
		s->pos = gt_varint_put(p, a2.v);                                                                       \
	}
#define EV3(no, name, ctx, grp, n1, n2, n3, help)                                                                      \
	static inline void gt_emit_##name(struct gt_section *s, gt_##n1##_t a1, gt_##n2##_t a2, gt_##n3##_t a3)        \
	{                                                                                                              \
		uint8_t *p = gt_varint_put(gt_emit_head(s, GT_EV_##name), a1.v);                                       \
		s->pos = gt_varint_put(gt_varint_put(p, a2.v), a3.v);                                                  \
	}
#define EV4(no, name, ctx, grp, n1, n2, n3, n4, help)                                                                  \
	static inline void gt_emit_##name(struct gt_section *s, gt_##n1##_t a1, gt_##n2##_t a2, gt_##n3##_t a3,        \
					  gt_##n4##_t a4)                                                              \
	{                                                                                                              \
		uint8_t *p = gt_varint_put(gt_emit_head(s, GT_EV_##name), a1.v);                                       \
		p = gt_varint_put(gt_varint_put(p, a2.v), a3.v);                                                       \
		s->pos = gt_varint_put(p, a4.v);                                                                       \
	}
#include "format/events.def"

/*
 * Opens a record of a fact with `body` bytes, less than 128, below the other facts of the buffer; returns where they go.
 * The length is known before: bytes that were just written are slow to read again as words.
 */
static inline uint8_t *gt_fact_open(struct gt_section *s, enum gt_fact number, int body)
{
	uint8_t *p = s->top - 2 - body;

	s->top = p;
	*p++ = (uint8_t)number;
	*p++ = (uint8_t)body;
	return p;
}

/* Opens a record of the event written last; `rest` bytes follow its position, which has two in every buffer. */
static inline uint8_t *gt_fact_tied(struct gt_section *s, enum gt_fact number, int rest)
{
	_Static_assert(GT_BUF_LARGE / 2 <= 1 << 14, "an event has at least two bytes, a position of two bytes 14 bits");
	return gt_varint_put_padded(gt_fact_open(s, number, 2 + rest), s->events - 1, 2);
}

/* A whole record of the event written last with two bytes behind its position. Reaches down into memory that is free. */
static inline void gt_fact_short(struct gt_section *s, enum gt_fact number, uint64_t rest)
{
	uint64_t position = s->events - 1;
	uint64_t in_two_bytes = position + (position & ~UINT64_C(0x7f)) + 0x80;
	uint64_t record = (uint64_t)number | 4 << 8 | in_two_bytes << 16 | rest << 32;

	record <<= 16;
	__builtin_memcpy(s->top - sizeof(record), &record, sizeof(record));
	s->top -= 6;
}

/* A fact of the event written last, with one number. */
static inline void gt_fact1(struct gt_section *s, enum gt_fact number, uint64_t a)
{
	if (__builtin_expect(a < 1 << 14, 1))
		gt_fact_short(s, number, (a & 0x7f) | 0x80 | a >> 7 << 8);
	else
		gt_varint_put(gt_fact_tied(s, number, gt_varint_len(a)), a);
}

/* The same with two. */
static inline void gt_fact2(struct gt_section *s, enum gt_fact number, uint64_t a, uint64_t b)
{
	if ((a | b) < 0x80)
		gt_fact_short(s, number, a | b << 8);
	else
		gt_varint_put(gt_varint_put(gt_fact_tied(s, number, gt_varint_len(a) + gt_varint_len(b)), a), b);
}

/* An address has so many bits that it is spread by halves. Reaches down into memory that is free. */
static inline __attribute__((always_inline)) void gt_fact_Wait(struct gt_section *s, enum gt_primitive primitive,
							       const void *object)
{
	uint64_t v = (uint64_t)(uintptr_t)object;
	int len = gt_varint_len(v);
	uint64_t bytes;
	uint8_t *p;

	if (__builtin_expect(len < 3 || len > 8, 0)) {
		gt_fact2(s, GT_FACT_Wait, primitive, v);
		return;
	}
	bytes = gt_varint_spread(v) | UINT64_C(0x0080808080808080) >> (64 - 8 * len);
	bytes <<= 64 - 8 * len;
	__builtin_memcpy(s->top - sizeof(bytes), &bytes, sizeof(bytes));
	p = gt_fact_tied(s, GT_FACT_Wait, 1 + len);
	*p = (uint8_t)primitive;
}

static inline void gt_fact_Waker(struct gt_section *s, gt_g_t g)
{
	gt_fact1(s, GT_FACT_Waker, g.v);
}

static inline void gt_fact_Syscall(struct gt_section *s, uint64_t number, int64_t descriptor)
{
	gt_fact2(s, GT_FACT_Syscall, number, gt_zigzag(descriptor));
}

static inline void gt_fact_SyscallResult(struct gt_section *s, int64_t result)
{
	gt_fact1(s, GT_FACT_SyscallResult, gt_zigzag(result));
}

static inline void gt_fact_SyscallStack(struct gt_section *s, gt_stack_t stack)
{
	gt_fact1(s, GT_FACT_SyscallStack, stack.v);
}

static inline void gt_fact_SleepTime(struct gt_section *s, uint64_t ns)
{
	gt_fact1(s, GT_FACT_SleepTime, ns);
}

/* A thread's name; `name` has at most 15 bytes. */
static inline void gt_fact_ThreadName(struct gt_section *s, uint64_t goid, uint32_t tid, const char *name)
{
	int len = (int)__builtin_strlen(name);
	int body = gt_varint_len(goid) + gt_varint_len(tid) + 1 + len;
	uint8_t *p = gt_varint_put(gt_fact_open(s, GT_FACT_ThreadName, body), goid);

	p = gt_varint_put(gt_varint_put(p, tid), (uint64_t)len);
	__builtin_memcpy(p, name, (size_t)len);
}

#endif

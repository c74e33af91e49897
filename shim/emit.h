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
	p = gt_varint_put(p, s->now - s->last);
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

/* Room for one fact of numbers: number, length, position, four varints. */
enum { GT_FACT_ROOM = 2 + 5 * GT_MAX_VARINT };

/* The first bytes of what a record is built in; the record itself follows. See gt_fact_place(). */
enum { GT_FACT_LEAD = 32 };

/*
 * Puts a finished record of `len` bytes below the other facts of the buffer. Short ones are copied with a fixed
 * number of moves, together with bytes in front of them that land in free space: a call of memcpy costs more.
 */
static inline void gt_fact_place(struct gt_section *s, const uint8_t *record, size_t len)
{
	if (__builtin_expect(len <= GT_FACT_LEAD, 1))
		__builtin_memcpy(s->top - GT_FACT_LEAD, record + len - GT_FACT_LEAD, GT_FACT_LEAD);
	else
		__builtin_memcpy(s->top - len, record, len);
	s->top -= len;
}

/* A fact of the event written last, with one or two numbers. The body stays below 128 bytes: one length byte. */
static inline void gt_fact2(struct gt_section *s, enum gt_fact number, uint64_t a, bool two, uint64_t b)
{
	uint8_t scratch[GT_FACT_LEAD + GT_FACT_ROOM];
	uint8_t *record = scratch + GT_FACT_LEAD;
	uint8_t *p = gt_varint_put(record + 2, s->events - 1);

	p = gt_varint_put(p, a);
	if (two)
		p = gt_varint_put(p, b);
	record[0] = (uint8_t)number;
	record[1] = (uint8_t)(p - record - 2);
	gt_fact_place(s, record, (size_t)(p - record));
}

static inline void gt_fact_Wait(struct gt_section *s, enum gt_primitive primitive, const void *object)
{
	gt_fact2(s, GT_FACT_Wait, primitive, true, (uint64_t)(uintptr_t)object);
}

static inline void gt_fact_Waker(struct gt_section *s, gt_g_t g)
{
	gt_fact2(s, GT_FACT_Waker, g.v, false, 0);
}

static inline void gt_fact_Syscall(struct gt_section *s, uint64_t number, int64_t descriptor)
{
	gt_fact2(s, GT_FACT_Syscall, number, true, gt_zigzag(descriptor));
}

static inline void gt_fact_SyscallResult(struct gt_section *s, int64_t result)
{
	gt_fact2(s, GT_FACT_SyscallResult, gt_zigzag(result), false, 0);
}

static inline void gt_fact_SleepTime(struct gt_section *s, uint64_t ns)
{
	gt_fact2(s, GT_FACT_SleepTime, ns, false, 0);
}

/* A thread's name; `name` has at most 15 bytes. */
static inline void gt_fact_ThreadName(struct gt_section *s, uint64_t goid, uint32_t tid, const char *name)
{
	uint8_t scratch[GT_FACT_LEAD + GT_FACT_ROOM] = {0};
	uint8_t *record = scratch + GT_FACT_LEAD;
	uint8_t *p = gt_varint_put(gt_varint_put(record + 2, goid), tid);
	size_t len = __builtin_strlen(name);

	p = gt_varint_put(p, len);
	__builtin_memcpy(p, name, len);
	record[0] = GT_FACT_ThreadName;
	record[1] = (uint8_t)(p + len - record - 2);
	gt_fact_place(s, record, (size_t)(p + len - record));
}

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_units.h"

#include "../shim/format/varint.h"

enum { INFO_BATCH = 1 };

void gt_memory_units_read(struct gt_memory_units *units, const uint8_t *p, const uint8_t *end)
{
	uint64_t v[4];

	if (p == end || *p++ != INFO_BATCH || gt_varint_get_all(p, end, v, 4) != end)
		return;
	*units = (struct gt_memory_units){v[0], v[1], v[2], v[3], true};
}

/* What the event itself says of the size. Go's stacks have powers of two, written as the number of bits. */
static uint64_t size_of(const struct gt_trace_event *ev)
{
	const struct gt_fact_record *size = gt_event_fact(ev, GT_FACT_Size);

	if (size != NULL)
		return size->field[0].u;
	switch (ev->type) {
	case GT_EV_Span:
	case GT_EV_SpanAlloc:
		return ev->args[1] * ev->units->page;
	case GT_EV_GoroutineStack:
	case GT_EV_GoroutineStackAlloc:
		return ev->args[1] >= 1 && ev->args[1] <= 64 ? UINT64_C(1) << (ev->args[1] - 1) : 0;
	default:
		return 0;
	}
}

int gt_memory_of(const struct gt_trace_event *ev, struct gt_memory *memory)
{
	const struct gt_memory_units *units = ev->units;
	uint64_t unit;

	if (units == NULL || !units->known)
		return 0;
	switch (ev->type) {
	case GT_EV_Span:
	case GT_EV_SpanAlloc:
	case GT_EV_SpanFree:
		unit = units->page;
		break;
	case GT_EV_HeapObject:
	case GT_EV_HeapObjectAlloc:
	case GT_EV_HeapObjectFree:
		unit = units->object;
		break;
	default:
		unit = units->stack;
	}
	memory->address = units->base + ev->args[0] * unit;
	memory->bytes = size_of(ev);
	return 1;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the memory of alloc/free events is, and how large: by the units that a batch says, and by the fact Size.
 */
#include "decoder/memory_units.h"

#include <criterion/criterion.h>

static struct gt_memory_units units;
static struct gt_memory memory;

static int find(uint8_t type, uint64_t id, uint64_t arg)
{
	struct gt_trace_event ev = {.kind = GT_KIND_EXPERIMENTAL, .type = type, .args = {id, arg}, .units = &units};

	return gt_memory_of(&ev, &memory);
}

static void read_units(void)
{
	static const uint8_t batch[] = {1, 0x80, 0x20, 0x80, 0x40, 8, 0x80, 0x10};

	gt_memory_units_read(&units, batch, batch + sizeof(batch));
}

Test(memory_units, ids_become_addresses, .init = read_units)
{
	cr_assert(find(GT_EV_SpanAlloc, 3, 5));
	cr_expect(memory.address == 4096 + 3 * 8192 && memory.bytes == 5 * UINT64_C(8192));
	cr_assert(find(GT_EV_SpanFree, 3, 0));
	cr_expect(memory.address == 4096 + 3 * 8192 && memory.bytes == 0);
	cr_assert(find(GT_EV_HeapObjectAlloc, 3, 77));
	cr_expect(memory.address == 4096 + 3 * 8 && memory.bytes == 0, "the type is no size");
	cr_assert(find(GT_EV_GoroutineStackAlloc, 3, 14));
	cr_expect(memory.address == 4096 + 3 * 2048 && memory.bytes == 8192);
	cr_assert(find(GT_EV_GoroutineStack, 3, 65));
	cr_expect(memory.bytes == 0, "more bits than there are");
}

Test(memory_units, the_fact_knows_better, .init = read_units)
{
	struct gt_fact_record size = {.number = GT_FACT_Size, .field = {{.u = 12345}}};
	struct gt_trace_event ev = {.kind = GT_KIND_EXPERIMENTAL,
				    .type = GT_EV_GoroutineStackAlloc,
				    .args = {3, 14},
				    .units = &units,
				    .facts = &size,
				    .nfacts = 1};

	cr_assert(gt_memory_of(&ev, &memory));
	cr_expect_eq(memory.bytes, 12345);
}

Test(memory_units, other_batches_say_nothing)
{
	static const uint8_t types[] = {0, 1, 1, 1, 1}, more[] = {1, 1, 1, 1, 1, 1}, less[] = {1, 1, 1, 1};

	gt_memory_units_read(&units, types, types);
	gt_memory_units_read(&units, types, types + sizeof(types));
	gt_memory_units_read(&units, more, more + sizeof(more));
	gt_memory_units_read(&units, less, less + sizeof(less));
	cr_assert_not(units.known);
	cr_assert_not(find(GT_EV_HeapObjectAlloc, 3, 0));
}

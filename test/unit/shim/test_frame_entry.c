/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entries of real functions are found by any of their bytes, and their instructions lie within the module.
 */
#include "shim/frame_entry.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static __attribute__((noinline)) int function(int x)
{
	__asm__ volatile("" : "+r"(x));
	return x + 1;
}

static struct gt_frame_entry find(uint64_t pc, bool is_there)
{
	static struct dl_find_object object;
	struct gt_frame_entry f = {.object = &object, .pc = pc};

	cr_assert_eq(_dl_find_object((void *)pc, &object), 0);
	cr_assert_eq(gt_frame_entry_find(&f), is_there);
	return f;
}

Test(frame_entry, a_function_is_found_by_each_of_its_bytes)
{
	struct gt_frame_entry f = find((uint64_t)function, true);

	cr_assert_eq(f.function, (uint64_t)function);
	for (uint64_t i = 0; i < f.size; i++)
		cr_assert_eq(find((uint64_t)function + i, true).function, (uint64_t)function);
	cr_assert_neq(find((uint64_t)qsort, true).function, 0);
}

Test(frame_entry, data_has_none)
{
	static int data;

	find((uint64_t)&data, false);
}

Test(frame_entry, instructions_lie_within_the_module)
{
	struct gt_frame_entry f = find((uint64_t)function, true);
	const uint8_t *start = f.object->dlfo_map_start, *end = f.object->dlfo_map_end;

	cr_assert(f.first.p >= start && f.first.end <= end && f.first.p <= f.first.end);
	cr_assert(f.own.p >= start && f.own.end <= end && f.own.p <= f.own.end);
	cr_assert(f.code_align == 1 && f.data_align == -8 && !f.is_signal);
}

Test(frame_entry, pointers_are_read_as_they_are_encoded)
{
	static const uint8_t bytes[8] = {0xf0, 0xff, 0xff, 0xff, 1, 0, 0, 0};
	struct gt_bytes b = {bytes, bytes + sizeof(bytes), false};

	cr_assert_eq(gt_get_pointer(&b, 0x1b), (uint64_t)bytes - 16);
	b.p = bytes;
	cr_assert_eq(gt_get_pointer(&b, 0x03), 0xfffffff0);
	b.p = bytes;
	cr_assert_eq(gt_get_pointer(&b, 0x00), UINT64_C(0x1fffffff0));
	cr_assert_not(b.bad);
	gt_get_pointer(&b, 0x03);
	cr_assert(b.bad, "there are no bytes left");
	b = (struct gt_bytes){bytes, bytes + sizeof(bytes), false};
	gt_get_pointer(&b, 0x3b);
	cr_assert(b.bad, "relative to data");
	b = (struct gt_bytes){bytes, bytes + sizeof(bytes), false};
	gt_get_pointer(&b, 0x9b);
	cr_assert(b.bad, "where the pointer lies");
}

Test(frame_entry, numbers_end_with_the_bytes)
{
	static const uint8_t bytes[] = {0xe5, 0x8e, 0x26, 0x7f, 0x80, 0x80};
	uint8_t padded[11] = {0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0};
	struct gt_bytes b = {bytes, bytes + sizeof(bytes), false};

	cr_assert_eq(gt_get_uleb(&b), 624485);
	cr_assert_eq(gt_get_sleb(&b), -1);
	cr_assert_not(b.bad);
	gt_get_uleb(&b);
	cr_assert(b.bad);
	b = (struct gt_bytes){bytes, bytes + sizeof(bytes), false};
	gt_get_block(&b);
	cr_assert(b.bad, "a block that is longer than what is left");
	b = (struct gt_bytes){padded, padded + sizeof(padded), false};
	cr_assert(gt_get_uleb(&b) == 1 && !b.bad, "as many groups as a word holds");
	b = (struct gt_bytes){padded, padded + sizeof(padded), false};
	padded[9] = 0x80;
	gt_get_uleb(&b);
	cr_assert(b.bad, "more of them");
}

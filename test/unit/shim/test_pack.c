/* SPDX-License-Identifier: BSD-3-Clause */
/* What is packed comes out again, record by record, and takes less. */
#include "shim/pack.h"
#include "decoder/fact.h"
#include "decoder/unpack.h"
#include "shim/format/pack.h"
#include "test/lib/builder.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 17 };

static struct gt_builder b;
static uint8_t bytes[ROOM];
static struct gt_room room;

static void tear_down(void)
{
	gt_build_free(&b);
	free(room.bytes);
	room = (struct gt_room){0};
}

TestSuite(pack, .fini = tear_down);

static void add(enum gt_fact number, uint64_t position, uint64_t one, uint64_t two)
{
	struct gt_fact_record fact = {.number = number, .position = position, .field = {{.u = one}, {.u = two}}};

	gt_build_fact(&b, &fact);
}

/* The packed payload, *len bytes of it; NULL: it would not have been less. */
static const uint8_t *pack(size_t *len)
{
	uint8_t *to = bytes, *from = gt_pack(&to, b.bytes, b.bytes + b.len);

	*len = from ? (size_t)(to - from) : 0;
	cr_assert_leq(to, bytes + ROOM);
	return from;
}

/* Packs what was built, and compares what comes out with it. Returns how many bytes were needed. */
static size_t there_and_back(void)
{
	const uint8_t *from, *p, *end, *q = b.bytes;
	struct gt_fact_record in, out;
	size_t len;

	from = pack(&len);
	cr_assert_not_null(from);
	cr_assert(gt_fact_is_ours(GT_FACTS_EXPERIMENT, from, from + len));
	end = from + len;
	p = gt_unpack(from, &end, &room);
	cr_assert_not_null(p);
	while (gt_fact_next(&q, b.bytes + b.len, &in)) {
		cr_assert_eq(gt_fact_next(&p, end, &out), 1);
		cr_assert_eq(out.number, in.number);
		cr_assert_eq(out.position, in.position);
		for (int i = 0; i < gt_fact_spec[in.number].nfields; i++) {
			if (gt_fact_spec[in.number].fields[i].kind != 't')
				cr_assert_eq(out.field[i].u, in.field[i].u);
			else
				cr_assert(out.field[i].t.len == in.field[i].t.len &&
					  memcmp(out.field[i].t.bytes, in.field[i].t.bytes, in.field[i].t.len) == 0);
		}
	}
	cr_assert_eq(p, end);
	return len;
}

Test(pack, what_is_done_again_and_again_becomes_a_bit)
{
	enum { CALLS = 1000 };

	for (uint64_t i = CALLS; i-- > 0;) {
		add(GT_FACT_SyscallResult, 2 * i + 1, 22, 0);
		add(GT_FACT_Syscall, 2 * i, 0, 58);
	}
	cr_assert_leq(there_and_back(), 2 * CALLS / 8 + 50);
}

/* Fields of every length, distances of every size, positions that are the same. */
Test(pack, nothing_is_lost_whatever_the_records_are)
{
	uint64_t position = 16000, random = 1;

	while (position > 300) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		add(random >> 60 & 1 ? GT_FACT_Wait : GT_FACT_Syscall, position, random >> 57 & 7,
		    random >> 32 >> (random >> 50 & 31));
		if (random >> 40 & 1)
			position -= random >> 58;
		if (random >> 41 & 1)
			add(GT_FACT_SyscallResult, position, random >> 61, 0);
	}
	add(GT_FACT_Waker, 0, 3, 0);
	there_and_back();
}

Test(pack, free_facts_are_said_to_be_there)
{
	struct gt_fact_record name = {.number = GT_FACT_ThreadName};
	const uint8_t *from;
	size_t len;

	name.field[2].t = (struct gt_string){"a name that is long", 19};
	for (int i = 0; i < 40; i++)
		add(GT_FACT_SyscallResult, 7, 22, 0);
	from = pack(&len);
	cr_assert(from && gt_unpack_needed(from) && !gt_unpack_tells(from, from + len));
	gt_build_fact(&b, &name);
	for (int i = 0; i < 40; i++)
		add(GT_FACT_SyscallResult, 2, 22, 0);
	there_and_back();
	from = pack(&len);
	cr_assert(gt_unpack_tells(from, from + len));
}

Test(pack, what_does_not_become_less_stays_as_it_is)
{
	size_t len;

	add(GT_FACT_Waker, 0, 3, 0);
	cr_assert_null(pack(&len));
}

/* The recorder writes them from the end of its buffer. */
Test(pack, records_in_another_order_are_left_alone)
{
	size_t len;

	for (uint64_t i = 0; i < 1000; i++)
		add(GT_FACT_SyscallResult, i, 22, 0);
	cr_assert_null(pack(&len));
}

Test(pack, what_is_no_record_is_left_alone)
{
	size_t len;

	for (uint64_t i = 0; i < 100; i++)
		add(GT_FACT_SyscallResult, 100 - i, 22, 0);
	gt_build_bytes(&b, "\x04\x7f\1", 3);
	cr_assert_null(pack(&len));
}

/* More shapes than there are slots. */
Test(pack, slots_are_given_away_again)
{
	for (uint64_t i = 0; i < 3000; i++)
		add(GT_FACT_SyscallResult, 10000 - i, i * 7919 % 1000, 0);
	for (uint64_t i = 0; i < 3000; i++)
		add(GT_FACT_SyscallResult, 7000 - i, i % 10, 0);
	there_and_back();
}

Test(pack, few_are_not_worth_it)
{
	size_t len;

	for (int i = 0; i < 20; i++)
		add(GT_FACT_SyscallResult, 7, 22, 0);
	cr_assert_null(pack(&len));
	for (int i = 0; i < 20; i++)
		add(GT_FACT_SyscallResult, 7, 22, 0);
	cr_assert_not_null(pack(&len));
}

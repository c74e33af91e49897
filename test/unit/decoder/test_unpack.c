/* SPDX-License-Identifier: BSD-3-Clause */
/* Packed facts, byte by byte, and what damage does to them. */
#include "decoder/unpack.h"
#include "decoder/fact.h"
#include "shim/format/pack.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct gt_room room;

static void tear_down(void)
{
	free(room.bytes);
	room = (struct gt_room){0};
}

TestSuite(unpack, .fini = tear_down);

/* Four records, none of them free, the first at position 9: each in its own words. */
static const uint8_t packed[] = {'G',
				 'T',
				 'F',
				 '2',
				 4 << 1,
				 9,
				 0,
				 GT_PACK_LITERAL,
				 GT_PACK_TIED | GT_FACT_SyscallResult,
				 0,
				 1,
				 22,
				 GT_PACK_LITERAL,
				 GT_PACK_TIED | GT_FACT_SyscallResult,
				 2,
				 1,
				 22,
				 GT_PACK_LITERAL,
				 GT_PACK_TIED | GT_FACT_Syscall,
				 1,
				 2,
				 0,
				 58,
				 GT_PACK_LITERAL,
				 GT_PACK_TIED | GT_FACT_SyscallResult,
				 1,
				 1,
				 24};

/* How many records come out, of which *last is the last one. */
static size_t count(const uint8_t *p, size_t len, struct gt_fact_record *last)
{
	const uint8_t *end = p + len;
	size_t n = 0;

	p = gt_unpack(p, &end, &room);
	cr_assert_not_null(p);
	while (gt_fact_next(&p, end, last))
		n++;
	return n;
}

Test(unpack, records_come_out_in_their_order)
{
	static const uint8_t want[] = {GT_FACT_SyscallResult, 2, 9, 22, GT_FACT_SyscallResult, 2, 7, 22};
	const uint8_t *end = packed + sizeof(packed), *p = gt_unpack(packed, &end, &room);

	cr_assert_eq(memcmp(p, want, sizeof(want)), 0);
}

Test(unpack, a_guess_is_the_slot_that_followed_the_same_two)
{
	/* The same three times: the third one's two before were the same as the fourth's. */
	static const uint8_t bytes[] = {
		'G', 'T', 'F', '2', 4 << 1, 9, 1 << 3, GT_PACK_LITERAL, GT_PACK_TIED | GT_FACT_Waker, 0, 1, 5, 0, 0};
	uint8_t copy[sizeof(bytes)];
	struct gt_pack_model model = {0};
	struct gt_pack_shape shape = {GT_PACK_TIED | GT_FACT_Waker | 1 << 8 | UINT64_C(5) << 32, 0};
	struct gt_fact_record last;

	memcpy(copy, bytes, sizeof(copy));
	copy[sizeof(copy) - 1] = copy[sizeof(copy) - 2] = (uint8_t)gt_pack_add(&model, shape);
	cr_assert_eq(count(copy, sizeof(copy), &last), 4);
	cr_assert(last.number == GT_FACT_Waker && last.position == 9 && last.field[0].u == 5);
}

Test(unpack, what_follows_damage_is_left_out)
{
	struct gt_fact_record last;
	size_t before = 0;

	for (size_t len = GT_FACTS_MAGIC_LEN; len <= sizeof(packed); len++) {
		uint8_t *exact = malloc(len); /* so that a sanitizer sees what is read behind it */
		size_t n;

		memcpy(exact, packed, len);
		n = count(exact, len, &last);
		cr_assert(n >= before && n <= 4, "%zu of %zu bytes", len, sizeof(packed));
		before = n;
		free(exact);
	}
}

Test(unpack, a_slot_that_is_empty_is_damage)
{
	static const uint8_t bytes[] = {'G', 'T', 'F', '2', 1 << 1, 9, 0, 7},
			     guessed[] = {'G', 'T', 'F', '2', 1 << 1, 9, 1};
	struct gt_fact_record last;

	cr_assert_eq(count(bytes, sizeof(bytes), &last), 0);
	cr_assert_eq(count(guessed, sizeof(guessed), &last), 0);
}

/* Each byte could be eight records. */
Test(unpack, no_more_comes_out_than_a_batch_has)
{
	static uint8_t bytes[GT_MAX_PAYLOAD];
	const uint8_t *end = bytes + sizeof(bytes);
	uint8_t *p = bytes;
	const uint8_t *from;

	memset(bytes, 0xff, sizeof(bytes));
	memcpy(p, GT_PACK_MAGIC, GT_FACTS_MAGIC_LEN);
	p = gt_varint_put(p + GT_FACTS_MAGIC_LEN, UINT64_C(1) << 40);
	p = gt_varint_put(p, 0);
	*p++ = 0;
	for (int i = 0; i < 8; i++) {
		*p++ = GT_PACK_LITERAL;
		*p++ = GT_FACT_ThreadName;
		*p++ = GT_PACK_FIELDS;
		p += GT_PACK_FIELDS;
	}
	from = gt_unpack(bytes, &end, &room);
	cr_assert_leq(end - from, 2 * GT_MAX_PAYLOAD);
}

Test(unpack, what_is_not_packed_stays_where_it_is)
{
	static const uint8_t bytes[] = {'G', 'T', 'F', '1', GT_FACT_Waker, 2, 0, 5};
	const uint8_t *end = bytes + sizeof(bytes);

	cr_assert_not(gt_unpack_needed(bytes));
	cr_assert_eq(gt_unpack(bytes, &end, &room), bytes + GT_FACTS_MAGIC_LEN);
	cr_assert_eq(end, bytes + sizeof(bytes));
}

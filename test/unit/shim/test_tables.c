/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tables of a generation: what its events name and no more, and how addresses turn into functions and files.
 */
#include "shim/tables.h"
#include "shim/advance.h"
#include "shim/format/spec.h"
#include "shim/format/varint.h"
#include "shim/output.h"
#include "shim/sched.h"
#include "shim/stacks.h"
#include "shim/status.h"
#include "test/lib/mapped.h"
#include "test/lib/record.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(tables, a_stack_names_function_and_file, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	cr_assert_eq(gt_known_function(1), 2);
	gt_yield((const char *)gt_known_function + 1);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_GoStop, 1);
	cr_assert_eq(ev->pc, (uintptr_t)gt_known_function + 1);
	cr_assert_str_eq(ev->func, "gt_known_function");
	cr_assert_str_eq(ev->file, gt_own_path());
}

Test(tables, an_address_in_no_file_is_its_own_name, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;

	gt_rec_start(NULL);
	gt_yield(GT_REC_PC);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_GoStop, 1);
	cr_assert_eq(ev->pc, 0x5000);
	cr_assert_str_eq(ev->func, "0x5000");
	cr_assert_str_eq(ev->file, "");
}

/* Generation 1 uses two places, generation 2 one of them and another one. */
Test(tables, a_generation_has_the_stacks_that_it_uses_and_no_others, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	struct gt_wire w;

	gt_rec_start(NULL);
	gt_yield((const void *)0x1000);
	gt_yield((const void *)0x2000);
	gt_yield((const void *)0x1000);
	gt_advance_now();
	gt_yield((const void *)0x2000);
	t = gt_rec_finish();
	gt_wire_read(&w, gt_output_path());
	for (uint64_t gen = 1; gen <= 2; gen++) {
		uint64_t n = 0;

		cr_assert(gt_wire_has(&w, gen, GT_FR_Stacks, gt_rec_find(t, gen, GT_EV_GoStop, 1)->args[1]));
		for (uint64_t id = 0; id < 100; id++)
			n += gt_wire_has(&w, gen, GT_FR_Stacks, id);
		cr_assert_eq(n, 3 - gen);
	}
	gt_wire_free(&w);
}

Test(tables, every_reason_is_a_string_of_every_generation, .fini = gt_rec_clean)
{
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev = NULL;
	struct gt_op op;

	gt_rec_start(NULL);
	for (int gen = 1; gen <= 2; gen++) {
		for (int i = 0; i < GT_BLOCK_REASONS; i++) {
			gt_wait_begin(&op, (struct gt_waiting){(uint8_t)i, GT_PRIM_NONE, GT_NO_CALL}, NULL, GT_REC_PC);
			gt_op_end(&op);
		}
		gt_yield(GT_REC_PC);
		gt_advance_now();
	}
	t = gt_rec_finish();
	for (uint64_t gen = 1; gen <= 2; gen++) {
		ev = gt_rec_find(t, gen, GT_EV_GoBlock, 1);
		for (int i = 0; i < GT_BLOCK_REASONS; i++, ev = gt_rec_after(t, ev, GT_EV_GoBlock, 1))
			cr_assert_str_eq(ev->reason, gt_block_reason_text[i]);
		ev = gt_rec_find(t, gen, GT_EV_GoStop, 1);
		cr_assert_str_eq(ev->reason, gt_stop_reason_text[GT_STOP_GOSCHED]);
	}
}

Test(tables, all_strings_are_there_also_when_nothing_happened, .fini = gt_rec_clean)
{
	struct gt_wire w;

	gt_rec_start(NULL);
	gt_rec_finish();
	gt_wire_read(&w, gt_output_path());
	for (int i = 0; i < GT_BLOCK_REASONS; i++)
		cr_assert(gt_wire_has(&w, 1, GT_FR_Strings, gt_block_string((enum gt_block_reason)i).v));
	for (int i = 0; i < GT_STOP_REASONS; i++)
		cr_assert(gt_wire_has(&w, 1, GT_FR_Strings, gt_stop_string((enum gt_stop_reason)i).v));
	cr_assert_eq(gt_wire_count(&w, 1, GT_FR_Stacks), 0);
	gt_wire_free(&w);
}

Test(tables, the_unit_of_time_is_said_once_a_generation, .fini = gt_rec_clean)
{
	uint8_t want[1 + GT_MAX_VARINT] = {GT_FR_Frequency};
	size_t len = (size_t)(gt_varint_put(want + 1, GT_FREQUENCY) - want);
	struct gt_wire w;

	gt_rec_start(NULL);
	gt_advance_now();
	gt_rec_finish();
	gt_wire_read(&w, gt_output_path());
	for (uint64_t gen = 1; gen <= 2; gen++)
		cr_assert_eq(gt_wire_count(&w, gen, GT_FR_Frequency), 1);
	for (size_t i = 0; i < w.batches; i++) {
		if (w.batch[i].bytes[0] == GT_FR_Frequency)
			cr_assert(w.batch[i].len == len && memcmp(w.batch[i].bytes, want, len) == 0);
	}
	gt_wire_free(&w);
}

/* The table of their names does not fit into one batch. */
Test(tables, thousands_of_places_keep_their_names, .fini = gt_rec_clean)
{
	enum { PLACES = 1500 };
	const char *name = "a_file_whose_long_name_is_in_the_name_of_every_place.so";
	const char *base = gt_map_file(NULL, gt_symbolless(name));
	const struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	char want[128];

	gt_rec_start(NULL);
	for (int i = 0; i < PLACES; i++)
		gt_yield(base + i);
	t = gt_rec_finish();
	ev = gt_rec_find(t, 1, GT_EV_GoStop, 1);
	for (int i = 0; i < PLACES; i++, ev = gt_rec_after(t, ev, GT_EV_GoStop, 1)) {
		cr_assert_eq(ev->pc, (uintptr_t)base + (uintptr_t)i);
		snprintf(want, sizeof(want), "%s+0x%x", name, i);
		cr_assert_str_eq(ev->func, want);
	}
	cr_assert_null(ev);
}

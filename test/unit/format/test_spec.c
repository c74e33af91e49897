/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows of the .def files as data: numbers and names as Go has them, nothing left out, nothing said twice.
 */
#include "shim/format/spec.h"

#include "shim/format/facts.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <string.h>

Test(spec, a_row_of_events_is_at_its_number)
{
	const struct gt_event_spec *spec = &gt_event_spec[14];

	cr_assert_str_eq(spec->name, "GoCreate");
	cr_assert_eq(spec->nargs, 3);
	cr_assert_eq(spec->context, GT_CTX_MPG);
	cr_assert_eq(spec->group, GT_GROUP_GO);
	cr_assert_str_eq(spec->args[0].name, "new_g");
	cr_assert_eq(spec->args[0].kind, GT_ARG_g);
	cr_assert_eq(spec->args[1].kind, GT_ARG_stack);
	cr_assert_str_eq(spec->args[2].name, "stack");
	cr_assert_eq(gt_event_spec[GT_EV_GoStatusStack].nargs, 4);
	cr_assert_eq(gt_event_spec[GT_EV_ProcStop].nargs, 0);
}

/* Go 1.23 knows timed events 9 to 48, and those of the experiment from 128 on; the rest frames them. */
Test(spec, timed_events_and_frames_share_the_bytes_without_overlap)
{
	for (int i = 0; i < 256; i++) {
		bool timed = (i >= 9 && i <= 48) || (i >= 128 && i <= 136);

		cr_assert_eq(gt_event_is_timed((uint8_t)i), timed, "%d", i);
		cr_assert_not(timed && gt_frame_name[i], "%d", i);
	}
	cr_assert_str_eq(gt_frame_name[1], "EventBatch");
	cr_assert_str_eq(gt_frame_name[8], "Frequency");
	cr_assert_str_eq(gt_frame_name[49], "ExperimentalBatch");
	cr_assert_null(gt_frame_name[0]);
}

Test(spec, events_name_all_their_arguments_and_no_more)
{
	for (int i = 0; i < 256; i++) {
		const struct gt_event_spec *spec = &gt_event_spec[i];

		cr_assert_leq(spec->nargs, GT_MAX_ARGS);
		cr_assert_eq(spec->name != NULL, spec->help != NULL);
		for (int arg = 0; arg < GT_MAX_ARGS; arg++)
			cr_assert_eq(spec->args[arg].name != NULL && strcmp(spec->args[arg].name, "0") != 0,
				     arg < spec->nargs, "%d", i);
	}
}

static void all_differ(const char *const names[], size_t n, bool has_gaps)
{
	for (size_t i = 0; i < n; i++) {
		if (has_gaps && names[i] == NULL)
			continue;
		cr_assert_not_null(names[i], "%zu", i);
		cr_assert_neq(names[i][0], 0);
		for (size_t k = 0; k < i; k++)
			cr_assert(names[k] == NULL || strcmp(names[i], names[k]) != 0);
	}
}

Test(spec, every_number_of_a_list_has_one_text_of_its_own)
{
	all_differ(gt_block_reason_text, GT_BLOCK_REASONS, false);
	all_differ(gt_stop_reason_text, GT_STOP_REASONS, false);
	all_differ(gt_gstatus_name, 5, false);
	all_differ(gt_pstatus_name, 5, false);
	all_differ(gt_primitive_name, GT_PRIMITIVES, false);
	all_differ(gt_drop_text, GT_DROPS, true);
}

/* Viewers of Go look for these very texts. */
Test(spec, reasons_and_states_are_those_of_go)
{
	cr_assert_str_eq(gt_block_reason_text[GT_BLOCK_SYNC], "sync");
	cr_assert_str_eq(gt_block_reason_text[GT_BLOCK_COND_WAIT], "sync.(*Cond).Wait");
	cr_assert_str_eq(gt_block_reason_text[GT_BLOCK_SLEEP], "sleep");
	cr_assert_str_eq(gt_stop_reason_text[GT_STOP_GOSCHED], "runtime.Gosched");
	cr_assert_str_eq(gt_gstatus_name[4], "Waiting");
	cr_assert_str_eq(gt_pstatus_name[4], "SyscallAbandoned");
	cr_assert_str_eq(gt_primitive_name[GT_PRIM_RWLOCK_WR], "rwlock (write)");
}

/* Wakers look for addresses only; a descriptor that waits is shown by its number. */
Test(spec, every_primitive_says_what_its_object_is)
{
	cr_assert_eq(gt_primitive_object[GT_PRIM_MUTEX], GT_OBJECT_MEMORY);
	cr_assert_eq(gt_primitive_object[GT_PRIM_JOIN], GT_OBJECT_MEMORY);
	cr_assert_eq(gt_primitive_object[GT_PRIM_SOCKET], GT_OBJECT_FD);
	cr_assert_eq(gt_primitive_object[GT_PRIM_SLEEP], GT_OBJECT_NONE);
	for (int i = 0; i < GT_PRIMITIVES; i++)
		cr_assert_leq(gt_primitive_object[i], GT_OBJECT_ID);
}

Test(spec, a_row_of_facts_says_its_fields_and_its_tie)
{
	const struct gt_fact_spec *wait = &gt_fact_spec[GT_FACT_Wait];
	const struct gt_fact_spec *module = &gt_fact_spec[GT_FACT_Module];

	cr_assert_str_eq(wait->name, "Wait");
	cr_assert_eq(wait->tied, GT_TIE_EVENT);
	cr_assert_eq(wait->nfields, 2);
	cr_assert_str_eq(wait->fields[1].name, "object");
	cr_assert_eq(wait->fields[1].kind, 'x');
	cr_assert_eq(module->tied, GT_TIE_FREE);
	cr_assert_eq(module->nfields, 4);
	cr_assert_eq(module->fields[3].kind, 't');
	cr_assert_eq(gt_fact_spec[GT_FACT_SyscallResult].fields[0].kind, 's');
}

Test(spec, facts_have_fields_of_known_kinds)
{
	for (int i = 0; i < GT_FACT_NUMBERS; i++) {
		const struct gt_fact_spec *spec = &gt_fact_spec[i];

		cr_assert_leq(spec->nfields, GT_FACT_MAX_FIELDS);
		cr_assert_eq(spec->name != NULL, spec->nfields > 0, "%d", i);
		for (int field = 0; field < spec->nfields; field++) {
			cr_assert_not_null(spec->fields[field].name);
			cr_assert_not_null(strchr("usxt", spec->fields[field].kind), "%d", i);
		}
	}
}

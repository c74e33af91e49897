/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a generation is closed with, and what the flight recorder makes of it.
 */
#include "shim/closing.h"
#include "shim/advance.h"
#include "shim/buf.h"
#include "shim/flight.h"
#include "shim/gate.h"
#include "shim/output.h"
#include "shim/sched.h"
#include "shim/sink.h"
#include "shim/trigger.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct gt_trigger_cause asked = {.why = GT_TRIGGER_CALL};

Test(closing, full_buffers_go_to_the_file_and_back_to_the_pool, .fini = gt_rec_clean)
{
	uint32_t gen;
	struct gt_buf *b;

	gt_rec_start(NULL);
	cr_assert(gt_advance_lock());
	gen = atomic_load(&gt_gate.gen);
	b = gt_buf_take(false, gen, 7, 1000);
	gt_buf_push(b);
	cr_assert(gt_buf_queued(gen));
	cr_assert(gt_sink_open());
	gt_closing_carry(gen);
	cr_assert_not(gt_buf_queued(gen));
	cr_assert_eq(gt_buf_take(false, gen, 8, 2000), b);
	gt_buf_give_back(b);
	gt_advance_release();
	gt_rec_finish();
}

Test(closing, each_generation_of_a_flight_recorder_begins_with_what_a_trace_says_once, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_fact *fact = NULL;
	uint64_t gen = 0;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M"));
	for (int i = 0; i < 3; i++) {
		gt_yield(GT_REC_PC);
		gt_advance_now();
	}
	t = gt_rec_finish();
	while ((fact = gt_rec_fact(t, fact, GT_FACT_Process)))
		cr_assert_eq(fact->gen, ++gen);
	cr_assert_eq(gen, 4);
}

Test(closing, what_is_not_whole_is_not_saved, .fini = gt_rec_clean)
{
	char path[4096];

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M"));
	gt_yield(GT_REC_PC);
	cr_assert(gt_advance_lock());
	cr_assert_not(gt_closing_save(&asked), "no generation is");
	cr_assert(gt_advance_switch());
	cr_assert(gt_closing_save(&asked));
	gt_advance_release();
	snprintf(path, sizeof(path), "%s.1", gt_output_path());
	cr_assert_eq(gt_rec_count(gt_rec_read(path), 0, GT_EV_GoStop, 1), 1);
	gt_rec_finish();
}

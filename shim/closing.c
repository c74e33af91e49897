/* SPDX-License-Identifier: BSD-3-Clause */
#include "closing.h"

#include "buf.h"
#include "facts.h"
#include "flight.h"
#include "objects.h"
#include "output.h"
#include "profile.h"
#include "samples.h"
#include "sink.h"
#include "snapshot.h"
#include "stopped.h"
#include "tables.h"
#include "trigger.h"

static void drain(uint32_t gen)
{
	struct gt_buf *b = gt_buf_take_full(gen);

	while (b) {
		struct gt_buf *next = gt_buf_next(b);

		gt_sink_buf(b);
		b = next;
	}
}

void gt_closing_carry(uint32_t gen)
{
	drain(gen);
	gt_samples_write(gen);
	gt_sink_close(false);
	gt_samples_written(gen);
}

bool gt_closing_write(uint32_t gen, uint64_t began, uint64_t ended, bool whole)
{
	drain(gen);
	gt_profile_collect(gen, began, ended);
	gt_samples_write(gen);
	gt_snapshot_write(gen, began);
	gt_stopped_write(gen);
	gt_tables_write(gen);
	gt_objects_write(gen);
	gt_facts_write(gen); /* after the tables, which find the modules */
	gt_stopped_done();
	gt_sink_close(whole);
	gt_tables_forget(gen);
	if (!whole || gt_sink_failed())
		return false;
	gt_facts_done();
	return true;
}

void gt_closing_fly(uint32_t gen, uint32_t next, bool is_first)
{
	gt_flight_keep(gen, gt_snapshot_tells(), is_first);
	if (!next || !gt_sink_open())
		return;
	gt_facts_lead(next);
	gt_sink_close(false);
}

static bool save(bool is_last, const struct gt_trigger_cause *cause)
{
	uint8_t why[GT_FACTS_WHY];
	size_t len = gt_facts_why(why, cause);

	return gt_output_save(is_last, why, len);
}

bool gt_closing_save(const struct gt_trigger_cause *cause)
{
	return save(false, cause);
}

bool gt_closing_save_last(void)
{
	return save(true, &(struct gt_trigger_cause){.why = GT_TRIGGER_END});
}

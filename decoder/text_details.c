/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_details.h"

#include "../shim/format/spec.h"
#include "memory_units.h"
#include "names.h"

#include <string.h>

void gt_text_goroutine(struct gt_out *out, const struct gt_lives *lives, uint64_t g)
{
	const char *name = gt_lives_name(lives, g);

	gt_out_char(out, 'G');
	gt_out_u64(out, g);
	if (*name != '\0') {
		gt_out_char(out, ' ');
		gt_out_text(out, name, strlen(name));
	}
}

static void put_string(struct gt_out *out, const struct gt_string *s)
{
	gt_out_text(out, s->bytes, s->len);
}

/* What a range has beside its name. */
static void put_range(struct gt_out *out, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;

	if (ev->type == GT_EV_GCSweepEnd) {
		gt_out_str(out, " bytes swept ");
		gt_out_u64(out, ev->args[0]);
		gt_out_str(out, ", reclaimed ");
		gt_out_u64(out, ev->args[1]);
	} else if (ev->type == GT_EV_GCMarkAssistActive) {
		gt_out_char(out, ' ');
		gt_text_goroutine(out, line->lives, ev->args[0]);
	} else if (ev->type == GT_EV_GCSweepActive) {
		gt_out_str(out, " P");
		gt_out_u64(out, ev->args[0]);
	}
}

static void put_task(struct gt_out *out, const char *before, uint64_t task)
{
	if (task == 0 || task == GT_NONE)
		return;
	gt_out_str(out, before);
	gt_out_u64(out, task);
}

/* What the program said: a name or a category and its message, and the task that it is for. */
static void put_note(struct gt_out *out, const struct gt_trace_event *ev)
{
	bool has_task = ev->task != 0 && ev->task != GT_NONE;

	gt_out_char(out, ' ');
	put_string(out, ev->text[0]);
	if (ev->kind == GT_KIND_LOG) {
		gt_out_str(out, ": ");
		put_string(out, ev->text[1]);
	}
	put_task(out, "  (task ", ev->task);
	put_task(out, " of task ", ev->parent);
	if (has_task)
		gt_out_char(out, ')');
}

/* An id whose unit nobody said is better than nothing. */
static void put_memory(struct gt_out *out, const struct gt_trace_event *ev)
{
	struct gt_memory memory;

	if (!gt_memory_of(ev, &memory)) {
		gt_out_str(out, " id ");
		gt_out_u64(out, ev->args[0]);
		return;
	}
	gt_out_str(out, " 0x");
	gt_out_hex(out, memory.address);
	if (memory.bytes != 0) {
		gt_out_str(out, ", ");
		gt_out_u64(out, memory.bytes);
		gt_out_str(out, " bytes");
	}
}

void gt_text_details(struct gt_out *out, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;

	if (ev->kind >= GT_KIND_TASK_BEGIN && ev->kind <= GT_KIND_LOG) {
		put_note(out, ev);
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (ev->text[i]->len != 0) {
			gt_out_char(out, ' ');
			put_string(out, ev->text[i]);
		}
	}
	if (ev->kind == GT_KIND_EXPERIMENTAL)
		put_memory(out, ev);
	if (ev->kind == GT_KIND_METRIC) {
		gt_out_char(out, ' ');
		gt_out_u64(out, ev->args[0]);
	}
	put_range(out, line);
}

void gt_text_sync(struct gt_out *out, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;
	char text[GT_NAME_LEN], words[GT_GAP_WORDS];

	gt_out_str(out, ev->snapshot != NULL         ? "-- start of generation"
			: ev->args[0] == ev->args[1] ? "-- end of generation"
						     : "-- end of the trace");
	if (line->stopped != 0) {
		gt_out_str(out, ", in which the process was stopped for ");
		gt_out_str(out, gt_name_duration(line->stopped, text));
	}
	if (line->gap == NULL)
		return;
	gt_out_str(out, line->gap_is_behind ? ", before a gap of " : ", behind a gap of ");
	gt_out_str(out, gt_gap_length(line->gap, words));
	gt_out_str(out, " (");
	gt_out_str(out, gt_gap_reason(line->gap, words));
	gt_out_char(out, ')');
}

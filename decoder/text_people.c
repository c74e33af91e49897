/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_people.h"

#include "../shim/format/spec.h"
#include "filter.h"
#include "memory_units.h"
#include "names.h"
#include "when.h"

#include <string.h>

enum { COLUMN_TIME = 13, COLUMN_RAW = 19, COLUMN_PROCESS = 20, COLUMN_THREAD = 24, COLUMN_PROC = 5, COLUMN_EVENT = 20 };

/* Fills the column that began at `from` up to `width`, and always leaves one blank. */
static void pad(struct gt_out *out, size_t from, size_t width)
{
	do
		gt_out_char(out, ' ');
	while (out->len - from < width);
}

/* A number to the right of its column, with `decimals` behind a point. */
static void put_right(struct gt_out *out, int64_t v, int width, int decimals)
{
	char digits[32];
	char *p = digits + sizeof(digits);
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	for (int i = 0; rest != 0 || i <= decimals; i++) {
		if (i == decimals && decimals > 0)
			*--p = '.';
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (v < 0)
		*--p = '-';
	for (int64_t blanks = width - (digits + sizeof(digits) - p); blanks > 0; blanks--)
		gt_out_char(out, ' ');
	gt_out_bytes(out, p, (size_t)(digits + sizeof(digits) - p));
}

static void put_time(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	char text[GT_WHEN_TEXT];

	gt_paint_mark(paint, out, GT_COLOUR_TIME);
	if (line->mode == GT_TIME_WALL) {
		gt_out_str(out, gt_when_wall(line->time, text));
	} else if (line->mode == GT_TIME_RAW) {
		put_right(out, line->time, COLUMN_RAW, 0);
	} else {
		put_right(out, line->time, COLUMN_TIME, 6);
		gt_out_str(out, "ms");
	}
	gt_out_char(out, ' ');
}

static void put_go(struct gt_out *out, const struct gt_lives *lives, uint64_t g)
{
	const char *name = gt_lives_name(lives, g);

	gt_out_char(out, 'G');
	gt_out_u64(out, g);
	if (*name != '\0') {
		gt_out_char(out, ' ');
		gt_out_text(out, name, strlen(name));
	}
}

static void put_process(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	size_t from = out->len;

	if (line->process == NULL)
		return;
	gt_paint_mark(paint, out, GT_COLOUR_PROCESS);
	gt_out_text(out, line->process, strlen(line->process));
	pad(out, from, COLUMN_PROCESS);
}

static void put_who(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;
	size_t from = out->len;

	gt_paint_mark(paint, out, GT_COLOUR_THREAD);
	if (ev->g >= 0)
		put_go(out, line->lives, (uint64_t)ev->g);
	else
		gt_out_char(out, '-');
	if (ev->m >= 0) {
		gt_out_char(out, '/');
		gt_out_i64(out, ev->m);
	}
	pad(out, from, COLUMN_THREAD);
	gt_paint_mark(paint, out, GT_COLOUR_NONE);
	from = out->len;
	if (ev->p >= 0) {
		gt_out_char(out, 'P');
		gt_out_i64(out, ev->p);
	} else {
		gt_out_char(out, '-');
	}
	pad(out, from, COLUMN_PROC);
}

static void put_string(struct gt_out *out, const struct gt_string *s)
{
	gt_out_text(out, s->bytes, s->len);
}

/* The wait began before the trace, which says what for. */
static bool is_waiting_from_before(const struct gt_trace_event *ev, const struct gt_pause *p)
{
	return p != NULL && ev->from == GT_GO_UNDETERMINED && ev->to == GT_GO_WAITING && p->primitive != GT_PRIM_NONE &&
	       gt_event_fact(ev, GT_FACT_Wait) == NULL;
}

static void put_facts(struct gt_out *out, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;
	const struct gt_pause *p = line->moment.pause;
	const struct gt_fact_record *f;
	char text[GT_NAME_LEN];

	f = gt_event_fact(ev, GT_FACT_Wait);
	if (f != NULL && f->field[0].u < GT_PRIMITIVES) {
		gt_out_str(out, " on ");
		gt_out_str(out, gt_name_object(f->field[0].u, f->field[1].u, text));
	}
	if (is_waiting_from_before(ev, p)) {
		gt_out_str(out, " on ");
		gt_out_str(out, gt_name_object(p->primitive, p->object, text));
	}
	f = gt_event_fact(ev, GT_FACT_SleepTime);
	if (f != NULL) {
		gt_out_str(out, " asked for ");
		gt_out_str(out, gt_name_duration(f->field[0].u, text));
	}
	f = gt_event_fact(ev, GT_FACT_Waker);
	if (f != NULL) {
		gt_out_str(out, " released by ");
		put_go(out, line->lives, f->field[0].u);
	}
}

/*
 * The call that begins or ends, and what it returned. A call that waits is named where its wait begins; where a
 * thread starts again after one, only the result is news.
 */
static void put_call(struct gt_out *out, const struct gt_moment *m)
{
	const struct gt_fact_record *call = gt_event_fact(m->ev, GT_FACT_Syscall);
	const struct gt_fact_record *result = gt_event_fact(m->ev, GT_FACT_SyscallResult);
	char text[GT_NAME_LEN];

	if (m->call == GT_NONE)
		return;
	gt_out_str(out, m->ev->to == GT_GO_WAITING ? " in " : " ");
	gt_out_str(out, gt_name_syscall(m->call, text));
	if (call != NULL && call->field[1].s >= 0 && m->ev->to == GT_GO_SYSCALL) {
		gt_out_str(out, ", descriptor ");
		gt_out_i64(out, call->field[1].s);
	}
	if (result != NULL) {
		gt_out_str(out, " = ");
		gt_out_str(out, gt_name_result(result->field[0].s, text));
	}
}

static void put_transition(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_moment *m = &line->moment;
	const struct gt_trace_event *ev = m->ev;
	char text[GT_NAME_LEN];

	gt_out_char(out, ' ');
	if (ev->resource == GT_RES_PROC) {
		gt_out_char(out, 'P');
		gt_out_i64(out, ev->id);
		gt_out_str(out, " -> ");
		gt_out_str(out, gt_proc_state_name(ev->to));
		return;
	}
	put_go(out, line->lives, (uint64_t)ev->id);
	gt_out_str(out, " -> ");
	gt_out_str(out, gt_go_state_name(ev->to));
	gt_paint_mark(paint, out, GT_COLOUR_REASON);
	if (ev->text[0]->len != 0) {
		gt_out_str(out, ", ");
		put_string(out, ev->text[0]);
	}
	put_facts(out, line);
	put_call(out, m);
	if (m->stay >= 0) {
		gt_paint_mark(paint, out, GT_COLOUR_STAY);
		gt_out_str(out, "  after ");
		gt_out_str(out, gt_name_duration((uint64_t)m->stay, text));
	}
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
		put_go(out, line->lives, ev->args[0]);
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

static void put_details(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;

	if (ev->kind == GT_KIND_TRANSITION) {
		put_transition(out, line, paint);
		return;
	}
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

static void put_sync(struct gt_out *out, const struct gt_line *line)
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

void gt_text_people(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;
	size_t from;

	put_time(out, line, paint);
	put_process(out, line, paint);
	put_who(out, line, paint);
	from = out->len;
	if (ev->kind == GT_KIND_SYNC) {
		put_sync(out, line);
		return;
	}
	gt_out_str(out, gt_moment_event(ev));
	pad(out, from, COLUMN_EVENT);
	put_details(out, line, paint);
}

static void put_frame(struct gt_out *out, const struct gt_stack_frame *f)
{
	if (f->func->len != 0) {
		put_string(out, f->func);
	} else {
		gt_out_str(out, "0x");
		gt_out_hex(out, f->pc);
	}
	gt_out_str(out, "  ");
	put_string(out, f->file);
	if (f->line != 0) {
		gt_out_char(out, ':');
		gt_out_u64(out, f->line);
	}
}

void gt_text_people_stack(struct gt_out *out, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;
	const struct gt_stack *stack = gt_event_stack(ev);

	for (size_t i = 0; line->stacks && stack != NULL && i < stack->nframes; i++) {
		gt_out_str(out, "                    ");
		put_frame(out, stack->frames[i]);
		gt_out_char(out, '\n');
	}
}

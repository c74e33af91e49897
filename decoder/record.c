/* SPDX-License-Identifier: BSD-3-Clause */
#include "record.h"

#include "../shim/format/spec.h"
#include "filter.h"
#include "memory_units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const gt_column_name[GT_COLUMNS] = {
#define COLUMN(name, help) #name,
#include "columns.def"
};

const char *const gt_column_help[GT_COLUMNS] = {
#define COLUMN(name, help) help,
#include "columns.def"
};

static void number(struct gt_record *r, enum gt_column c, uint64_t v)
{
	r->cell[c].kind = GT_CELL_NUMBER;
	r->cell[c].u = v;
}

static void signed_number(struct gt_record *r, enum gt_column c, int64_t v)
{
	r->cell[c].kind = GT_CELL_SIGNED;
	r->cell[c].s = v;
}

/* A number that is there only when it is not below zero. */
static void optional(struct gt_record *r, enum gt_column c, int64_t v)
{
	if (v >= 0)
		signed_number(r, c, v);
}

static void string(struct gt_record *r, enum gt_column c, struct gt_string s)
{
	if (s.len == 0)
		return;
	r->cell[c].kind = GT_CELL_TEXT;
	r->cell[c].t = s;
}

static void text(struct gt_record *r, enum gt_column c, const char *s)
{
	string(r, c, (struct gt_string){s, strlen(s)});
}

static void fill_place(struct gt_record *r, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;

	if (line->process != NULL) {
		text(r, GT_COLUMN_process, line->process);
		if (line->pid != 0)
			number(r, GT_COLUMN_pid, line->pid);
	}
	signed_number(r, GT_COLUMN_time_ns, line->time);
	if (line->mode == GT_TIME_WALL)
		text(r, GT_COLUMN_wall, gt_when_wall(line->time, r->wall));
	number(r, GT_COLUMN_generation, ev->gen);
	text(r, GT_COLUMN_event, gt_moment_event(ev));
	text(r, GT_COLUMN_kind, gt_kind_name(ev->kind));
	optional(r, GT_COLUMN_tid, ev->m);
	optional(r, GT_COLUMN_proc, ev->p);
	optional(r, GT_COLUMN_goroutine, ev->g);
	if (ev->g >= 0)
		text(r, GT_COLUMN_thread, gt_lives_name(line->lives, (uint64_t)ev->g));
}

static void fill_pause(struct gt_record *r, const struct gt_pause *pause)
{
	uint8_t kind = gt_primitive_object[pause->primitive];

	optional(r, GT_COLUMN_descriptor, pause->descriptor);
	if (pause->primitive == GT_PRIM_NONE)
		return;
	text(r, GT_COLUMN_primitive, gt_primitive_name[pause->primitive]);
	if (kind == GT_OBJECT_MEMORY)
		snprintf(r->object, sizeof(r->object), "0x%" PRIx64, pause->object);
	else if (kind == GT_OBJECT_ID)
		snprintf(r->object, sizeof(r->object), "%" PRId64, (int64_t)pause->object);
	text(r, GT_COLUMN_object, r->object);
}

static void fill_facts(struct gt_record *r, const struct gt_trace_event *ev)
{
	const struct gt_fact_record *f;

	f = gt_event_fact(ev, GT_FACT_Waker);
	if (f != NULL)
		number(r, GT_COLUMN_released_by, f->field[0].u);
	f = gt_event_fact(ev, GT_FACT_SleepTime);
	if (f != NULL)
		number(r, GT_COLUMN_asked_ns, f->field[0].u);
	f = gt_event_fact(ev, GT_FACT_SyscallResult);
	if (f == NULL)
		return;
	signed_number(r, GT_COLUMN_result, f->field[0].s);
	gt_name_result(f->field[0].s, r->error);
	if (r->error[0] == 'E')
		text(r, GT_COLUMN_error, r->error);
}

static void fill_subject(struct gt_record *r, const struct gt_line *line)
{
	const struct gt_moment *m = &line->moment;
	const struct gt_trace_event *ev = m->ev;
	bool go = ev->resource == GT_RES_GO;

	if (ev->resource == GT_RES_NONE)
		return;
	text(r, GT_COLUMN_subject, go ? "goroutine" : "proc");
	signed_number(r, GT_COLUMN_id, ev->id);
	if (go)
		text(r, GT_COLUMN_name, gt_lives_name(line->lives, (uint64_t)ev->id));
	if (ev->kind != GT_KIND_TRANSITION)
		return;
	text(r, GT_COLUMN_from, go ? gt_go_state_name(ev->from) : gt_proc_state_name(ev->from));
	text(r, GT_COLUMN_to, go ? gt_go_state_name(ev->to) : gt_proc_state_name(ev->to));
	optional(r, GT_COLUMN_duration_ns, m->stay);
	text(r, GT_COLUMN_reason, gt_moment_reason(m, r->reason));
	if (m->pause != NULL)
		fill_pause(r, m->pause);
	if (m->call != GT_NONE)
		text(r, GT_COLUMN_syscall, gt_name_syscall(m->call, r->syscall));
	fill_facts(r, ev);
}

static void fill_memory(struct gt_record *r, const struct gt_trace_event *ev)
{
	struct gt_memory memory;

	if (!gt_memory_of(ev, &memory))
		return;
	snprintf(r->object, sizeof(r->object), "0x%" PRIx64, memory.address);
	text(r, GT_COLUMN_address, r->object);
	if (memory.bytes != 0)
		number(r, GT_COLUMN_bytes, memory.bytes);
}

static void fill_rest(struct gt_record *r, const struct gt_trace_event *ev)
{
	if (ev->kind == GT_KIND_METRIC)
		number(r, GT_COLUMN_value, ev->args[0]);
	if (ev->type == GT_EV_GCSweepEnd) {
		number(r, GT_COLUMN_swept, ev->args[0]);
		number(r, GT_COLUMN_reclaimed, ev->args[1]);
	}
	if (ev->kind != GT_KIND_TRANSITION)
		string(r, GT_COLUMN_text, *ev->text[0]);
	string(r, GT_COLUMN_message, *ev->text[1]);
	switch (ev->kind) {
	case GT_KIND_TASK_BEGIN:
	case GT_KIND_TASK_END:
	case GT_KIND_REGION_BEGIN:
	case GT_KIND_REGION_END:
	case GT_KIND_LOG:
		number(r, GT_COLUMN_task, ev->task);
		break;
	case GT_KIND_EXPERIMENTAL:
		fill_memory(r, ev);
		break;
	default:
		break;
	}
}

void gt_record_fill(struct gt_record *record, const struct gt_line *line)
{
	const struct gt_trace_event *ev = line->moment.ev;
	const struct gt_stack *stack = gt_event_stack(ev);

	memset(record, 0, sizeof(*record));
	fill_place(record, line);
	fill_subject(record, line);
	fill_rest(record, ev);
	if (line->stacks && stack != NULL && stack->nframes != 0) {
		record->cell[GT_COLUMN_stack].kind = GT_CELL_STACK;
		record->cell[GT_COLUMN_stack].stack = stack;
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Parsed events as Go's tool prints them. */
#include "text_go.h"

#include "../shim/format/spec.h"

static void str(struct gt_out *out, const struct gt_string *s)
{
	gt_out_bytes(out, s->bytes, s->len);
}

static void quoted(struct gt_out *out, const char *label, const struct gt_string *s)
{
	gt_out_str(out, label);
	gt_out_quoted(out, s->bytes, s->len);
}

static void number(struct gt_out *out, const char *label, int64_t v)
{
	gt_out_str(out, label);
	gt_out_i64(out, v);
}

static void unsigned_number(struct gt_out *out, const char *label, uint64_t v)
{
	gt_out_str(out, label);
	gt_out_u64(out, v);
}

static void value(struct gt_out *out, const char *label, uint64_t v)
{
	unsigned_number(out, label, v);
	gt_out_char(out, ')');
}

static void resource(struct gt_out *out, const struct gt_trace_event *ev)
{
	if (ev->resource == GT_RES_NONE) {
		gt_out_str(out, "None");
		return;
	}
	number(out, ev->resource == GT_RES_GO ? "Goroutine(" : "Proc(", ev->id);
	gt_out_char(out, ')');
}

static void stack(struct gt_out *out, const char *label, const struct gt_stack *stk)
{
	if (stk == NULL)
		return;
	gt_out_str(out, label);
	for (size_t i = 0; i < stk->nframes; i++) {
		const struct gt_stack_frame *f = stk->frames[i];

		gt_out_char(out, '\t');
		str(out, f->func);
		gt_out_str(out, " @ 0x");
		gt_out_hex(out, f->pc);
		gt_out_str(out, "\n\t\t");
		str(out, f->file);
		unsigned_number(out, ":", f->line);
		gt_out_char(out, '\n');
	}
}

static void metric(struct gt_out *out, const struct gt_trace_event *ev)
{
	const char *name = ev->type == GT_EV_ProcsChange ? "/sched/gomaxprocs:threads"
			   : ev->type == GT_EV_HeapAlloc ? "/memory/classes/heap/objects:bytes"
							 : "/gc/heap/goal:bytes";

	gt_out_str(out, " Name=\"");
	gt_out_str(out, name);
	value(out, "\" Value=Uint64(", ev->args[0]);
}

static void stopped_world(struct gt_out *out, const struct gt_string *kind)
{
	struct gt_out name;

	/* The name is quoted as a whole: broken UTF-8 at the end of the kind must not reach the bracket. */
	gt_out_open(&name, -1);
	gt_out_str(&name, "stop-the-world (");
	str(&name, kind);
	gt_out_char(&name, ')');
	gt_out_quoted(out, name.buf, name.len);
	out->failed |= name.failed;
	gt_out_close(&name);
}

static void range(struct gt_out *out, const struct gt_trace_event *ev)
{
	gt_out_str(out, " Name=");
	if (ev->type == GT_EV_STWBegin || ev->type == GT_EV_STWEnd)
		stopped_world(out, ev->text[0]);
	else if (ev->resource == GT_RES_NONE)
		gt_out_str(out, "\"GC concurrent mark phase\"");
	else
		gt_out_str(out, ev->resource == GT_RES_PROC ? "\"GC incremental sweep\"" : "\"GC mark assist\"");
	gt_out_str(out, " Scope=");
	resource(out, ev);
	if (ev->kind != GT_KIND_RANGE_END)
		return;
	gt_out_str(out, " Attributes=[");
	if (ev->type == GT_EV_GCSweepEnd) {
		value(out, "\"bytes swept\"=Uint64(", ev->args[0]);
		value(out, " \"bytes reclaimed\"=Uint64(", ev->args[1]);
	}
	gt_out_char(out, ']');
}

static void transition(struct gt_out *out, const struct gt_trace_event *ev)
{
	bool go = ev->resource == GT_RES_GO;

	gt_out_str(out, " Resource=");
	resource(out, ev);
	quoted(out, " Reason=", ev->text[0]);
	number(out, go ? " GoID=" : " ProcID=", ev->id);
	gt_out_char(out, ' ');
	gt_out_str(out, go ? gt_go_state_name(ev->from) : gt_proc_state_name(ev->from));
	gt_out_str(out, "->");
	gt_out_str(out, go ? gt_go_state_name(ev->to) : gt_proc_state_name(ev->to));
	stack(out, "\nTransitionStack=\n", ev->transition_stack);
}

static void experimental(struct gt_out *out, const struct gt_trace_event *ev)
{
	const struct gt_event_spec *spec = &gt_event_spec[ev->type];

	gt_out_str(out, " Name=");
	gt_out_str(out, spec->name);
	for (int i = 0; i < spec->nargs; i++) {
		gt_out_str(out, i == 0 ? " ArgNames=[" : " ");
		gt_out_str(out, spec->args[i].name);
	}
	for (int i = 0; i < spec->nargs; i++)
		unsigned_number(out, i == 0 ? "] Args=[" : " ", ev->args[i]);
	gt_out_char(out, ']');
}

static void details(struct gt_out *out, const struct gt_trace_event *ev)
{
	switch (ev->kind) {
	case GT_KIND_METRIC:
		metric(out, ev);
		break;
	case GT_KIND_LABEL:
		quoted(out, " Label=", ev->text[0]);
		gt_out_str(out, " Resource=");
		resource(out, ev);
		break;
	case GT_KIND_RANGE_BEGIN:
	case GT_KIND_RANGE_ACTIVE:
	case GT_KIND_RANGE_END:
		range(out, ev);
		break;
	case GT_KIND_TASK_BEGIN:
	case GT_KIND_TASK_END:
		unsigned_number(out, " ID=", ev->task);
		unsigned_number(out, " Parent=", ev->parent);
		quoted(out, " Type=", ev->text[0]);
		break;
	case GT_KIND_REGION_BEGIN:
	case GT_KIND_REGION_END:
		unsigned_number(out, " Task=", ev->task);
		quoted(out, " Type=", ev->text[0]);
		break;
	case GT_KIND_LOG:
		unsigned_number(out, " Task=", ev->task);
		quoted(out, " Category=", ev->text[0]);
		quoted(out, " Message=", ev->text[1]);
		break;
	case GT_KIND_TRANSITION:
		transition(out, ev);
		break;
	case GT_KIND_EXPERIMENTAL:
		experimental(out, ev);
		break;
	case GT_KIND_SYNC:
	case GT_KIND_STACK_SAMPLE:
		break;
	}
}

void gt_text_go(struct gt_out *out, const struct gt_trace_event *ev)
{
	number(out, "M=", ev->m);
	number(out, " P=", ev->p);
	number(out, " G=", ev->g);
	gt_out_char(out, ' ');
	gt_out_str(out, gt_kind_name(ev->kind));
	number(out, " Time=", ev->time);
	details(out, ev);
	stack(out, "\nStack=\n", ev->stack);
	gt_out_char(out, '\n');
}

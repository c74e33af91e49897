/* SPDX-License-Identifier: BSD-3-Clause */
/* Parsed events as Go's tool prints them. */
#include "text_go.h"

#include "../shim/format/spec.h"
#include "input.h"
#include "when.h"

/* The functions with labels are inline, so that the length of a label is known. */

static void str(struct gt_out *out, const struct gt_string *s)
{
	gt_out_bytes(out, s->bytes, s->len);
}

static inline void quoted(struct gt_out *out, const char *label, const struct gt_string *s)
{
	gt_out_str(out, label);
	gt_out_quoted(out, s->bytes, s->len);
}

static inline void unsigned_number(struct gt_out *out, const char *label, uint64_t v)
{
	gt_out_str(out, label);
	gt_out_u64(out, v);
}

static inline bool is_newer(const struct gt_text_memo *memo)
{
	return memo->version >= GT_GO_SYNC;
}

static inline void value(struct gt_out *out, const char *label, uint64_t v, const struct gt_text_memo *memo)
{
	gt_out_str(out, label);
	if (is_newer(memo))
		gt_out_str(out, "Value{");
	unsigned_number(out, "Uint64(", v);
	gt_out_char(out, ')');
	if (is_newer(memo))
		gt_out_char(out, '}');
}

/* A piece of at most so many bytes is written at once, which is faster. */
enum { PIECE_MOST = 256 };

static inline char *put_again(char *p, const struct gt_text_digits *digits)
{
	memcpy(p, digits->text, sizeof(digits->text));
	return p + digits->len;
}

static inline char *put_resource(char *p, const struct gt_trace_event *ev, const struct gt_text_digits *id)
{
	if (ev->resource == GT_RES_GO)
		p = gt_digits_str(p, "Goroutine(");
	else if (ev->resource == GT_RES_PROC)
		p = gt_digits_str(p, "Proc(");
	else
		return gt_digits_str(p, "None");
	p = put_again(p, id);
	*p = ')';
	return p + 1;
}

static inline void digits_of(struct gt_text_digits *digits, int64_t v)
{
	digits->len = (size_t)(gt_digits_i64(digits->text, v) - digits->text);
}

static void resource(struct gt_out *out, const struct gt_trace_event *ev)
{
	char *p = gt_out_reserve(out, PIECE_MOST);
	struct gt_text_digits id;

	digits_of(&id, ev->id);
	if (p != NULL)
		gt_out_commit(out, put_resource(p, ev, &id));
}

static void metric(struct gt_out *out, const struct gt_trace_event *ev, const struct gt_text_memo *memo)
{
	const char *name = ev->type == GT_EV_ProcsChange ? "/sched/gomaxprocs:threads"
			   : ev->type == GT_EV_HeapAlloc ? "/memory/classes/heap/objects:bytes"
							 : "/gc/heap/goal:bytes";

	gt_out_str(out, " Name=\"");
	gt_out_str(out, name);
	value(out, "\" Value=", ev->args[0], memo);
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

static void range(struct gt_out *out, const struct gt_trace_event *ev, const struct gt_text_memo *memo)
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
		value(out, "\"bytes swept\"=", ev->args[0], memo);
		value(out, " \"bytes reclaimed\"=", ev->args[1], memo);
	}
	gt_out_char(out, ']');
}

static inline char *put_label(char *p, const struct gt_label *label)
{
	memcpy(p, label->text, sizeof(label->text));
	return p + label->len;
}

/* " GoID=1 Runnable->Running" */
static inline char *put_states(char *p, const struct gt_trace_event *ev, const struct gt_text_digits *id)
{
	bool go = ev->resource == GT_RES_GO;

	p = go ? gt_digits_str(p, " GoID=") : gt_digits_str(p, " ProcID=");
	p = put_again(p, id);
	*p++ = ' ';
	p = put_label(p, go ? gt_go_state_label(ev->from) : gt_proc_state_label(ev->from));
	p = gt_digits_str(p, "->");
	return put_label(p, go ? gt_go_state_label(ev->to) : gt_proc_state_label(ev->to));
}

static char *put_reason(struct gt_out *out, char *p, const struct gt_trace_event *ev)
{
	p = gt_digits_str(p, " Reason=");
	if (ev->text[0]->len == 0)
		return gt_digits_str(p, "\"\"");
	gt_out_commit(out, p);
	gt_out_quoted(out, ev->text[0]->bytes, ev->text[0]->len);
	return gt_out_reserve(out, PIECE_MOST);
}

static void transition(struct gt_out *out, const struct gt_trace_event *ev, struct gt_text_memo *memo)
{
	char *p = gt_out_reserve(out, PIECE_MOST);
	struct gt_text_digits id;

	if (p == NULL)
		return;
	digits_of(&id, ev->id);
	if (is_newer(memo)) {
		p = put_reason(out, put_states(p, ev, &id), ev);
	} else {
		p = put_reason(out, put_resource(gt_digits_str(p, " Resource="), ev, &id), ev);
		p = p != NULL ? put_states(p, ev, &id) : NULL;
	}
	if (p == NULL)
		return;
	gt_out_commit(out, p);
	if (ev->transition_stack == NULL)
		return;
	gt_out_str(out, "\nTransitionStack=\n");
	gt_stack_text(&memo->stacks, ev->gen, ev->transition_stack, out);
}

static void experimental(struct gt_out *out, const struct gt_trace_event *ev, const struct gt_text_memo *memo)
{
	const struct gt_event_spec *spec = &gt_event_spec[ev->type];
	bool newer = is_newer(memo);

	gt_out_str(out, " Name=");
	gt_out_str(out, spec->name);
	gt_out_str(out, newer ? " Args=[" : " ArgNames=[");
	for (int i = 0; i < spec->nargs; i++) {
		if (i > 0)
			gt_out_str(out, newer ? ", " : " ");
		gt_out_str(out, spec->args[i].name);
		if (newer)
			value(out, "=", ev->args[i], memo);
	}
	for (int i = 0; !newer && i < spec->nargs; i++)
		unsigned_number(out, i == 0 ? "] Args=[" : " ", ev->args[i]);
	gt_out_char(out, ']');
}

static void sync(struct gt_out *out, const struct gt_trace_event *ev)
{
	char wall[GT_WHEN_TEXT];

	unsigned_number(out, " N=", ev->args[0]);
	if (ev->snapshot == NULL)
		return;
	gt_out_str(out, " Trace=");
	gt_out_i64(out, (int64_t)ev->args[2]);
	unsigned_number(out, " Mono=", ev->snapshot->mono);
	gt_out_str(out, " Wall=");
	gt_out_str(out, gt_when_go((int64_t)ev->snapshot->sec, (int64_t)ev->snapshot->nsec, wall));
}

static void details(struct gt_out *out, const struct gt_trace_event *ev, struct gt_text_memo *memo)
{
	switch (ev->kind) {
	case GT_KIND_METRIC:
		metric(out, ev, memo);
		break;
	case GT_KIND_LABEL:
		quoted(out, " Label=", ev->text[0]);
		gt_out_str(out, " Resource=");
		resource(out, ev);
		break;
	case GT_KIND_RANGE_BEGIN:
	case GT_KIND_RANGE_ACTIVE:
	case GT_KIND_RANGE_END:
		range(out, ev, memo);
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
		transition(out, ev, memo);
		break;
	case GT_KIND_EXPERIMENTAL:
		experimental(out, ev, memo);
		break;
	case GT_KIND_SYNC:
		if (is_newer(memo))
			sync(out, ev);
		break;
	case GT_KIND_STACK_SAMPLE:
		break;
	}
}

static inline char *put_m(char *p, int64_t m, struct gt_text_memo *memo)
{
	if (m != memo->m || memo->m_digits.len == 0) {
		memo->m = m;
		digits_of(&memo->m_digits, m);
	}
	return put_again(p, &memo->m_digits);
}

static inline char *put_time(char *p, int64_t time, struct gt_text_memo *memo)
{
	uint64_t high = (uint64_t)time / GT_DIGITS_EIGHT;

	if (time < GT_DIGITS_EIGHT)
		return gt_digits_i64(p, time);
	if (high != memo->high) {
		memo->high = high;
		digits_of(&memo->high_digits, (int64_t)high);
	}
	return gt_digits_eight(put_again(p, &memo->high_digits), (uint64_t)time);
}

/* What every event begins with. */
static inline char *put_head(char *p, const struct gt_trace_event *ev, struct gt_text_memo *memo)
{
	p = put_m(gt_digits_str(p, "M="), ev->m, memo);
	p = gt_digits_i64(gt_digits_str(p, " P="), ev->p);
	p = gt_digits_i64(gt_digits_str(p, " G="), ev->g);
	*p++ = ' ';
	p = ev->kind == GT_KIND_TRANSITION ? gt_digits_str(p, "StateTransition")
					   : gt_digits_str(p, gt_kind_name(ev->kind));
	return gt_digits_str(p, " Time=");
}

bool gt_text_go_knows(struct gt_text_memo *memo, const struct gt_placed_event *placed)
{
	memo->line = placed != NULL ? gt_known_lines_find(&memo->lines, placed) : NULL;
	return memo->line != NULL && memo->line->len != 0;
}

void gt_text_go_again(struct gt_out *out, int64_t time, struct gt_text_memo *memo)
{
	const struct gt_known_line *line = memo->line;
	char *p = gt_out_reserve(out, line->len + PIECE_MOST);

	if (p == NULL)
		return;
	p = put_time(gt_known_lines_front(&memo->lines, line, p), time, memo);
	gt_out_commit(out, gt_known_lines_rest(&memo->lines, line, p));
}

void gt_text_go_next(struct gt_out *out, const struct gt_trace_event *ev, struct gt_text_memo *memo)
{
	char *p = gt_out_reserve(out, PIECE_MOST);
	size_t from = out->len, time_at, time_end;

	if (p == NULL)
		return;
	gt_out_commit(out, put_head(p, ev, memo));
	time_at = out->len;
	gt_out_commit(out, put_time(out->buf + time_at, ev->time, memo));
	time_end = out->len;
	details(out, ev, memo);
	if (ev->stack != NULL) {
		gt_out_str(out, "\nStack=\n");
		gt_stack_text(&memo->stacks, ev->gen, ev->stack, out);
	}
	gt_out_char(out, '\n');
	gt_known_lines_keep(&memo->lines, memo->line, out, from, time_at, time_end);
	/* The next generation has other tables. */
	if (ev->kind == GT_KIND_SYNC)
		gt_known_lines_forget(&memo->lines);
}

void gt_text_go_end(struct gt_text_memo *memo)
{
	gt_stack_texts_free(&memo->stacks);
	gt_known_lines_free(&memo->lines);
}

void gt_text_go(struct gt_out *out, const struct gt_trace_event *ev, int version)
{
	struct gt_text_memo none = {.version = version};

	gt_text_go_next(out, ev, &none);
	gt_text_go_end(&none);
}

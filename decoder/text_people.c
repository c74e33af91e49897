/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_people.h"

#include "../shim/format/spec.h"
#include "filter.h"
#include "names.h"
#include "text_details.h"
#include "when.h"

#include <stdio.h>
#include <string.h>

enum {
	COLUMN_TIME = 13,
	COLUMN_RAW = 19,
	COLUMN_PROCESS = 20,
	COLUMN_THREAD = 24,
	COLUMN_PROC = 5,
	COLUMN_EVENT = 20,
	COLUMN_MOST = 24
};

/*
 * What most lines consist of is written to memory that was reserved for the whole line; these return where they end. The rest
 * goes through the functions of out.h.
 */
enum { LINE_ROOM = 1024 };

/* Words that come again and again, with what surrounds them: copied whole, whatever their length. */
struct word {
	char bytes[40];
	uint32_t len;
};

static struct word go_words[8], proc_words[8], event_words[256];

static inline char *put_word(char *p, const struct word *word)
{
	memcpy(p, word->bytes, sizeof(word->bytes));
	return p + word->len;
}

/* Fills the column that began at `from` up to `width`, and always leaves one blank. */
static inline char *pad(char *p, const char *from, int width)
{
	int blanks = width - (int)(p - from);

	memset(p, ' ', COLUMN_MOST);
	return p + (blanks > 1 ? blanks : 1);
}

static void learn_words(void)
{
	if (event_words[GT_EV_GoStart].len != 0)
		return;
	for (unsigned i = 0; i < 8; i++) {
		go_words[i].len =
			(uint32_t)snprintf(go_words[i].bytes, sizeof(go_words[i].bytes), " -> %s", gt_go_state_name(i));
		proc_words[i].len = (uint32_t)snprintf(proc_words[i].bytes, sizeof(proc_words[i].bytes), " -> %s",
						       gt_proc_state_name(i));
	}
	for (int i = 0; i < 256; i++) {
		if (gt_event_spec[i].name != NULL)
			event_words[i].len = (uint32_t)snprintf(event_words[i].bytes, sizeof(event_words[i].bytes),
								"%-*s ", COLUMN_EVENT - 1, gt_event_spec[i].name);
	}
}

/* The text that was put together behind `at` begins another colour. */
static inline void mark(struct gt_out *out, struct gt_paint *paint, const char *p, enum gt_colour colour)
{
	if (paint == NULL)
		return;
	gt_out_commit(out, p);
	gt_paint_mark(paint, out, colour);
}

/* A number to the right of its column. */
static char *put_right(char *p, bool is_negative, uint64_t v, int width)
{
	char digits[1 + GT_DIGITS_ROOM] = "-";
	int n = (int)(gt_digits_u64(digits + is_negative, v) - digits);

	for (; width > n; width--)
		*p++ = ' ';
	memcpy(p, digits, (size_t)n);
	return p + n;
}

/* Whole milliseconds, which many events share, in six places. */
static char *put_whole(char *p, uint32_t whole)
{
	static uint32_t last;
	static char text[8] = "     0";

	if (whole != last)
		gt_digits_six(text, whole);
	last = whole;
	memcpy(p, text, sizeof(text));
	return p + 6;
}

/* Nanoseconds as milliseconds, with six decimals. */
static char *put_ms(char *p, int64_t v)
{
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, whole = rest / 1000000;
	char before;

	if (v >= 0 && whole < 1000000)
		p = put_whole(p, (uint32_t)whole);
	else
		p = put_right(p, v < 0, whole, COLUMN_TIME - 7);
	/* Of eight digits six are wanted: the first one falls on what is there, the second one where the point comes. */
	before = p[-1];
	gt_digits_eight(p - 1, rest % 1000000);
	p[-1] = before;
	*p = '.';
	return p + 7;
}

static char *put_time(char *p, const struct gt_line *line)
{
	char text[GT_WHEN_TEXT];

	if (line->mode == GT_TIME_WALL)
		p = gt_digits_str(p, gt_when_wall(line->time, text));
	else if (line->mode == GT_TIME_RAW)
		p = put_right(p, line->time < 0, line->time < 0 ? 0 - (uint64_t)line->time : (uint64_t)line->time,
			      COLUMN_RAW);
	else
		p = gt_digits_str(put_ms(p, line->time), "ms");
	*p = ' ';
	return p + 1;
}

/* What gt_text_goroutine() puts, so that it need not be put together again. */
static void show(struct gt_out *out, const struct gt_lives *lives, struct gt_life *life)
{
	size_t from = out->len;

	if (life == NULL || life->shown != 0)
		return;
	gt_text_goroutine(out, lives, life->g);
	if (!out->failed && out->len - from <= GT_LIFE_SHOWN) {
		life->shown = (uint8_t)(out->len - from);
		memcpy(life->show, out->buf + from, life->shown);
	}
	out->len = from;
}

static inline char *put_life(char *p, const struct gt_life *life)
{
	memcpy(p, life->show, GT_LIFE_SHOWN);
	return p + life->shown;
}

static void put_process(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	size_t from = out->len;

	if (line->process == NULL)
		return;
	gt_paint_mark(paint, out, GT_COLOUR_PROCESS);
	gt_out_text(out, line->process, strlen(line->process));
	do
		gt_out_char(out, ' ');
	while (out->len - from < COLUMN_PROCESS);
}

/* The goroutine, if there is one, and the thread. */
static char *put_thread(char *p, const struct gt_life *life, int64_t m)
{
	const char *from = p;

	if (life != NULL)
		p = put_life(p, life);
	else
		*p++ = '-';
	if (m >= 0) {
		*p++ = '/';
		p = gt_digits_i64(p, m);
	}
	return pad(p, from, COLUMN_THREAD);
}

/* The same of a goroutine that is mostly on the same thread. */
static char *put_author(char *p, struct gt_life *life, int64_t m)
{
	char *end;

	if (life->column_len != 0 && life->column_m == m) {
		memcpy(p, life->column, GT_LIFE_COLUMN);
		return p + life->column_len;
	}
	end = put_thread(p, life, m);
	if (end - p > GT_LIFE_COLUMN)
		return end;
	life->column_len = (uint8_t)(end - p);
	life->column_m = m;
	memcpy(life->column, p, life->column_len);
	return end;
}

static char *put_who(struct gt_out *out, char *p, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;
	const char *from;

	mark(out, paint, p, GT_COLOUR_THREAD);
	p = ev->g >= 0 ? put_author(p, line->moment.author, ev->m) : put_thread(p, NULL, ev->m);
	mark(out, paint, p, GT_COLOUR_NONE);
	from = p;
	if (ev->p >= 0) {
		*p++ = 'P';
		p = gt_digits_i64(p, ev->p);
	} else {
		*p++ = '-';
	}
	return pad(p, from, COLUMN_PROC);
}

/* The wait began before the trace, which says what for. */
static bool is_waiting_from_before(const struct gt_trace_event *ev, const struct gt_pause *p)
{
	return p != NULL && ev->from == GT_GO_UNDETERMINED && ev->to == GT_GO_WAITING && p->primitive != GT_PRIM_NONE;
}

/* Facts of an event by their number: those of waits and calls. */
enum { FACTS = GT_FACT_SyscallStack };
static char *put_facts(struct gt_out *out, char *p, const struct gt_line *line,
		       const struct gt_fact_record *const fact[FACTS])
{
	const struct gt_fact_record *f = fact[GT_FACT_Wait];
	const struct gt_pause *pause = line->moment.pause;

	if (f != NULL && f->field[0].u < GT_PRIMITIVES)
		p = gt_name_put_object(gt_digits_str(p, " on "), f->field[0].u, f->field[1].u);
	if (f == NULL && is_waiting_from_before(line->moment.ev, pause))
		p = gt_name_put_object(gt_digits_str(p, " on "), pause->primitive, pause->object);
	f = fact[GT_FACT_SleepTime];
	if (f != NULL)
		p = gt_name_put_duration(gt_digits_str(p, " asked for "), f->field[0].u);
	f = fact[GT_FACT_Waker];
	if (f == NULL)
		return p;
	gt_out_commit(out, gt_digits_str(p, " released by "));
	gt_text_goroutine(out, line->lives, f->field[0].u);
	return gt_out_reserve(out, LINE_ROOM);
}

/*
 * The call that begins or ends, and what it returned. A call that waits is named where its wait begins; where a
 * thread starts again after one, only the result is news.
 */
static char *put_call(char *p, const struct gt_moment *m, const struct gt_fact_record *const fact[FACTS])
{
	const struct gt_fact_record *call = fact[GT_FACT_Syscall], *result = fact[GT_FACT_SyscallResult];

	p = m->ev->to == GT_GO_WAITING ? gt_digits_str(p, " in ") : gt_digits_str(p, " ");
	p = gt_name_put_syscall(p, m->call);
	if (call != NULL && call->field[1].s >= 0 && m->ev->to == GT_GO_SYSCALL)
		p = gt_digits_i64(gt_digits_str(p, ", descriptor "), call->field[1].s);
	return result != NULL ? gt_name_put_result(gt_digits_str(p, " = "), result->field[0].s) : p;
}

/* Why. NULL when memory is short. */
static char *put_reason(struct gt_out *out, char *p, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_moment *m = &line->moment;
	const struct gt_fact_record *fact[FACTS] = {NULL};

	mark(out, paint, p, GT_COLOUR_REASON);
	if (m->ev->text[0]->len != 0) {
		gt_out_commit(out, gt_digits_str(p, ", "));
		gt_out_text(out, m->ev->text[0]->bytes, m->ev->text[0]->len);
		p = gt_out_reserve(out, LINE_ROOM);
	}
	for (size_t i = m->ev->nfacts; i-- > 0;) {
		if (m->ev->facts[i].number < FACTS)
			fact[m->ev->facts[i].number] = &m->ev->facts[i];
	}
	if (p != NULL && (m->ev->nfacts != 0 || m->ev->from == GT_GO_UNDETERMINED))
		p = put_facts(out, p, line, fact);
	return p != NULL && m->call != GT_NONE ? put_call(p, m, fact) : p;
}

/* From which state to which, and what for. */
static void put_change(struct gt_out *out, char *p, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_moment *m = &line->moment;

	p = put_reason(out, put_word(put_life(p, m->subject), &go_words[m->ev->to % 8]), line, paint);
	if (p == NULL)
		return;
	if (m->stay >= 0) {
		mark(out, paint, p, GT_COLOUR_STAY);
		p = gt_name_put_duration(gt_digits_str(p, "  after "), (uint64_t)m->stay);
	}
	gt_out_commit(out, p);
}

/* There is room. */
static void put_transition(struct gt_out *out, char *p, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;

	*p++ = ' ';
	if (ev->resource != GT_RES_PROC) {
		put_change(out, p, line, paint);
		return;
	}
	*p++ = 'P';
	p = gt_digits_i64(p, ev->id);
	gt_out_commit(out, put_word(p, &proc_words[ev->to % 8]));
}

/* Time, process, thread and slot; NULL when memory is short. There is room for much more behind them. */
static char *put_front(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	char *p;

	show(out, line->lives, line->moment.author);
	show(out, line->lives, line->moment.subject);
	p = gt_out_reserve(out, LINE_ROOM);
	if (p == NULL)
		return NULL;
	gt_paint_mark(paint, out, GT_COLOUR_TIME);
	p = put_time(p, line);
	if (line->process != NULL) {
		gt_out_commit(out, p);
		put_process(out, line, paint);
		p = gt_out_reserve(out, LINE_ROOM);
	}
	return p != NULL ? put_who(out, p, line, paint) : NULL;
}

void gt_text_people(struct gt_out *out, const struct gt_line *line, struct gt_paint *paint)
{
	const struct gt_trace_event *ev = line->moment.ev;
	const char *from;
	char *p;

	learn_words();
	p = put_front(out, line, paint);
	if (p == NULL)
		return;
	if (ev->kind == GT_KIND_TRANSITION) {
		put_transition(out, put_word(p, &event_words[ev->type]), line, paint);
		return;
	}
	if (ev->kind != GT_KIND_SYNC) {
		from = p;
		p = pad(gt_digits_str(p, gt_moment_event(ev)), from, COLUMN_EVENT);
	}
	gt_out_commit(out, p);
	if (ev->kind == GT_KIND_SYNC)
		gt_text_sync(out, line);
	else
		gt_text_details(out, line);
}

static void put_frame(struct gt_out *out, const struct gt_stack_frame *f)
{
	if (f->func->len != 0) {
		gt_out_text(out, f->func->bytes, f->func->len);
	} else {
		gt_out_str(out, "0x");
		gt_out_hex(out, f->pc);
	}
	gt_out_str(out, "  ");
	gt_out_text(out, f->file->bytes, f->file->len);
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

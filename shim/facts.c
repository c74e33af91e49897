/* SPDX-License-Identifier: BSD-3-Clause */
#include "facts.h"

#include "batch.h"
#include "clock.h"
#include "format/facts.h"
#include "format/varint.h"
#include "gap.h"
#include "live.h"
#include "modules.h"
#include "options.h"
#include "origin.h"
#include "profile.h"
#include "rules.h"
#include "snapshot.h"
#include "stopped.h"
#include "thread.h"
#include "trigger.h"

#ifndef GT_VERSION
#define GT_VERSION "0.1.0"
#endif

enum { TEXT_MAX = 200, PATH_TEXT_MAX = 1000, FACT_ROOM = 1400, OPTION_TEXTS = 4096 };

static struct {
	char program[64];
	bool process_written;
	uint64_t dropped[GT_DROPS]; /* as last written */
	uint64_t told[GT_DROPS]; /* as last written in a generation that is complete */
	enum gt_profile_way way; /* as last written */
	char texts[OPTION_TEXTS]; /* copies of option values: programs overwrite their environment */
	size_t texts_used;
} facts;

/* Where records go: on a copy in the live file, or into the batch that is open. */
static struct {
	uint8_t *at, *end; /* NULL: into the batch */
	uint32_t changes; /* gt_rules_changes() of the copy in force */
	bool is_there; /* one is in force */
} copy;

static void copy_text(const char **text)
{
	size_t len = __builtin_strlen(*text);

	if (len > TEXT_MAX)
		len = TEXT_MAX;
	if (facts.texts_used + len + 1 > sizeof(facts.texts)) {
		*text = "?";
		return;
	}
	__builtin_memcpy(facts.texts + facts.texts_used, *text, len);
	facts.texts[facts.texts_used + len] = 0;
	*text = facts.texts + facts.texts_used;
	facts.texts_used += len + 1;
}

void gt_facts_keep_options(void)
{
	for (int i = 0; i < GT_OPTIONS; i++)
		copy_text(&gt_options.text[i]);
	for (int i = 0; i < gt_options.unknowns; i++)
		copy_text(&gt_options.unknown[i]);
}

void gt_facts_start(const char *program)
{
	size_t len = __builtin_strlen(program);

	len = len < sizeof(facts.program) - 1 ? len : sizeof(facts.program) - 1;
	__builtin_memcpy(facts.program, program, len);
	facts.program[len] = 0;
	facts.process_written = false;
	facts.way = GT_PROFILE_OFF;
	copy.is_there = false;
	__builtin_memset(facts.dropped, 0, sizeof(facts.dropped));
	gt_facts_done();
	for (int i = 0; i < gt_modules_count(); i++)
		gt_modules_at(i)->is_told = false;
}

/* A record's length stands before it: two passes would be one too many, so two padded bytes are kept for it. */
static uint8_t record[FACT_ROOM];
static uint8_t *end;

static void begin(enum gt_fact number)
{
	record[0] = (uint8_t)number;
	end = record + 3;
}

static void number(uint64_t v)
{
	end = gt_varint_put(end, v);
}

static void text(const char *s, size_t max)
{
	size_t len = __builtin_strlen(s);

	len = len < max ? len : max;
	number(len);
	__builtin_memcpy(end, s, len);
	end += len;
}

static void finish(void)
{
	size_t len = (size_t)(end - record);

	gt_varint_put_padded(record + 1, len - 3, 2);
	if (!copy.at) {
		gt_batch_room(len);
		gt_batch_bytes(record, len);
	} else if (len <= (size_t)(copy.end - copy.at)) {
		__builtin_memcpy(copy.at, record, len);
		copy.at += len;
	}
}

static void write_clock(uint32_t gen)
{
	uint64_t wall = gt_clock_realtime();

	begin(GT_FACT_Clock);
	number(gt_clock_now(gen));
	number(gt_clock_monotonic());
	number(wall / 1000000000);
	number(wall % 1000000000);
	finish();
}

/* Those that have changed, or all. */
static void write_drops(bool all)
{
	for (int i = 0; i < GT_DROPS; i++) {
		uint64_t count = atomic_load_explicit(&gt_drops[i], memory_order_relaxed);

		if (count == (all ? 0 : facts.dropped[i]))
			continue;
		facts.dropped[i] = count;
		begin(GT_FACT_Dropped);
		number((uint64_t)i);
		number(count);
		finish();
	}
}

static void write_gaps(void)
{
	const struct gt_gap *gap;
	int n = gt_stopped_gaps(&gap);

	for (int i = 0; i < n; i++) {
		begin(GT_FACT_Stopped);
		number(gap[i].from);
		number(gap[i].to);
		finish();
	}
}

static void write_sampling(bool all)
{
	enum gt_profile_way way = gt_profile_way();

	if (way == (all ? GT_PROFILE_OFF : facts.way))
		return;
	facts.way = way;
	begin(GT_FACT_Sampling);
	number(way);
	number(gt_profile_hz());
	finish();
}

static void write_module(const struct gt_module *m)
{
	begin(GT_FACT_Module);
	number(m->base);
	number(m->end);
	text(m->build_id, GT_BUILD_ID_MAX);
	text(m->path, PATH_TEXT_MAX);
	finish();
}

static void write_gone(const struct gt_module *m)
{
	begin(GT_FACT_ModuleGone);
	number(m->base);
	finish();
}

static void write_known_modules(uint32_t gen)
{
	for (int i = 0; i < gt_modules_count(); i++) {
		if (gt_modules_counts(gt_modules_at(i), gen))
			write_module(gt_modules_at(i));
	}
}

/* What is gone first: something else may be in its place. */
static void write_modules(uint32_t gen)
{
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < gt_modules_count(); i++) {
			struct gt_module *m = gt_modules_at(i);
			bool counts = gt_modules_counts(m, gen);

			if (counts != pass || m->is_told == counts)
				continue;
			if (counts)
				write_module(m);
			else
				write_gone(m);
			m->is_told = counts;
		}
	}
}

static void write_option(const char *name, size_t name_len, const char *value, enum gt_verdict verdict)
{
	begin(GT_FACT_Option);
	text(name, name_len);
	text(value, TEXT_MAX);
	number(verdict);
	finish();
}

static void write_gap_before(void)
{
	struct gt_gap_times gap;

	if (!gt_gap_before(&gap))
		return;
	begin(GT_FACT_Gap);
	number(gap.from);
	number(gap.to);
	number(gap.cause);
	number((uint64_t)gap.error);
	finish();
}

static void write_process(void)
{
	begin(GT_FACT_Process);
	number(gt_origin.pid);
	number(gt_origin.parent_pid);
	text(facts.program, sizeof(facts.program));
	text(GT_VERSION, TEXT_MAX);
	finish();
	begin(GT_FACT_Origin);
	number(gt_origin.started);
	number(gt_origin.parent_started);
	text(gt_origin.forked_from, PATH_TEXT_MAX);
	finish();
	write_gap_before();
	for (int i = 0; i < GT_OPTIONS; i++)
		write_option(gt_option_name[i], TEXT_MAX, gt_options.text[i], gt_options.verdict[i]);
	for (int i = 0; i < gt_options.unknowns; i++) {
		const char *s = gt_options.unknown[i];
		size_t len = 0;

		while (s[len] && s[len] != '=')
			len++;
		write_option(s, len < TEXT_MAX ? len : TEXT_MAX, s + len + (s[len] == '='), GT_VERDICT_UNKNOWN);
	}
}

static void write_name(uint64_t goid, uint64_t tid, const char *name, size_t max)
{
	if (!name[0])
		return;
	begin(GT_FACT_ThreadName);
	number(goid);
	number(tid);
	text(name, max);
	finish();
}

static void write_silent(const struct gt_silent *is)
{
	write_name(is->goid, is->tid, is->name, sizeof(is->name));
	if (is->status == GT_G_Waiting) {
		begin(GT_FACT_Waiting);
		number(is->goid);
		number(is->primitive);
		number((uint64_t)(uintptr_t)is->object);
		finish();
	}
}

void gt_facts_done(void)
{
	__builtin_memcpy(facts.told, facts.dropped, sizeof(facts.told));
}

uint64_t gt_facts_told(enum gt_drop cause)
{
	return facts.told[cause];
}

void gt_facts_write(uint32_t gen)
{
	const struct gt_silent *is;
	uint32_t at = 0;

	gt_batch_begin(gen, GT_NONE, 0, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN, true);
	if (!facts.process_written)
		write_process();
	facts.process_written = true;
	write_clock(gen);
	write_modules(gen);
	write_drops(false);
	write_gaps();
	write_sampling(false);
	while ((is = gt_snapshot_silent(gen, &at)))
		write_silent(is);
	gt_batch_end();
}

/* Whoever changes a name meanwhile says so in the generation. */
static void write_names(void)
{
	uint32_t n = gt_thread_count();

	for (uint32_t i = 1; i <= n; i++) {
		struct gt_thread *t = gt_thread_at(i);
		uint32_t state = atomic_load_explicit(&t->state, memory_order_acquire);
		char name[sizeof(t->name)];

		__builtin_memcpy(name, t->name, sizeof(name));
		if (state != GT_T_FREE && state != GT_T_EXITED && t->goid)
			write_name(t->goid, t->tid, name, sizeof(name));
	}
}

void gt_facts_lead(uint32_t gen)
{
	gt_batch_begin(gen, GT_NONE, 0, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN, true);
	write_process();
	write_clock(gen);
	write_known_modules(gen);
	write_drops(true);
	write_sampling(true);
	write_names();
	gt_batch_end();
}

size_t gt_facts_why(uint8_t *to, const struct gt_trigger_cause *cause)
{
	size_t len;

	copy.at = to;
	copy.end = to + GT_FACTS_WHY;
	begin(GT_FACT_Snapshot);
	number(cause->why);
	number(cause->goid);
	number(cause->ns);
	text(cause->name, sizeof(cause->name));
	finish();
	len = (size_t)(copy.at - to);
	copy.at = NULL;
	return len;
}

/* The copy that is not in force is written, then put in force. */
static void write_copy(uint32_t gen)
{
	struct gt_live_head *head = gt_live_head();
	uint32_t turn = (atomic_load(&head->turn) & 1) ^ 1;
	struct gt_live_facts *to = gt_live_at(head->facts[turn]);

	copy.at = to->record;
	copy.end = (uint8_t *)to + GT_LIVE_FACTS;
	write_process();
	write_clock(gen);
	write_known_modules(gen);
	to->len = (uint32_t)(copy.at - to->record);
	copy.at = NULL;
	atomic_store(&head->turn, turn);
}

void gt_facts_keep(uint32_t gen)
{
	uint32_t changes = gt_rules_changes();

	if (copy.is_there && copy.changes == changes)
		return;
	copy.is_there = true;
	copy.changes = changes;
	gt_modules_refresh();
	write_copy(gen);
}

void gt_facts_keep_again(uint32_t gen)
{
	copy.is_there = false;
	gt_facts_keep(gen);
}

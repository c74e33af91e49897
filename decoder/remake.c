/* SPDX-License-Identifier: BSD-3-Clause */
#include "remake.h"

#include "../shim/format/header.h"
#include "../shim/format/live.h"
#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "cli.h"
#include "fact.h"
#include "slice.h"
#include "stack_batches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_ROOM = 80, BASE_MAX = 48 };

static const struct gt_string unknown = {"?", 1};

/* A generation in the making. */
struct remake {
	const struct gt_live *live;
	uint64_t gen, as; /* its number in the live file, and in the trace */
	struct gt_out *out;
	struct gt_arena arena; /* of frames and their names */
	struct gt_ids frames; /* by pc */
	struct gt_fact_record *modules; /* facts Module */
	size_t nmodules;
	struct gt_stack_batches *batches;
};

static void *take(struct remake *r, size_t size)
{
	void *piece = gt_arena_take(&r->arena, size);

	if (piece == NULL)
		gt_cli_no_memory();
	return piece;
}

static void learn_modules(struct remake *r)
{
	const uint8_t *p = r->live->facts, *end = p + r->live->nfacts;
	struct gt_fact_record fact;

	while (gt_fact_next(&p, end, &fact)) {
		if (fact.number != GT_FACT_Module)
			continue;
		if ((r->nmodules & (r->nmodules - 1)) == 0)
			r->modules = gt_cli_grow(r->modules, r->nmodules == 0 ? 1 : 2 * r->nmodules, sizeof(fact));
		r->modules[r->nmodules++] = fact;
	}
}

/* The call in front of an address that it returns to. */
static const struct gt_fact_record *module_of(const struct remake *r, uint64_t pc)
{
	for (size_t i = r->nmodules; i-- > 0;) {
		const struct gt_fact_record *m = &r->modules[i];

		if (pc - 1 >= m->field[0].u && pc - 1 < m->field[1].u)
			return m;
	}
	return NULL;
}

static const struct gt_string *text(struct remake *r, const char *bytes, size_t len)
{
	struct gt_string *string = take(r, sizeof(*string) + len);

	*string = (struct gt_string){(const char *)(string + 1), len};
	memcpy(string + 1, bytes, len);
	return string;
}

static const struct gt_string *place_in(struct remake *r, uint64_t pc, const struct gt_fact_record *m)
{
	char name[NAME_ROOM];
	int n = 0;

	if (m != NULL) {
		const struct gt_string *path = &m->field[3].t;
		const char *slash = memrchr(path->bytes, '/', path->len);
		const char *base = slash != NULL ? slash + 1 : path->bytes;
		size_t len = (size_t)(path->bytes + path->len - base);

		n = snprintf(name, sizeof(name), "%.*s+", len < BASE_MAX ? (int)len : BASE_MAX, base);
		pc -= m->field[0].u;
	}
	n += snprintf(name + n, sizeof(name) - (size_t)n, "0x%" PRIx64, pc);
	return text(r, name, (size_t)n);
}

static struct gt_stack_frame *make_frame(struct remake *r, uint64_t pc)
{
	struct gt_stack_frame *frame = take(r, sizeof(*frame));
	const struct gt_fact_record *m = pc < GT_MARKS ? NULL : module_of(r, pc);

	*frame = (struct gt_stack_frame){.pc = pc, .file = m != NULL ? &m->field[3].t : &gt_string_empty};
	frame->func = pc < GT_MARKS ? text(r, gt_mark_text[pc], strlen(gt_mark_text[pc])) : place_in(r, pc, m);
	if (!gt_ids_add(&r->frames, pc, frame))
		gt_cli_no_memory();
	return frame;
}

static const struct gt_stack_frame *frame_of(struct remake *r, uint64_t pc)
{
	const struct gt_stack_frame *frame = gt_ids_find(&r->frames, pc);

	return frame != NULL ? frame : make_frame(r, pc);
}

static void add_stack(struct remake *r, uint64_t id)
{
	static const uint64_t lost[] = {GT_MARK_UNKNOWN};
	struct gt_stack stack = {.id = id, .nframes = 1};
	const uint64_t *pc = gt_live_stack(r->live, r->gen, id, &stack.nframes);
	const struct gt_stack_frame **frames;

	if (pc == NULL) {
		pc = lost;
		stack.nframes = 1;
	}
	frames = take(r, stack.nframes * sizeof(*frames));
	for (size_t i = 0; i < stack.nframes; i++)
		frames[i] = frame_of(r, pc[i]);
	stack.frames = frames;
	gt_stack_batches_add(r->batches, &stack);
}

/* The reasons are the same in every generation. */
static const struct gt_string *string_of(struct remake *r, uint64_t id)
{
	const char *reason = NULL, *bytes;
	size_t len = 0;

	if (id >= GT_STRING_BLOCK && id < GT_STRING_STOP)
		reason = gt_block_reason_text[id - GT_STRING_BLOCK];
	else if (id >= GT_STRING_STOP && id < GT_STRING_STOP + GT_STOP_REASONS)
		reason = gt_stop_reason_text[id - GT_STRING_STOP];
	if (reason != NULL)
		return text(r, reason, strlen(reason));
	bytes = gt_live_text(r->live, r->gen, id, &len);
	return bytes != NULL ? text(r, bytes, len) : text(r, unknown.bytes, unknown.len);
}

static void put_batches(struct gt_out *out, const struct gt_batch *first)
{
	for (const struct gt_batch *b = first; b != NULL; b = b->next) {
		gt_slice_head(out, 0, b->gen, b->m, b->time, b->len);
		gt_out_bytes(out, b->data, b->len);
		gt_out_relax(out);
	}
}

static void put_frequency(struct remake *r)
{
	uint8_t bytes[1 + GT_MAX_VARINT] = {GT_FR_Frequency};
	size_t len = (size_t)(gt_varint_put(bytes + 1, GT_FREQUENCY) - bytes);

	gt_slice_head(r->out, 0, r->as, -1, 0, len);
	gt_out_bytes(r->out, bytes, len);
}

static void put_facts(struct remake *r, const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return;
	gt_slice_head(r->out, GT_FACTS_EXPERIMENT, r->as, -1, 0, GT_FACTS_MAGIC_LEN + len);
	gt_out_bytes(r->out, GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN);
	gt_out_bytes(r->out, bytes, len);
	gt_out_relax(r->out);
}

/* A batch has a limit: whole records each. */
static void put_kept(struct remake *r)
{
	const uint8_t *from = r->live->facts, *end = from + r->live->nfacts, *p = from, *before = from;
	uint8_t number;

	while (gt_fact_skip(&p, end, &number) != NULL) {
		if (p - from > GT_MAX_PAYLOAD - GT_FACTS_MAGIC_LEN) {
			put_facts(r, from, (size_t)(before - from));
			from = before;
		}
		before = p;
	}
	put_facts(r, from, (size_t)(before - from));
}

/* The last complete generation of a recorder that throws the next one away; 0: there is none, or it does not. */
static uint32_t before_gap(const struct gt_live_head *h)
{
	if (h->gap_after != 0 || h->lost == 0 || h->complete <= GT_HEADER_LEN)
		return h->gap_after;
	return h->lost - 1;
}

void gt_remake_gap(const struct gt_live *live, struct gt_out *out)
{
	const struct gt_live_head *h = live->head;
	struct remake r = {.live = live, .gen = before_gap(h), .as = before_gap(h), .out = out};
	const uint64_t field[] = {h->gap_from, h->gap_to, h->gap_cause, h->gap_error};
	uint8_t bytes[2 + 4 * GT_MAX_VARINT], *p = bytes + 2;

	if (r.gen == 0)
		return;
	for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		p = gt_varint_put(p, field[i]);
	bytes[0] = GT_FACT_Gap;
	bytes[1] = (uint8_t)(p - bytes - 2);
	if (h->gap_from != 0)
		put_facts(&r, bytes, (size_t)(p - bytes));
}

void gt_remake_drops(const struct gt_live *live, uint64_t gen, struct gt_out *out)
{
	struct remake r = {.live = live, .gen = gen, .as = gen, .out = out};
	uint8_t bytes[GT_DROPS * (2 + 2 * GT_MAX_VARINT)], *p = bytes;

	for (uint64_t i = 0; i < GT_DROPS; i++) {
		uint64_t count = live->head->dropped[i];

		if (count == 0)
			continue;
		*p++ = GT_FACT_Dropped;
		*p++ = (uint8_t)(gt_varint_len(i) + gt_varint_len(count));
		p = gt_varint_put(gt_varint_put(p, i), count);
	}
	put_facts(&r, bytes, (size_t)(p - bytes));
}

void gt_remake(const struct gt_live *live, uint64_t gen, uint64_t as, const struct gt_mentions *mentions,
	       struct gt_out *out)
{
	struct remake r = {.live = live, .gen = gen, .as = as, .out = out};
	struct gt_batch like = {.gen = as, .m = -1};

	learn_modules(&r);
	r.batches = gt_stack_batches_new();
	for (size_t i = 0; i < mentions->strings.n; i++)
		gt_stack_batches_say(r.batches, mentions->strings.ids[i], string_of(&r, mentions->strings.ids[i]));
	for (size_t i = 0; i < mentions->stacks.n; i++)
		add_stack(&r, mentions->stacks.ids[i]);
	put_batches(out, gt_stack_batches_stacks(r.batches, &like));
	put_batches(out, gt_stack_batches_strings(r.batches, &like));
	put_frequency(&r);
	put_kept(&r);
	gt_stack_batches_free(r.batches);
	gt_ids_free(&r.frames);
	gt_arena_free(&r.arena);
	free(r.modules);
}

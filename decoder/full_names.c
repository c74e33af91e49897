/* SPDX-License-Identifier: BSD-3-Clause */
#include "full_names.h"

#include "cli.h"
#include "loads.h"
#include "map.h"

#include <stdlib.h>
#include <string.h>

/* What stands for the frames of one pc. */
struct spot {
	uint64_t id; /* pc */
	UT_hash_handle hh;
	size_t n;
	struct gt_stack_frame frames[];
};

struct gt_full_names {
	struct gt_symbols *symbols;
	struct gt_loads loads;
	uint64_t gen; /* whose stacks are kept; 0: none */
	struct spot *spots[GT_PC_KINDS];
	struct gt_ids stacks[GT_PC_KINDS];
	struct gt_arena arena; /* of both */
};

struct gt_full_names *gt_full_names_new(struct gt_symbols *symbols)
{
	struct gt_full_names *names = gt_cli_alloc(1, sizeof(*names));

	names->symbols = symbols;
	return names;
}

void gt_full_names_free(struct gt_full_names *names)
{
	if (names == NULL)
		return;
	for (int kind = 0; kind < GT_PC_KINDS; kind++) {
		HASH_CLEAR(hh, names->spots[kind]);
		gt_ids_free(&names->stacks[kind]);
	}
	gt_arena_free(&names->arena);
	gt_loads_free(&names->loads);
	free(names);
}

void gt_full_names_fact(struct gt_full_names *names, uint64_t gen, const struct gt_fact_record *fact)
{
	struct gt_load load;

	if (fact->number == GT_FACT_ModuleGone)
		gt_loads_gone(&names->loads, gen, fact->field[0].u);
	if (fact->number != GT_FACT_Module)
		return;
	load.base = fact->field[0].u;
	load.end = fact->field[1].u;
	load.file = gt_symbols_file(names->symbols, &fact->field[3].t, &fact->field[2].t);
	load.path = gt_symbols_path(load.file);
	gt_loads_add(&names->loads, gen, &load);
}

static void *take(struct gt_full_names *names, size_t size)
{
	void *piece = gt_arena_take(&names->arena, size);

	if (piece == NULL)
		gt_cli_no_memory();
	return piece;
}

static bool same(const struct gt_string *a, const struct gt_string *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Whether a frame says no more than the recorder does. */
static bool is_plain(const struct gt_stack_frame *f, const struct gt_load *load)
{
	return f->line == 0 && (same(f->file, load->path) || (f->file->len == 0 && f->func->len == 0));
}

/* Whether the recorder has found out what a thread runs: the code at the pc may be shared, or be none. */
static bool has_callable(struct gt_full_names *names, const struct gt_stack_frame *f)
{
	return gt_symbols_callable(names->symbols, f->func) != gt_symbols_readable(names->symbols, f->func);
}

/* What is known of the instruction that the frame is at; NULL: nothing, or no more than the frame says. */
static const struct gt_named *find(struct gt_full_names *names, const struct gt_stack_frame *f, enum gt_pc_kind kind)
{
	const struct gt_load *load;
	const struct gt_named *named;

	if (f->pc < GT_MARKS || (kind == GT_PC_START && has_callable(names, f)))
		return NULL;
	load = gt_loads_find(&names->loads, names->gen, f->pc - 1, f->file);
	if (load == NULL || !is_plain(f, load))
		return NULL;
	named = gt_symbols_find(names->symbols, load->file, f->pc - load->base, kind);
	return named->n != 0 ? named : NULL;
}

static struct spot *make_spot(struct gt_full_names *names, const struct gt_stack_frame *f, enum gt_pc_kind kind)
{
	const struct gt_named *named = find(names, f, kind);
	size_t n = named != NULL ? named->n : 1;
	struct spot *spot = take(names, sizeof(*spot) + n * sizeof(*f));
	const struct gt_string *readable = gt_symbols_readable(names->symbols, f->func);

	*spot = (struct spot){.id = f->pc, .n = n};
	for (size_t i = 0; i < n; i++) {
		struct gt_stack_frame *full = &spot->frames[i];

		*full = named != NULL ? named->frames[i] : *f;
		full->pc = f->pc;
		if (named == NULL || full->func == NULL)
			full->func = readable;
		if (kind == GT_PC_START)
			full->func = gt_symbols_callable(names->symbols, full->func);
		/* What the trace says already needs no second string. */
		if (same(full->func, f->func))
			full->func = f->func;
		/* Of one function alone that has no source, the module says where it is. */
		if (n == 1 && full->file->len == 0)
			full->file = f->file;
	}
	GT_MAP_ADD(names->spots[kind], spot);
	if (spot->hh.tbl == NULL)
		gt_cli_no_memory();
	return spot;
}

static const struct spot *spot_of(struct gt_full_names *names, const struct gt_stack_frame *f, enum gt_pc_kind kind)
{
	struct spot *spot;

	GT_MAP_FIND(names->spots[kind], f->pc, spot);
	return spot != NULL ? spot : make_spot(names, f, kind);
}

/* The frames that stand for those of the stack, as many as there is room for. Their number. */
static size_t fill(struct gt_full_names *names, const struct gt_stack *stack, enum gt_pc_kind kind,
		   const struct gt_stack_frame *frames[GT_MAX_FRAMES])
{
	static const struct gt_string text = {"[deeper]", sizeof("[deeper]") - 1};
	static const struct gt_stack_frame deeper = {.pc = GT_MARK_DEEPER, .func = &text, .file = &gt_string_empty};
	size_t n = 0;

	for (size_t i = 0; i < stack->nframes; i++) {
		const struct spot *spot = spot_of(names, stack->frames[i], i == 0 ? kind : GT_PC_RETURN);

		for (size_t k = 0; k < spot->n; k++) {
			if (n == GT_MAX_FRAMES) {
				frames[n - 1] = &deeper;
				return n;
			}
			frames[n++] = &spot->frames[k];
		}
	}
	return n;
}

static const struct gt_stack *make(struct gt_full_names *names, const struct gt_stack *stack, enum gt_pc_kind kind)
{
	const struct gt_stack_frame *all[GT_MAX_FRAMES], **frames;
	size_t n = fill(names, stack, kind, all);
	struct gt_stack *full = take(names, sizeof(*full) + n * sizeof(*frames));

	frames = (const struct gt_stack_frame **)(full + 1);
	memcpy(frames, all, n * sizeof(*frames));
	*full = (struct gt_stack){.id = stack->id, .nframes = n, .frames = frames};
	return full;
}

static void start(struct gt_full_names *names, uint64_t gen)
{
	for (int kind = 0; kind < GT_PC_KINDS; kind++) {
		HASH_CLEAR(hh, names->spots[kind]);
		gt_ids_clear(&names->stacks[kind]);
	}
	gt_arena_clear(&names->arena);
	names->gen = gen;
}

const struct gt_stack *gt_full_names_stack(struct gt_full_names *names, uint64_t gen, const struct gt_stack *stack,
					   enum gt_pc_kind kind)
{
	const struct gt_stack *full;

	if (names->gen != gen)
		start(names, gen);
	full = gt_ids_find(&names->stacks[kind], stack->id);
	if (full != NULL)
		return full;
	full = make(names, stack, kind);
	if (!gt_ids_add(&names->stacks[kind], stack->id, (void *)full))
		gt_cli_no_memory();
	return full;
}

void gt_full_names_event(struct gt_full_names *names, struct gt_trace_event *ev)
{
	bool creates = ev->type == GT_EV_GoCreate || ev->type == GT_EV_GoCreateBlocked;
	const struct gt_stack *stack = ev->stack, *of_resource = ev->transition_stack;

	if (stack != NULL)
		ev->stack = gt_full_names_stack(names, ev->gen, stack, GT_PC_RETURN);
	if (of_resource != NULL)
		ev->transition_stack = of_resource == stack && !creates
					       ? ev->stack
					       : gt_full_names_stack(names, ev->gen, of_resource,
								     creates ? GT_PC_START : GT_PC_RETURN);
}

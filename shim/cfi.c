/* SPDX-License-Identifier: BSD-3-Clause */
#include "cfi.h"

#include <stddef.h>

enum {
	REG_FP = 6,
	REG_SP = 7,
	REG_RA = 16,
	REMEMBERED = 4, /* compilers nest one or two */
	STACK = 8, /* of an expression */
	OFFSET_MAX = 1 << 28,
};

/* Pointer encodings of the Linux Standard Base. */
enum {
	ENC_ABSPTR = 0x00,
	ENC_UDATA4 = 0x03,
	ENC_UDATA8 = 0x04,
	ENC_SDATA4 = 0x0b,
	ENC_SDATA8 = 0x0c,
	ENC_FORMAT = 0x0f,
	ENC_PCREL = 0x10,
	ENC_RELATION = 0x70,
	ENC_OMIT = 0xff,
};

/* What is left to read. Reading beyond the end gives zeros, and `bad`. */
struct bytes {
	const uint8_t *p, *end;
	bool bad;
};

static uint64_t get(struct bytes *b, unsigned size)
{
	uint64_t v = 0;

	if ((uint64_t)(b->end - b->p) < size) {
		b->bad = true;
		return 0;
	}
	__builtin_memcpy(&v, b->p, size);
	b->p += size;
	return v;
}

static uint64_t get_uleb(struct bytes *b)
{
	uint64_t v = 0, byte;
	unsigned shift = 0;

	do {
		byte = get(b, 1);
		if (shift < 64)
			v |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return v;
}

static int64_t get_sleb(struct bytes *b)
{
	uint64_t v = 0, byte;
	unsigned shift = 0;

	do {
		byte = get(b, 1);
		if (shift < 64)
			v |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (shift < 64 && byte & 0x40)
		v |= ~UINT64_C(0) << shift;
	return (int64_t)v;
}

static struct bytes get_block(struct bytes *b)
{
	uint64_t len = get_uleb(b);
	struct bytes block = {b->p, b->p, false};

	if (len > (uint64_t)(b->end - b->p))
		b->bad = block.bad = true;
	else
		block.end = b->p += len;
	return block;
}

static uint64_t get_pointer(struct bytes *b, uint8_t encoding)
{
	uint64_t at = encoding & ENC_PCREL ? (uint64_t)b->p : 0;

	if (encoding & ENC_RELATION & ~ENC_PCREL)
		b->bad = true;
	switch (encoding & ENC_FORMAT) {
	case ENC_ABSPTR:
	case ENC_UDATA8:
	case ENC_SDATA8:
		return at + get(b, 8);
	case ENC_UDATA4:
		return at + get(b, 4);
	case ENC_SDATA4:
		return at + (uint64_t)(int64_t)(int32_t)get(b, 4);
	default:
		b->bad = true;
		return 0;
	}
}

/* What is in the module from this address on. */
static struct bytes bytes_at(const struct dl_find_object *object, uint64_t at)
{
	struct bytes b = {(const uint8_t *)at, object->dlfo_map_end, false};

	if (at < (uint64_t)object->dlfo_map_start || at > (uint64_t)object->dlfo_map_end) {
		b.p = b.end;
		b.bad = true;
	}
	return b;
}

/* One entry of .eh_frame: a length, and so many bytes. The long form is for sections beyond 4 GB. */
static struct bytes entry_at(const struct dl_find_object *object, uint64_t at)
{
	struct bytes b = bytes_at(object, at);
	uint64_t len = get(&b, 4);

	if (len == 0xffffffff || len > (uint64_t)(b.end - b.p))
		b.bad = true;
	else
		b.end = b.p + len;
	return b;
}

/* What the entries of a function and its kind say. */
struct frame {
	const struct dl_find_object *object;
	uint64_t pc;
	uint64_t function, size;
	uint64_t code_align;
	int64_t data_align;
	struct bytes first; /* instructions for all functions of the kind */
	struct bytes own;
	uint8_t pointers; /* their encoding */
	bool has_data; /* behind the augmentation string */
	bool is_signal;
};

static void augment(struct frame *f, const char *letters, struct bytes data)
{
	for (; *letters && !data.bad; letters++) {
		switch (*letters) {
		case 'R':
			f->pointers = (uint8_t)get(&data, 1);
			break;
		case 'P':
			get_pointer(&data, (uint8_t)get(&data, 1) & ENC_FORMAT);
			break;
		case 'L':
			get(&data, 1);
			break;
		case 'S':
			f->is_signal = true;
			break;
		}
	}
}

static bool read_kind(struct frame *f, uint64_t at)
{
	struct bytes b = entry_at(f->object, at);
	const char *letters;
	uint8_t version;

	if (get(&b, 4) != 0)
		return false;
	version = (uint8_t)get(&b, 1);
	letters = (const char *)b.p;
	while (get(&b, 1) != 0)
		;
	f->code_align = get_uleb(&b);
	f->data_align = get_sleb(&b);
	if ((version == 1 ? get(&b, 1) : get_uleb(&b)) != REG_RA || (version != 1 && version != 3))
		return false;
	f->has_data = !b.bad && *letters == 'z';
	if (f->has_data)
		augment(f, letters + 1, get_block(&b));
	else if (!b.bad && *letters)
		return false;
	f->first = b;
	return !b.bad;
}

static bool read_function(struct frame *f, uint64_t at)
{
	struct bytes b = entry_at(f->object, at);
	uint64_t here = (uint64_t)b.p;

	if (b.bad || !read_kind(f, here - get(&b, 4)))
		return false;
	f->function = get_pointer(&b, f->pointers);
	f->size = get_pointer(&b, f->pointers & ENC_FORMAT);
	if (f->has_data)
		get_block(&b);
	f->own = b;
	return !b.bad && f->pc >= f->function && f->pc - f->function < f->size;
}

/* The entry of the last function that does not begin behind `pc`, in the sorted table that every linker writes. */
static bool find_entry(struct frame *f, uint64_t *at)
{
	static const uint8_t usual[4] = {1, ENC_PCREL | ENC_SDATA4, ENC_UDATA4, 0x30 | ENC_SDATA4};
	struct bytes b = bytes_at(f->object, (uint64_t)f->object->dlfo_eh_frame);
	uint64_t head = (uint64_t)b.p, lo = 0, hi;
	const int32_t(*row)[2];

	if (b.end - b.p < 12 || __builtin_memcmp(b.p, usual, sizeof(usual)) != 0)
		return false;
	b.p += 8;
	hi = get(&b, 4);
	row = (const void *)b.p;
	if (hi > (uint64_t)(b.end - b.p) / sizeof(*row))
		return false;
	while (lo < hi) {
		uint64_t middle = lo + (hi - lo) / 2;

		if (head + (uint64_t)(int64_t)row[middle][0] <= f->pc)
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo == 0)
		return false;
	*at = head + (uint64_t)(int64_t)row[lo - 1][1];
	return true;
}

/* How a register of the caller is found. Of all but three registers nobody wants to know. */
enum how { SAME, UNDEFINED, AT_OFFSET, AT_EXPRESSION, OTHERWISE };

struct where {
	const uint8_t *expression; /* its length, and it */
	int32_t offset; /* from the frame's address */
	uint8_t how; /* enum how */
};

enum column { FP, RA, COLUMNS };

struct state {
	const uint8_t *cfa_expression; /* NULL: the register and the offset */
	int32_t cfa_offset;
	uint32_t cfa_register;
	struct where column[COLUMNS];
};

static struct where *column_of(struct state *s, uint64_t reg, struct where *nobody)
{
	return reg == REG_FP ? &s->column[FP] : reg == REG_RA ? &s->column[RA] : nobody;
}

struct machine {
	const struct frame *frame;
	struct state now, first, remembered[REMEMBERED];
	int depth;
	uint64_t location;
};

static void set_cfa(struct machine *m, uint64_t reg, int64_t offset)
{
	m->now.cfa_register = (uint32_t)reg;
	m->now.cfa_offset = (int32_t)offset;
	m->now.cfa_expression = NULL;
}

static struct where at_offset(int64_t offset)
{
	return (struct where){.how = AT_OFFSET, .offset = (int32_t)offset};
}

/* An expression is kept by where it begins. */
static const uint8_t *skip_block(struct bytes *b)
{
	const uint8_t *at = b->p;

	get_block(b);
	return at;
}

static void remember(struct machine *m, struct bytes *b)
{
	if (m->depth == REMEMBERED)
		b->bad = true;
	else
		m->remembered[m->depth++] = m->now;
}

static void recall(struct machine *m, struct bytes *b)
{
	if (m->depth == 0)
		b->bad = true;
	else
		m->now = m->remembered[--m->depth];
}

/* Instructions about a register that stands behind the instruction. */
static void register_rule(struct machine *m, uint8_t op, struct bytes *b)
{
	uint64_t reg = get_uleb(b);
	struct where nobody, *w = column_of(&m->now, reg, &nobody), *was = column_of(&m->first, reg, &nobody);
	int64_t align = m->frame->data_align;

	switch (op) {
	case 0x05: /* offset_extended */
		*w = at_offset((int64_t)get_uleb(b) * align);
		break;
	case 0x06: /* restore_extended */
		*w = *was;
		break;
	case 0x07: /* undefined */
		*w = (struct where){.how = UNDEFINED};
		break;
	case 0x08: /* same_value */
		*w = (struct where){.how = SAME};
		break;
	case 0x10: /* expression */
		*w = (struct where){.how = AT_EXPRESSION, .expression = skip_block(b)};
		break;
	case 0x11: /* offset_extended_sf */
		*w = at_offset(get_sleb(b) * align);
		break;
	case 0x2f: /* GNU_negative_offset_extended */
		*w = at_offset(-(int64_t)get_uleb(b) * align);
		break;
	case 0x16: /* val_expression */
		get_block(b);
		w->how = OTHERWISE;
		break;
	default: /* register, val_offset, val_offset_sf */
		get_uleb(b);
		w->how = OTHERWISE;
		break;
	}
}

/* Instructions with all of their first byte. */
static void instruction(struct machine *m, uint8_t op, struct bytes *b)
{
	uint64_t reg;

	switch (op) {
	case 0x00: /* nop */
	case 0x2d: /* GNU_window_save */
		break;
	case 0x01: /* set_loc */
		m->location = get_pointer(b, m->frame->pointers);
		break;
	case 0x02: /* advance_loc1, 2, 4 */
	case 0x03:
	case 0x04:
		m->location += get(b, 1U << (op - 2)) * m->frame->code_align;
		break;
	case 0x0a:
		remember(m, b);
		break;
	case 0x0b:
		recall(m, b);
		break;
	case 0x0c: /* def_cfa */
		reg = get_uleb(b);
		set_cfa(m, reg, (int64_t)get_uleb(b));
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(m, get_uleb(b), m->now.cfa_offset);
		break;
	case 0x0e: /* def_cfa_offset */
		set_cfa(m, m->now.cfa_register, (int64_t)get_uleb(b));
		break;
	case 0x0f: /* def_cfa_expression */
		m->now.cfa_expression = skip_block(b);
		break;
	case 0x12: /* def_cfa_sf */
		reg = get_uleb(b);
		set_cfa(m, reg, get_sleb(b) * m->frame->data_align);
		break;
	case 0x13: /* def_cfa_offset_sf */
		set_cfa(m, m->now.cfa_register, get_sleb(b) * m->frame->data_align);
		break;
	case 0x2e: /* GNU_args_size */
		get_uleb(b);
		break;
	default:
		if ((op >= 0x05 && op <= 0x09) || op == 0x10 || op == 0x11 || (op >= 0x14 && op <= 0x16) || op == 0x2f)
			register_rule(m, op, b);
		else
			b->bad = true;
	}
}

/* Runs up to the row that holds the address. */
static bool run(struct machine *m, struct bytes *b)
{
	struct where nobody;

	while (b->p < b->end && !b->bad) {
		uint8_t op = (uint8_t)get(b, 1), low = op & 0x3f;

		switch (op >> 6) {
		case 0:
			instruction(m, op, b);
			break;
		case 1: /* advance_loc */
			m->location += low * m->frame->code_align;
			break;
		case 2: /* offset */
			*column_of(&m->now, low, &nobody) =
				at_offset((int64_t)get_uleb(b) * m->frame->data_align);
			break;
		case 3: /* restore */
			*column_of(&m->now, low, &nobody) = *column_of(&m->first, low, &nobody);
			break;
		}
		if (m->location > m->frame->pc)
			break;
	}
	return !b->bad;
}

/* A value of an expression: a number, or a place counted from a register or from the one word that may be loaded. */
struct value {
	enum gt_base base;
	int64_t offset;
};

struct evaluation {
	const struct frame *frame;
	struct gt_rule *rule;
	bool has_load;
	struct value stack[STACK];
	int depth;
	bool bad;
};

static void push(struct evaluation *e, enum gt_base base, int64_t offset)
{
	if (e->depth == STACK)
		e->bad = true;
	else
		e->stack[e->depth++] = (struct value){base, offset};
}

static struct value pop(struct evaluation *e)
{
	if (e->depth == 0) {
		e->bad = true;
		return (struct value){GT_BASE_NUMBER, 0};
	}
	return e->stack[--e->depth];
}

static bool as_place(struct value v, struct gt_place *place)
{
	if (v.base == GT_BASE_NUMBER || v.offset <= -OFFSET_MAX || v.offset >= OFFSET_MAX)
		return false;
	place->base = v.base;
	place->offset = (int32_t)v.offset;
	return true;
}

static void load(struct evaluation *e)
{
	struct gt_place at = {0};
	struct value v = pop(e);

	if (v.base == GT_BASE_LOAD || !as_place(v, &at) ||
	    (e->has_load && __builtin_memcmp(&at, &e->rule->load, sizeof(at)) != 0))
		e->bad = true;
	e->rule->load = at;
	e->has_load = true;
	push(e, GT_BASE_LOAD, 0);
}

static void push_register(struct evaluation *e, unsigned reg, int64_t offset)
{
	if (reg == REG_SP)
		push(e, GT_BASE_SP, offset);
	else if (reg == REG_FP)
		push(e, GT_BASE_FP, offset);
	else if (reg == REG_RA)
		push(e, GT_BASE_NUMBER, (int64_t)e->frame->pc + offset);
	else
		e->bad = true;
}

/* Of two values at most one may be a place. */
static void add(struct evaluation *e)
{
	struct value b = pop(e), a = pop(e);

	if (a.base != GT_BASE_NUMBER && b.base != GT_BASE_NUMBER)
		e->bad = true;
	push(e, a.base == GT_BASE_NUMBER ? b.base : a.base, a.offset + b.offset);
}

static void calculate(struct evaluation *e, uint8_t op)
{
	struct value b = pop(e), a = pop(e);

	if (b.base != GT_BASE_NUMBER || (a.base != GT_BASE_NUMBER && op != 0x1c))
		e->bad = true;
	switch (op) {
	case 0x1a: /* and */
		push(e, a.base, a.offset & b.offset);
		break;
	case 0x1c: /* minus */
		push(e, a.base, a.offset - b.offset);
		break;
	case 0x24: /* shl */
		push(e, a.base, (int64_t)((uint64_t)a.offset << (b.offset & 63)));
		break;
	default: /* ge */
		push(e, a.base, a.offset >= b.offset);
		break;
	}
}

static void operation(struct evaluation *e, uint8_t op, struct bytes *b)
{
	if (op >= 0x70 && op <= 0x8f) { /* breg */
		push_register(e, op - 0x70U, get_sleb(b));
		return;
	}
	if (op >= 0x30 && op <= 0x4f) { /* lit */
		push(e, GT_BASE_NUMBER, op - 0x30);
		return;
	}
	switch (op) {
	case 0x06: /* deref */
		load(e);
		break;
	case 0x08: /* const1u */
		push(e, GT_BASE_NUMBER, (int64_t)get(b, 1));
		break;
	case 0x09: /* const1s */
		push(e, GT_BASE_NUMBER, (int8_t)get(b, 1));
		break;
	case 0x0a: /* const2u */
		push(e, GT_BASE_NUMBER, (int64_t)get(b, 2));
		break;
	case 0x0b: /* const2s */
		push(e, GT_BASE_NUMBER, (int16_t)get(b, 2));
		break;
	case 0x10: /* constu */
		push(e, GT_BASE_NUMBER, (int64_t)get_uleb(b));
		break;
	case 0x11: /* consts */
		push(e, GT_BASE_NUMBER, get_sleb(b));
		break;
	case 0x23: /* plus_uconst */
		push(e, GT_BASE_NUMBER, (int64_t)get_uleb(b));
		add(e);
		break;
	case 0x22: /* plus */
		add(e);
		break;
	case 0x1a:
	case 0x1c:
	case 0x24:
	case 0x2a:
		calculate(e, op);
		break;
	default:
		e->bad = true;
	}
}

/* What an expression comes to; it begins with `first` on its stack, if there is that. */
static bool evaluate(struct evaluation *e, const uint8_t *at, const struct value *first, struct value *result)
{
	struct bytes all = bytes_at(e->frame->object, (uint64_t)at), b = get_block(&all);

	e->depth = 0;
	if (first)
		push(e, first->base, first->offset);
	while (b.p < b.end && !b.bad && !e->bad)
		operation(e, (uint8_t)get(&b, 1), &b);
	*result = pop(e);
	return !b.bad && !e->bad;
}

static bool cfa_of(struct evaluation *e, const struct state *s, struct value *cfa)
{
	if (s->cfa_expression)
		return evaluate(e, s->cfa_expression, NULL, cfa);
	cfa->base = s->cfa_register == REG_SP ? GT_BASE_SP : GT_BASE_FP;
	cfa->offset = s->cfa_offset;
	return s->cfa_register == REG_SP || s->cfa_register == REG_FP;
}

/* Where a register of the caller lies in memory. */
static bool place_of(struct evaluation *e, const struct where *w, struct value cfa, struct gt_place *place)
{
	struct value v = {cfa.base, cfa.offset + w->offset};

	if (w->how == AT_EXPRESSION && !evaluate(e, w->expression, &cfa, &v))
		return false;
	return (w->how == AT_EXPRESSION || w->how == AT_OFFSET) && as_place(v, place);
}

static enum gt_rule_kind rule_of(struct evaluation *e, const struct state *s, struct gt_rule *rule, const struct frame *f)
{
	struct value cfa;

	e->frame = f;
	e->rule = rule;
	if (s->column[RA].how == UNDEFINED)
		return GT_RULE_END;
	if (!cfa_of(e, s, &cfa) || !as_place(cfa, &rule->sp) || !place_of(e, &s->column[RA], cfa, &rule->ra))
		return GT_RULE_NONE;
	if (s->column[FP].how != SAME)
		rule->flags |= place_of(e, &s->column[FP], cfa, &rule->fp) ? GT_RULE_FP_SAVED : GT_RULE_FP_LOST;
	if (rule->sp.base == GT_BASE_SP && rule->ra.base == GT_BASE_SP && rule->fp.base == GT_BASE_SP)
		rule->flags |= GT_RULE_PLAIN;
	return GT_RULE_FRAME;
}

/* All that would be too much for a small stack. */
struct work {
	struct frame frame;
	struct machine machine;
	struct evaluation evaluation;
};
_Static_assert(sizeof(struct work) <= sizeof(struct gt_cfi_work), "what is lent is enough");

void gt_cfi_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule, uint64_t *function,
		 struct gt_cfi_work *lent)
{
	struct work *work = (struct work *)lent;
	struct machine *m = &work->machine;
	uint64_t at;

	__builtin_memset(rule, 0, sizeof(*rule));
	__builtin_memset(work, 0, sizeof(*work));
	work->frame.object = object;
	work->frame.pc = pc;
	m->frame = &work->frame;
	*function = 0;
	if (!object->dlfo_eh_frame || !find_entry(&work->frame, &at) || !read_function(&work->frame, at))
		return;
	*function = work->frame.function;
	rule->flags = work->frame.is_signal ? GT_RULE_SIGNAL : 0;
	if (!run(m, &work->frame.first))
		return;
	m->first = m->now;
	m->location = work->frame.function;
	if (run(m, &work->frame.own))
		rule->kind = (uint8_t)rule_of(&work->evaluation, &m->now, rule, &work->frame);
}

uint32_t gt_cfi_function_size(const struct dl_find_object *object, uint64_t pc)
{
	struct frame f = {.object = object, .pc = pc};
	uint64_t at;

	if (!object->dlfo_eh_frame || !find_entry(&f, &at) || !read_function(&f, at) || f.function != pc)
		return 0;
	return (uint32_t)f.size;
}

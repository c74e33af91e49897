/* SPDX-License-Identifier: BSD-3-Clause */
#include "cfi.h"

#include "expression.h"

#include <stddef.h>

enum { REMEMBERED = 4 /* compilers nest one or two */ };

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
	return reg == GT_REG_FP ? &s->column[FP] : reg == GT_REG_RA ? &s->column[RA] : nobody;
}

struct machine {
	const struct gt_frame_entry *frame;
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
static const uint8_t *skip_block(struct gt_bytes *b)
{
	const uint8_t *at = b->p;

	gt_get_block(b);
	return at;
}

static void remember(struct machine *m, struct gt_bytes *b)
{
	if (m->depth == REMEMBERED)
		b->bad = true;
	else
		m->remembered[m->depth++] = m->now;
}

static void recall(struct machine *m, struct gt_bytes *b)
{
	if (m->depth == 0)
		b->bad = true;
	else
		m->now = m->remembered[--m->depth];
}

/* Instructions about a register that stands behind the instruction. */
static void register_rule(struct machine *m, uint8_t op, struct gt_bytes *b)
{
	uint64_t reg = gt_get_uleb(b);
	struct where nobody, *w = column_of(&m->now, reg, &nobody), *was = column_of(&m->first, reg, &nobody);
	int64_t align = m->frame->data_align;

	switch (op) {
	case 0x05: /* offset_extended */
		*w = at_offset(gt_product((int64_t)gt_get_uleb(b), align));
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
		*w = at_offset(gt_product(gt_get_sleb(b), align));
		break;
	case 0x2f: /* GNU_negative_offset_extended */
		*w = at_offset(gt_product((int64_t)gt_get_uleb(b), gt_product(align, -1)));
		break;
	case 0x16: /* val_expression */
		gt_get_block(b);
		w->how = OTHERWISE;
		break;
	default: /* register, val_offset, val_offset_sf */
		gt_get_uleb(b);
		w->how = OTHERWISE;
		break;
	}
}

/* Instructions with all of their first byte. */
static void instruction(struct machine *m, uint8_t op, struct gt_bytes *b)
{
	uint64_t reg;

	switch (op) {
	case 0x00: /* nop */
	case 0x2d: /* GNU_window_save */
		break;
	case 0x01: /* set_loc */
		m->location = gt_get_pointer(b, m->frame->pointers);
		break;
	case 0x02: /* advance_loc1, 2, 4 */
	case 0x03:
	case 0x04:
		m->location += gt_get(b, 1U << (op - 2)) * m->frame->code_align;
		break;
	case 0x0a:
		remember(m, b);
		break;
	case 0x0b:
		recall(m, b);
		break;
	case 0x0c: /* def_cfa */
		reg = gt_get_uleb(b);
		set_cfa(m, reg, (int64_t)gt_get_uleb(b));
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(m, gt_get_uleb(b), m->now.cfa_offset);
		break;
	case 0x0e: /* def_cfa_offset */
		set_cfa(m, m->now.cfa_register, (int64_t)gt_get_uleb(b));
		break;
	case 0x0f: /* def_cfa_expression */
		m->now.cfa_expression = skip_block(b);
		break;
	case 0x12: /* def_cfa_sf */
		reg = gt_get_uleb(b);
		set_cfa(m, reg, gt_product(gt_get_sleb(b), m->frame->data_align));
		break;
	case 0x13: /* def_cfa_offset_sf */
		set_cfa(m, m->now.cfa_register, gt_product(gt_get_sleb(b), m->frame->data_align));
		break;
	case 0x2e: /* GNU_args_size */
		gt_get_uleb(b);
		break;
	default:
		if ((op >= 0x05 && op <= 0x09) || op == 0x10 || op == 0x11 || (op >= 0x14 && op <= 0x16) || op == 0x2f)
			register_rule(m, op, b);
		else
			b->bad = true;
	}
}

/* Runs up to the row that holds the address. */
static bool run(struct machine *m, struct gt_bytes *b)
{
	struct where nobody;

	while (b->p < b->end && !b->bad) {
		uint8_t op = (uint8_t)gt_get(b, 1), low = op & 0x3f;

		switch (op >> 6) {
		case 0:
			instruction(m, op, b);
			break;
		case 1: /* advance_loc */
			m->location += low * m->frame->code_align;
			break;
		case 2: /* offset */
			*column_of(&m->now, low, &nobody) =
				at_offset(gt_product((int64_t)gt_get_uleb(b), m->frame->data_align));
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

static bool cfa_of(struct gt_evaluation *e, const struct state *s, struct gt_value *cfa)
{
	if (s->cfa_expression)
		return gt_evaluate(e, s->cfa_expression, NULL, cfa);
	cfa->base = s->cfa_register == GT_REG_SP ? GT_BASE_SP : GT_BASE_FP;
	cfa->offset = s->cfa_offset;
	return s->cfa_register == GT_REG_SP || s->cfa_register == GT_REG_FP;
}

/* Where a register of the caller lies in memory. */
static bool place_of(struct gt_evaluation *e, const struct where *w, struct gt_value cfa, struct gt_place *place)
{
	struct gt_value v = {cfa.base, gt_sum(cfa.offset, w->offset)};

	if (w->how == AT_EXPRESSION && !gt_evaluate(e, w->expression, &cfa, &v))
		return false;
	return (w->how == AT_EXPRESSION || w->how == AT_OFFSET) && gt_as_place(v, place);
}

static enum gt_rule_kind rule_of(struct gt_evaluation *e, const struct state *s)
{
	struct gt_rule *rule = e->rule;
	struct gt_value cfa;

	if (s->column[RA].how == UNDEFINED)
		return GT_RULE_END;
	if (!cfa_of(e, s, &cfa) || !gt_as_place(cfa, &rule->sp) || !place_of(e, &s->column[RA], cfa, &rule->ra))
		return GT_RULE_NONE;
	if (s->column[FP].how != SAME)
		rule->flags |= place_of(e, &s->column[FP], cfa, &rule->fp) ? GT_RULE_FP_SAVED : GT_RULE_FP_LOST;
	if (rule->sp.base == GT_BASE_SP && rule->ra.base == GT_BASE_SP && rule->fp.base == GT_BASE_SP)
		rule->flags |= GT_RULE_PLAIN;
	return GT_RULE_FRAME;
}

/* All that would be too much for a small stack. */
struct work {
	struct gt_frame_entry frame;
	struct machine machine;
	struct gt_evaluation evaluation;
};
_Static_assert(sizeof(struct work) <= sizeof(struct gt_cfi_work), "what is lent is enough");

void gt_cfi_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule, uint64_t *function,
		 struct gt_cfi_work *lent)
{
	struct work *work = (struct work *)lent;
	struct machine *m = &work->machine;

	__builtin_memset(rule, 0, sizeof(*rule));
	__builtin_memset(work, 0, sizeof(*work));
	work->frame.object = object;
	work->frame.pc = pc;
	m->frame = &work->frame;
	*function = 0;
	if (!gt_frame_entry_find(&work->frame))
		return;
	*function = work->frame.function;
	rule->flags = work->frame.is_signal ? GT_RULE_SIGNAL : 0;
	if (!run(m, &work->frame.first))
		return;
	m->first = m->now;
	m->location = work->frame.function;
	work->evaluation.frame = &work->frame;
	work->evaluation.rule = rule;
	if (run(m, &work->frame.own))
		rule->kind = (uint8_t)rule_of(&work->evaluation, &m->now);
}

uint32_t gt_cfi_function_size(const struct dl_find_object *object, uint64_t pc)
{
	struct gt_frame_entry f = {.object = object, .pc = pc};

	return gt_frame_entry_find(&f) && f.function == pc ? (uint32_t)f.size : 0;
}

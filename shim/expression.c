/* SPDX-License-Identifier: BSD-3-Clause */
#include "expression.h"

#include <dwarf.h>

enum { OFFSET_MAX = 1 << 28 };

static void push(struct gt_evaluation *e, enum gt_base base, int64_t offset)
{
	if (e->depth == GT_EXPRESSION_STACK)
		e->bad = true;
	else
		e->stack[e->depth++] = (struct gt_value){base, offset};
}

static struct gt_value pop(struct gt_evaluation *e)
{
	if (e->depth == 0) {
		e->bad = true;
		return (struct gt_value){GT_BASE_NUMBER, 0};
	}
	return e->stack[--e->depth];
}

bool gt_as_place(struct gt_value v, struct gt_place *place)
{
	if (v.base == GT_BASE_NUMBER || v.offset <= -OFFSET_MAX || v.offset >= OFFSET_MAX)
		return false;
	place->base = v.base;
	place->offset = (int32_t)v.offset;
	return true;
}

/* The rule has room for one word, which what was evaluated before may be counted from: another one spoils nothing. */
static void load(struct gt_evaluation *e)
{
	struct gt_place at = {0};
	struct gt_value v = pop(e);

	if (v.base == GT_BASE_LOAD || !gt_as_place(v, &at) ||
	    (e->has_load && __builtin_memcmp(&at, &e->rule->load, sizeof(at)) != 0)) {
		e->bad = true;
		return;
	}
	e->rule->load = at;
	e->has_load = true;
	push(e, GT_BASE_LOAD, 0);
}

static void push_register(struct gt_evaluation *e, unsigned reg, int64_t offset)
{
	if (reg == GT_REG_SP)
		push(e, GT_BASE_SP, offset);
	else if (reg == GT_REG_FP)
		push(e, GT_BASE_FP, offset);
	else if (reg == GT_REG_RA)
		push(e, GT_BASE_NUMBER, gt_sum((int64_t)e->frame->pc, offset));
	else
		e->bad = true;
}

/* Of two values at most one may be a place. */
static void add(struct gt_evaluation *e)
{
	struct gt_value b = pop(e), a = pop(e);

	if (a.base != GT_BASE_NUMBER && b.base != GT_BASE_NUMBER)
		e->bad = true;
	push(e, a.base == GT_BASE_NUMBER ? b.base : a.base, gt_sum(a.offset, b.offset));
}

static void calculate(struct gt_evaluation *e, uint8_t op)
{
	struct gt_value b = pop(e), a = pop(e);

	if (b.base != GT_BASE_NUMBER || (a.base != GT_BASE_NUMBER && op != DW_OP_minus))
		e->bad = true;
	switch (op) {
	case DW_OP_and:
		push(e, a.base, a.offset & b.offset);
		break;
	case DW_OP_minus:
		push(e, a.base, gt_sum(a.offset, gt_product(b.offset, -1)));
		break;
	case DW_OP_shl:
		push(e, a.base, (int64_t)((uint64_t)a.offset << (b.offset & 63)));
		break;
	default: /* DW_OP_ge */
		push(e, a.base, a.offset >= b.offset);
		break;
	}
}

static void operation(struct gt_evaluation *e, uint8_t op, struct gt_bytes *b)
{
	if (op >= DW_OP_breg0 && op <= DW_OP_breg31) {
		push_register(e, op - (unsigned)DW_OP_breg0, gt_get_sleb(b));
		return;
	}
	if (op >= DW_OP_lit0 && op <= DW_OP_lit31) {
		push(e, GT_BASE_NUMBER, op - DW_OP_lit0);
		return;
	}
	switch (op) {
	case DW_OP_deref:
		load(e);
		break;
	case DW_OP_const1u:
		push(e, GT_BASE_NUMBER, (int64_t)gt_get(b, 1));
		break;
	case DW_OP_const1s:
		push(e, GT_BASE_NUMBER, (int8_t)gt_get(b, 1));
		break;
	case DW_OP_const2u:
		push(e, GT_BASE_NUMBER, (int64_t)gt_get(b, 2));
		break;
	case DW_OP_const2s:
		push(e, GT_BASE_NUMBER, (int16_t)gt_get(b, 2));
		break;
	case DW_OP_constu:
		push(e, GT_BASE_NUMBER, (int64_t)gt_get_uleb(b));
		break;
	case DW_OP_consts:
		push(e, GT_BASE_NUMBER, gt_get_sleb(b));
		break;
	case DW_OP_plus_uconst:
		push(e, GT_BASE_NUMBER, (int64_t)gt_get_uleb(b));
		add(e);
		break;
	case DW_OP_plus:
		add(e);
		break;
	case DW_OP_and:
	case DW_OP_minus:
	case DW_OP_shl:
	case DW_OP_ge:
		calculate(e, op);
		break;
	default:
		e->bad = true;
	}
}

bool gt_evaluate(struct gt_evaluation *e, const uint8_t *at, const struct gt_value *first, struct gt_value *result)
{
	struct gt_bytes all = gt_bytes_at(e->frame->object, (uint64_t)at), b = gt_get_block(&all);

	e->depth = 0;
	if (first)
		push(e, first->base, first->offset);
	while (b.p < b.end && !b.bad && !e->bad)
		operation(e, (uint8_t)gt_get(&b, 1), &b);
	*result = pop(e);
	return !b.bad && !e->bad;
}

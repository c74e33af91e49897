/* SPDX-License-Identifier: BSD-3-Clause */
#include "cfi.h"

#include "expression.h"

#include <dwarf.h>
#include <stddef.h>

enum {
	REMEMBERED = 4, /* compilers nest one or two */
	LOW_OPERAND = 0x3f, /* what of an instruction's byte may be its operand */
};

/* How a register of the caller is found. Of all but three registers nobody wants to know. */
enum how { SAME, UNDEFINED, AT_OFFSET, AT_EXPRESSION, OTHERWISE };

struct where {
	union {
		const uint8_t *expression; /* its length, and it */
		int64_t offset; /* from the frame's address */
	};
	uint8_t how; /* enum how */
};

enum column { FP, RA, COLUMNS };

struct state {
	const uint8_t *cfa_expression; /* NULL: the register and the offset */
	int64_t cfa_offset;
	uint64_t cfa_register;
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
	m->now.cfa_register = reg;
	m->now.cfa_offset = offset;
	m->now.cfa_expression = NULL;
}

static struct where at_offset(int64_t offset)
{
	return (struct where){.how = AT_OFFSET, .offset = offset};
}

/* Offsets are kept as they are: gt_as_place() refuses what is too far. Only what no number can hold is bad here. */
static int64_t get_offset(struct gt_bytes *b)
{
	uint64_t offset = gt_get_uleb(b);

	if (offset > INT64_MAX)
		b->bad = true;
	return (int64_t)offset;
}

static int64_t scaled(struct gt_bytes *b, int64_t factored, int64_t align)
{
	int64_t offset;

	if (__builtin_mul_overflow(factored, align, &offset))
		b->bad = true;
	return offset;
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
	case DW_CFA_offset_extended:
		*w = at_offset(scaled(b, get_offset(b), align));
		break;
	case DW_CFA_restore_extended:
		*w = *was;
		break;
	case DW_CFA_undefined:
		*w = (struct where){.how = UNDEFINED};
		break;
	case DW_CFA_same_value:
		*w = (struct where){.how = SAME};
		break;
	case DW_CFA_expression:
		*w = (struct where){.how = AT_EXPRESSION, .expression = skip_block(b)};
		break;
	case DW_CFA_offset_extended_sf:
		*w = at_offset(scaled(b, gt_get_sleb(b), align));
		break;
	case DW_CFA_GNU_negative_offset_extended:
		*w = at_offset(scaled(b, scaled(b, get_offset(b), align), -1));
		break;
	case DW_CFA_val_expression:
		gt_get_block(b);
		w->how = OTHERWISE;
		break;
	case DW_CFA_register:
	case DW_CFA_val_offset:
	case DW_CFA_val_offset_sf:
		gt_get_uleb(b);
		w->how = OTHERWISE;
		break;
	default:
		b->bad = true;
	}
}

/* Instructions with all of their first byte. */
static void instruction(struct machine *m, uint8_t op, struct gt_bytes *b)
{
	int64_t align = m->frame->data_align;
	uint64_t reg;

	switch (op) {
	case DW_CFA_nop:
	case DW_CFA_GNU_window_save:
		break;
	case DW_CFA_set_loc:
		m->location = gt_get_pointer(b, m->frame->pointers);
		break;
	case DW_CFA_advance_loc1:
	case DW_CFA_advance_loc2:
	case DW_CFA_advance_loc4:
		m->location += gt_get(b, 1U << (op - DW_CFA_advance_loc1)) * m->frame->code_align;
		break;
	case DW_CFA_remember_state:
		remember(m, b);
		break;
	case DW_CFA_restore_state:
		recall(m, b);
		break;
	case DW_CFA_def_cfa:
		reg = gt_get_uleb(b);
		set_cfa(m, reg, get_offset(b));
		break;
	case DW_CFA_def_cfa_register:
		set_cfa(m, gt_get_uleb(b), m->now.cfa_offset);
		break;
	case DW_CFA_def_cfa_offset:
		set_cfa(m, m->now.cfa_register, get_offset(b));
		break;
	case DW_CFA_def_cfa_expression:
		m->now.cfa_expression = skip_block(b);
		break;
	case DW_CFA_def_cfa_sf:
		reg = gt_get_uleb(b);
		set_cfa(m, reg, scaled(b, gt_get_sleb(b), align));
		break;
	case DW_CFA_def_cfa_offset_sf:
		set_cfa(m, m->now.cfa_register, scaled(b, gt_get_sleb(b), align));
		break;
	case DW_CFA_GNU_args_size:
		gt_get_uleb(b);
		break;
	default:
		register_rule(m, op, b);
	}
}

/* Runs up to the row that holds the address. */
static bool run(struct machine *m, struct gt_bytes *b)
{
	struct where nobody;

	while (b->p < b->end && !b->bad) {
		uint8_t op = (uint8_t)gt_get(b, 1), low = op & LOW_OPERAND;

		switch (op & ~LOW_OPERAND) {
		case DW_CFA_advance_loc:
			m->location += low * m->frame->code_align;
			break;
		case DW_CFA_offset:
			*column_of(&m->now, low, &nobody) = at_offset(scaled(b, get_offset(b), m->frame->data_align));
			break;
		case DW_CFA_restore:
			*column_of(&m->now, low, &nobody) = *column_of(&m->first, low, &nobody);
			break;
		default:
			instruction(m, op, b);
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
	struct gt_value v = cfa;

	if (w->how == AT_OFFSET)
		v.offset = gt_sum(cfa.offset, w->offset);
	else if (w->how != AT_EXPRESSION || !gt_evaluate(e, w->expression, &cfa, &v))
		return false;
	return gt_as_place(v, place);
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

/* SPDX-License-Identifier: BSD-3-Clause */
#include "step.h"

#include "peek.h"

enum {
	PAGE = 4096,
	FRAME_MOST = 8 << 20, /* what a frame pointer may leap over */
};

static void note(struct gt_walk *w, uint64_t at, uint64_t value)
{
	struct gt_reads *r = w->reads;
	uint64_t word = (at - w->from.sp) / 8;

	if (r->n == GT_READS_MAX || word > UINT16_MAX) {
		r->is_all = false;
		return;
	}
	r->at[r->n++] = (uint16_t)word;
	r->sum += value * gt_callers_key[r->n];
}

static bool in_span(const struct gt_walk *w, uint64_t at)
{
	return at >= w->span->lo && at + 8 <= w->span->hi;
}

/* A word of the stack, whose value may not matter. False when there can't be one. */
static bool peek(struct gt_walk *w, uint64_t at, uint64_t *word)
{
	if (at == 0 || at & 7)
		return false;
	if (!in_span(w, at) && (at & ~(uint64_t)(PAGE - 1)) != w->page) {
		if (w->is_copy || !gt_peek_can(at))
			return false;
		w->page = at & ~(uint64_t)(PAGE - 1);
		w->reads->is_all = false; /* a page of an unknown stack may be gone next time */
	}
	*word = *(const uint64_t *)at;
	return true;
}

static bool read_word(struct gt_walk *w, uint64_t at, uint64_t *word)
{
	if (!peek(w, at, word)) {
		w->reads->is_all = false;
		return false;
	}
	note(w, at, *word);
	return true;
}

/* `fp`: the frame pointer's value, which matters from here on. */
static void use_fp(struct gt_walk *w, uint64_t fp)
{
	if (w->fp_at == GT_FP_IN_REGISTER) {
		w->reads->fp = true;
		w->reads->sum += fp * gt_callers_key[0];
	} else if (w->fp_at != GT_FP_NOTED) {
		note(w, w->fp_at, fp);
	}
	w->fp_at = GT_FP_NOTED;
}

/* What a rule's place means with these registers; 0 when that can't be said. */
static uint64_t locate(struct gt_walk *w, struct gt_place place, const struct gt_registers *r, uint64_t load)
{
	uint64_t base = place.base == GT_BASE_SP ? r->sp : place.base == GT_BASE_FP ? r->fp : load;

	if (place.base == GT_BASE_FP)
		use_fp(w, r->fp);
	return base ? base + (uint64_t)(int64_t)place.offset : 0;
}

static bool uses(const struct gt_rule *rule, enum gt_base base)
{
	return rule->ra.base == base || rule->sp.base == base ||
	       (rule->flags & GT_RULE_FP_SAVED && rule->fp.base == base);
}

/*
 * Tables may still name the place in the stack when the frame pointer has been taken from there at the end of a function:
 * that is no part of a copy, but the register has it.
 */
static bool has_fp_again(const struct gt_walk *w, const struct gt_registers *r, uint64_t fp_at)
{
	return w->is_copy && fp_at < r->sp;
}

bool gt_step(struct gt_walk *w, const struct gt_rule *rule, struct gt_registers *r)
{
	struct gt_registers to = *r;
	uint64_t load = 0, fp_at;

	if (rule->kind != GT_RULE_FRAME)
		return false;
	if (uses(rule, GT_BASE_LOAD) && !read_word(w, locate(w, rule->load, r, 0), &load))
		return false;
	to.sp = locate(w, rule->sp, r, load);
	if (to.sp <= r->sp && !(rule->flags & GT_RULE_SIGNAL))
		return false;
	if (!read_word(w, locate(w, rule->ra, r, load), &to.pc))
		return false;
	if (rule->flags & GT_RULE_FP_LOST)
		to.fp = 0;
	if (rule->flags & GT_RULE_FP_SAVED) {
		fp_at = locate(w, rule->fp, r, load);
		if (!has_fp_again(w, r, fp_at)) {
			if (!peek(w, fp_at, &to.fp))
				return false;
			w->fp_at = fp_at;
		}
	}
	*r = to;
	return true;
}

bool gt_step_fp(struct gt_walk *w, struct gt_registers *r)
{
	uint64_t fp = r->fp;

	use_fp(w, fp);
	if (fp < r->sp || fp - r->sp > FRAME_MOST || !read_word(w, fp, &r->fp) || !read_word(w, fp + 8, &r->pc))
		return false;
	w->fp_at = fp;
	r->sp = fp + 16;
	return true;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "callers.h"

#include "peek.h"

enum {
	STEPS = 512, /* frames of ours, and of libc's where a stack ends, are walked but not counted */
	PAGE = 4096,
	GROWTH = 16, /* pages that a span grows by at once */
	FRAME_MOST = 8 << 20, /* what a frame pointer may leap over */
};

#define ADDRESSES (UINT64_C(1) << 47) /* of programs */

static struct {
	int depth;
	bool fp;
} callers;

void gt_callers_start(int depth, bool fp)
{
	callers.depth = depth;
	callers.fp = fp;
}

/* The stack went deeper than ever: the pages between are looked at once. */
static void grow(struct gt_span *span, uint64_t sp)
{
	uint64_t page = sp & ~(uint64_t)(PAGE - 1);
	uint64_t at = span->lo;

	if (span->hi == 0 || page >= span->lo)
		return;
	for (int i = 0; i < GROWTH && at > page + PAGE; i++) {
		if (!gt_peek_can(at - PAGE))
			return;
		at -= PAGE;
	}
	span->lo = at > page + PAGE ? at : page;
}

static void note(struct gt_walk *w, uint64_t at)
{
	struct gt_reads *r = w->reads;
	uint64_t word = (at - w->from.sp) / 8;

	if (r->n == GT_READS_MAX || word > UINT16_MAX)
		r->is_all = false;
	else
		r->at[r->n++] = (uint16_t)word;
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
		if (!gt_peek_can(at))
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
	note(w, at);
	return true;
}

static void use_fp(struct gt_walk *w)
{
	if (w->fp_at == 0)
		w->reads->fp = true;
	else
		note(w, w->fp_at);
}

/* What a rule's place means with these registers; 0 when that can't be said. */
static uint64_t locate(struct gt_walk *w, struct gt_place place, const struct gt_registers *r, uint64_t load)
{
	uint64_t base = place.base == GT_BASE_SP ? r->sp : place.base == GT_BASE_FP ? r->fp : load;

	if (place.base == GT_BASE_FP)
		use_fp(w);
	return base ? base + (uint64_t)(int64_t)place.offset : 0;
}

static bool uses(const struct gt_rule *rule, enum gt_base base)
{
	return rule->ra.base == base || rule->sp.base == base ||
	       (rule->flags & GT_RULE_FP_SAVED && rule->fp.base == base);
}

/* To the caller's registers, by the rule. */
static __attribute__((noinline)) bool step(struct gt_walk *w, const struct gt_rule *rule, struct gt_registers *r)
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
		if (!peek(w, fp_at, &to.fp))
			return false;
		w->fp_at = fp_at;
	}
	*r = to;
	return true;
}

/* The same for most code, on a stack that is known. False: it is not that simple. */
static inline bool step_plain(struct gt_walk *w, const struct gt_rule *rule, struct gt_registers *r)
{
	uint64_t ra = r->sp + (uint64_t)(int64_t)rule->ra.offset;
	uint64_t fp = r->sp + (uint64_t)(int64_t)rule->fp.offset;

	if ((rule->flags & (GT_RULE_PLAIN | GT_RULE_SIGNAL | GT_RULE_FP_LOST)) != GT_RULE_PLAIN ||
	    rule->sp.offset <= 0 || (ra | fp) & 7 || !in_span(w, ra) || !in_span(w, fp))
		return false;
	note(w, ra);
	r->pc = *(const uint64_t *)ra;
	r->sp += (uint64_t)(int64_t)rule->sp.offset;
	if (rule->flags & GT_RULE_FP_SAVED) {
		r->fp = *(const uint64_t *)fp;
		w->fp_at = fp;
	}
	return true;
}

/* The same by the frame pointer. */
static bool step_fp(struct gt_walk *w, struct gt_registers *r)
{
	uint64_t fp = r->fp;

	use_fp(w);
	if (fp < r->sp || fp - r->sp > FRAME_MOST || !read_word(w, fp, &r->fp) || !read_word(w, fp + 8, &r->pc))
		return false;
	w->fp_at = fp;
	r->sp = fp + 16;
	return true;
}

/* The outermost frame has no caller. It is libc's or the linker's, and what lies between it and the program, too. */
static void cut_start(struct gt_walk *w)
{
	bool is_main = w->outer >> 8 & GT_RULE_LIBC_START;
	bool is_libc = w->outer & GT_RULE_LIBC;

	w->n--;
	if (is_main)
		w->n -= w->outer >> 16 & GT_RULE_LIBC ? 2 : 1;
	else if (is_libc && w->outer >> 8 & GT_RULE_LIBC)
		w->n--;
	if (w->n < 0)
		w->n = 0;
}

static void finish(struct gt_walk *w, enum gt_mark mark)
{
	if (w->n > callers.depth) {
		w->n = callers.depth;
		mark = GT_MARK_DEEPER;
	}
	if (mark == GT_MARK_NONE)
		return;
	if (w->n == GT_CALLERS_MAX)
		w->n--;
	w->pc[w->n++] = mark;
}

/* Three frames more than are wanted, since three may be cut where the stack starts. */
static enum gt_mark walk(struct gt_walk *w)
{
	struct gt_registers r = w->from;
	bool interrupted = false;

	for (int i = 0; i < STEPS; i++) {
		const struct gt_rule *rule = gt_rule_of(r.pc - !interrupted, &w->work);
		bool by_fp = callers.fp;

		if (rule->flags & GT_RULE_START || r.pc == 0)
			return GT_MARK_NONE;
		if (rule->flags & (GT_RULE_OWN | GT_RULE_LIBC | GT_RULE_SIGNAL))
			by_fp = false;
		if (!(rule->flags & GT_RULE_OWN)) {
			w->pc[w->n++] = r.pc + interrupted;
			w->outer = w->outer << 8 | rule->flags;
		}
		if (rule->kind == GT_RULE_END) {
			cut_start(w);
			return GT_MARK_NONE;
		}
		if (w->n == callers.depth + 3)
			return GT_MARK_DEEPER;
		if (by_fp ? !step_fp(w, &r) : !(step_plain(w, rule, &r) || step(w, rule, &r)))
			return GT_MARK_UNKNOWN;
		if (r.pc - 1 < PAGE - 1 || r.pc >= ADDRESSES)
			return GT_MARK_UNKNOWN;
		interrupted = rule->flags & GT_RULE_SIGNAL;
	}
	return GT_MARK_DEEPER;
}

void gt_callers(struct gt_walk *w)
{
	gt_rules_begin(&w->work);
	w->n = 0;
	w->outer = 0;
	w->fp_at = 0;
	w->page = w->from.sp & ~(uint64_t)(PAGE - 1);
	w->reads->n = 0;
	w->reads->fp = false;
	w->reads->is_all = true;
	grow(w->span, w->from.sp);
	finish(w, walk(w));
}

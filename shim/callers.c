/* SPDX-License-Identifier: BSD-3-Clause */
#include "callers.h"

#include "afar.h"
#include "peek.h"
#include "step.h"

enum {
	STEPS = 512, /* frames of ours, and of libc's where a stack ends, are walked but not counted */
	PAGE = 4096,
	GROWTH = 16, /* pages that a span grows by at once */
};

#define ADDRESSES (UINT64_C(1) << 47) /* of programs */

static struct {
	int depth;
	bool fp;
} callers;

uint64_t gt_callers_key[GT_CALLERS_MAX + 3];

/* Odd numbers by splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators). */
static void make_keys(void)
{
	uint64_t state = 0, z;

	for (int i = 0; i < GT_CALLERS_MAX + 3; i++) {
		z = state += UINT64_C(0x9e3779b97f4a7c15);
		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		gt_callers_key[i] = (z ^ z >> 31) | 1;
	}
}

void gt_callers_start(int depth, bool fp)
{
	make_keys();
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

static const struct gt_rule *rule_at(struct gt_walk *w, uint64_t pc)
{
	return w->is_copy ? gt_rule_afar(pc, &w->work) : gt_rule_of(pc, &w->work);
}

/* What the rule says of the frame with this index. */
static unsigned flags_of(struct gt_walk *w, int frame)
{
	return frame < 0 ? 0 : rule_at(w, w->pc[frame] - 1)->flags;
}

/* The outermost frame has no caller. It is libc's or the linker's, and what lies between it and the program, too. */
static void cut_start(struct gt_walk *w)
{
	unsigned before = flags_of(w, w->n - 2);

	if (before & GT_RULE_LIBC_START)
		w->n -= flags_of(w, w->n - 3) & GT_RULE_LIBC ? 3 : 2;
	else
		w->n -= flags_of(w, w->n - 1) & before & GT_RULE_LIBC ? 2 : 1;
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

static uint32_t least(uint64_t a, uint64_t b)
{
	return (uint32_t)(a < b ? a : b);
}

/*
 * The row of a call that is in another file than the last one: makes that one the work's. NULL: it is not known. Within a file
 * nobody need look where an address lies: a rule with the mark of a file that is loaded was learned from it.
 */
static __attribute__((noinline)) const struct gt_rule_row *cross(struct gt_walk *w, uint64_t pc)
{
	const struct gt_rule_row *row;

	if (!gt_loaded_holds(w->work.object, pc) && !gt_rules_enter(pc, &w->work))
		return NULL;
	row = gt_rule_row(pc);
	return row && row->brief.module == w->work.object->mark ? row : NULL;
}

/* What a run keeps in registers. Places are words counted from where the walk began. */
struct course {
	struct gt_reads *reads;
	const uint64_t *stack, *key;
	uint64_t sum;
	uint16_t *at;
	const uint16_t *guess;
};

/* To what the last walk read above that place. */
static const uint16_t *catch_up(const struct gt_reads *reads, const uint16_t *guess, uint32_t place)
{
	while (guess < &reads->at[GT_READS_MAX] && *guess <= place)
		guess++;
	return guess;
}

/*
 * Reads the word at *place, and notes it.
 *
 * Each step needs the last one's word for the rule that tells where its own word is: the processor would wait for one load after
 * the other. So what the walk before has read, which reads->at still says, is taken for a guess: often the same places, in other
 * stacks from here, too. It goes on with that while it compares. Nothing is in the instruction, but a compiler that knew both to
 * be the same could use either.
 */
static inline uint64_t read_next(struct course *c, uint32_t *place)
{
	uint64_t word = *c->guess, value;

	if (__builtin_expect(word == *place, true)) {
		__asm__("" : "+r"(word));
		c->guess++;
	} else {
		word = *place;
		c->guess = catch_up(c->reads, c->guess, *place);
	}
	value = c->stack[word];
	*c->at++ = (uint16_t)word;
	c->sum += value * *c->key++;
	*place = (uint32_t)word;
	return value;
}

/* Where the return address of a frame lies that its frame pointer leads to; `last`: not in reach. */
static __attribute__((noinline)) uint32_t framed(struct gt_walk *w, struct course *c, struct gt_registers *r,
						 uint32_t sp, uint32_t last)
{
	uint64_t place = (w->fp_at - w->from.sp) / 8;
	uint32_t at = (uint32_t)place;

	if (w->fp_at == GT_FP_IN_REGISTER) {
		c->reads->fp = true;
		c->sum += r->fp * gt_callers_key[0];
	} else if (w->fp_at != GT_FP_NOTED) {
		if (place >= last)
			return last;
		r->fp = read_next(c, &at);
	}
	w->fp_at = GT_FP_NOTED;
	place = (r->fp - w->from.sp) / 8;
	return r->fp % 8 || place < sp || place + 1 >= last ? last : (uint32_t)place + 1;
}

static inline bool is_of(const struct gt_rule_row *row, uint64_t pc)
{
	return atomic_load_explicit(&row->pc, memory_order_acquire) == pc;
}

/*
 * As far as rules are brief and the stack is known, which is most of most walks; returns how many words it read. Its loop is
 * what a new stack costs.
 */
static int run(struct gt_walk *w, struct gt_registers *r, int most)
{
	uint16_t *const at = w->reads->at + w->reads->n;
	struct course c = {
		.reads = w->reads,
		.stack = (const uint64_t *)w->from.sp,
		.key = &gt_callers_key[w->reads->n + 1],
		.sum = w->reads->sum,
		.at = at,
		.guess = at,
	};
	uint32_t left = least((uint32_t)(most - w->n), (GT_READS_MAX - w->reads->n) / 2);
	uint64_t *to = w->pc + w->n, pc = r->pc, counts = 0;
	struct gt_rule_part part = gt_rule_part_now();
	uint32_t sp, last, mark = 0;

	if (r->sp < w->span->lo || r->sp >= w->span->hi || r->sp % 8 ||
	    r->sp - w->from.sp >= (uint64_t)8 * GT_BRIEF_FRAMED)
		return 0;
	sp = (uint32_t)(r->sp - w->from.sp) / 8;
	last = least((w->span->hi - w->from.sp) / 8, GT_BRIEF_FRAMED);
	for (; left; left--) {
		const struct gt_rule_row *row = gt_rule_first(part, pc - 1);
		uint32_t next;

		/* Of few rows the first may be another's, but then it is mostly the next one. */
		if (__builtin_expect((!is_of(row, pc - 1) && !is_of(++row, pc - 1)) || row->brief.module != mark,
				     false)) {
			row = cross(w, pc - 1);
			if (!row)
				break;
			mark = row->brief.module;
			counts = !(w->work.object->flags & GT_RULE_OWN);
		}
		next = sp + row->brief.ra;
		if (__builtin_expect(next >= last, false)) {
			struct course copy = c; /* or all of c would be in memory */

			next = row->brief.ra == GT_BRIEF_FRAMED ? framed(w, &copy, r, sp, last) : last;
			c = copy;
			if (next == last)
				break;
			w->fp_at = (uint64_t)&c.stack[next - 1];
		} else if (row->brief.fp != GT_BRIEF_NO) {
			w->fp_at = (uint64_t)&c.stack[sp + row->brief.fp];
		}
		*to = pc;
		to += counts;
		pc = read_next(&c, &next);
		sp = next + 1;
	}
	w->n = (int)(to - w->pc);
	w->reads->sum = c.sum;
	w->reads->n = (uint8_t)(c.at - w->reads->at);
	if (w->fp_at != GT_FP_NOTED && w->fp_at != GT_FP_IN_REGISTER)
		r->fp = *(const uint64_t *)w->fp_at;
	r->pc = pc;
	r->sp = (uint64_t)&c.stack[sp];
	return (int)(c.at - at);
}

/* Three frames more than are wanted, since three may be cut where the stack starts. */
static enum gt_mark walk(struct gt_walk *w, bool interrupted)
{
	struct gt_registers r = w->from;
	int most = callers.depth + 3;

	for (int i = 0; i < STEPS; i++) {
		const struct gt_rule *rule;
		bool by_fp = callers.fp;

		if (!by_fp && !interrupted && !w->is_copy)
			i += run(w, &r, most);
		if (r.pc == 0)
			return GT_MARK_NONE;
		if (r.pc < PAGE || r.pc >= ADDRESSES)
			return GT_MARK_UNKNOWN;
		if (w->n == most)
			return GT_MARK_DEEPER;
		rule = rule_at(w, r.pc - !interrupted);
		if (rule->flags & GT_RULE_START)
			return GT_MARK_NONE;
		if (rule->flags & (GT_RULE_OWN | GT_RULE_LIBC | GT_RULE_SIGNAL))
			by_fp = false;
		if (!(rule->flags & GT_RULE_OWN))
			w->pc[w->n++] = r.pc + interrupted;
		if (rule->kind == GT_RULE_END) {
			cut_start(w);
			return GT_MARK_NONE;
		}
		interrupted = rule->flags & GT_RULE_SIGNAL;
		if (by_fp ? !gt_step_fp(w, &r) : !gt_step(w, rule, &r))
			return GT_MARK_UNKNOWN;
	}
	return GT_MARK_DEEPER;
}

static void begin(struct gt_walk *w, bool is_copy)
{
	gt_rules_begin(&w->work);
	w->n = 0;
	w->is_copy = is_copy;
	w->fp_at = GT_FP_IN_REGISTER;
	w->page = is_copy ? 0 : w->from.sp & ~(uint64_t)(PAGE - 1);
	w->reads->sum = 0;
	w->reads->n = 0;
	w->reads->fp = false;
	w->reads->is_all = true;
}

void gt_callers(struct gt_walk *w)
{
	begin(w, false);
	grow(w->span, w->from.sp);
	finish(w, walk(w, false));
}

void gt_callers_interrupted(struct gt_walk *w)
{
	begin(w, false);
	grow(w->span, w->from.sp);
	finish(w, walk(w, true));
}

/*
 * What looks like an address in the stack becomes that address in the copy: only those that are saved stack and frame
 * pointers will be used as such.
 */
static void move(struct gt_walk *w, uint64_t *word, uint64_t words, uint64_t shift)
{
	uint64_t bytes = words * 8;

	for (uint64_t i = 0; i < words; i++)
		word[i] += word[i] - w->from.sp < bytes ? shift : 0;
	w->from.fp += w->from.fp - w->from.sp < bytes ? shift : 0;
	w->from.sp += shift;
	*w->span = (struct gt_span){w->from.sp, w->from.sp + bytes};
}

void gt_callers_of_copy(struct gt_walk *w, uint8_t *copy, size_t bytes)
{
	begin(w, true);
	move(w, (uint64_t *)copy, bytes / 8, (uint64_t)copy - w->from.sp);
	finish(w, walk(w, true));
}

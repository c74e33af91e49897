/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wakers: finding who waits on an object, claiming it, and writing its GoUnblock.
 *
 * A claim is a compare-and-swap of the waiter's wait word inside the waker's section, and only when the waiter's
 * GoBlock is not of a newer generation (ordering rule 5). The waker only reads the waiter's marks: the waiter
 * repeats the same reckoning when it finds that it was claimed (resume.c).
 */
#include "wake.h"

#include "async.h"
#include "resume.h"
#include "stacks.h"
#include "status.h"

/* How a search ended. */
enum claim { CLAIM_NO, CLAIM_DONE, CLAIM_NEWER };

/* The thread of this index if it waits on the object; *word is its wait word. */
static struct gt_thread *waiting_on(const void *object, uint32_t index, uint64_t *word)
{
	struct gt_thread *t = gt_thread_at(index);

	*word = atomic_load_explicit(&t->wait, memory_order_acquire);
	if (gt_wait_word_state(*word) != GT_WAIT_WAITING ||
	    atomic_load_explicit(&t->object, memory_order_relaxed) != object)
		return NULL;
	return t;
}

/* Of a thread that is over no frame is left but where it began. */
static inline gt_stack_t stack_of(struct gt_section *s, const void *pc)
{
	return pc ? gt_stack_here(&s->t->memo, s->gen, pc) : gt_stack_of_start(s->gen, s->t->callable);
}

/*
 * A time after its GoBlock and before it can see that it was claimed. The processor may read its counter before it sees that the other
 * one waits; to have it wait for that would take as long as half the claim.
 */
static inline uint64_t time_after(const struct gt_section *s, uint64_t blocked)
{
	uint64_t now = gt_clock_now(s->gen);

	return now > blocked ? now : blocked + GT_UNIT_NS;
}

/*
 * What the marks say is read before the claim, since afterwards the waiter may move on; if the claim succeeds
 * nothing has changed in between. The stack is walked before as well: should the process be killed, the event must not be missing that
 * those of the waiter follow from, so what is between the claim and the section's end is short.
 */
static inline __attribute__((always_inline)) enum claim claim(struct gt_section *s, struct gt_thread *g, uint64_t word,
							      const void *pc)
{
	uint64_t claimed = gt_wait_word(s->gen, word >> 2, GT_WAIT_UNBLOCKED);
	bool traced = g->traced[s->gen & 1] == s->gen;
	uint64_t seq = traced ? g->gseq + 1 : 1;
	uint64_t goid = g->goid;
	enum gt_primitive primitive = g->primitive;
	const void *object = atomic_load_explicit(&g->object, memory_order_relaxed);
	bool assists = gt_ranges_of(g) & GT_RANGE_ASSIST;
	uint64_t blocked = g->blocked;
	gt_stack_t stack;

	if (GT_RULE_HOLDS(5) && gt_gen_after(gt_wait_word_gen(word), s->gen))
		return CLAIM_NEWER;
	stack = stack_of(s, pc);
	gt_delay();
	gt_section_time(s, time_after(s, blocked));
	if (!atomic_compare_exchange_strong(&g->wait, &word, claimed))
		return CLAIM_NO;
	if (!traced) {
		gt_emit_GoStatus(s, (gt_g_t){goid}, (gt_m_t){GT_NONE}, (gt_gstatus_t){GT_G_Waiting});
		gt_status_wait(s, primitive, object);
	}
	if (!traced && assists)
		gt_emit_GCMarkAssistActive(s, (gt_g_t){goid});
	gt_emit_GoUnblock(s, (gt_g_t){goid}, (gt_g_seq_t){seq}, stack);
	return CLAIM_DONE;
}

/*
 * The next taken place of the bucket from `place` on that holds a waiter of the object, NULL when there is none. *taken counts the
 * places that were passed: those in use are the first ones, mostly, so the search ends where as many as wait in the bucket were seen.
 */
static struct gt_thread *next_waiter(const struct gt_bucket *b, uint32_t *place, uint32_t *taken, const void *object,
				     uint64_t *word)
{
	uint32_t waiting = gt_waiters_count(b);

	while (*place < GT_BUCKET_PLACES && *taken < waiting) {
		uint32_t index = gt_waiters_in(b, (*place)++);
		struct gt_thread *g;

		if (index == GT_NO_PLACE)
			continue;
		++*taken;
		g = waiting_on(object, index, word);
		if (g)
			return g;
	}
	return NULL;
}

void gt_wake_claim(struct gt_section *s, const void *object, const void *pc, bool *newer)
{
	struct gt_bucket *b = gt_bucket_of(object);
	uint32_t place = 0, taken = 0;
	uint64_t word;

	for (;;) {
		struct gt_thread *g = next_waiter(b, &place, &taken, object, &word);

		if (!g || !gt_section_room(s))
			return;
		if (claim(s, g, word, pc) == CLAIM_NEWER)
			*newer = true;
		gt_section_commit(s);
	}
}

/* Who waits on an object. */
struct waiters {
	struct gt_thread *first;
	uint64_t word; /* of the first */
	bool is_only; /* nobody else does, nor is there one without a place */
};

static struct waiters find(const void *object)
{
	struct gt_bucket *b = gt_bucket_of(object);
	uint64_t waiting = atomic_load_explicit(&b->waiting, memory_order_acquire), word;
	struct waiters w = {.word = 0};
	uint32_t place = 0, taken = 0;

	if (waiting != 0 && waiting <= UINT16_MAX) { /* one, in the first place, as it mostly is */
		w.first = waiting_on(object, (uint32_t)waiting, &w.word);
		w.is_only = w.first;
		return w;
	}
	w.first = next_waiter(b, &place, &taken, object, &w.word);
	w.is_only = w.first && !next_waiter(b, &place, &taken, object, &word) && taken >= gt_waiters_count(b);
	return w;
}

/* A generation may end between a waiter's GoBlock and our section: then once more in a newer section. */
void gt_wake_all_slow(const void *object, const void *pc)
{
	GT_IN_SIGHT;
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	for (int tries = 0; t && tries < 3; tries++) {
		bool newer = false;

		if (!find(object).first)
			return;
		if (!gt_section_enter_running(&s, t)) {
			if (s.gen == 0)
				gt_release_slow(object);
			return;
		}
		gt_status_running(&s);
		gt_wake_claim(&s, object, pc, &newer);
		gt_section_leave(&s);
		if (!newer)
			return;
	}
}

/* The same for the only waiter, where everything is as it mostly is. False: nothing was written. */
static bool wake_only(const struct waiters *w, const void *pc)
{
	struct gt_section s;
	bool done;

	if (!GT_RULE_HOLDS(5) || !gt_resume_enter_plain(&s, GT_T_RUN, false))
		return false; /* it was seen before the section, so its GoBlock can't be newer: rule 5 has nothing to do here */
	done = claim(&s, w->first, w->word, pc) != CLAIM_NEWER;
	gt_section_leave(&s);
	return done;
}

void gt_wake_one_slow(const void *object, const void *pc)
{
	struct waiters w = find(object);

	if (!w.is_only)
		gt_release_slow(object);
	else if (!wake_only(&w, pc))
		gt_wake_all_slow(object, pc);
}

void gt_release_slow(const void *object)
{
	const struct gt_thread *t = gt_async_self ? gt_async_self : gt_self;

	if (t && atomic_load_explicit(&t->state, memory_order_relaxed) != GT_T_EXITED)
		gt_waiters_release(object, t->goid);
}

static void leave_waiters(struct gt_thread *t)
{
	if (t->place == GT_PLACE_NONE)
		return;
	gt_waiters_leave(atomic_load_explicit(&t->object, memory_order_relaxed), t->place);
	t->place = GT_PLACE_NONE;
}

uint64_t gt_wake_decide(struct gt_thread *t)
{
	uint64_t word;

	gt_delay();
	leave_waiters(t);
	word = atomic_load_explicit(&t->wait, memory_order_acquire);
	gt_delay();
	if (gt_wait_word_state(word) == GT_WAIT_WAITING &&
	    atomic_compare_exchange_strong(&t->wait, &word, word & ~(uint64_t)3))
		word &= ~(uint64_t)3;
	return word;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wakers: finding who waits on an object, claiming it, and writing its GoUnblock.
 *
 * A claim is a compare-and-swap of the waiter's wait word inside the waker's section, and only when the waiter's
 * GoBlock is not of a newer generation (ordering rule 5). The waker only reads the waiter's marks: the waiter
 * repeats the same reckoning when it finds that it was claimed (resume.c).
 */
#include "wake.h"

#include "resume.h"
#include "stacks.h"
#include "status.h"

/* How a search ended. */
enum claim { CLAIM_NO, CLAIM_DONE, CLAIM_NEWER };

/* The thread in this place if it waits on the object; *word is its wait word. */
static struct gt_thread *waiter_in(struct gt_bucket *b, int place, const void *object, uint64_t *word)
{
	uint32_t index = atomic_load_explicit(&b->place[place], memory_order_acquire);
	struct gt_thread *t;

	if (index == GT_NO_PLACE)
		return NULL;
	t = gt_thread_at(index);
	*word = atomic_load_explicit(&t->wait, memory_order_acquire);
	if (gt_wait_word_state(*word) != GT_WAIT_WAITING ||
	    atomic_load_explicit(&t->object, memory_order_relaxed) != object)
		return NULL;
	return t;
}

/*
 * What the marks say is read before the claim, since afterwards the waiter may move on; if the claim succeeds
 * nothing has changed in between.
 */
static enum claim claim(struct gt_section *s, struct gt_thread *g, uint64_t word, const void *pc)
{
	uint64_t claimed = gt_wait_word(s->gen, word >> 2, GT_WAIT_UNBLOCKED);
	bool traced = g->traced[s->gen & 1] == s->gen;
	uint64_t seq = traced ? g->gseq + 1 : 1;
	uint64_t goid = g->goid;
	enum gt_primitive primitive = g->primitive;
	const void *object = atomic_load_explicit(&g->object, memory_order_relaxed);
	bool assists = gt_ranges_of(g) & GT_RANGE_ASSIST;

	if (GT_RULE_HOLDS(5) && gt_gen_after(gt_wait_word_gen(word), s->gen))
		return CLAIM_NEWER;
	gt_delay();
	gt_section_time(s, gt_clock_after(s->gen));
	if (!atomic_compare_exchange_strong(&g->wait, &word, claimed))
		return CLAIM_NO;
	if (!traced) {
		gt_emit_GoStatus(s, (gt_g_t){goid}, (gt_m_t){GT_NONE}, (gt_gstatus_t){GT_G_Waiting});
		gt_status_wait(s, primitive, object);
	}
	if (!traced && assists)
		gt_emit_GCMarkAssistActive(s, (gt_g_t){goid});
	gt_emit_GoUnblock(s, (gt_g_t){goid}, (gt_g_seq_t){seq}, gt_stack_here(&s->t->memo, s->gen, pc));
	return CLAIM_DONE;
}

void gt_wake_claim(struct gt_section *s, const void *object, const void *pc, bool *newer)
{
	struct gt_bucket *b = gt_bucket_of(object);
	uint64_t word;

	for (int i = 0; i < GT_BUCKET_PLACES; i++) {
		struct gt_thread *g = waiter_in(b, i, object, &word);

		if (!g)
			continue;
		if (!gt_section_room(s))
			return;
		if (claim(s, g, word, pc) == CLAIM_NEWER)
			*newer = true;
	}
}

/* How many threads wait on the object, counted up to two; a waiter without a place counts as two. */
static int count(const void *object)
{
	struct gt_bucket *b = gt_bucket_of(object);
	uint32_t placed = 0;
	uint64_t word;
	int n = 0;

	for (int i = 0; i < GT_BUCKET_PLACES; i++) {
		if (atomic_load_explicit(&b->place[i], memory_order_relaxed) != GT_NO_PLACE)
			placed++;
		if (waiter_in(b, i, object, &word))
			n++;
	}
	return placed < atomic_load_explicit(&b->waiting, memory_order_relaxed) ? 2 : n;
}

/* A generation may end between a waiter's GoBlock and our section: then once more in a newer section. */
void gt_wake_all_slow(const void *object, const void *pc)
{
	struct gt_thread *t = gt_resume_ready();
	struct gt_section s;

	for (int tries = 0; t && tries < 3; tries++) {
		bool newer = false;

		if (count(object) == 0)
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

void gt_wake_one_slow(const void *object, const void *pc)
{
	if (count(object) == 1)
		gt_wake_all_slow(object, pc);
	else
		gt_release_slow(object);
}

void gt_release_slow(const void *object)
{
	struct gt_bucket *b = gt_bucket_of(object);
	struct gt_thread *t = gt_self;
	uint64_t word;

	if (!t || atomic_load_explicit(&t->state, memory_order_relaxed) == GT_T_EXITED)
		return;
	for (int i = 0; i < GT_BUCKET_PLACES; i++) {
		struct gt_thread *g = waiter_in(b, i, object, &word);

		if (g)
			atomic_store_explicit(&g->releaser, t->goid, memory_order_relaxed);
	}
}

void gt_wake_count(struct gt_thread *t, uint32_t gen)
{
	if ((t->traced[gen & 1] & 0x1fffffff) != gen) {
		t->traced[gen & 1] = gen;
		t->gseq = 0;
	}
	t->gseq++;
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

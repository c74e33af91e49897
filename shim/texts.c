/* SPDX-License-Identifier: BSD-3-Clause */
#include "texts.h"

#include "format/event.h"
#include "heap.h"
#include "live.h"
#include "thread.h"

#include <stdatomic.h>

/* String ids: kept texts first, then those of a generation. */
enum { FIRST_KEPT = GT_STRING_TEXT, FIRST_TEXT = FIRST_KEPT + GT_KEPT_MAX, PROBES = 64 };
_Static_assert(GT_KEPT_MAX + GT_TEXTS_MAX <= GT_LIVE_TEXTS_MAX, "each has a place in the live file");

enum state { FREE, TAKEN, READY };

/*
 * Law: a row is written by who took it, before it is ready, and not changed until its table is forgotten. It has its place
 * in the order before it is ready: what can be found is written. Two threads may add a text twice.
 */
struct row {
	_Atomic uint32_t state; /* enum state */
	uint32_t hash;
	const char *text;
	_Atomic uint32_t used[2]; /* by generation parity: the generation that uses a kept text */
};

struct table {
	struct row *rows;
	_Atomic uint32_t *order; /* places of rows in use, plus 1 */
	char *bytes;
	uint32_t max, room;
	_Atomic uint32_t count; /* of rows in use */
	_Atomic uint32_t taken; /* of bytes */
	_Atomic bool has_warned;
};

static struct table of_generation[2]; /* by parity */
static struct table kept_texts;

/* Copies of what generations use, by parity: those of a process that is killed can still be read. */
static struct gt_live_texts *live_texts[2];

struct text {
	const char *bytes;
	size_t len;
	uint32_t hash;
};

static bool table_start(struct table *t, uint32_t max, uint32_t room)
{
	if (t->bytes)
		return true;
	t->rows = gt_heap_take(max * sizeof(*t->rows));
	t->order = gt_heap_take(max * sizeof(*t->order));
	t->bytes = gt_heap_take(room);
	t->max = max;
	t->room = room;
	return t->rows && t->order && t->bytes;
}

bool gt_texts_start(void)
{
	if (!table_start(&of_generation[0], GT_TEXTS_MAX, GT_TEXTS_BYTES) ||
	    !table_start(&of_generation[1], GT_TEXTS_MAX, GT_TEXTS_BYTES) ||
	    !table_start(&kept_texts, GT_KEPT_MAX, GT_KEPT_BYTES))
		return false;
	return true;
}

void gt_texts_attach(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		live_texts[i] = gt_live_at(gt_live_head()->texts[i]);
		gt_texts_forget(i);
	}
}

static bool continues(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

/* What is cut off begins with a whole character, if there are whole characters at all. */
static size_t cut(const char *text, size_t len)
{
	size_t start = len;

	while (start > len - 3 && continues(text[start]))
		start--;
	return continues(text[start]) ? len : start;
}

static struct text measure(const char *text)
{
	struct text t = {text, 0, 2166136261};

	while (t.len < GT_MAX_STRING && text[t.len])
		t.hash = (t.hash ^ (uint8_t)text[t.len++]) * 16777619;
	if (t.len == GT_MAX_STRING && text[t.len])
		t.len = cut(text, t.len);
	t.hash ^= t.hash >> 16;
	return t;
}

static bool is(const char *text, const struct text *wanted)
{
	return __builtin_strncmp(text, wanted->bytes, wanted->len) == 0 && text[wanted->len] == 0;
}

static char *take_bytes(struct table *t, size_t len)
{
	uint32_t taken = atomic_load_explicit(&t->taken, memory_order_relaxed);

	do {
		if (len > t->room - taken)
			return NULL;
	} while (!atomic_compare_exchange_weak(&t->taken, &taken, taken + (uint32_t)len));
	return t->bytes + taken;
}

/* Fills the row that was taken; false when there is no memory for its text. */
static bool fill(struct table *t, struct row *row, const struct text *text)
{
	char *copy = take_bytes(t, text->len + 1);

	if (!copy) {
		atomic_store(&row->state, FREE);
		return false;
	}
	__builtin_memcpy(copy, text->bytes, text->len);
	copy[text->len] = 0;
	row->text = copy;
	row->hash = text->hash;
	atomic_store(&t->order[atomic_fetch_add(&t->count, 1)], (uint32_t)(row - t->rows) + 1);
	atomic_store_explicit(&row->state, READY, memory_order_release);
	return true;
}

/* The place of a text, added unless it is there. False, counted, when it does not fit. */
static bool place_of(struct table *t, const struct text *text, uint32_t *place)
{
	uint32_t at = text->hash % t->max;

	for (int i = 0; i < PROBES; i++, at = (at + 1) % t->max) {
		struct row *row = &t->rows[at];
		uint32_t seen = atomic_load_explicit(&row->state, memory_order_acquire);

		*place = at;
		if (seen == READY && row->hash == text->hash && is(row->text, text))
			return true;
		if (seen != FREE || !atomic_compare_exchange_strong(&row->state, &seen, TAKEN))
			continue;
		if (fill(t, row, text))
			return true;
		break;
	}
	gt_drop(GT_DROP_STRINGS);
	return false;
}

/* Two threads may do it at once: the later copy stays. */
static uint64_t use(uint64_t string, const char *text, uint32_t gen)
{
	struct gt_live_texts *live = live_texts[gen & 1];
	_Atomic uint32_t *at = &live->at[string - GT_STRING_TEXT];
	uint32_t room = atomic_load_explicit(&live->room, memory_order_relaxed);
	uint32_t used = atomic_load_explicit(&live->used, memory_order_relaxed);
	size_t len = __builtin_strlen(text) + 1;

	if (atomic_load_explicit(at, memory_order_relaxed))
		return string;
	do {
		if (used + len > room)
			return string;
	} while (!atomic_compare_exchange_weak(&live->used, &used, used + (uint32_t)len));
	__builtin_memcpy(live->byte + used, text, len);
	atomic_store_explicit(at, used + 1, memory_order_release);
	return string;
}

uint64_t gt_text_of(const char *text, uint32_t gen)
{
	struct table *t = &of_generation[gen & 1];
	struct text wanted = measure(text);
	uint32_t place;

	if (wanted.len == 0 || !place_of(t, &wanted, &place))
		return 0;
	return use(FIRST_TEXT + place, t->rows[place].text, gen);
}

uint32_t gt_text_keep(const char *text)
{
	struct text wanted = measure(text);
	uint32_t place;

	return place_of(&kept_texts, &wanted, &place) ? place + 1 : 0;
}

bool gt_text_is(uint32_t kept, const char *text)
{
	struct text wanted = measure(text);

	return kept == 0 || is(kept_texts.rows[kept - 1].text, &wanted);
}

const char *gt_text_read(uint32_t kept)
{
	return kept == 0 ? "" : kept_texts.rows[kept - 1].text;
}

uint64_t gt_text_kept(uint32_t kept, uint32_t gen)
{
	if (kept == 0)
		return 0;
	atomic_store_explicit(&kept_texts.rows[kept - 1].used[gen & 1], gen, memory_order_relaxed);
	return use(FIRST_KEPT + kept - 1, kept_texts.rows[kept - 1].text, gen);
}

static bool is_used(const struct row *row, uint32_t gen)
{
	return atomic_load_explicit(&row->used[gen & 1], memory_order_relaxed) == gen;
}

/* The generation's own rows, then the kept ones, to which others may be adding. */
uint64_t gt_texts_next(uint32_t gen, uint32_t *at, const char **text)
{
	const struct table *own = &of_generation[gen & 1];
	uint32_t n = atomic_load(&own->count);
	uint32_t all = n + atomic_load(&kept_texts.count);

	while (*at < all) {
		uint32_t i = (*at)++;
		const struct table *t = i < n ? own : &kept_texts;
		uint32_t place = atomic_load(&t->order[i < n ? i : i - n]);

		if (place == 0 || atomic_load_explicit(&t->rows[place - 1].state, memory_order_acquire) != READY ||
		    (t == &kept_texts && !is_used(&t->rows[place - 1], gen)))
			continue;
		*text = t->rows[place - 1].text;
		return (t == own ? FIRST_TEXT : FIRST_KEPT) + place - 1;
	}
	return 0;
}

static void forget_copies(uint32_t gen)
{
	struct gt_live_texts *live = live_texts[gen & 1];

	if (!gt_live_is_prepared(gen) || atomic_load(&live->used) == 0)
		return;
	for (int i = 0; i < GT_LIVE_TEXTS_MAX; i++)
		atomic_store_explicit(&live->at[i], 0, memory_order_relaxed);
	atomic_store(&live->used, 0);
}

void gt_texts_forget(uint32_t gen)
{
	struct table *t = &of_generation[gen & 1];
	uint32_t n = atomic_load(&t->count);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t place = atomic_load(&t->order[i]);

		atomic_store(&t->order[i], 0);
		if (place)
			atomic_store(&t->rows[place - 1].state, FREE);
	}
	atomic_store(&t->taken, 0);
	atomic_store(&t->count, 0);
	atomic_store(&t->has_warned, false);
	forget_copies(gen);
}

void gt_texts_reserve(void)
{
	enum { MOST = GT_LIVE_TEXTS - sizeof(struct gt_live_texts) };

	for (uint32_t i = 0; i < 2; i++) {
		struct gt_live_texts *live = live_texts[i];
		uint64_t at = gt_live_head()->texts[i] + sizeof(*live);
		uint32_t room;

		if (!gt_live_is_prepared(i))
			continue;
		room = atomic_load(&live->room);
		if (room < MOST && atomic_load(&live->used) > room / 4 && gt_live_solid(at + room, at + MOST))
			atomic_store(&live->room, MOST);
	}
}

bool gt_texts_scarce(uint32_t gen)
{
	const struct table *t = &of_generation[gen & 1];

	return atomic_load_explicit(&t->count, memory_order_relaxed) > GT_TEXTS_MAX / 2 ||
	       atomic_load_explicit(&t->taken, memory_order_relaxed) > GT_TEXTS_BYTES / 2;
}

bool gt_texts_warn(uint32_t gen)
{
	struct table *t = &of_generation[gen & 1];

	return gt_texts_scarce(gen) && !atomic_load_explicit(&t->has_warned, memory_order_relaxed) &&
	       !atomic_exchange(&t->has_warned, true);
}

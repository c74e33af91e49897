/* SPDX-License-Identifier: BSD-3-Clause */
#include "callable.h"

#include "cxx_state.h"
#include "heap.h"
#include "peek.h"
#include "process_state.h"
#include "rust_closure.h"

#include <stdatomic.h>
#include <stddef.h>

enum { ROWS = 256, PROBES = 16, ROUTINES = 64, LOWEST = 0x1000 };

/* A row is claimed by its key, and is there when it is ready. */
static struct row {
	_Atomic uint64_t table;
	_Atomic bool is_ready;
	struct gt_callable is;
} rows[ROWS];
static _Atomic bool has_any;

/* Routines that are nobody's library: their arguments are not looked at again. */
static _Atomic uint64_t plain[ROUTINES];

static uint32_t hash(uint64_t word, uint32_t count)
{
	return (uint32_t)((word * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % count;
}

static const struct gt_callable *known(uint64_t table)
{
	uint32_t at = hash(table, ROWS);

	for (int i = 0; table && i < PROBES; i++, at = (at + 1) % ROWS) {
		uint64_t seen = atomic_load_explicit(&rows[at].table, memory_order_relaxed);

		if (seen == table && atomic_load_explicit(&rows[at].is_ready, memory_order_acquire))
			return &rows[at].is;
		if (seen == 0)
			break;
	}
	return NULL;
}

static bool is_pc_known(uint64_t pc)
{
	for (int i = 0; i < ROWS; i++) {
		if (atomic_load_explicit(&rows[i].is_ready, memory_order_acquire) && rows[i].is.pc == pc)
			return true;
	}
	return false;
}

/* Nothing of the name is left when there is no memory. */
static void keep_name(struct gt_callable *c)
{
	size_t len = c->name ? __builtin_strlen(c->name) + 1 : 0;
	char *copy = len ? gt_heap_take(len) : NULL;

	if (copy)
		__builtin_memcpy(copy, c->name, len);
	c->name = copy;
}

/* Compilers make one function of two that are alike. Then the virtual table tells the two apart. */
static void keep(struct gt_callable *c)
{
	uint32_t at = hash(c->table, ROWS);

	if (is_pc_known(c->pc))
		c->pc = c->table;
	for (int i = 0; i < PROBES; i++, at = (at + 1) % ROWS) {
		uint64_t seen = 0;

		if (atomic_compare_exchange_strong(&rows[at].table, &seen, c->table)) {
			rows[at].is = *c;
			keep_name(&rows[at].is);
			atomic_store_explicit(&has_any, true, memory_order_relaxed);
			atomic_store_explicit(&rows[at].is_ready, true, memory_order_release);
			return;
		}
		if (seen == c->table)
			return;
	}
}

static uint64_t pc_of(const struct gt_callable *c, uint64_t object)
{
	uint64_t function = gt_cxx_state_function(c, object);

	return function ? function : c->pc;
}

static uint64_t learn(uint64_t object, const uint64_t *words, size_t n)
{
	char name[GT_CALLABLE_NAME];
	struct gt_callable c;

	if (!n || (!gt_cxx_state(object, words[0], &c, name) && !gt_rust_closure(words, n, &c)))
		return 0;
	keep(&c);
	return pc_of(&c, object);
}

/* 0: it is none that we know. */
static uint64_t find(uint64_t object)
{
	uint64_t words[GT_RUST_WORDS];
	size_t n = gt_peek_some(object, words, sizeof(words)) / sizeof(*words);

	for (size_t i = 0; i < n; i++) {
		const struct gt_callable *c = known(words[i]);

		if (c && c->word == i)
			return pc_of(c, object);
	}
	return learn(object, words, n);
}

const void *gt_callable_of(const void *routine, const void *arg)
{
	uint64_t object = (uint64_t)(uintptr_t)arg;
	_Atomic uint64_t *is_plain = &plain[hash((uint64_t)(uintptr_t)routine, ROUTINES)];
	uint64_t pc;

	if (object < LOWEST || object % sizeof(object) || !gt_process_is_recording() ||
	    atomic_load_explicit(is_plain, memory_order_relaxed) == (uint64_t)(uintptr_t)routine)
		return routine;
	pc = find(object);
	if (pc)
		return (const void *)(uintptr_t)pc;
	atomic_store_explicit(is_plain, (uint64_t)(uintptr_t)routine, memory_order_relaxed);
	return routine;
}

static bool name_of(const struct gt_callable *c, char *to, uint32_t len)
{
	size_t need = c->name ? __builtin_strlen(c->name) + 1 : 0;

	if (!c->name)
		return gt_rust_closure_name(c, to, len);
	if (need <= len)
		__builtin_memcpy(to, c->name, need);
	return need <= len;
}

bool gt_callable_name(uint64_t pc, char *to, uint32_t len)
{
	if (!atomic_load_explicit(&has_any, memory_order_relaxed))
		return false;
	for (int i = 0; i < ROWS; i++) {
		if (atomic_load_explicit(&rows[i].is_ready, memory_order_acquire) && rows[i].is.pc == pc)
			return name_of(&rows[i].is, to, len);
	}
	return false;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "rust_closure.h"

#include "function.h"
#include "modules.h"
#include "peek.h"
#include "text.h"

#include <elf.h>

enum { WORD = 8, PAGE = 4096, SIZE_MAX_ = 1 << 20, ALIGN_MAX = 4096, SEGMENT_MAX = 16 << 20, SEGMENTS = 64 };

struct table {
	uint64_t drop;
	uint64_t size;
	uint64_t align;
	uint64_t call;
};

struct segment {
	uint64_t begin;
	uint64_t end;
};

static bool has_shape(const struct table *t, uint64_t data)
{
	return t->align && t->align <= ALIGN_MAX && (t->align & (t->align - 1)) == 0 && t->size &&
	       t->size < SIZE_MAX_ && t->size % t->align == 0 && data % t->align == 0;
}

static bool read_table(uint64_t data, uint64_t at, struct table *t)
{
	struct dl_find_object object;

	return data && at && at % WORD == 0 && gt_function_loaded(at, &object) && gt_peek(at, t, sizeof(*t)) &&
	       has_shape(t, data) && gt_function_size(t->drop) && gt_function_size(t->call);
}

/* The part of a loaded file that holds `at`, as far as it comes from the file. */
static bool find_segment(uint64_t at, struct segment *s)
{
	struct dl_find_object object;
	Elf64_Ehdr head;
	Elf64_Phdr ph;
	uint64_t bias = 0;
	bool is_first = true;

	if (!gt_function_loaded(at, &object) || !gt_peek((uint64_t)object.dlfo_map_start, &head, sizeof(head)) ||
	    __builtin_memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	for (int i = 0; i < head.e_phnum && i < SEGMENTS; i++) {
		if (!gt_peek((uint64_t)object.dlfo_map_start + head.e_phoff + (uint64_t)i * sizeof(ph), &ph,
			     sizeof(ph)))
			return false;
		if (ph.p_type != PT_LOAD)
			continue;
		if (is_first)
			bias = (uint64_t)object.dlfo_map_start - ph.p_vaddr / PAGE * PAGE;
		is_first = false;
		*s = (struct segment){bias + ph.p_vaddr, bias + ph.p_vaddr + ph.p_filesz};
		if (at >= s->begin && at < s->end)
			return true;
	}
	return false;
}

/* Of the words in [at, end), which can be read: it is memory of no object of ours, so no sanitizer of ours may look at it. */
static __attribute__((no_sanitize("address"))) void count_in(uint64_t at, uint64_t end, const struct gt_callable *c,
							     size_t *calls, size_t *drops)
{
	for (; at < end; at += WORD) {
		uint64_t word = *(const volatile uint64_t *)(uintptr_t)at;

		if (__builtin_expect((word == c->call) | (word == c->drop), 0)) {
			*calls += word == c->call;
			*drops += word == c->drop;
		}
	}
}

/*
 * How often two functions stand in a segment. Each virtual table has both, so that tells whether they are one closure's. It may be
 * of many megabytes, and the thread that is to be created waits: nothing is copied, and the kernel is asked once a page.
 */
static void count(const struct segment *s, const struct gt_callable *c, size_t *calls, size_t *drops)
{
	uint64_t at = (s->begin + WORD - 1) / WORD * WORD, end = s->end / WORD * WORD;
	size_t piece;

	for (; at < end && (piece = gt_peek_piece(at, end - at)); at += piece)
		count_in(at, at + piece, c, calls, drops);
}

/* Two closures whose code is one have virtual tables of their own. */
static void describe(struct gt_callable *c, uint64_t at, const struct table *t)
{
	struct segment s;
	size_t calls = 0;
	size_t drops = 0;

	*c = (struct gt_callable){.table = at, .call = t->call, .drop = t->drop};
	if (find_segment(at, &s) && s.end - s.begin <= SEGMENT_MAX)
		count(&s, c, &calls, &drops);
	c->call = calls == 1 ? t->call : 0;
	c->drop = drops == 1 ? t->drop : 0;
	c->pc = c->call ? c->call : at;
}

bool gt_rust_closure(const uint64_t *words, size_t n, struct gt_callable *c)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct table t;

		if (read_table(words[i], words[i + 1], &t)) {
			describe(c, words[i + 1], &t);
			c->word = (uint8_t)(i + 1);
			return true;
		}
	}
	return false;
}

static bool says_path(uint64_t function, char *to, uint32_t len)
{
	if (!function)
		return false;
	gt_modules_symbol(gt_modules_find(function), function + 1, to, len);
	return gt_text_find(to, "spawn_unchecked") != NULL;
}

bool gt_rust_closure_name(const struct gt_callable *c, char *to, uint32_t len)
{
	return says_path(c->call, to, len) || says_path(c->drop, to, len);
}

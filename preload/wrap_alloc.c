/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The allocator's functions, counted (GTRACE_HEAP; by_glibc, by_others) or written down one by one (GTRACE_ALLOCFREE;
 * traced): a body of each kind for each row of allocators.def, chosen once at start, so that none asks which it is. Not
 * exported: see interpose.h.
 *
 * They may be called from anywhere: by the dynamic linker with its lock held, in a handler, after a thread's last word.
 */
#include "wrap_alloc.h"

#include "interpose.h"
#include "real.h"

#include "../shim/heap_level.h"
#include "../shim/objects.h"
#include "../shim/process.h"
#include "../shim/thread.h"

#include <malloc.h>

typedef uintptr_t word;

/* The allocator's own answer; NULL: glibc's, which stands in front of each object, with three flags in it. */
static size_t (*usable_size)(void *);

enum { GLIBC_FLAGS = 7, GLIBC_MAPPED = 2, PAGE = 4096 };

static inline size_t glibc_head(const void *at)
{
	return ((const size_t *)at)[-1];
}

static inline int64_t size_by_glibc(void *at)
{
	return (int64_t)(glibc_head(at) & ~(size_t)GLIBC_FLAGS);
}

static inline int64_t size_by_others(void *at)
{
	return (int64_t)usable_size(at);
}

static int64_t size_of(void *at)
{
	return usable_size ? size_by_others(at) : size_by_glibc(at);
}

static struct gt_heap_object object(void *at, int64_t bytes)
{
	bool has_pages = usable_size ? bytes && (((uintptr_t)at | (size_t)bytes) & (PAGE - 1)) == 0
				     : (glibc_head(at) & GLIBC_MAPPED) != 0;

	return (struct gt_heap_object){at, (size_t)bytes, has_pages};
}

static void trace_taken(void *at)
{
	int64_t bytes = size_of(at);

	gt_heap_count(bytes);
	gt_object_taken(object(at, bytes));
}

/* What realloc will do, told before: to let the old memory go, and perhaps to take it back. */
static struct gt_heap_object trace_retaking(void *at)
{
	struct gt_heap_object old = {0};

	if (!at)
		return old;
	old = object(at, size_of(at));
	gt_object_freed(old);
	return old;
}

static void trace_retaken(struct gt_heap_object old, void *at, word size)
{
	int64_t bytes = at ? size_of(at) : 0;

	if (!at && size) {
		if (old.at)
			gt_object_stays(old);
		return;
	}
	gt_heap_count(bytes - (int64_t)old.bytes);
	if (at)
		gt_object_taken(object(at, bytes));
}

static void trace_freeing(void *at)
{
	int64_t bytes = size_of(at);

	gt_heap_count(-bytes);
	gt_object_freed(object(at, bytes));
}

/* Out of line, so that the bodies keep nothing over a call and need no frame. */
static __attribute__((noinline)) void *settled(void *at)
{
	gt_heap_settle();
	return at;
}

static __attribute__((noinline)) void settle_and_free(void (*real)(void *, word, word), void *at, word a, word b)
{
	gt_heap_settle();
	real(at, a, b);
}

#define COUNT_TAKE(id, by)                                                                                             \
	static void *id##_##by(word a, word b, word c)                                                                 \
	{                                                                                                              \
		void *at = real_##id(a, b, c);                                                                         \
                                                                                                                       \
		return __builtin_expect(at != NULL, 1) && gt_heap_took(size_##by(at)) ? settled(at) : at;              \
	}
#define TAKE(id)                                                                                                       \
	static void *(*real_##id)(word, word, word);                                                                   \
	COUNT_TAKE(id, by_glibc)                                                                                       \
	COUNT_TAKE(id, by_others)                                                                                      \
	static void *id##_traced(word a, word b, word c)                                                               \
	{                                                                                                              \
		void *at = real_##id(a, b, c);                                                                         \
                                                                                                                       \
		if (at)                                                                                                \
			trace_taken(at);                                                                               \
		return at;                                                                                             \
	}

#define COUNT_TAKE_AT(id, by)                                                                                          \
	static int id##_##by(void **to, word alignment, word size)                                                     \
	{                                                                                                              \
		int error = real_##id(to, alignment, size);                                                            \
                                                                                                                       \
		if (!error && *to)                                                                                     \
			gt_heap_count(size_##by(*to));                                                                 \
		return error;                                                                                          \
	}
#define TAKE_AT(id)                                                                                                    \
	static int (*real_##id)(void **, word, word);                                                                  \
	COUNT_TAKE_AT(id, by_glibc)                                                                                    \
	COUNT_TAKE_AT(id, by_others)                                                                                   \
	static int id##_traced(void **to, word alignment, word size)                                                   \
	{                                                                                                              \
		int error = real_##id(to, alignment, size);                                                            \
                                                                                                                       \
		if (!error && *to)                                                                                     \
			trace_taken(*to);                                                                              \
		return error;                                                                                          \
	}

#define COUNT_RETAKE(id, by)                                                                                           \
	static void *id##_##by(void *old, word size, word more)                                                        \
	{                                                                                                              \
		int64_t before = old ? size_##by(old) : 0;                                                             \
		void *at = real_##id(old, size, more);                                                                 \
                                                                                                                       \
		if (at || !size)                                                                                       \
			gt_heap_count((at ? size_##by(at) : 0) - before);                                              \
		return at;                                                                                             \
	}
#define RETAKE(id)                                                                                                     \
	static void *(*real_##id)(void *, word, word);                                                                 \
	COUNT_RETAKE(id, by_glibc)                                                                                     \
	COUNT_RETAKE(id, by_others)                                                                                    \
	static void *id##_traced(void *old, word size, word more)                                                      \
	{                                                                                                              \
		struct gt_heap_object before = trace_retaking(old);                                                    \
		void *at = real_##id(old, size, more);                                                                 \
                                                                                                                       \
		trace_retaken(before, at, size);                                                                       \
		return at;                                                                                             \
	}

#define COUNT_SIZE_AT(id, by)                                                                                          \
	static size_t id##_##by(void *at, word size, word more, word flags)                                            \
	{                                                                                                              \
		int64_t before = size_##by(at);                                                                        \
		size_t now = real_##id(at, size, more, flags);                                                         \
                                                                                                                       \
		gt_heap_count(size_##by(at) - before);                                                                 \
		return now;                                                                                            \
	}
#define SIZE_AT(id)                                                                                                    \
	static size_t (*real_##id)(void *, word, word, word);                                                          \
	COUNT_SIZE_AT(id, by_glibc)                                                                                    \
	COUNT_SIZE_AT(id, by_others)                                                                                   \
	static size_t id##_traced(void *at, word size, word more, word flags)                                          \
	{                                                                                                              \
		struct gt_heap_object before = trace_retaking(at);                                                     \
		size_t now = real_##id(at, size, more, flags);                                                         \
                                                                                                                       \
		trace_retaken(before, at, size);                                                                       \
		return now;                                                                                            \
	}

#define COUNT_FREE(id, by)                                                                                             \
	static void id##_##by(void *at, word a, word b)                                                                \
	{                                                                                                              \
		if (__builtin_expect(at != NULL, 1) && gt_heap_took(-size_##by(at)))                                   \
			settle_and_free(real_##id, at, a, b);                                                          \
		else                                                                                                   \
			real_##id(at, a, b);                                                                           \
	}
#define FREE(id)                                                                                                       \
	static void (*real_##id)(void *, word, word);                                                                  \
	COUNT_FREE(id, by_glibc)                                                                                       \
	COUNT_FREE(id, by_others)                                                                                      \
	static void id##_traced(void *at, word a, word b)                                                              \
	{                                                                                                              \
		if (at)                                                                                                \
			trace_freeing(at);                                                                             \
		real_##id(at, a, b);                                                                                   \
	}

#define LIBC_USES RETAKE

#define ALLOCATOR(shape, id, symbol) shape(id)
#include "allocators.def"

#undef LIBC_USES

enum { IS_TAKE, IS_TAKE_AT, IS_RETAKE, IS_SIZE_AT, IS_FREE, IS_LIBC_USES };

#define ROW(shape, id, symbol, how) {symbol, (void **)&real_##id, (void *)id##_##how, IS_##shape == IS_LIBC_USES},

#define ALLOCATOR(shape, id, symbol) ROW(shape, id, symbol, by_glibc)
static const struct gt_interposed by_glibc[] = {
#include "allocators.def"
};

#define ALLOCATOR(shape, id, symbol) ROW(shape, id, symbol, by_others)
static const struct gt_interposed by_others[] = {
#include "allocators.def"
};

#define ALLOCATOR(shape, id, symbol) ROW(shape, id, symbol, traced)
static const struct gt_interposed traced[] = {
#include "allocators.def"
};

enum { ROWS = sizeof(traced) / sizeof(traced[0]) };

/* Whether the size stands in front of objects, as in every glibc so far. */
static bool is_head_known(size_t (*usable)(void *))
{
	static const size_t sizes[] = {1, 24, 25, 1000};
	bool is_known = true;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		void *at = real_malloc(sizes[i], 0, 0);

		is_known &= at && (glibc_head(at) & ~(size_t)GLIBC_FLAGS) == usable(at) + sizeof(size_t);
		real_free(at, 0, 0);
	}
	return is_known;
}

/* What libc's heap holds before anybody is counted: the dynamic linker's own. */
static int64_t used_before(bool is_libc)
{
	struct mallinfo2 (*info)(void) = is_libc ? gt_real_libc("mallinfo2", "GLIBC_2.33") : NULL;
	struct mallinfo2 used;

	if (!info)
		return 0;
	used = info();
	return (int64_t)(used.uordblks + used.hblkhd);
}

static const struct gt_interposed *chosen(void)
{
	if (gt_objects_on)
		return traced;
	return usable_size ? by_others : by_glibc;
}

void gt_alloc_start(void)
{
	struct gt_allocator allocator;
	int64_t used;

	if (!gt_process_watches_heap())
		return;
	if (!gt_interpose_find(traced, ROWS, &allocator)) {
		gt_drop(GT_DROP_HEAP);
		return;
	}
	usable_size = allocator.is_libc && is_head_known(allocator.usable_size) ? NULL : allocator.usable_size;
	used = used_before(allocator.is_libc);
	if (gt_interpose(chosen(), ROWS))
		gt_heap_level_count(used);
	else
		gt_drop(GT_DROP_HEAP);
}

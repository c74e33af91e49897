/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Its hook is called with its lock held, and partly with all other threads stopped: nothing here waits, and of its
 * functions only those are called that take no lock. Its own words are in gc.h of version 8.
 *
 * An ordinary collection is START, PRE_STOP_WORLD ... POST_START_WORLD with the marking in between, RECLAIM_START,
 * RECLAIM_END, END. An incremental one has neither START nor END, may stop the world several times until MARK_END comes, and
 * may lie inside an ordinary one, which finishes it first. One that is given up says nothing more.
 */
#include "boehm.h"

#include "rebind.h"
#include "wrap.h"

#include "../shim/collector.h"
#include "../shim/gc.h"
#include "../shim/heap_level.h"
#include "../shim/process_state.h"
#include "../shim/ranges.h"

#include <string.h>

enum event {
	START,
	MARK_START,
	MARK_END,
	RECLAIM_START,
	RECLAIM_END,
	END,
	PRE_STOP_WORLD,
	POST_STOP_WORLD,
	PRE_START_WORLD,
	POST_START_WORLD,
};

typedef void hook_fn(enum event event);

/* The first words of its statistics. */
enum { RECLAIMED = 8, STATISTICS };

static struct {
	void (*set)(hook_fn *hook);
	hook_fn *(*get)(void);
	void *(*with_lock)(void *(*function)(void *), void *arg);
	int (*is_incremental)(void);
	size_t (*heap_size)(void);
	size_t (*free_bytes)(void);
	size_t (*statistics)(size_t words[], size_t size);
	_Atomic(hook_fn *) hook; /* the program's */
	/* Under its lock: */
	size_t swept;
	bool is_marked;
} boehm;

static size_t in_use(void)
{
	return boehm.heap_size() - boehm.free_bytes();
}

static size_t reclaimed(void)
{
	size_t words[STATISTICS] = {0};

	boehm.statistics(words, sizeof(words));
	return words[RECLAIMED];
}

static void begin(const void *pc)
{
	if (gt_gc_is_active())
		return;
	gt_gc_begin(pc);
	gt_heap_level_set(in_use());
}

static void end(void)
{
	if (gt_gc_is_active())
		gt_gc_end();
}

static void end_assist(void)
{
	if (gt_range_is_open(GT_RANGE_ASSIST))
		gt_assist_end();
}

/* The world goes on. Whoever collects all at once and has not marked everything gives it up. */
static void go_on(void)
{
	end_assist();
	if (gt_range_is_open(GT_RANGE_STW))
		gt_stw_end();
	if (!boehm.is_marked && !boehm.is_incremental())
		end();
}

static void end_reclaim(void)
{
	if (gt_range_is_open(GT_RANGE_SWEEP))
		gt_sweep_end(boehm.swept, reclaimed());
	end();
	gt_heap_level_set(in_use());
	gt_heap_level_set_goal(boehm.heap_size());
}

static void see(enum event event, const void *pc)
{
	switch (event) {
	case START:
		if (!boehm.is_incremental())
			end();
		begin(pc);
		break;
	case PRE_STOP_WORLD:
		boehm.is_marked = false;
		begin(pc);
		gt_stw_begin("GC mark", pc);
		break;
	case MARK_START:
		begin(pc);
		if (boehm.is_incremental())
			gt_assist_begin(pc);
		break;
	case MARK_END:
		boehm.is_marked = true;
		end_assist();
		break;
	case POST_START_WORLD:
		go_on();
		break;
	case RECLAIM_START:
		boehm.swept = in_use();
		gt_sweep_begin(pc);
		break;
	case RECLAIM_END:
		end_reclaim();
		break;
	default:
		break;
	}
}

static void on_event(enum event event)
{
	hook_fn *hook = atomic_load_explicit(&boehm.hook, memory_order_relaxed);

	see(event, GT_CALLER);
	if (hook)
		hook(event);
}

static void *store(void *hook)
{
	atomic_store_explicit(&boehm.hook, (hook_fn *)hook, memory_order_relaxed);
	return NULL;
}

static void *load(void *unused __attribute__((unused)))
{
	return (void *)atomic_load_explicit(&boehm.hook, memory_order_relaxed);
}

/* In place of GC_set_on_collection_event() and GC_get_on_collection_event(), under the same lock as they. */
static void set_hook(hook_fn *hook)
{
	boehm.with_lock(store, (void *)hook);
}

static hook_fn *get_hook(void)
{
	return (hook_fn *)boehm.with_lock(load, NULL);
}

static int find_code(struct dl_phdr_info *info, size_t size __attribute__((unused)), void *found)
{
	const char *base = info->dlpi_name ? strrchr(info->dlpi_name, '/') : NULL;

	if (!base || strncmp(base, "/libgc.so.", sizeof("/libgc.so.") - 1) != 0)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && p->p_flags & PF_X)
			*(struct gt_collector *)found = (struct gt_collector){info->dlpi_addr + p->p_vaddr, p->p_memsz};
	}
	return 1;
}

static bool find_functions(void)
{
	static const struct {
		const char *name;
		void *to;
	} functions[] = {
		{"GC_set_on_collection_event", &boehm.set},      {"GC_get_on_collection_event", &boehm.get},
		{"GC_call_with_alloc_lock", &boehm.with_lock},   {"GC_is_incremental_mode", &boehm.is_incremental},
		{"GC_get_heap_size", &boehm.heap_size},          {"GC_get_free_bytes", &boehm.free_bytes},
		{"GC_get_prof_stats_unsafe", &boehm.statistics},
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = gt_real_next(functions[i].name);

		if (!function)
			return false;
		*(void **)functions[i].to = function;
	}
	return true;
}

void gt_boehm_start(void)
{
	gt_iterate_fn *iterate = (gt_iterate_fn *)gt_real_libc("dl_iterate_phdr", "GLIBC_2.2.5");
	struct gt_collector code = {0, 0};
	const struct gt_rebinding hooks[] = {
		{"GC_set_on_collection_event", (const void *)set_hook},
		{"GC_get_on_collection_event", (const void *)get_hook},
	};

	if (!iterate || !iterate(find_code, &code) || code.size == 0 || !find_functions())
		return;
	gt_collector = code;
	boehm.hook = boehm.get();
	gt_rebind(iterate, hooks, sizeof(hooks) / sizeof(hooks[0]));
	boehm.set(on_event);
}

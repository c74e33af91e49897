/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a program can tell libgtrace about itself. C99 and C++11 upwards.
 *
 * There is nothing to link. Where libgtrace.so is not preloaded, and in a static executable, every call finds nobody and
 * returns: a load and a branch. So annotations may stay in what is shipped.
 *
 * All calls may come from any thread and from signal handlers, change no errno, allocate nothing, and never fail in a
 * way that the program can see: what does not fit (an end without its begin, another name, NULL) is left out of the
 * trace and counted there ("an annotation that does not fit" in `gtrace stats`). Texts are copied; 1024 bytes of each count,
 * unless it says otherwise.
 *
 * Functions of this header are inline: each is a call of the function of the same name in libgtrace.so.
 */
#ifndef GTRACE_H
#define GTRACE_H

#include <stdint.h>

#if defined(__GNUC__)
#define GTRACE_INLINE_ static inline __attribute__((always_inline, unused))
#define GTRACE_MEMBER_ __attribute__((always_inline)) inline
#define GTRACE_PRINTF_(at) __attribute__((format(printf, at, at + 1)))
#define GTRACE_NAME_(name) __asm__(#name "_inline") /* else it would find itself, where its address is taken */
#else
#define GTRACE_INLINE_ static inline
#define GTRACE_MEMBER_ inline
#define GTRACE_PRINTF_(at)
#define GTRACE_NAME_(name)
#endif

/*
 * Where the library's function is, NULL without it. A weak symbol, loaded from the global offset table: the one way that
 * leads to a preloaded library from every kind of program and that the linker fills with 0 in a static one. The compiler's
 * own code for a weak symbol is a 0 that the linker writes for good where the program is not position-independent.
 */
#if defined(__GNUC__) && defined(__ELF__) && defined(__x86_64__) && !defined(__ILP32__)
#define GTRACE_FIND_(pointer, name)                                                                                    \
	__asm__(".weak " #name "\n\tmov{q}\t{" #name "@GOTPCREL(%%rip), %0|%0, QWORD PTR " #name "@GOTPCREL[rip]}"     \
		: "=r"(pointer))
#else
#define GTRACE_FIND_(pointer, name) ((pointer) = 0)
#endif

/* Whether the library is there and records: what it says by a flag, so that nothing is called while it does not. */
GTRACE_INLINE_ int gtrace_records_(void)
{
	const volatile int *flag_;

	GTRACE_FIND_(flag_, gtrace_records);
	return flag_ && *flag_;
}

/*
 * A call that tells the recorder what to do; one that is nothing while it does not record, and returns something (`absent`
 * then); and one of those that returns nothing.
 */
#define GTRACE_ORDER_(name)                                                                                            \
	typedef int name##_type_(void);                                                                                \
	GTRACE_INLINE_ int name(void) GTRACE_NAME_(name);                                                              \
	GTRACE_INLINE_ int name(void)                                                                                  \
	{                                                                                                              \
		name##_type_ *call_;                                                                                   \
                                                                                                                       \
		GTRACE_FIND_(call_, name);                                                                             \
		return call_ ? call_() : 0;                                                                            \
	}
#define GTRACE_FUNCTION_(type, name, params, args, absent)                                                             \
	typedef type name##_type_ params;                                                                              \
	GTRACE_INLINE_ type name params GTRACE_NAME_(name);                                                            \
	GTRACE_INLINE_ type name params                                                                                \
	{                                                                                                              \
		name##_type_ *call_;                                                                                   \
                                                                                                                       \
		if (!gtrace_records_())                                                                                \
			return absent;                                                                                 \
		GTRACE_FIND_(call_, name);                                                                             \
		return call_ ? call_ args : absent;                                                                    \
	}
#define GTRACE_ACTION_(name, params, args)                                                                             \
	typedef void name##_type_ params;                                                                              \
	GTRACE_INLINE_ void name params GTRACE_NAME_(name);                                                            \
	GTRACE_INLINE_ void name params                                                                                \
	{                                                                                                              \
		name##_type_ *call_;                                                                                   \
                                                                                                                       \
		if (!gtrace_records_())                                                                                \
			return;                                                                                        \
		GTRACE_FIND_(call_, name);                                                                             \
		if (call_)                                                                                             \
			call_ args;                                                                                    \
	}

#ifdef __cplusplus
extern "C" {
#endif

/* 1 if what the calling thread says now would be recorded, else 0: for what is costly to say. */
GTRACE_FUNCTION_(int, gtrace_is_on, (void), (), 0)

/*
 * The recording begins with the program, or with GTRACE_START=off when it is told to. A second one has a file of its own,
 * whose name has a number added. What other threads do while it begins or ends is in it or not; each file is whole.
 *
 * Each returns 1 when it is so on return, else 0: without the library; without a place for the file; in a signal handler
 * that interrupted the recorder at this very work; when the trace could not be completed. They may take milliseconds.
 */
GTRACE_ORDER_(gtrace_start)
GTRACE_ORDER_(gtrace_stop)

/* Everything recorded so far, by all threads, is in the file when it returns; recording goes on. */
GTRACE_ORDER_(gtrace_flush)

/* What the flight recorder (GTRACE_FLIGHT) keeps is in a file of its own when it returns; recording goes on. */
GTRACE_ORDER_(gtrace_snapshot)

/*
 * A task is work that may move from thread to thread, as a request does. Its id is never 0 and never used twice in a
 * trace; 0 means that it is not recorded, and is no task wherever one is asked for. `parent`: the task that it is a part of,
 * 0 if none. Any thread may end it, once.
 */
GTRACE_FUNCTION_(uint64_t, gtrace_task_begin, (uint64_t parent, const char *name), (parent, name), 0)
GTRACE_ACTION_(gtrace_task_end, (uint64_t task), (task))

/*
 * A region is a stretch of what one thread does, for a task or for none (0). Regions nest: the one that is ended is the
 * innermost that is open in this thread, and has the same task and name.
 */
GTRACE_ACTION_(gtrace_region_begin, (uint64_t task, const char *name), (task, name))
GTRACE_ACTION_(gtrace_region_end, (uint64_t task, const char *name), (task, name))

/* A message, for a task or for none (0). Categories are few; readers filter by them. */
GTRACE_ACTION_(gtrace_log, (uint64_t task, const char *category, const char *text), (task, category, text))

/*
 * void gtrace_logf(uint64_t task, const char *category, const char *format, ...)
 *
 * The same, formatted by libc's vsnprintf(), and not at all while nothing is recorded; the arguments are evaluated in any
 * case. In a signal handler it is as safe as vsnprintf() is there.
 */
typedef void gtrace_logf_type_(uint64_t task, const char *category, const char *format, ...) GTRACE_PRINTF_(3);
static inline void gtrace_logf_absent_(uint64_t task, const char *category, const char *format, ...)
{
	(void)task;
	(void)category;
	(void)format;
}
GTRACE_INLINE_ gtrace_logf_type_ *gtrace_logf_(void)
{
	gtrace_logf_type_ *call_;

	if (!gtrace_records_())
		return gtrace_logf_absent_;
	GTRACE_FIND_(call_, gtrace_logf);
	return call_ ? call_ : gtrace_logf_absent_;
}
#define gtrace_logf (*gtrace_logf_())

/* A label of the calling thread, until it has another one; "" takes it away. The name of the thread stays. */
GTRACE_ACTION_(gtrace_label, (const char *text), (text))

/*
 * Fibers: for programs that switch stacks by themselves (Boost.Context, libco, assembler), called where a sanitizer's
 * __tsan_create_fiber() and its kin are. What <ucontext.h> does is seen without. An id is never 0 and never used twice; 0 is
 * not recorded, and is passed over wherever one is asked for.
 *
 * A fiber waits until some thread switches to it. gtrace_fiber_switch() comes right before the switch and must lead to one
 * that waits; what the thread ran waits from then on. gtrace_fiber_current() is the id of what the thread runs, also of
 * what it began with, which is destroyed by nobody: it ends with its thread. Of names, which may be NULL when a fiber is
 * created, 31 bytes count.
 */
GTRACE_FUNCTION_(uint64_t, gtrace_fiber_create, (const char *name), (name), 0)
GTRACE_ACTION_(gtrace_fiber_switch, (uint64_t fiber), (fiber))
GTRACE_ACTION_(gtrace_fiber_destroy, (uint64_t fiber), (fiber))
GTRACE_FUNCTION_(uint64_t, gtrace_fiber_current, (void), (), 0)
GTRACE_ACTION_(gtrace_fiber_set_name, (uint64_t fiber, const char *name), (fiber, name))

/*
 * A collector of garbage. There is one collection at a time, which any thread may end. Stopping the world, sweeping and
 * assisting are of the calling thread, each ended by who began it and once at a time; all may overlap, and waits may lie in
 * between. With the other threads stopped, these calls wait for nobody.
 *
 * `kind` says why the world is stopped; 63 bytes of at most 32 different ones count. Viewers count those with "GC" in it.
 * The marker threads of a collector are known to viewers by a label that begins with "GC ".
 */
GTRACE_ACTION_(gtrace_gc_begin, (void), ())
GTRACE_ACTION_(gtrace_gc_end, (void), ())
GTRACE_ACTION_(gtrace_stw_begin, (const char *kind), (kind))
GTRACE_ACTION_(gtrace_stw_end, (void), ())
GTRACE_ACTION_(gtrace_sweep_begin, (void), ())
GTRACE_ACTION_(gtrace_sweep_end, (uint64_t swept, uint64_t reclaimed), (swept, reclaimed))
GTRACE_ACTION_(gtrace_assist_begin, (void), ())
GTRACE_ACTION_(gtrace_assist_end, (void), ())

/*
 * What the calling thread waits for between the two calls, whatever it waits on: in a thread that is stopped, by a signal or
 * at a safepoint; in one that marks or sweeps and has nothing to do.
 */
enum gtrace_gc_wait { GTRACE_WAIT_UNTIL_GC_ENDS, GTRACE_WAIT_FOR_MARK_WORK, GTRACE_WAIT_FOR_SWEEP_WORK };
GTRACE_ACTION_(gtrace_gc_wait_begin, (enum gtrace_gc_wait why), (why))
GTRACE_ACTION_(gtrace_gc_wait_end, (void), ())

/* Bytes of the heap in use, and how many may be before the next collection begins (0: no limit). Say it when it changes. */
GTRACE_ACTION_(gtrace_heap, (uint64_t bytes), (bytes))
GTRACE_ACTION_(gtrace_heap_goal, (uint64_t bytes), (bytes))

#ifdef __cplusplus
}

/*
 * The same as objects: what begins with the object ends with it, also when an exception passes. A region's name is read
 * once more at its end.
 */
namespace gtrace
{
class region
{
      public:
	GTRACE_MEMBER_ region(uint64_t task, const char *name) : task_(task), name_(name)
	{
		gtrace_region_begin(task_, name_);
	}
	GTRACE_MEMBER_ ~region()
	{
		gtrace_region_end(task_, name_);
	}
	region(const region &) = delete;
	region &operator=(const region &) = delete;

      private:
	const uint64_t task_;
	const char *const name_;
};

class task
{
      public:
	GTRACE_MEMBER_ explicit task(const char *name, uint64_t parent = 0) : id_(gtrace_task_begin(parent, name))
	{
	}
	GTRACE_MEMBER_ ~task()
	{
		gtrace_task_end(id_);
	}
	task(const task &) = delete;
	task &operator=(const task &) = delete;
	uint64_t id() const
	{
		return id_;
	}

      private:
	const uint64_t id_;
};
} // namespace gtrace

#define GTRACE_REGION(task, name) const ::gtrace::region GTRACE_AT_LINE_(__LINE__)(task, name)

#elif defined(__GNUC__)

struct gtrace_region_ {
	uint64_t task;
	const char *name;
};

GTRACE_INLINE_ struct gtrace_region_ gtrace_region_open_(uint64_t task, const char *name)
{
	const struct gtrace_region_ region = {task, name};

	gtrace_region_begin(task, name);
	return region;
}

GTRACE_INLINE_ void gtrace_region_close_(const struct gtrace_region_ *region)
{
	gtrace_region_end(region->task, region->name);
}

/*
 * GTRACE_REGION(task, "name"); is a region from here to the end of the block, in C too: return, break and goto end it, and
 * cancellation does where the program is compiled with -fexceptions. The name is read once more at its end.
 */
#define GTRACE_REGION(task, name)                                                                                      \
	const struct gtrace_region_ GTRACE_AT_LINE_(__LINE__) __attribute__((cleanup(gtrace_region_close_), unused)) = \
		gtrace_region_open_(task, name)

#endif

#define GTRACE_AT_LINE_(line) GTRACE_AT_LINE__(line)
#define GTRACE_AT_LINE__(line) gtrace_region_at_line_##line

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds the real functions, by explicit version: a plain dlsym() may find another version of the same name.
 *
 * dlvsym(RTLD_NEXT) and dlsym look at their return address to learn who asks: they must never become a sibling call, hence
 * the result always goes into a variable and the loop goes on. What every libc has comes first: looking for a
 * name that is missing allocates, an interposed malloc may lock a mutex, and our mutex wrapper must work by then.
 */
#include "real.h"

#include "../shim/function.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MAY, MUST };

struct row {
	void *slot; /* of some function pointer type */
	const char *name;
	const char *version;
	void *absent;
	bool is_must;
};

/* What a libc without the function answers. */
static long absent_ERRNUM(void)
{
	return ENOSYS;
}

static long absent_MINUS1(void)
{
	errno = ENOSYS;
	return -1;
}

static long absent_THRD(void)
{
	return thrd_error;
}

static long absent_ZERO(void)
{
	errno = ENOSYS;
	return 0;
}

static long absent_NEVER(void)
{
	__builtin_trap();
}

/*
 * The first value of each pointer: keeps every register that may carry an argument (rax: the count of vector
 * registers of a variadic call), has all pointers resolved and goes where it was meant to go.
 */
__asm__(".pushsection .text, \"ax\", @progbits\n"
	".type resolve_first, @function\n"
	"resolve_first:\n"
	".cfi_startproc\n"
	".irp reg, rax, rdi, rsi, rdx, rcx, r8, r9, r10\n"
	"push %\\reg\n"
	".cfi_adjust_cfa_offset 8\n"
	".endr\n"
	"call gt_real_resolve\n"
	".irp reg, r10, r9, r8, rcx, rdx, rsi, rdi, rax\n"
	"pop %\\reg\n"
	".cfi_adjust_cfa_offset -8\n"
	".endr\n"
	"ret\n"
	".cfi_endproc\n"
	".size resolve_first, . - resolve_first\n"
	".popsection");

#define FIRST(name)                                                                                                    \
	void gt_first_##name(void) __attribute__((visibility("hidden")));                                              \
	__asm__(".pushsection .text, \"ax\", @progbits\n"                                                              \
		".globl gt_first_" #name "\n"                                                                          \
		".type gt_first_" #name ", @function\n"                                                                \
		"gt_first_" #name ":\n"                                                                                \
		".cfi_startproc\n"                                                                                     \
		"endbr64\n"                                                                                            \
		"call resolve_first\n"                                                                                 \
		"jmp *gt_real_" #name "(%rip)\n"                                                                       \
		".cfi_endproc\n"                                                                                       \
		".size gt_first_" #name ", . - gt_first_" #name "\n"                                                   \
		".popsection");

#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args) FIRST(name)
#define STUB(failure, name, version, need, waits) FIRST(name)
#define USED(failure, type, name, version, need, why, args) FIRST(name)
#include "wrappers.def"

#define POINTER(type, name, args) type (*gt_real_##name)(GT_PARAMS(args)) = (type(*)(GT_PARAMS(args)))gt_first_##name;
#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args) POINTER(type, name, args)
#define STUB(failure, name, version, need, waits)                                                                      \
	long (*gt_real_##name)(long, ...) = (long (*)(long, ...))gt_first_##name;
#define USED(failure, type, name, version, need, why, args) POINTER(type, name, args)
#include "wrappers.def"

#define ROW(id, name, version, failure, need) {&gt_real_##id, #name, version, (void *)absent_##failure, need},

static const struct row rows[] = {
#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args)                                      \
	ROW(name, name, version, failure, need)
#define TWIN(shape, failure, type, id, name, version, at, need, how, cancel, waits, args)                              \
	ROW(id, name, version, failure, need)
#define STUB(failure, name, version, need, waits) ROW(name, name, version, failure, need)
#define USED(failure, type, name, version, need, why, args) ROW(name, name, version, failure, need)
#include "wrappers.def"
};

/* From glibc 2.35 on: dladdr() looks for symbols, too, which costs a third of a millisecond for all rows together. */
static gt_find_object_fn *find_object;

static const void *file_of(const void *address)
{
	struct dl_find_object object;
	Dl_info info;

	if (find_object)
		return find_object((void *)address, &object) == 0 ? object.dlfo_map_start : NULL;
	return dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* Whether two addresses belong to one loaded file. */
static bool is_same_file(const void *a, const void *b)
{
	const void *file = file_of(a);

	return file && file == file_of(b);
}

/* Old programs' names have no default version: to look for one fails, and a failure allocates. */
static bool has_default(const char *name)
{
	return strncmp(name, "__pthread_", 10) != 0 && strcmp(name, "pthread_yield") != 0;
}

/*
 * The version finds libc's function, and passes over what others have put in front of it without versions. Where the
 * program would have got one of those, that is the real function for us.
 */
static void resolve(const struct row *row)
{
	void *real = dlvsym(RTLD_NEXT, row->name, row->version);
	void *next = real && has_default(row->name) ? dlsym(RTLD_NEXT, row->name) : NULL;

	if (next && next != real && !is_same_file(next, real))
		real = next;
	if (!real)
		real = row->absent;
	__atomic_store_n((void **)row->slot, real, __ATOMIC_RELAXED);
}

/*
 * In place of trylock where somebody else's library has a lock of its own and no trylock: what it keeps of a mutex would miss
 * what is only tried.
 */
static int lock_if_free(pthread_mutex_t *mutex)
{
	if (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 0)
		return EBUSY;
	return gt_real_pthread_mutex_lock(mutex);
}

static void resolve_rows(bool is_must)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].is_must == is_must)
			resolve(&rows[i]);
	}
}

void *gt_real_libc(const char *name, const char *version)
{
	void *volatile function = dlvsym(RTLD_NEXT, name, version);

	return function;
}

void *gt_real_next(const char *name)
{
	void *volatile function = dlsym(RTLD_NEXT, name);

	if (!function)
		dlerror(); /* the next one to ask must not hear of this */
	return function;
}

void gt_real_resolve(void)
{
	int saved_errno = errno;

	find_object = (gt_find_object_fn *)gt_real_libc("_dl_find_object", "GLIBC_2.35");
	resolve_rows(true);
	if (!is_same_file((const void *)gt_real_pthread_mutex_lock, (const void *)gt_real_pthread_mutex_trylock))
		gt_real_pthread_mutex_trylock = lock_if_free;
	resolve_rows(false);
	errno = saved_errno;
}

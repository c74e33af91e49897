/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the compiler's code for GT_CLOSED_BY() needs when a stack is unwound through it: by cancellation, pthread_exit() or
 * an exception. libgcc_s has both functions, but would be loaded into every program with us; these leave its own parts to whoever
 * unwinds, by names of the Itanium ABI. One that shows none of them, because it is linked into the program, passes us by: the
 * thread's next operation then closes what was left open, as after a longjmp.
 *
 * Called in the middle of unwinding, perhaps of a thread that was cancelled at any instruction: takes no lock from glibc 2.35 on, and
 * allocates nothing.
 */
#include "../shim/function.h"

#include <link.h>
#include <stddef.h>
#include <string.h>
#include <unwind.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN _Unwind_Reason_Code gt_unwind_here(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
					  struct _Unwind_Exception *exception,
					  struct _Unwind_Context *context) __asm__("__gcc_personality_v0");
HIDDEN void gt_unwind_on(struct _Unwind_Exception *exception) __asm__("_Unwind_Resume");

enum { OMITTED = 0xff, ULEB128 = 1, ADDRESS_OF_EXCEPTION = 0, SELECTOR = 1 };

/* Who unwinds. */
struct unwinder {
	typeof(_Unwind_GetLanguageSpecificData) *get_table;
	typeof(_Unwind_GetRegionStart) *get_start;
	typeof(_Unwind_GetIPInfo) *get_ip;
	typeof(_Unwind_SetGR) *set_register;
	typeof(_Unwind_SetIP) *set_ip;
	typeof(_Unwind_Resume) *go_on;
};

/* Whoever has brought the thread to a landing pad goes on from there. */
static _Thread_local typeof(_Unwind_Resume) *go_on __attribute__((tls_model("initial-exec")));

/* The dynamic symbols of a file that is loaded. */
struct symbols {
	uintptr_t base;
	const Elf64_Sym *at;
	const char *names;
	const uint32_t *hash; /* DT_GNU_HASH */
};

static struct link_map *file_of(void *address)
{
	struct dl_find_object object;
	struct link_map *map = NULL;
	Dl_info info;

	if (gt_function_loaded((uintptr_t)address, &object))
		return object.dlfo_link_map;
	return dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) ? map : NULL;
}

/* glibc has made addresses of those in the file, other libcs have not. */
static const void *table_at(const struct link_map *map, uintptr_t place)
{
	return (const void *)(place < map->l_addr ? place + map->l_addr : place);
}

static bool find_symbols(const struct link_map *map, struct symbols *s)
{
	*s = (struct symbols){.base = map->l_addr};
	for (const Elf64_Dyn *d = map->l_ld; d && d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_SYMTAB)
			s->at = table_at(map, d->d_un.d_ptr);
		if (d->d_tag == DT_STRTAB)
			s->names = table_at(map, d->d_un.d_ptr);
		if (d->d_tag == DT_GNU_HASH)
			s->hash = table_at(map, d->d_un.d_ptr);
	}
	return s->at && s->names && s->hash && s->hash[0];
}

static uint32_t hash_of(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = 33 * h + (uint8_t)*name;
	return h;
}

/* In front of the buckets lies a filter of 64-bit words, behind them the hash of each symbol; odd is the last of a bucket. */
static void *find(const struct symbols *s, const char *name)
{
	uint32_t buckets = s->hash[0], first = s->hash[1], h = hash_of(name);
	const uint32_t *bucket = s->hash + 4 + s->hash[2] * (sizeof(uint64_t) / sizeof(uint32_t));
	uint32_t i = bucket[h % buckets];

	if (i < first)
		return NULL;
	for (;; i++) {
		uint32_t other = bucket[buckets + i - first];

		if ((other | 1) == (h | 1) && s->at[i].st_shndx && strcmp(s->names + s->at[i].st_name, name) == 0)
			return (void *)(s->base + s->at[i].st_value);
		if (other & 1)
			return NULL;
	}
}

static bool find_unwinder(void *address, struct unwinder *u)
{
	const struct link_map *map = file_of(address);
	struct symbols s;

	if (!map || !find_symbols(map, &s))
		return false;
	u->get_table = find(&s, "_Unwind_GetLanguageSpecificData");
	u->get_start = find(&s, "_Unwind_GetRegionStart");
	u->get_ip = find(&s, "_Unwind_GetIPInfo");
	u->set_register = find(&s, "_Unwind_SetGR");
	u->set_ip = find(&s, "_Unwind_SetIP");
	u->go_on = find(&s, "_Unwind_Resume");
	return u->get_table && u->get_start && u->get_ip && u->set_register && u->set_ip && u->go_on;
}

static const uint8_t *uleb128(const uint8_t *p, uintptr_t *v)
{
	*v = 0;
	for (int shift = 0;; shift += 7) {
		*v |= (uintptr_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80))
			return p;
	}
}

/* Where a function that begins at `start` is to go on when it is left at `ip`; 0: nowhere. A table of our own compiler. */
static uintptr_t landing_pad(const uint8_t *table, uintptr_t start, uintptr_t ip)
{
	uintptr_t length, from, bytes, pad, action;
	const uint8_t *end;

	if (!table || *table++ != OMITTED)
		return 0;
	if (*table++ != OMITTED)
		table = uleb128(table, &length);
	if (*table++ != ULEB128)
		return 0;
	table = uleb128(table, &length);
	for (end = table + length; table < end;) {
		table = uleb128(uleb128(uleb128(uleb128(table, &from), &bytes), &pad), &action);
		if (ip - start - from < bytes)
			return pad ? start + pad : 0;
	}
	return 0;
}

_Unwind_Reason_Code gt_unwind_here(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
				   struct _Unwind_Exception *exception, struct _Unwind_Context *context)
{
	struct unwinder u;
	uintptr_t pad, ip;
	int is_exact = 0;

	(void)class;
	if (version != 1 || !(actions & _UA_CLEANUP_PHASE) || !find_unwinder(__builtin_return_address(0), &u))
		return _URC_CONTINUE_UNWIND;
	ip = u.get_ip(context, &is_exact);
	pad = landing_pad(u.get_table(context), u.get_start(context), is_exact ? ip : ip - 1);
	if (!pad)
		return _URC_CONTINUE_UNWIND;
	go_on = u.go_on;
	u.set_register(context, __builtin_eh_return_data_regno(ADDRESS_OF_EXCEPTION), (_Unwind_Word)exception);
	u.set_register(context, __builtin_eh_return_data_regno(SELECTOR), 0);
	u.set_ip(context, pad);
	return _URC_INSTALL_CONTEXT;
}

void gt_unwind_on(struct _Unwind_Exception *exception)
{
	go_on(exception);
	__builtin_trap();
}

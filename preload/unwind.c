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
#include "image.h"

#include "../shim/bytes.h"
#include "../shim/function.h"

#include <unwind.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN _Unwind_Reason_Code gt_unwind_here(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
					  struct _Unwind_Exception *exception,
					  struct _Unwind_Context *context) __asm__("__gcc_personality_v0");
HIDDEN void gt_unwind_on(struct _Unwind_Exception *exception) __asm__("_Unwind_Resume");

enum {
	OMITTED = 0xff,
	ULEB128 = 1,
	ADDRESS_OF_EXCEPTION = 0,
	SELECTOR = 1,
	TABLE_MAX = 1 << 16, /* one is less; it says itself where it ends */
};

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

static struct link_map *file_of(void *address)
{
	struct dl_find_object object;
	struct link_map *map = NULL;
	Dl_info info;

	if (gt_function_loaded((uintptr_t)address, &object))
		return object.dlfo_link_map;
	return dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) ? map : NULL;
}

static void *find(const struct gt_image *image, const char *name)
{
	const Elf64_Sym *symbol = gt_image_find(image, name);

	return symbol ? (void *)(image->base + symbol->st_value) : NULL;
}

static bool find_unwinder(void *address, struct unwinder *u)
{
	const struct link_map *map = file_of(address);
	struct gt_image image;

	if (!map || !gt_image_open_dynamic(&image, map->l_addr, map->l_ld))
		return false;
	u->get_table = find(&image, "_Unwind_GetLanguageSpecificData");
	u->get_start = find(&image, "_Unwind_GetRegionStart");
	u->get_ip = find(&image, "_Unwind_GetIPInfo");
	u->set_register = find(&image, "_Unwind_SetGR");
	u->set_ip = find(&image, "_Unwind_SetIP");
	u->go_on = find(&image, "_Unwind_Resume");
	return u->get_table && u->get_start && u->get_ip && u->set_register && u->set_ip && u->go_on;
}

/* Where a function that begins at `start` is to go on when it is left at `ip`; 0: nowhere. A table of our own compiler. */
static uintptr_t landing_pad(const uint8_t *table, uintptr_t start, uintptr_t ip)
{
	struct gt_bytes b = {table, table + TABLE_MAX, false}, calls;

	if (!table || gt_get(&b, 1) != OMITTED)
		return 0;
	if (gt_get(&b, 1) != OMITTED)
		gt_get_uleb(&b);
	if (gt_get(&b, 1) != ULEB128)
		return 0;
	for (calls = gt_get_block(&b); calls.p < calls.end;) {
		uintptr_t from = gt_get_uleb(&calls), bytes = gt_get_uleb(&calls), pad = gt_get_uleb(&calls);

		gt_get_uleb(&calls); /* the action: a cleanup has none */
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

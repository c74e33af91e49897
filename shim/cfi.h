/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call frame information: from the tables that a module carries for exceptions (.eh_frame_hdr, .eh_frame; the Linux
 * Standard Base's and DWARF's chapters on them) to the rule of one address.
 *
 * Reads nothing but the module's mapping, of which every number is distrusted. No lock, no memory but what the caller
 * lends: its stack may be almost used up.
 */
#ifndef GT_CFI_H
#define GT_CFI_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

enum gt_rule_kind {
	GT_RULE_NONE, /* nothing is known of this code */
	GT_RULE_END, /* it has no caller */
	GT_RULE_FRAME,
};

/* What a place is counted from: the stack pointer, the frame pointer, or what lies at the rule's `load`. */
enum gt_base { GT_BASE_SP, GT_BASE_FP, GT_BASE_LOAD, GT_BASE_NUMBER };

struct gt_place {
	uint32_t base : 2; /* enum gt_base */
	int32_t offset : 30;
};

enum gt_rule_flags {
	GT_RULE_OWN = 1, /* code of this library */
	GT_RULE_START = 2, /* the code that starts a thread or a coroutine: all beyond is libc's */
	GT_RULE_SIGNAL = 4, /* the caller was interrupted: its address is no return address */
	GT_RULE_FP_SAVED = 8, /* the caller's frame pointer lies at `fp`; else it is in its register still */
	GT_RULE_FP_LOST = 16,
	GT_RULE_LIBC = 32,
	GT_RULE_LIBC_START = 64, /* in __libc_start_main */
	GT_RULE_PLAIN = 128, /* all places are counted from the stack pointer, as in most code */
};

struct gt_rule {
	struct gt_place ra; /* where the return address is */
	struct gt_place sp; /* the caller's stack pointer */
	struct gt_place fp; /* where its frame pointer is, if saved */
	struct gt_place load; /* counted from a register */
	uint32_t module; /* its mark: rules.h */
	uint8_t kind; /* enum gt_rule_kind */
	uint8_t flags;
};

/* Room for what is under way. Its content means nothing between calls. */
struct gt_cfi_work {
	_Alignas(16) char bytes[736];
};

/*
 * The rule for code at `pc` in the object: kind, places, and the flags SIGNAL, FP_* and PLAIN. *function becomes where the
 * function begins, 0 when there is no information on it.
 */
void gt_cfi_rule(const struct dl_find_object *object, uint64_t pc, struct gt_rule *rule, uint64_t *function,
		 struct gt_cfi_work *work);

/* How many bytes the function has that begins exactly at `pc`; 0: none is known to. */
uint32_t gt_cfi_function_size(const struct dl_find_object *object, uint64_t pc);

#endif

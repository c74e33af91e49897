/* SPDX-License-Identifier: BSD-3-Clause */
#include "call_site.h"

#include "full_names.h"

#include <string.h>

static bool is_own(const struct gt_stack_frame *f)
{
	static const char *const others[] = {"/usr/include/", "/usr/lib/gcc/", "/usr/lib/llvm", "/rustc/",
					     "/usr/src/rustc"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t len = strlen(others[i]);

		if (f->line != 0 && f->file->len >= len && memcmp(f->file->bytes, others[i], len) == 0)
			return false;
	}
	return f->pc >= GT_MARKS;
}

const struct gt_stack_frame *gt_call_site(const struct gt_stack *stack)
{
	for (size_t i = 0; i < stack->nframes; i++) {
		if (is_own(stack->frames[i]))
			return stack->frames[i];
	}
	return stack->frames[0];
}

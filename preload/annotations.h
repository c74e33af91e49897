/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bodies behind gtrace.h: their prototypes, from the rows of annotations.def. Each has its own C name, so that it does
 * not meet the header's; the linker sees the plain name.
 */
#ifndef GT_ANNOTATIONS_H
#define GT_ANNOTATIONS_H

#include "gtrace.h"
#include "walk.h"

#include "../shim/gate.h"
#include "../shim/sched.h"

#define ANNOTATION(type, name, does, args)                                                                             \
	__attribute__((visibility("default"))) type gt_wrap_##name(GT_PARAMS(args)) __asm__(#name);                    \
	_Static_assert(__builtin_types_compatible_p(name##_type_, type(GT_PARAMS(args))),                              \
		       "gtrace.h has another " #name);
#define ANNOTATION_FORMAT(type, name, does, args)                                                                      \
	__attribute__((visibility("default"))) type gt_wrap_##name(GT_PARAMS(args), ...) __asm__(#name);               \
	_Static_assert(__builtin_types_compatible_p(name##_type_, type(GT_PARAMS(args), ...)),                         \
		       "gtrace.h has another " #name);
#include "annotations.def"

/*
 * Whether nothing at all is recorded, and nothing counted: the first look of every call, since it must cost next to nothing
 * then. In a forked child that has not begun its trace, what the call does will begin it.
 */
static inline bool gt_annotation_is_off(void)
{
	return __builtin_expect(atomic_load_explicit(&gt_gate.gen, memory_order_relaxed) == 0, 0) && gt_gate.alive &&
	       !atomic_load_explicit(&gt_gate.gap, memory_order_relaxed);
}

#endif

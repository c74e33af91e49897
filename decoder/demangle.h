/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of linkers as people write them: those of C++ and of Rust. Single thread.
 */
#ifndef GT_DEMANGLE_H
#define GT_DEMANGLE_H

#include "../shim/format/event.h"

#include <stdbool.h>

/* Whether a name looks like one that only linkers use. */
static inline bool gt_is_mangled(const char *name)
{
	return name[0] == '_' && (name[1] == 'Z' || name[1] == 'R');
}

/*
 * The function of that name, with its parameters and without its return type; of Rust without the hash. A version behind
 * an @ is left out, and so is what a compiler calls its copy of a function with such a name (".isra.0"). What is longer than GT_MAX_STRING is cut off. Returns `name` itself when it says all, else `text`.
 */
const char *gt_demangle(const char *name, char text[GT_MAX_STRING + 1]);

#endif

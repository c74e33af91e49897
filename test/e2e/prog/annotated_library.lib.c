/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../../preload/gtrace.h"

int library_works(int depth);

int library_works(int depth)
{
	GTRACE_REGION(0, "work of a library");
	gtrace_logf(0, "depth", "%d", depth);
	return depth > 0 ? 1 + library_works(depth - 1) : 0;
}

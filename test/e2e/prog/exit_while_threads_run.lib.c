/* SPDX-License-Identifier: BSD-3-Clause */
/* Its destructor runs after all that the program itself and what it preloads have. */
#include <stddef.h>

void (*at_very_end)(void);

static __attribute__((destructor)) void finish(void)
{
	if (at_very_end)
		at_very_end();
}

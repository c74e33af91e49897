/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Made twice: with OTHER, the functions have other frames, and are likely to be loaded at the same addresses. It may not
 * use what the program defines.
 */
#include "point.h"
#include "plugins.h"

#ifdef OTHER
enum { SIZE = 3000 };
#else
enum { SIZE = 30 };
#endif

plugin_entry plugin_calls_back, plugin_waits;

void plugin_calls_back(const struct plugin_calls *calls, const char *name)
{
	char bytes[SIZE];

	IN_MEMORY(bytes);
	calls->back(name);
	IN_MEMORY(bytes);
}

void plugin_waits(const struct plugin_calls *calls, const char *name)
{
	char bytes[SIZE];

	IN_MEMORY(bytes);
	calls->announce(name);
	nanosleep(&calls->moment, NULL);
	IN_MEMORY(bytes);
}

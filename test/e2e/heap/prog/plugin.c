/* SPDX-License-Identifier: BSD-3-Clause */
/* Takes memory when it is loaded, when it is asked and, through libc, for texts; gives its own back when it goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *own;

static __attribute__((constructor)) void load(void)
{
	own = malloc(300000);
}

static __attribute__((destructor)) void unload(void)
{
	free(own);
}

void *plugin_take(size_t size)
{
	char *text = strdup("plugin");

	own = realloc(own, 200000 + size);
	free(text);
	return malloc(size);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits in plugins and in their callbacks: loaded, loaded again, and replaced by another one at the same place. */
#include "point.h"
#include "plugins.h"

#include <dlfcn.h>

static FRAME void back(const char *name);

/* The wait outlasts a generation of the trace, on a busy machine too. */
static const struct plugin_calls calls = {{0, 200000000}, about_to_wait, back};

static FRAME void back(const char *name)
{
	AT(name, nanosleep(&calls.moment, NULL));
	GO_ON_AFTER();
}

static FRAME void through(const char *path, const char *function, const char *name)
{
	void *plugin = dlopen(path, RTLD_NOW);
	plugin_entry *entry;

	CHECK(plugin != NULL && (entry = (plugin_entry *)dlsym(plugin, function)) != NULL);
	entry(&calls, name);
	CHECK(dlclose(plugin) == 0);
}

static void calls_back(const char *name)
{
	through("./plugins.plugin.so", "plugin_calls_back", name);
}

static void waits(const char *name)
{
	through("./plugins.plugin.so", "plugin_waits", name);
}

static void other_calls_back(const char *name)
{
	through("./plugins.other.so", "plugin_calls_back", name);
}

static void other_waits(const char *name)
{
	through("./plugins.other.so", "plugin_waits", name);
}

static const struct point points[] = {
	{"plugin/back", calls_back},      {"plugin/waits", waits},      {"plugin/again", calls_back},
	{"other/back", other_calls_back}, {"other/waits", other_waits}, {"plugin/at_last", calls_back},
	{"plugin/waits_2", waits},
};

int main(void)
{
	POINTS_RUN(points);
	return 0;
}

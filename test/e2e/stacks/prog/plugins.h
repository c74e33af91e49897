/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program gives to its plugin, which waits by itself or calls back. */
struct plugin_calls {
	struct timespec moment;
	void (*announce)(const char *name);
	void (*back)(const char *name);
};

typedef void plugin_entry(const struct plugin_calls *calls, const char *name);

/* SPDX-License-Identifier: BSD-3-Clause */
#include "loads.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Forgets what went before `gen`. */
static void forget(struct gt_loads *loads, uint64_t gen)
{
	size_t kept = 0;

	for (size_t i = 0; i < loads->n; i++) {
		if (loads->all[i].last >= gen)
			loads->all[kept++] = loads->all[i];
	}
	loads->n = kept;
}

/* Whether it is there already, exactly so; what it overlaps goes. */
static bool displace(struct gt_loads *loads, uint64_t gen, const struct gt_load *load)
{
	bool known = false;

	for (size_t i = 0; i < loads->n; i++) {
		struct gt_load *old = &loads->all[i];

		if (old->last != UINT64_MAX || old->base >= load->end || load->base >= old->end)
			continue;
		if (old->base == load->base && old->end == load->end && old->file == load->file)
			known = true;
		else
			old->last = gen;
	}
	return known;
}

void gt_loads_add(struct gt_loads *loads, uint64_t gen, const struct gt_load *load)
{
	if (load->base >= load->end)
		return;
	if (displace(loads, gen, load))
		return;
	if (loads->n == GT_LOADS_MOST)
		forget(loads, gen);
	if (loads->n == GT_LOADS_MOST)
		return;
	if ((loads->n & (loads->n - 1)) == 0)
		loads->all = gt_cli_grow(loads->all, loads->n == 0 ? 1 : 2 * loads->n, sizeof(*loads->all));
	loads->all[loads->n] = *load;
	loads->all[loads->n++].last = UINT64_MAX;
}

void gt_loads_gone(struct gt_loads *loads, uint64_t gen, uint64_t base)
{
	for (size_t i = 0; i < loads->n; i++) {
		if (loads->all[i].base == base && loads->all[i].last == UINT64_MAX)
			loads->all[i].last = gen;
	}
}

const struct gt_load *gt_loads_find(const struct gt_loads *loads, uint64_t gen, uint64_t pc,
				    const struct gt_string *path)
{
	const struct gt_load *newest = NULL;

	for (size_t i = loads->n; i-- > 0;) {
		const struct gt_load *load = &loads->all[i];

		if (pc < load->base || pc >= load->end || load->last < gen)
			continue;
		if (load->path->len == path->len && memcmp(load->path->bytes, path->bytes, path->len) == 0)
			return load;
		if (newest == NULL)
			newest = load;
	}
	return newest;
}

void gt_loads_free(struct gt_loads *loads)
{
	free(loads->all);
	*loads = (struct gt_loads){0};
}

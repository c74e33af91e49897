/* SPDX-License-Identifier: BSD-3-Clause */
#include "family.h"

static bool is_parent(const struct gt_identity *parent, const struct gt_identity *child)
{
	if (parent->pid == 0 || parent->pid != child->parent_pid)
		return false;
	return parent->started == 0 || child->parent_started == 0 || parent->started == child->parent_started;
}

static const char *file_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* When the first event happened, on the common clock. */
static int64_t begin_of(const struct gt_source *source)
{
	return source->state == 1 ? gt_anchor_monotonic(&source->anchor, source->ev.time) : INT64_MIN;
}

/*
 * A process that started other programs has several traces. A forked child says which one was its parent's; any other
 * is taken for a child of the last that began before it.
 */
static int parent_of(const struct gt_source *source, int n, int child)
{
	const char *forked_from = source[child].identity.forked_from;
	int found = -1;

	for (int i = 0; i < n; i++) {
		if (i == child || !is_parent(&source[i].identity, &source[child].identity))
			continue;
		if (*forked_from != '\0' && strcmp(file_of(forked_from), file_of(source[i].path)) == 0)
			return i;
		if (found < 0 || (begin_of(&source[i]) <= begin_of(&source[child]) &&
				  begin_of(&source[i]) > begin_of(&source[found])))
			found = i;
	}
	return found;
}

/* How many steps lead up from i; a circle, which only a false trace can make, is cut at i. */
static int depth_of(struct gt_kin *kin, int n, int i)
{
	int depth = 0;

	for (int up = kin[i].parent; up >= 0; up = kin[up].parent) {
		if (up == i || ++depth > n) {
			kin[i].parent = -1;
			return 0;
		}
	}
	return depth;
}

/* Puts i and all below it into the order. `taken`: how many are in it. */
static int descend(const struct gt_kin *kin, int n, int i, int *order, int taken)
{
	order[taken++] = i;
	for (int k = 0; k < n; k++) {
		if (kin[k].parent == i)
			taken = descend(kin, n, k, order, taken);
	}
	return taken;
}

void gt_family(const struct gt_source *source, int n, struct gt_kin *kin, int *order)
{
	int taken = 0;

	for (int i = 0; i < n; i++)
		kin[i].parent = parent_of(source, n, i);
	for (int i = 0; i < n; i++)
		kin[i].depth = depth_of(kin, n, i);
	for (int i = 0; i < n; i++)
		kin[i].depth = depth_of(kin, n, i);
	for (int i = 0; i < n; i++) {
		if (kin[i].parent < 0)
			taken = descend(kin, n, i, order, taken);
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "cgroup.h"

#include "os.h"

#include <string.h>

enum { TEXT = 4096, NUMBER = 64 };

/* Puts a text at `at`; the end of it, NULL when there is no room. Accepts that. */
static char *append(char *at, const char *end, const char *text)
{
	size_t len = strlen(text);

	if (!at || len >= (size_t)(end - at))
		return NULL;
	memcpy(at, text, len + 1);
	return at + len;
}

static bool join(char *to, size_t len, const char *a, const char *b, const char *c)
{
	const char *end = to + len;

	return append(append(append(to, end, a), end, b), end, c) != NULL;
}

/* Whether the list, separated by commas and ended by a colon, names the controller. */
static bool names(const char *list, const char *controller)
{
	size_t len = strlen(controller);

	while (*list != ':') {
		size_t word = strcspn(list, ",:");

		if (word == len && strncmp(list, controller, len) == 0)
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

/* A mount's directory, and the path of the group from behind the colon to the end of the line. */
static bool enter(struct gt_cgroup *group, const char *mounts, const char *mount, const char *path, size_t len)
{
	if (!join(group->path, sizeof(group->path), mounts, mount, ""))
		return false;
	group->root = strlen(group->path);
	if (gt_os_find(group->path) != 0 || group->root + len >= sizeof(group->path))
		return false;
	memcpy(group->path + group->root, path, len);
	group->path[group->root + len] = 0;
	if (len == 1) /* the top itself */
		group->path[group->root] = 0;
	return true;
}

bool gt_cgroup_find(struct gt_cgroup *group, const char *text, const char *controller, const char *mounts)
{
	bool is_found = false;
	char mount[NUMBER];

	for (const char *line = text; *line;) {
		const char *list = strchr(line, ':');
		const char *path = list ? strchr(list + 1, ':') : NULL;
		const char *end = path ? strchr(path, '\n') : NULL;

		if (!end)
			break;
		if (list[1] == ':') {
			group->is_second = true;
			is_found = enter(group, mounts, "/unified", path + 1, (size_t)(end - path - 1)) ||
				   enter(group, mounts, "", path + 1, (size_t)(end - path - 1));
		} else if (names(list + 1, controller) && join(mount, sizeof(mount), "/", controller, "") &&
			   enter(group, mounts, mount, path + 1, (size_t)(end - path - 1))) {
			group->is_second = false;
			return true;
		}
		line = end + 1;
	}
	return is_found;
}

bool gt_cgroup_own(struct gt_cgroup *group, const char *controller)
{
	static char text[TEXT]; /* the stack may be small */

	return gt_os_slurp("/proc/self/cgroup", text, sizeof(text)) > 0 &&
	       gt_cgroup_find(group, text, controller, "/sys/fs/cgroup");
}

bool gt_cgroup_up(struct gt_cgroup *group)
{
	char *slash = strrchr(group->path + group->root, '/');

	if (!slash)
		return false;
	*slash = 0;
	return true;
}

bool gt_cgroup_read(const struct gt_cgroup *group, const char *name, char *to, size_t len)
{
	char path[GT_CGROUP_PATH + NUMBER];

	return join(path, sizeof(path), group->path, "/", name) && gt_os_slurp(path, to, len) > 0;
}

/* A number at the start of a text; 0 when there is none, as for "max" and "-1". Goes behind it and a space. */
static uint64_t number(const char **text)
{
	uint64_t n = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++)
		n = n * 10 + (uint64_t)(**text - '0');
	while (**text && **text != ' ')
		(*text)++;
	while (**text == ' ')
		(*text)++;
	return n;
}

static uint32_t cpus_of(const struct gt_cgroup *group)
{
	char text[NUMBER];
	const char *at = text;
	uint64_t quota, period;

	if (!gt_cgroup_read(group, group->is_second ? "cpu.max" : "cpu.cfs_quota_us", text, sizeof(text)))
		return 0;
	quota = number(&at);
	if (!group->is_second) {
		at = text;
		if (!quota || !gt_cgroup_read(group, "cpu.cfs_period_us", text, sizeof(text)))
			return 0;
	}
	period = number(&at);
	return period ? (uint32_t)((quota + period - 1) / period) : 0;
}

uint32_t gt_cgroup_cpus(struct gt_cgroup *group)
{
	uint32_t tightest = 0;

	do {
		uint32_t cpus = cpus_of(group);

		if (cpus && (!tightest || cpus < tightest))
			tightest = cpus;
	} while (gt_cgroup_up(group));
	return tightest;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The control groups that the process is in, of both versions, mounted where systems mount them: below /sys/fs/cgroup. Each
 * answer is read anew, since a process may be moved and a limit changed. At start, and by the switcher.
 */
#ifndef GT_CGROUP_H
#define GT_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GT_CGROUP_PATH = 1024 };

/* A group's directory. Its first `root` bytes are where the hierarchy is mounted. */
struct gt_cgroup {
	char path[GT_CGROUP_PATH];
	size_t root;
	bool is_second; /* of the second version */
};

/*
 * The process's group for a controller ("cpu", "memory"), from the text of /proc/self/cgroup; `mounts` is /sys/fs/cgroup.
 * A controller of the first version goes before. False when there is none.
 */
bool gt_cgroup_find(struct gt_cgroup *group, const char *text, const char *controller, const char *mounts);

/* The same of the running process. */
bool gt_cgroup_own(struct gt_cgroup *group, const char *controller);

/* Goes to the group above. False at the top. */
bool gt_cgroup_up(struct gt_cgroup *group);

/* The words of a small file of the group, at most len - 1 bytes. False when it cannot be read. */
bool gt_cgroup_read(const struct gt_cgroup *group, const char *name, char *to, size_t len);

/* On how many processors at once the quota of the group, and of those above, lets run: rounded up. 0: no limit. Goes to the top. */
uint32_t gt_cgroup_cpus(struct gt_cgroup *group);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
#include "origin.h"

#include "os.h"
#include "text.h"

#include <string.h>

enum { STARTED_FIELD = 22, STAT_MAX = 1024 };

struct gt_origin gt_origin;

/* The fields of /proc/PID/stat are counted from behind the name, which may hold anything: it is field 2. */
static uint64_t started(uint32_t pid)
{
	static char stat[STAT_MAX]; /* the stack may be small */
	char path[32];
	struct gt_text text = {path, sizeof(path)};
	uint64_t ticks = 0;
	char *p;

	gt_text_add(&text, "/proc/");
	gt_text_number(&text, pid, 10);
	gt_text_add(&text, "/stat");
	if (gt_os_slurp(path, stat, sizeof(stat)) <= 0)
		return 0;
	p = strrchr(stat, ')');
	for (int field = 2; p && field < STARTED_FIELD; field++) {
		p = strchr(p, ' ');
		p = p ? p + 1 : p;
	}
	for (; p && *p >= '0' && *p <= '9'; p++)
		ticks = ticks * 10 + (uint64_t)(*p - '0');
	return ticks;
}

void gt_origin_learn(const char *forked_from)
{
	struct gt_text text = {gt_origin.forked_from, sizeof(gt_origin.forked_from)};
	uint32_t pid = gt_origin.pid; /* in a forked child: its parent's, and when that began */
	uint64_t began = gt_origin.started;

	gt_origin.forked_from[0] = 0;
	gt_text_add(&text, forked_from);
	gt_origin.pid = (uint32_t)gt_os_getpid();
	gt_origin.parent_pid = (uint32_t)GT_SYSCALL(SYS_getppid, 0, 0, 0, 0);
	gt_origin.started = started(gt_origin.pid);
	gt_origin.parent_started = gt_origin.parent_pid == pid ? began : started(gt_origin.parent_pid);
}

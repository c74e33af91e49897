/* SPDX-License-Identifier: BSD-3-Clause */
#include "following.h"

#include "glob.h"
#include "options.h"
#include "text.h"

#include <string.h>

enum follow { ALL, FORK, OFF }; /* as the words of the row */

static const char preload[] = "LD_PRELOAD=";
static const char library[] = "libgtrace.so";

bool gt_following_wants(const char *program)
{
	return gt_glob_any(gt_options.text[GT_OPT_MATCH], program);
}

bool gt_following_forks(void)
{
	return gt_options.value[GT_OPT_FOLLOW] != OFF;
}

/* Takes our entry out of a list of files, together with what separates it from the next one. */
static void take_out(char *list)
{
	while (*list) {
		size_t n = strcspn(list, ": ");
		char *end = list + n;
		char kept = *end;
		bool is_ours;

		*end = 0;
		is_ours = strcmp(gt_text_base(list), library) == 0;
		*end = kept;
		if (is_ours)
			memmove(list, end + (kept != 0), strlen(end + (kept != 0)) + 1);
		else
			list = end + (kept != 0);
	}
}

void gt_following_hide(char *envp[])
{
	if (gt_options.value[GT_OPT_FOLLOW] == ALL)
		return;
	for (char **e = envp; *e; e++) {
		if (strncmp(*e, preload, sizeof(preload) - 1) != 0)
			continue;
		take_out(*e + sizeof(preload) - 1);
		if ((*e)[sizeof(preload) - 1])
			continue;
		for (char **rest = e; *rest; rest++)
			rest[0] = rest[1];
		return;
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What errno is after each call that need not wait: kept by those that succeed, and what others failed with. */
#include "calls.h"
#include <errno.h>

enum { MARK = 12345 };

int main(void)
{
	int after;

	prepare_all();
	for (int i = 1; i < (int)(sizeof(names) / sizeof(names[0])); i++) { /* the first one would wait */
		prepare();
		if (i == 1)
			pthread_mutex_lock(&held);
		errno = MARK;
		call(i);
		after = errno;
		printf("%s: %s\n", names[i], after == MARK ? "kept" : strerrorname_np(after));
	}
	return 0;
}
